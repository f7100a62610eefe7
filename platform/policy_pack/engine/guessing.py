"""Examples of how open facts may turn out, so that little is left to be proven.

That a condition can hold, that it can fail, and that a fact matters is shown by an example of each. A few answers of every
size are tried for every fact; most examples are found at once, and only what they leave open has to be solved for.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

from policy_pack.engine.answers import sorts_of_answers
from policy_pack.engine.definition import Domain
from policy_pack.engine.evaluation import Truth
from policy_pack.engine.facts import Facts
from policy_pack.engine.reducing import Beside, Every, Heap, Literal, Rest, Some, literals
from policy_pack.engine.truth import BESIDE, truth_of_leaf

TRIES, TURNS = 24, 3
_SIZES = tuple(Fraction(10) ** power for power in (-1, 0, 2, 4, 6, 9))

Answers = dict[str, Any]
"""Numbers as fractions, None for an absent one; other facts as they are stated."""


@dataclass
class Shown:
    """What the examples show, which is true; what they do not show may be true as well."""

    can_hold: bool = False
    can_fail: bool = False
    turns_on: set[str] = field(default_factory=set)

    def add(self, held: bool) -> None:
        """One more example."""
        self.can_hold |= held
        self.can_fail |= not held


def show(rests: Sequence[Rest], domains: Mapping[str, Domain], as_of: date) -> Shown:
    """Tries answers, and for each fact others in its place, until everything is shown or enough was tried."""
    shown = Shown()
    possible = {key: list(_possible(key, rests, domain, as_of)) for key, domain in domains.items()}
    draw = Random(0)  # noqa: S311  # the same guesses every time, and no secret among them
    for _ in range(TRIES):
        answers = {key: draw.choice(each) for key, each in possible.items()}
        held = all(_holds(rest, answers, as_of) for rest in rests)
        shown.add(held)
        for key in [key for key in domains if key not in shown.turns_on]:
            others = draw.sample(possible[key], min(TURNS, len(possible[key])))
            if any(_turns(rests, {**answers, key: other}, held, as_of) for other in others):
                shown.turns_on.add(key)
                shown.add(not held)
        if len(shown.turns_on) == len(domains):
            break
    return shown


def _turns(rests: Sequence[Rest], answers: Answers, held: bool, as_of: date) -> bool:
    return all(_holds(rest, answers, as_of) for rest in rests) is not held


def _possible(key: str, rests: Sequence[Rest], domain: Domain, as_of: date) -> Iterator[Any]:
    """Answers of every sort; of numbers the ends, the thresholds and a few sizes between."""
    asked = [each.leaf for rest in rests for each in literals(rest) if key in each.keys]
    numbers = [leaf.number for leaf in asked if isinstance(leaf, Beside)]
    if not numbers:
        yield from sorts_of_answers([leaf for leaf in asked if not isinstance(leaf, Beside)], domain, as_of)
        return
    yield None
    ends = (domain.least, domain.most)
    for number in (*_SIZES, *numbers, *(Fraction(end) for end in ends if end is not None)):
        is_in_range = (ends[0] is None or number >= ends[0]) and (ends[1] is None or number <= ends[1])
        if is_in_range and (number.denominator == 1 or not domain.is_whole):
            yield number


def _holds(rest: Rest, answers: Answers, as_of: date) -> bool:
    match rest:
        case Literal(Beside() as leaf, wanted):
            return _stands_beside(leaf, answers) is wanted
        case Literal(leaf, wanted) if not isinstance(leaf, Beside):
            return (truth_of_leaf(leaf, Facts(answers), as_of) is Truth.TRUE) is wanted
        case Every(parts):
            return all(_holds(part, answers, as_of) for part in parts)
        case Some(parts):
            return any(_holds(part, answers, as_of) for part in parts)
    raise TypeError(rest)


def _stands_beside(leaf: Beside, answers: Answers) -> bool:
    over, count = _added(leaf.over, answers)
    if not count:
        return False
    times: Fraction | int = count if leaf.is_mean else 1
    if leaf.under is not None:
        times, count = _added(leaf.under, answers)
        if not count or times <= 0:
            return False
    return BESIDE[leaf.sign](over, leaf.number * times)


def _added(heap: Heap, answers: Answers) -> tuple[Fraction, int]:
    there = [answers[key] for key in heap.keys if answers[key] is not None]
    return sum(there, heap.known), heap.count + len(there)
