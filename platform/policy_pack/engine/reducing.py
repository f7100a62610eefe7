"""What is left of a condition once what is known has been filled in: a smaller condition over the open facts alone.

Denials are pushed down to the leaves, so that what is left is made of All, AnyOf, leaves and denied leaves. A comparison
becomes a `Beside`, which carries the known numbers with it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from policy_pack.engine.evaluation import Truth
from policy_pack.engine.facts import Facts, Gap
from policy_pack.engine.tree import (
    All,
    AnyOf,
    Compare,
    Condition,
    Leaf,
    Mean,
    Not,
    Quantity,
    Ratio,
    Sign,
    Sum,
)
from policy_pack.engine.truth import truth_of_leaf


@dataclass(frozen=True)
class Heap:
    """Numbers to be added: open facts, and the sum and the count of the known ones (count 0: none is known)."""

    keys: tuple[str, ...]
    known: Fraction
    count: int

    def added(self, present: frozenset[str]) -> tuple[Counter[str], Fraction, int] | None:
        """Slopes, constant and count where these open facts have numbers and the others are absent; None: all absent."""
        slopes = Counter(key for key in self.keys if key in present)
        count = self.count + slopes.total()
        return (slopes, self.known, count) if count else None


@dataclass(frozen=True)
class Beside:
    """A comparison with open facts; `under` where it is of a ratio."""

    over: Heap
    under: Heap | None
    is_mean: bool
    sign: Sign
    number: Fraction

    @property
    def keys(self) -> tuple[str, ...]:
        """The open facts, each once."""
        return tuple(dict.fromkeys(self.over.keys + (self.under.keys if self.under else ())))


@dataclass(frozen=True)
class Literal:
    """A leaf with open facts, or its denial."""

    leaf: "Beside | Leaf"
    wanted: bool = True

    @property
    def keys(self) -> tuple[str, ...]:
        """The open facts that it reads."""
        if isinstance(self.leaf, Beside):
            return self.leaf.keys
        return () if isinstance(self.leaf, Compare) else (self.leaf.key,)


@dataclass(frozen=True)
class Every:
    """All of them hold."""

    parts: "tuple[Rest, ...]"


@dataclass(frozen=True)
class Some:
    """One of them holds."""

    parts: "tuple[Rest, ...]"


Rest = Literal | Every | Some


def reduced(condition: Condition, facts: Facts, as_of: date, wanted: bool = True) -> Rest | bool:
    """What is left to hold (or, not `wanted`, to fail); True or False where the known facts decide by themselves."""
    match condition:
        case Not(part):
            return reduced(part, facts, as_of, not wanted)
        case All(parts) | AnyOf(parts):
            is_all = isinstance(condition, All) is wanted
            found = [reduced(part, facts, as_of, wanted) for part in parts]
            if (not is_all) in found:
                return not is_all
            left = tuple(part for part in found if not isinstance(part, bool))
            if len(left) < 2:
                return left[0] if left else is_all
            return Every(left) if is_all else Some(left)
    truth = truth_of_leaf(condition, facts, as_of)
    if truth is not Truth.UNKNOWN:
        return (truth is Truth.TRUE) is wanted
    leaf = _beside(condition, facts) if isinstance(condition, Compare) else condition
    return Literal(leaf, wanted)


def denied(rest: Rest) -> Rest:
    """What holds where this does not."""
    match rest:
        case Literal(leaf, wanted):
            return Literal(leaf, not wanted)
        case Every(parts):
            return Some(tuple(map(denied, parts)))
        case Some(parts):
            return Every(tuple(map(denied, parts)))


def literals(rest: Rest) -> Iterator[Literal]:
    """Every literal, left to right."""
    if isinstance(rest, Literal):
        yield rest
    else:
        for part in rest.parts:
            yield from literals(part)


def open_keys(rest: Rest) -> dict[str, None]:
    """The open facts that it reads, in the order of writing."""
    return dict.fromkeys(key for literal in literals(rest) for key in literal.keys)


def renamed(rest: Rest, key: str, name: str) -> Rest:
    """The same of another fact."""
    match rest:
        case Literal(Beside() as leaf, wanted):
            under = leaf.under and _renamed_heap(leaf.under, key, name)
            return Literal(replace(leaf, over=_renamed_heap(leaf.over, key, name), under=under), wanted)
        case Literal(leaf, wanted):
            read: Any = leaf
            return Literal(replace(read, key=name), wanted) if read.key == key else rest
        case Every(parts) | Some(parts):
            return type(rest)(tuple(renamed(part, key, name) for part in parts))


def _renamed_heap(heap: Heap, key: str, name: str) -> Heap:
    return replace(heap, keys=tuple(name if each == key else each for each in heap.keys))


def _beside(leaf: Compare, facts: Facts) -> Beside:
    term, number = leaf.term, _fraction(leaf.number)
    if isinstance(term, Ratio):
        return Beside(_heap(term.over, facts), _heap(term.under, facts), False, leaf.sign, number)
    return Beside(_heap(term, facts), None, isinstance(term, Mean), leaf.sign, number)


@lru_cache(maxsize=1024)
def _fraction(number: Decimal) -> Fraction:
    return Fraction(number)


def _heap(term: Quantity | Sum | Mean, facts: Facts) -> Heap:
    members = (term,) if isinstance(term, Quantity) else term.of
    keys = tuple(member.key for member in members if facts.is_open(member.key))
    known: list[Any] = [
        value for value in (facts.of(each.key) for each in members) if not isinstance(value, Gap)
    ]
    return Heap(keys, sum(map(Fraction, known), Fraction(0)), len(known))
