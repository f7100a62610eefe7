"""Which policies to take: the greatest total, then as many as possible, then the earlier ones of the pack.

Components of a pack are small, so that every set is looked at, less those that cannot beat the best so far. Beyond
`MOST_LOOKED_AT` policies in one component CP-SAT decides the same three stages one after the other. Joint caps lie in one
another or apart (the loader refuses others), so that paying in turn is best, and the solver meets no half-integral corners:
among those it was seen to go astray for minutes.
"""

from dataclasses import dataclass, field

from policy_pack.engine.bonds import Table

MOST_LOOKED_AT = 14


def choose(table: Table) -> dict[str, int]:
    """What is taken and what each is paid, in fen and in the order of the pack."""
    paid: dict[str, int] = {}
    for part in table.parts():
        by_looking = len(part.worth) <= MOST_LOOKED_AT
        paid.update(look_at_every_set(part) if by_looking else solve(part))
    return {policy: paid[policy] for policy in table.worth if policy in paid}


def look_at_every_set(table: Table) -> dict[str, int]:
    """The best set of one small component."""
    search = _Search(table, tuple(table.worth))
    search.look(0, (), 0)
    return table.payout(search.best)


@dataclass
class _Search:
    table: Table
    policies: tuple[str, ...]
    best: tuple[str, ...] = ()
    rank: tuple[int, int] = (-1, -1)
    behind: list[int] = field(init=False)

    def __post_init__(self) -> None:
        worths = [self.table.worth[each] for each in self.policies]
        self.behind = [sum(worths[at:]) for at in range(len(worths) + 1)]

    def look(self, at: int, taken: tuple[str, ...], worth: int) -> None:
        """Taken before not taken, so that of equals the set with the earlier policies is met first and stays."""
        if (worth + self.behind[at], len(taken) + len(self.policies) - at) <= self.rank:
            return
        if at == len(self.policies):
            rank = (sum(self.table.payout(taken).values()), len(taken))
            if self.table.allows(taken) and rank > self.rank:
                self.best, self.rank = taken, rank
            return
        policy = self.policies[at]
        with_it = (*taken, policy)
        if not any(
            policy in group and sum(each in with_it for each in group) > 1 for group in self.table.apart
        ):
            self.look(at + 1, with_it, worth + self.table.worth[policy])
        self.look(at + 1, taken, worth)


def solve(table: Table) -> dict[str, int]:
    """The same by CP-SAT, each stage fixed before the next: total, number, earlier policies, who is paid first."""
    from ortools.sat.python import cp_model  # half a second to import, and hardly ever needed

    model = cp_model.CpModel()
    taken = {policy: model.new_bool_var(f"take {policy}") for policy in table.worth}
    paid = {policy: model.new_int_var(0, worth, f"pay {policy}") for policy, worth in table.worth.items()}
    for policy, worth in table.worth.items():
        model.add(paid[policy] <= worth * taken[policy])
    for group in table.apart:
        model.add_at_most_one(taken[each] for each in group)
    for first, second in table.needs:
        model.add_implication(taken[first], taken[second])
    for lower, higher in _outdone(table):
        model.add(paid[lower] == 0).only_enforce_if(taken[higher])
    for cap in table.caps:
        model.add(sum(paid[each] for each in cap.between) <= cap.most)
    stages = [sum(paid.values()), sum(taken.values()), *taken.values(), *(paid[each] for each in table.turn)]
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 8  # strategies beside each other; the answer is unique, whoever finds it
    for stage in stages:
        model.maximize(stage)
        if solver.solve(model) != cp_model.OPTIMAL:
            raise RuntimeError(f"no optimum was proven for the relations of {', '.join(table.worth)}")
        model.add(stage == solver.value(stage))  # added up in whole numbers: the objective is told as a float
    return {policy: solver.value(paid[policy]) for policy in table.worth if solver.value(taken[policy])}


def _outdone(table: Table) -> list[tuple[str, str]]:
    """Pairs of which the first pays nothing beside the second."""
    ranked = {each: (table.worth[each], -at) for at, each in enumerate(table.worth)}
    return [
        (lower, higher)
        for group in table.higher
        for lower in group
        for higher in group
        if ranked[lower] < ranked[higher]
    ]
