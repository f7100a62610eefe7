"""The ways in which a condition can come to hold: each a set of leaves that have to be true, or false, together.

All joins the ways of its parts, AnyOf collects them, Not is pushed down to the leaves; leaves that nothing can change
are settled first. A way that asks for more than another and for all of that is left out.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain

from policy_pack.engine.tree import All, AnyOf, Condition, Leaf, Not


@dataclass(frozen=True)
class Demand:
    """A leaf that has to come out true, or false."""

    leaf: Leaf
    wanted: bool


Way = frozenset[Demand]
AS_IT_IS: Way = frozenset()
"""Nothing is asked for."""
MOST_WAYS = 2000
"""Beyond this many ways the ones that ask for most are dropped: no text that was read has more than a dozen."""


def ways_to_hold(
    condition: Condition, settled: Callable[[Leaf], bool | None], wanted: bool = True
) -> list[Way]:
    """Every way, each minimal; none where it is impossible; `AS_IT_IS` alone where it holds whatever changes.

    `settled` says what a leaf comes to that nothing can change, and None of the others.
    """
    match condition:
        case Not(part):
            return ways_to_hold(part, settled, not wanted)
        case All(parts) | AnyOf(parts):
            each = (ways_to_hold(part, settled, wanted) for part in parts)
            return joined(each) if isinstance(condition, All) is wanted else fewest(chain.from_iterable(each))
        case _:
            outcome = settled(condition)
            if outcome is None:
                return [frozenset({Demand(condition, wanted)})]
            return [AS_IT_IS] if outcome is wanted else []


def joined(parts: Iterable[list[Way]]) -> list[Way]:
    """The ways in which every part holds."""
    ways = [AS_IT_IS]
    for part in parts:
        ways = fewest(one | other for one in ways for other in part)
    return ways


def fewest(ways: Iterable[Way]) -> list[Way]:
    """Without ways that contradict themselves or ask for all of another and more; those that ask for least first."""
    kept: list[Way] = []
    for way in sorted(set(ways), key=lambda each: (len(each), _written(each))):
        if _contradicts_itself(way) or any(other <= way for other in kept):
            continue
        kept.append(way)
        if len(kept) == MOST_WAYS:
            break
    return kept


def _contradicts_itself(way: Way) -> bool:
    return any(Demand(each.leaf, not each.wanted) in way for each in way)


def _written(way: Way) -> list[str]:
    """An order that is the same in every process; sets inside a leaf would print in any."""
    return sorted(f"{each.wanted}{_leaf_words(each.leaf)}" for each in way)


def _leaf_words(leaf: Leaf) -> str:
    return repr(
        [type(leaf).__name__]
        + [sorted(value) if isinstance(value, frozenset) else repr(value) for value in vars(leaf).values()]
    )
