"""What an open number may still be: the dictionary's range, less what the clauses refuse, and whether it may be absent.

An amount is told for the case that the policy is granted, so that an open base is only looked for where every clause
may hold: with "a price of at least 100" among the clauses nobody is told of an award on 20.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from itertools import combinations

from policy_pack.engine.definition import Definition
from policy_pack.engine.evaluation import Truth
from policy_pack.engine.facts import Facts, Gap
from policy_pack.engine.interval import EVERYTHING, FLIPPED, NOTHING, Interval, bounds_of, hull_of
from policy_pack.engine.linear import Line, lines_of
from policy_pack.engine.tree import (
    All,
    AnyOf,
    Compare,
    Condition,
    Mean,
    Not,
    Quantity,
    Ratio,
    Sum,
    Term,
    keys_of,
    keys_of_term,
)
from policy_pack.engine.truth import truth_of


@dataclass(frozen=True)
class Reach:
    """The numbers that may come (empty: none can), and whether it may turn out that there is none."""

    numbers: Interval
    may_be_absent: bool

    def meet(self, other: "Reach") -> "Reach":
        """What both allow."""
        return Reach(self.numbers.meet(other.numbers), self.may_be_absent and other.may_be_absent)

    def hull(self, other: "Reach") -> "Reach":
        """What either allows, and what lies between."""
        return Reach(self.numbers.hull(other.numbers), self.may_be_absent or other.may_be_absent)

    @property
    def is_empty(self) -> bool:
        """Neither a number nor its absence is allowed."""
        return self.numbers.is_empty and not self.may_be_absent


ANYWHERE = Reach(EVERYTHING, may_be_absent=True)
NOWHERE = Reach(NOTHING, may_be_absent=False)


@dataclass(frozen=True)
class Looking:
    """The facts, the day and the dictionary, as far as the reach of a number depends on them."""

    facts: Facts
    as_of: date
    dictionary: Mapping[str, Definition]
    conditions: tuple[Condition, ...] = ()

    def of(self, term: Term) -> Reach:
        """What a term may come to while every condition may hold; too wide where open facts hang together, never too narrow."""
        match term:
            case Quantity(key):
                return self._of_fact(key)
            case Sum(of):
                return _added([self._of_fact(member.key) for member in of])
            case Mean(of):
                return _averaged([self._of_fact(member.key) for member in of])
            case Ratio():
                raise TypeError(
                    "a share is no sum of money: an amount has a fact, a sum or a mean for its base"
                )

    def _of_fact(self, key: str) -> Reach:
        stated = self.facts.of(key)
        if stated is Gap.ABSENT:
            return Reach(NOTHING, may_be_absent=True)
        if isinstance(stated, Decimal):
            return Reach(Interval(Fraction(stated), Fraction(stated)), may_be_absent=False)
        whole = Reach(bounds_of(self.dictionary.get(key)), may_be_absent=True)
        left = reduce(Reach.meet, (self._left(each, key) for each in self.conditions), whole)
        return whole if left.is_empty else left  # refused whatever comes: no award to tell of

    def _left(self, condition: Condition, key: str, wanted: bool = True) -> Reach:
        """Where the open fact may lie for the condition to come out as wanted."""
        match condition:
            case Not(part):
                return self._left(part, key, not wanted)
            case All(parts) | AnyOf(parts):
                sides = [self._left(part, key, wanted) for part in parts]
                every = isinstance(condition, All) is wanted
                return reduce(Reach.meet, sides, ANYWHERE) if every else reduce(Reach.hull, sides, NOWHERE)
        if key in keys_of(condition):
            return self._left_by(condition, key, wanted) if isinstance(condition, Compare) else ANYWHERE
        refused = Truth.FALSE if wanted else Truth.TRUE
        return NOWHERE if truth_of(condition, self.facts, self.as_of) is refused else ANYWHERE

    def _left_by(self, compare: Compare, key: str, wanted: bool) -> Reach:
        others = [each for each in keys_of_term(compare.term) if each != key]
        if any(self.facts.is_open(each) for each in others):
            return ANYWHERE
        known = {each: _number(self.facts, each) for each in others}
        absent = truth_of(compare, self.facts.with_answers({key: Gap.ABSENT}), self.as_of)
        may_be_absent = absent is (Truth.TRUE if wanted else Truth.FALSE)
        lines = lines_of(compare, known, {key})
        if lines is None:
            return Reach(NOTHING if wanted else EVERYTHING, may_be_absent)
        if wanted:
            return Reach(reduce(Interval.meet, (_stretch(line, key) for line in lines)), may_be_absent)
        return Reach(hull_of(_stretch(_refused(line), key) for line in lines), may_be_absent)


def _number(facts: Facts, key: str) -> Fraction | None:
    stated = facts.of(key)
    return Fraction(stated) if isinstance(stated, Decimal) else None


def _refused(line: Line) -> Line:
    return Line(line.slopes, line.constant, FLIPPED[line.sign])


def _stretch(line: Line, key: str) -> Interval:
    if key not in line.slopes:
        return EVERYTHING if line.holds({}) else NOTHING
    return line.leaves_to(key, {})


def _added(members: list[Reach]) -> Reach:
    """Absent members count for nothing; all of them absent is absent."""
    nought = Interval(Fraction(0), Fraction(0))
    parts = [each.numbers.hull(nought) if each.may_be_absent else each.numbers for each in members]
    numbers = NOTHING if all(each.numbers.is_empty for each in members) else reduce(_plus, parts)
    return Reach(numbers, all(each.may_be_absent for each in members))


def _averaged(members: list[Reach]) -> Reach:
    """The hull over every choice of the members that may be absent."""
    doubtful = [each for each in members if each.may_be_absent and not each.numbers.is_empty]
    certain = [each.numbers for each in members if not each.may_be_absent]
    means = []
    for count in range(len(doubtful) + 1):
        for chosen in combinations(doubtful, count):
            there = certain + [each.numbers for each in chosen]
            if there:
                means.append(_times(reduce(_plus, there), Fraction(1, len(there))))
    return Reach(hull_of(means), not certain)


def _plus(one: Interval, other: Interval) -> Interval:
    return Interval(
        None if one.low is None or other.low is None else one.low + other.low,
        None if one.high is None or other.high is None else one.high + other.high,
        one.low_open or other.low_open,
        one.high_open or other.high_open,
    )


def _times(one: Interval, factor: Fraction) -> Interval:
    return Interval(
        None if one.low is None else one.low * factor,
        None if one.high is None else one.high * factor,
        one.low_open,
        one.high_open,
    )


def reach_of(
    term: Term,
    facts: Facts,
    as_of: date,
    dictionary: Mapping[str, Definition],
    conditions: Iterable[Condition],
) -> Reach:
    """What the term may come to if all of the conditions hold in the end."""
    return Looking(facts, as_of, dictionary, tuple(conditions)).of(term)
