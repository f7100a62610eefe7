"""What open facts can still decide, exactly: can it hold, can it fail, and which facts does it turn on?

Kleene's logic forgets that a fact is the same wherever it is read: "revenue above 5,000 or at most 5,000" is unknown to
it while the revenue is. Here a condition is decided where every completion of the open facts decides it alike. A
completion gives each open fact a value of its domain, or none: a fact can always turn out to be absent.

All rests on one question: can these hold together? It is split by what shares no fact, then by the parts of a Some, until
literals are left, which are tried (`answers`) or solved (`inequalities`). A fact matters if two completions that differ
in it alone differ in what they decide: if the condition, and the denial of its copy that reads another fact there, can
hold together. Facts are independent of each other, so that whatever decides contains every fact that matters, and those
together decide: there is one minimal set.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from itertools import chain, combinations, product
from typing import TypeVar

from policy_pack.engine.answers import sorts_of_answers
from policy_pack.engine.definition import ANYTHING, Definition, Domain
from policy_pack.engine.evaluation import Truth
from policy_pack.engine.facts import Facts
from policy_pack.engine.guessing import show
from policy_pack.engine.inequalities import Line, can_all_hold, line
from policy_pack.engine.reducing import (
    Beside,
    Every,
    Literal,
    Rest,
    Some,
    denied,
    literals,
    open_keys,
    renamed,
)
from policy_pack.engine.tree import Sign
from policy_pack.engine.truth import truth_of_leaf

T = TypeVar("T")

ABSENCES = 4_096
"""Choices of absent facts that are tried; past them a question stays open, as past the cuts of `inequalities`."""
_OTHER = "'"
"""Marks the second copy of a fact; no key of a dictionary ends in it."""


@dataclass(frozen=True)
class Settled:
    """What the conditions, all of them, can do, and the open facts that this turns on, in the order of reading."""

    can_hold: bool
    can_fail: bool
    turns_on: tuple[str, ...]


def settle(rests: Iterable[Rest], dictionary: Mapping[str, Definition], as_of: date) -> Settled:
    """The conjunction of what is left of some conditions; facts that the dictionary does not know can be anything."""
    groups = [_settle_group(group, _domains(group, dictionary), as_of) for group in _connected(tuple(rests))]
    can_hold = all(group.can_hold for group in groups)
    turns_on = (key for group in groups if can_hold for key in group.turns_on)
    return Settled(can_hold, any(group.can_fail for group in groups), tuple(turns_on))


def can_hold(rests: Iterable[Rest], dictionary: Mapping[str, Definition], as_of: date) -> bool:
    """Whether some completion makes all of them hold: `settle` for whoever asks nothing else."""
    asked = tuple(rests)
    return _can_hold(asked, _domains(asked, dictionary), as_of)


Domains = tuple[tuple[str, Domain], ...]


@lru_cache(maxsize=16_384)
def _can_hold(rests: tuple[Rest, ...], domains: Domains, as_of: date) -> bool:
    return _Search(dict(domains), as_of).can_hold(rests)


@lru_cache(maxsize=16_384)
def _settle_group(rests: tuple[Rest, ...], domains: Domains, as_of: date) -> Settled:
    """Kept, because most subjects leave the same things open. What no example shows is searched for."""
    search = _Search(dict(domains), as_of)
    shown = show(rests, search.domains, as_of)
    can_hold = shown.can_hold or search.can_hold(rests)
    can_fail = shown.can_fail or any(search.can_hold((denied(rest),)) for rest in rests)
    if not (can_hold and can_fail):
        return Settled(can_hold, can_fail, ())
    turns_on = (key for key, _ in domains if key in shown.turns_on or search.turns_on(rests, key))
    return Settled(can_hold, can_fail, tuple(turns_on))


def _domains(rests: Iterable[Rest], dictionary: Mapping[str, Definition]) -> Domains:
    keys = dict.fromkeys(key for rest in rests for key in open_keys(rest))
    return tuple((key, dictionary[key].domain if key in dictionary else ANYTHING) for key in keys)


def _connected(rests: tuple[Rest, ...]) -> Iterator[tuple[Rest, ...]]:
    """The conditions in groups that share no open fact with each other."""
    groups: list[tuple[list[int], set[str]]] = []
    for at, rest in enumerate(rests):
        places, keys = [at], set(open_keys(rest))
        for group in [group for group in groups if not group[1].isdisjoint(keys)]:
            groups.remove(group)
            places, keys = group[0] + places, group[1] | keys
        groups.append((places, keys))
    for places, _ in sorted(groups, key=lambda group: min(group[0])):
        yield tuple(rests[at] for at in sorted(places))


@dataclass(frozen=True)
class _Search:
    domains: Mapping[str, Domain]
    as_of: date

    def domain(self, key: str) -> Domain:
        return self.domains[key.removesuffix(_OTHER)]

    def turns_on(self, rests: tuple[Rest, ...], key: str) -> bool:
        """Whether two completions that differ in the fact alone decide differently."""
        readers = (rest for rest in rests if key in open_keys(rest))
        return any(self.can_hold((*rests, denied(renamed(rest, key, key + _OTHER)))) for rest in readers)

    def can_hold(self, rests: Iterable[Rest]) -> bool:
        """Whether some completion makes all of them hold."""
        return all(self._group_can_hold(group) for group in _connected(tuple(_flat(rests))))

    def _group_can_hold(self, group: tuple[Rest, ...]) -> bool:
        plain = [rest for rest in group if isinstance(rest, Literal)]
        if not all(self._literals_can_hold(each) for each in _connected(tuple(plain))):
            return False
        choice = next((rest for rest in group if isinstance(rest, Some)), None)
        if choice is None:
            return True
        others = tuple(rest for rest in group if rest is not choice)
        return any(self.can_hold((*others, part)) for part in choice.parts)

    def _literals_can_hold(self, group: Sequence[Rest]) -> bool:
        found = [literal for rest in group for literal in literals(rest)]
        numbers = [(each.leaf, each.wanted) for each in found if isinstance(each.leaf, Beside)]
        return self._numbers_can_hold(numbers) if numbers else self._one_fact_can_hold(found)

    def _one_fact_can_hold(self, group: Sequence[Literal]) -> bool:
        leaves = [(each.leaf, each.wanted) for each in group if not isinstance(each.leaf, Beside)]
        [key] = {key for each in group for key in each.keys}
        answers = sorts_of_answers([leaf for leaf, _ in leaves], self.domain(key), self.as_of)
        return any(
            all((truth_of_leaf(leaf, facts, self.as_of) is Truth.TRUE) is wanted for leaf, wanted in leaves)
            for facts in (Facts({key: answer}) for answer in answers)
        )

    def _numbers_can_hold(self, group: Sequence[tuple[Beside, bool]]) -> bool:
        """Tried for every choice of which facts are absent, none first; what is asked of one fact alone comes before."""
        keys = tuple(dict.fromkeys(key for leaf, _ in group for key in leaf.keys))
        if len(keys) > 1:
            alone = ([each for each in group if each[0].keys == (key,)] for key in keys)
            if not all(self._numbers_can_hold(asked) for asked in alone if asked):
                return False
        whole = frozenset(key for key in keys if self.domain(key).is_whole)
        for tried, absent in enumerate(self._absences(keys, [leaf for leaf, _ in group])):
            present = frozenset(keys) - absent
            ways = [_ways(leaf, wanted, present) for leaf, wanted in group]
            bounds = [_bounds(key, self.domain(key)) for key in keys if key in present]
            if tried == ABSENCES or any(can_all_hold(chain(*bounds, *way), whole) for way in product(*ways)):
                return True
        return False

    def _absences(self, keys: Sequence[str], leaves: Sequence[Beside]) -> Iterator[frozenset[str]]:
        """Which facts to take for absent, none first.

        In a sum, what is absent is as good as nought, unless all of it is: where a fact may be nought it need not be
        tried alone, only together with a whole heap.
        """
        heaps = [heap for leaf in leaves for heap in (leaf.over, leaf.under) if heap is not None]
        averaged = {key for leaf in leaves if leaf.is_mean for key in leaf.keys}
        alone = [key for key in keys if key in averaged or not self._may_be_nought(key)]
        together = list(dict.fromkeys(frozenset(heap.keys) for heap in heaps if heap.keys and not heap.count))
        for emptied, others in product(_subsets(together), _subsets(alone)):
            yield frozenset(others).union(*emptied)

    def _may_be_nought(self, key: str) -> bool:
        low, high = self.domain(key).least, self.domain(key).most
        return (low is None or low <= 0) and (high is None or high >= 0)


def _subsets(items: Sequence[T]) -> Iterator[tuple[T, ...]]:
    """The smallest first."""
    return chain.from_iterable(combinations(items, size) for size in range(len(items) + 1))


@lru_cache(maxsize=1024)
def _bounds(key: str, domain: Domain) -> tuple[Line, ...]:
    low, high = domain.least, domain.most
    above = () if low is None else (line({key: Fraction(1)}, -Fraction(low), strict=False),)
    return above if high is None else (*above, line({key: Fraction(-1)}, Fraction(high), strict=False))


def _flat(rests: Iterable[Rest]) -> Iterator[Rest]:
    for rest in rests:
        if isinstance(rest, Every):
            yield from _flat(rest.parts)
        else:
            yield rest


_DENIED = {
    Sign.AT_LEAST: Sign.BELOW,
    Sign.BELOW: Sign.AT_LEAST,
    Sign.AT_MOST: Sign.ABOVE,
    Sign.ABOVE: Sign.AT_MOST,
    Sign.EQUALS: Sign.DIFFERS,
    Sign.DIFFERS: Sign.EQUALS,
}


def _ways(leaf: Beside, wanted: bool, present: frozenset[str]) -> list[list[Line]]:
    """The systems of which one has to be satisfied for the comparison to come out as wanted."""
    over, under = leaf.over.added(present), leaf.under.added(present) if leaf.under else None
    if over is None or (under is None and leaf.under is not None):
        return [] if wanted else [[]]
    slopes = {key: Fraction(slope) for key, slope in over[0].items()}
    constant, count = over[1], over[2] if leaf.is_mean else 1
    if under is None:
        return _lines(slopes, constant - leaf.number * count, leaf.sign if wanted else _DENIED[leaf.sign])
    below = {key: Fraction(slope) for key, slope in under[0].items()}
    for key, slope in below.items():
        slopes[key] = slopes.get(key, Fraction(0)) - leaf.number * slope
    constant -= leaf.number * under[1]
    if not wanted:
        return [*_lines(below, under[1], Sign.AT_MOST), *_lines(slopes, constant, _DENIED[leaf.sign])]
    positive = line(below, under[1], strict=True)
    return [[positive, *way] for way in _lines(slopes, constant, leaf.sign)]


def _lines(slopes: Mapping[str, Fraction], constant: Fraction, sign: Sign) -> list[list[Line]]:
    """Ways in which the sum stands so to zero."""
    negative = {key: -slope for key, slope in slopes.items()}
    strict = sign in (Sign.ABOVE, Sign.BELOW, Sign.DIFFERS)
    up, down = line(slopes, constant, strict), line(negative, -constant, strict)
    ways = {Sign.EQUALS: [[up, down]], Sign.DIFFERS: [[up], [down]]}
    return ways.get(sign) or [[up if sign in (Sign.AT_LEAST, Sign.ABOVE) else down]]
