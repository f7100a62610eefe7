"""All needs to institutes at once: a min-cost flow. Pure; the solver is loaded when it is first used.

source → need → institute → sink, one unit for each offer. A need takes up to its places, an institute up to its quota, a
pair once. What is sought, in this order:

1. as many needs as possible have an institute at all: the first place of a need earns more than everything below costs,
2. as many places as possible are filled: the flow is a maximum,
3. the offers are worth the most: a pair earns its score over the DCG of the need's plain list, so that every need counts
   the same (of two needs that an institute would suit alike, the one that it answers better), and an institute costs the
   more the more it is offered already.

That cost is a further arc for each further need: `evenness` x/(½+x) at x fair shares. It rises fastest where an institute has
little, so that those never named are named first; how much the largest take is for the quotas. All costs rise, so the flow
fills the arcs of an institute in their order, and the integer optimum is what the linear programme gives.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sky_net.assignments.exposure import worth
from sky_net.assignments.table import Chosen, Real, Table, Whole, best_first

Node = npt.NDArray[np.int32]
UNIT = 1_000_000
"""Costs are whole numbers of millionths of a need's plain list."""
BETTER = 0.001
"""What the day's best score earns beyond its share of the need's list: it decides between needs that stand alike."""


@dataclass(frozen=True)
class Network:
    """The programme as arcs: (arcs,) nodes, capacities and whole costs, to be filled as far as possible at the least cost.

    Nodes: 0 source, 1 sink, then needs, then institutes. Arcs: first places, further places, pairs, steps of institutes.
    """

    tails: Node
    heads: Node
    capacities: Whole
    costs: Whole


def flow(table: Table, evenness: float = 0.0) -> Chosen:
    """The best offers. `evenness` is 0 for the scores alone, 1 where no score is worth a second need to anybody."""
    if not len(table.need):
        return np.zeros(0, np.bool_)
    from ortools.graph.python import min_cost_flow  # 60 ms and 30 MB that no search needs

    arcs, wanted = network_of(table, evenness), int(table.places.sum())
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(arcs.tails, arcs.heads, arcs.capacities, arcs.costs)
    solver.set_node_supply(0, wanted)
    solver.set_node_supply(1, -wanted)
    status = solver.solve_max_flow_with_min_cost()
    if status != solver.OPTIMAL:
        raise AssertionError(f"a flow of nothing is always possible, yet the solver says {status}")
    return np.asarray(solver.flows(pairs_in(table))) > 0


def pairs_in(table: Table) -> Node:
    """(candidates,) the arcs of the table's candidates in its network."""
    first = 2 * len(table.needs)
    return np.arange(first, first + len(table.need), dtype=np.int32)


def network_of(table: Table, evenness: float) -> Network:
    """The network that `flow` solves; of a table with candidates."""
    needs, offset = np.arange(len(table.needs)) + 2, 2 + len(table.needs)
    none, first = np.zeros(len(needs), np.int64), np.minimum(table.places, 1)
    gains, (institute, before) = _gains(table), _steps(table)
    burdens = np.rint(evenness * UNIT * _share(before, table)).astype(np.int64)
    prize = np.full(len(needs), -_prize(table, gains, burdens))
    return Network(
        np.concatenate([none, none, table.need + 2, institute + offset]).astype(np.int32),
        np.concatenate([needs, needs, table.institute + offset, np.ones_like(institute)]).astype(np.int32),
        np.concatenate([first, table.places - first, np.ones(len(gains) + len(institute), np.int64)]),
        np.concatenate([prize, none, -gains, burdens]),
    )


def _gains(table: Table) -> Whole:
    """(candidates,) what each pair earns: hardly more than one unit."""
    ideal = worth(table, best_first(table))
    of_need: Real = np.where(ideal > 0, ideal, 1.0)[table.need]
    gains: Whole = np.rint(table.score * (1 / of_need + BETTER / table.score.max()) * UNIT).astype(np.int64)
    return gains


def _steps(table: Table) -> tuple[Whole, Whole]:
    """One step for each need that an institute could take: (institute, how many it has before)."""
    most = np.minimum(table.quotas, table.candidates_of_institutes)
    institute = np.repeat(np.arange(len(most)), most)
    starts = np.cumsum(most) - most
    return institute, np.arange(len(institute)) - np.repeat(starts, most)


def _share(before: Whole, table: Table) -> Real:
    """x/(½+x) in the middle of each step, x in fair shares: the places there are over the institutes that could take any."""
    fillable = np.minimum(table.places, table.candidates_of_needs).sum()
    fair = max(float(fillable), 1.0) / max(int(np.count_nonzero(table.candidates_of_institutes)), 1)
    taken = (before + 0.5) / fair
    shares: Real = taken / (0.5 + taken)
    return shares


def _prize(table: Table, gains: Whole, burdens: Whole) -> int:
    """More than any rearrangement can cost: it changes each need and each institute at most once along its way."""
    dearest = int(gains.max(initial=0)) + int(burdens.max(initial=0))
    return 1 + dearest * (2 * min(len(table.needs), len(table.institutes)) + 4)
