"""The nearest value of a fact that is no number: a flag, a word, a set, a place or a day, under every leaf that asks about it.

Each kind offers its candidates; the leaves themselves judge them, so that nothing is known here of how they are read.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

from policy_pack.engine.definition import Change, Definition, Kind
from policy_pack.engine.demands import Demand
from policy_pack.engine.evaluation import Truth
from policy_pack.engine.facts import Facts, Gap, Value
from policy_pack.engine.tree import Between, Flag, Has, OneOf, Within, WithinYearsAfter, YearsBefore
from policy_pack.engine.truth import truth_of

_FLAG_MOVES = {
    Change.UP: {True},
    Change.DOWN: {False},
    Change.EITHER: {True, False},
    Change.NEVER: set[bool](),
}


@dataclass(frozen=True)
class Choice:
    """The cheapest value, others at the same cost, and how many single changes it takes (None: it is open)."""

    to: Value | Gap
    or_else: tuple[Value, ...]
    changes: int | None


def nearest(
    definition: Definition | None, now: Value | Gap, demands: Sequence[Demand], as_of: date
) -> Choice | None:
    """The value with the fewest changes that satisfies every demand; None where no reachable value does."""
    key = demands[0].leaf.key  # type: ignore[union-attr]  # comparisons are about numbers and never come here
    fitting: dict[Value | Gap, int] = {}
    for value, changes in _candidates(definition, now, demands, as_of):
        if value not in fitting and _satisfies(Facts({key: value}), demands, as_of):
            fitting[value] = changes
    if not fitting:
        return None
    fewest = min(fitting.values())
    to, *others = (value for value, changes in fitting.items() if changes == fewest)
    is_open = now in (Gap.UNKNOWN, Gap.DISPUTED)
    or_else = tuple(other for other in others if not isinstance(other, Gap))
    return Choice(to, or_else if fewest or is_open else (), None if is_open else fewest)


def _satisfies(facts: Facts, demands: Iterable[Demand], as_of: date) -> bool:
    return all(
        truth_of(each.leaf, facts, as_of) is (Truth.TRUE if each.wanted else Truth.FALSE) for each in demands
    )


def _candidates(
    definition: Definition | None, now: Value | Gap, demands: Sequence[Demand], as_of: date
) -> Iterator[tuple[Value | Gap, int]]:
    """Values that the fact can come to, with the changes that takes: none, if it stays or nobody knows it."""
    if now not in (Gap.UNKNOWN, Gap.DISPUTED):
        yield now, 0
        if definition is not None and definition.change is not Change.NEVER:
            yield from _changed(definition, now, demands, as_of)
        return
    if any(isinstance(demand.leaf, Has) for demand in demands):
        values = () if definition is None else definition.values
        yield from ((value, 0) for value, _ in _sets(values, frozenset(), demands, Change.EITHER))
    elif any(isinstance(demand.leaf, Flag) for demand in demands):
        yield from ((True, 0), (False, 0))
    else:
        yield from ((value, 0) for value in _singles(definition, demands, as_of))
    yield Gap.ABSENT, 0


def _changed(
    definition: Definition, now: Value | Gap, demands: Sequence[Demand], as_of: date
) -> Iterator[tuple[Value, int]]:
    match definition.kind:
        case Kind.FLAG:
            yield from ((value, 1) for value in (True, False) if value in _FLAG_MOVES[definition.change])
        case Kind.SET:
            held = now if isinstance(now, frozenset) else frozenset()
            yield from _sets(definition.values, held, demands, definition.change)
        case Kind.DATE if now is not Gap.ABSENT:
            return  # what happened on a day stays there
        case _:
            yield from ((value, 1) for value in _singles(definition, demands, as_of))


def _singles(definition: Definition | None, demands: Sequence[Demand], as_of: date) -> Iterator[Value]:
    """Words, places and days that the leaves name, then the other values of the dictionary."""
    for demand in demands:
        match demand.leaf:
            case OneOf(_, values):
                yield from (each for each in _listed(definition, values))
            case Within(_, region):
                yield region
            case Between(_, first, last):
                yield from (day for day in (as_of, first, last) if day is not None)
                yield from (day + timedelta(days=1) for day in (last,) if day is not None)
                yield from (day - timedelta(days=1) for day in (first,) if day is not None)
            case YearsBefore(_, _, years):
                yield from days_around(as_of, -years)
            case WithinYearsAfter(_, years):
                yield from (as_of, date(max(1, as_of.year - years - 1), 12, 31))
    if definition is not None and definition.kind is Kind.DATE:
        yield as_of
    yield from definition.values if definition is not None else ()


def days_around(day: date, years: int) -> list[date]:
    """The day so many years away, and the days beside it: a border of an age lies on one of them."""
    year = day.year + years
    if not date.min.year < year < date.max.year:
        return []
    near = date(year, day.month, min(day.day, 28))
    return [near + timedelta(days=each) for each in range(-1, 5)]


def _listed(definition: Definition | None, values: frozenset[str]) -> list[str]:
    """In the dictionary's order, the others after them."""
    known = definition.values if definition is not None else ()
    return [*(each for each in known if each in values), *sorted(values.difference(known))]


def _sets(
    values: tuple[str, ...], held: frozenset[str], demands: Sequence[Demand], change: Change
) -> Iterator[tuple[Value, int]]:
    """What is held with as few values as possible gained and those lost that must be."""
    leaves = [(demand.leaf, demand.wanted) for demand in demands if isinstance(demand.leaf, Has)]
    banned = frozenset[str]().union(*(leaf.values for leaf, wanted in leaves if not wanted))
    lost = held & banned
    if lost and change is Change.UP:
        return
    named = frozenset[str]().union(*(leaf.values for leaf, wanted in leaves if wanted)) - banned - held
    gains = [each for each in values if each in named] + sorted(named.difference(values))
    for count in range((0 if change is Change.DOWN else len(leaves)) + 1):
        yield from (
            ((held - lost) | frozenset(gained), len(lost) + count) for gained in combinations(gains, count)
        )
