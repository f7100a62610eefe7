"""A day's batch: 5,000 needs × 500 institutes, and what evenness costs, beside plain top-k.

The day is synthetic and skewed like a province's catalogue: institutes have from hundreds of achievements to a few, work in
a few of forty fields, and the fields of needs are as unequal. The peer solves the same programme once: linprog (HiGHS).
"""

import time
from collections.abc import Callable
from functools import cache
from importlib.metadata import version

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from demo import catalogue
from sky_net.assignments.balance import GINI_AT_MOST, NDCG_AT_LEAST, Assignment, assign
from sky_net.assignments.candidates import PLACES, SHARES
from sky_net.assignments.exposure import load
from sky_net.assignments.files import assign_files
from sky_net.assignments.flow import UNIT, flow, network_of, pairs_in
from sky_net.assignments.table import Table, table_of
from sky_net.matching.documents import Hit
from sky_net.matching.encoder import open_encoder
from sky_net.matching.entries import Entry, OwnedEntry
from sky_net.matching.pooling import pool

NEEDS, INSTITUTES, ACHIEVEMENTS, CANDIDATES = 5_000, 500, 20_000, 20
FIELDS, DIMENSION, NOISE = 40, 24, 1.1
EVENNESS = 0.1
RATIO_WITHIN = 0.2
_SEED = 7


def solve_a_day() -> dict[str, object]:
    """Seconds of one solution, and of the peer's, which is worth the same."""
    table = _day()
    begun = time.perf_counter()
    chosen = flow(table, EVENNESS)
    ours = time.perf_counter() - begun
    arcs = network_of(table, EVENNESS)
    count, wanted = len(arcs.costs), float(table.places.sum())
    nodes = 2 + len(table.needs) + len(table.institutes)
    # Flow in is flow out at every node; the way back from the sink earns more than any way through costs.
    at = np.r_[arcs.tails, 1, arcs.heads, 0], np.r_[np.arange(count + 1), np.arange(count + 1)]
    conserved = sparse.csr_matrix((np.repeat([1.0, -1.0], count + 1), at), shape=(nodes, count + 1))
    costs = np.r_[arcs.costs, 10 * arcs.costs.min()] / UNIT
    bounds = np.c_[np.zeros(count + 1), np.r_[arcs.capacities, wanted]]
    begun = time.perf_counter()
    solved = linprog(costs, A_eq=conserved, b_eq=np.zeros(nodes), bounds=bounds)
    peer = time.perf_counter() - begun
    if solved.status != 0 or round(solved.x[pairs_in(table)].sum()) != chosen.sum():
        raise AssertionError("both solve the same day")
    return {
        "name": f"assign: one day, {NEEDS:,} needs × {INSTITUTES} institutes × {CANDIDATES} candidates",
        "ours": round(ours, 3), "anchor": round(peer, 3), "anchor_version": f"scipy {version('scipy')} linprog, HiGHS",
        "ratio": round(ours / peer, 3), "goal": f"≤ {RATIO_WITHIN}×", "met": ours <= RATIO_WITHIN * peer, "unit": "s",
        "settings": f"ortools {version('ortools')}, evenness {EVENNESS}",
    }  # fmt: skip


def evenness_of_a_day() -> dict[str, object]:
    """Gini of exposure to plain top-k's, the search for the evenness included; quotas of ten even shares."""
    begun = time.perf_counter()
    found = assign(_day())
    return _spread(f"assign: the same day, spread in {time.perf_counter() - begun:.1f} s", found)


def evenness_of_the_demo() -> dict[str, object]:
    """The same of the demo catalogue, by the real ranking."""
    needs = [Entry(each.key, each.raw["title"], each.raw["problem"]) for each in catalogue.needs()]
    offers = [
        OwnedEntry(each.key, each.raw["title"], each.raw["summary"], each.owner)
        for each in catalogue.achievements()
    ]
    return _spread(
        "assign: demo catalogue", assign_files(needs, offers, open_encoder(), places=PLACES).assignment
    )


def _spread(name: str, found: Assignment) -> dict[str, object]:
    most = int(load(found.table, found.plain).max()), int(load(found.table, found.chosen).max())
    return {
        "name": f"{name}: nDCG kept {found.ndcg_kept:.3f}, busiest {most[0]} → {most[1]}, quotas broken {found.quotas_broken}",
        "ours": round(found.gini, 3), "anchor": round(found.gini_plain, 3), "anchor_version": "plain top-k",
        "ratio": round(found.gini_ratio, 3), "goal": f"Gini ≤ {GINI_AT_MOST}×, nDCG ≥ {NDCG_AT_LEAST}×, no quota broken",
        "met": found.gini_ratio <= GINI_AT_MOST and found.ndcg_kept >= NDCG_AT_LEAST and not found.quotas_broken,
        "unit": "Gini",
    }  # fmt: skip


@cache
def _day() -> Table:
    draw = np.random.default_rng(_SEED)
    fields = draw.normal(size=(FIELDS, DIMENSION))
    wanted = _zipf(FIELDS, 0.7)
    works = [draw.choice(FIELDS, size=draw.integers(2, 7), p=wanted) for _ in range(INSTITUTES)]
    owners = np.r_[
        np.arange(INSTITUTES), draw.choice(INSTITUTES, ACHIEVEMENTS - INSTITUTES, p=_zipf(INSTITUTES, 0.9))
    ]
    offers = _texts(draw, fields[[draw.choice(works[owner]) for owner in owners]])
    asked = _texts(draw, fields[draw.choice(FIELDS, NEEDS, p=wanted)])
    scores = []
    for need, row in enumerate(np.maximum(asked @ offers.T, 0)):
        best = np.argpartition(-row, 50)[:50]
        hits = [Hit(str(at), float(row[at]), owner=f"I{owners[at]:03d}") for at in best]
        scores += [(f"N{need:04d}", each.institute_id, each.score) for each in pool(hits)[:CANDIDATES]]
    places = {f"N{need:04d}": PLACES for need in range(NEEDS)}
    quota = SHARES * PLACES * NEEDS // INSTITUTES
    return table_of(places, {f"I{at:03d}": quota for at in range(INSTITUTES)}, scores)


def _texts(draw: np.random.Generator, about: np.ndarray) -> np.ndarray:
    drawn = about + NOISE * draw.normal(size=about.shape)
    texts: np.ndarray = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return texts


def _zipf(count: int, exponent: float) -> np.ndarray:
    weights = 1 / np.arange(1, count + 1) ** exponent
    shares: np.ndarray = weights / weights.sum()
    return shares


ROWS: list[Callable[[], dict[str, object]]] = [solve_a_day, evenness_of_a_day, evenness_of_the_demo]
