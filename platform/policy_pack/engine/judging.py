"""A clause under facts, and clauses together: exact, and remembered, because most subjects are alike in what a clause reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from policy_pack.engine.deciding import Settled, settle
from policy_pack.engine.definition import Definition
from policy_pack.engine.evaluation import Judged, Truth
from policy_pack.engine.facts import Facts, Gap, Value
from policy_pack.engine.policy import Clause
from policy_pack.engine.reducing import Rest, open_keys, reduced

Dictionary = Mapping[str, Definition]
REMEMBERED = 100_000
_DICTIONARIES = 8


@dataclass(frozen=True, slots=True)
class Standing:
    """How a clause stands; `left` is what the `open_facts` still have to decide of it, None where nothing is."""

    judged: Judged
    left: Rest | None = None
    open_facts: frozenset[str] = frozenset()


_Key = tuple[Clause, tuple[Value | Gap, ...], date]


class Judge:
    """Judges clauses for one dictionary, which says what open facts can be."""

    def __init__(self, dictionary: Dictionary) -> None:
        self.dictionary = dictionary
        self._remembered: dict[_Key, Standing] = {}

    def standing(self, clause: Clause, facts: Facts, as_of: date) -> Standing:
        """The clause alone. What a person has to judge reads no fact and stays unknown."""
        key = clause, tuple(map(facts.of, clause.reads)), as_of
        found = self._remembered.get(key)
        if found is None:
            if len(self._remembered) >= REMEMBERED:
                self._remembered.clear()
            found = self._remembered[key] = self._judge(clause, facts, as_of)
        return found

    def together(self, standings: Sequence[Standing], as_of: date) -> Settled:
        """All clauses that facts decide. Where they share no open fact, each goes its own way."""
        if any(each.judged.result is Truth.FALSE for each in standings):
            return Settled(can_hold=False, can_fail=True, turns_on=())
        left = [each for each in standings if each.left is not None]
        read: set[str] = set()
        for each in left:
            if not read.isdisjoint(each.open_facts):
                return settle([each.left for each in left if each.left is not None], self.dictionary, as_of)
            read |= each.open_facts
        turns_on = tuple(key for each in left for key in each.judged.waits_for)
        return Settled(can_hold=True, can_fail=bool(left), turns_on=turns_on)

    def _judge(self, clause: Clause, facts: Facts, as_of: date) -> Standing:
        if clause.when is None:
            return Standing(Judged(clause.id, Truth.UNKNOWN, ()))
        left = reduced(clause.when, facts, as_of)
        if isinstance(left, bool):
            return Standing(Judged(clause.id, Truth.TRUE if left else Truth.FALSE, clause.reads))
        settled = settle([left], self.dictionary, as_of)
        if settled.can_hold and settled.can_fail:
            judged = Judged(clause.id, Truth.UNKNOWN, clause.reads, settled.turns_on)
            return Standing(judged, left, frozenset(open_keys(left)))
        return Standing(Judged(clause.id, Truth.TRUE if settled.can_hold else Truth.FALSE, clause.reads))


_judges: list[Judge] = []


def judge_with(dictionary: Dictionary) -> Judge:
    """The judge of this very dictionary; the last few are kept."""
    for judge in _judges:
        if judge.dictionary is dictionary:
            return judge
    judge = Judge(dictionary)
    _judges.insert(0, judge)
    del _judges[_DICTIONARIES:]
    return judge
