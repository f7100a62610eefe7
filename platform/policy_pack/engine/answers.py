"""The answers that a fact which is no number may get: one of each sort that some leaves can tell apart.

Leaves that read one fact alone split its domain into finitely many sorts: before, on and after a day, in a region or not,
with or without a label. Whether leaves can hold together is seen by trying one answer of each.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, combinations
from typing import Any

from backbone.directory.regions import REGIONS
from policy_pack.engine.definition import Domain
from policy_pack.engine.facts import Gap, Value
from policy_pack.engine.tree import Between, Flag, Has, Leaf, OneOf, Within, WithinYearsAfter, YearsBefore
from policy_pack.engine.truth import anniversary

NO_SUCH = "\0"
"""A text that no policy names and that is no place."""


def sorts_of_answers(leaves: Iterable[Leaf], domain: Domain, as_of: date) -> Iterator[Value | Gap]:
    """One answer of each sort, absence among them; none is left out, some may come twice."""
    asked = list(leaves)
    yield Gap.ABSENT
    if any(isinstance(leaf, Flag) for leaf in asked):
        yield from (True, False)
    has = [leaf.values for leaf in asked if isinstance(leaf, Has)]
    if has:
        yield from _sets(has, domain)
    named = [leaf.values for leaf in asked if isinstance(leaf, OneOf)]
    regions = [leaf.region for leaf in asked if isinstance(leaf, Within)]
    if named or regions:
        yield from domain.values or (*sorted(frozenset[str]().union(*named)), *_places(regions), NO_SUCH)
    days = [leaf for leaf in asked if isinstance(leaf, Between | YearsBefore | WithinYearsAfter)]
    if days:
        yield from _days(days, as_of)


def _sets(asked: list[frozenset[str]], domain: Domain) -> Iterator[frozenset[str]]:
    """Sets of one element of each sort: elements that the same leaves ask for are alike."""
    elements = domain.values or sorted(frozenset[str]().union(*asked))
    sorts = {tuple(element in values for values in asked): element for element in elements}
    sizes = range(len(sorts) + 1)
    return map(frozenset, chain.from_iterable(combinations(sorts.values(), size) for size in sizes))


def _places(regions: list[str]) -> Iterator[str]:
    """Every region of ours, alone and followed by a path through the regions asked for."""
    for size in range(len(regions) + 1):
        for path in combinations(regions, size):
            yield "/".join(path) or NO_SUCH
            yield from ("/".join((region, *path)) for region in REGIONS)


def _days(leaves: Iterable[Any], as_of: date) -> Iterator[date]:
    """The days around every day on which an answer turns."""
    yield from (date.min, date.max)
    for leaf in leaves:
        for day in _turns(leaf, as_of):
            yield from (_later(day, by) for by in range(-2, 3))


def _turns(leaf: Any, as_of: date) -> Iterator[date]:
    match leaf:
        case Between(_, first, last):
            yield from (day for day in (first, last) if day is not None)
        case YearsBefore(_, _, years):
            yield from (as_of, anniversary(as_of, -years))
        case WithinYearsAfter(_, years):
            yield date(max(as_of.year - years, date.min.year), 1, 1)


def _later(day: date, by: int) -> date:
    return date.fromordinal(min(max(day.toordinal() + by, 1), date.max.toordinal()))
