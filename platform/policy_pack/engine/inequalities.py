"""Whether some numbers satisfy a few linear inequalities at once, whole numbers where they have to be. Exact: no floats.

Fourier and Motzkin's elimination: the systems of a policy have a handful of unknowns. Where whole numbers are asked for
and the elimination finds none, the gap is cut in two and both sides are searched. A search that comes to no end within
`CUTS` cuts answers "yes": whoever asks then treats the question as open, and nothing false is called decided.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor, gcd, lcm
from typing import NamedTuple

CUTS = 200


class Line(NamedTuple):
    """The sum of slope × unknown, and a constant, is zero or more; more than zero where `strict`."""

    slopes: Mapping[str, int]
    constant: int
    strict: bool


def line(slopes: Mapping[str, Fraction], constant: Fraction, strict: bool) -> Line:
    """The same in whole numbers."""
    times = lcm(constant.denominator, *(slope.denominator for slope in slopes.values()))
    whole = {key: int(slope * times) for key, slope in slopes.items() if slope}
    return Line(whole, int(constant * times), strict)


def can_all_hold(lines: Iterable[Line], whole: Collection[str]) -> bool:
    """Whether some numbers satisfy every line; those of `whole` whole.

    Bounds from above are rarely in the way and make the elimination long: they join where an answer breaks them.
    """
    every = list(lines)
    ceilings = [each for each in every if len(each.slopes) == 1 and min(each.slopes.values()) < 0]
    waiting = [[each for each in every if each not in ceilings]]
    for _ in range(CUTS):
        if not waiting:
            return False
        system = waiting.pop()
        found = _solve(system, whole)
        if isinstance(found, dict):
            broken = [each for each in ceilings if not _holds(each, found)]
            if not broken:
                return True
            waiting.append(system + broken)
        elif found is not None:
            key, below = found
            waiting.append([*system, Line({key: 1}, -below - 1, False)])
            waiting.append([*system, Line({key: -1}, below, False)])
    return True


def _holds(each: Line, numbers: Mapping[str, Fraction]) -> bool:
    left = sum((slope * numbers.get(key, 0) for key, slope in each.slopes.items()), Fraction(each.constant))
    return left > 0 if each.strict else left >= 0


def _solve(lines: Sequence[Line], whole: Collection[str]) -> dict[str, Fraction] | tuple[str, int] | None:
    """Numbers that satisfy the lines; or an unknown and the whole number below a gap it fell into; None if there are none."""
    system = _tightest(lines, whole)
    steps: list[tuple[str, list[Line]]] = []
    while system:
        key = _next_unknown(system, whole)
        steps.append((key, [each for each in system if key in each.slopes]))
        system = _tightest(_without(key, system), whole)
    return None if system is None else _fill_in(steps, whole)


def _next_unknown(system: Iterable[Line], whole: Collection[str]) -> str:
    """The one whose elimination leaves the fewest lines; whole ones last, so that they are chosen first."""
    ups: Counter[str] = Counter()
    downs: Counter[str] = Counter()
    for each in system:
        for key, slope in each.slopes.items():
            (ups if slope > 0 else downs)[key] += 1
    return min(sorted(ups | downs), key=lambda key: (key in whole, ups[key] * downs[key]))


def _without(key: str, system: Iterable[Line]) -> list[Line]:
    """What the system says of the others: each bound of the unknown from below with each from above."""
    kept: list[Line] = []
    lower: list[Line] = []
    upper: list[Line] = []
    for each in system:
        slope = each.slopes.get(key, 0)
        (kept if slope == 0 else lower if slope > 0 else upper).append(each)
    return kept + [_joined(key, low, high) for low in lower for high in upper]


def _joined(key: str, low: Line, high: Line) -> Line:
    a, b = -high.slopes[key], low.slopes[key]
    slopes = {each: a * slope for each, slope in low.slopes.items() if each != key}
    for each, slope in high.slopes.items():
        if each != key:
            slopes[each] = slopes.get(each, 0) + b * slope
            if not slopes[each]:
                del slopes[each]
    constant = a * low.constant + b * high.constant
    divisor = gcd(constant, *slopes.values()) or 1
    if divisor > 1:
        slopes = {each: slope // divisor for each, slope in slopes.items()}
    return Line(slopes, constant // divisor, low.strict or high.strict)


def _tightest(lines: Iterable[Line], whole: Collection[str]) -> list[Line] | None:
    """Of lines with the same slopes the one that says most; None where a line without unknowns is wrong."""
    found: dict[tuple[tuple[str, int], ...], tuple[int, Line]] = {}
    for each in lines:
        if not each.slopes:
            if each.constant < 0 or (each.strict and each.constant == 0):
                return None
            continue
        divisor = gcd(*each.slopes.values())
        slopes = tuple(sorted((key, slope // divisor) for key, slope in each.slopes.items()))
        if all(key in whole for key in each.slopes):
            # Whole slopes × whole unknowns make whole numbers: more than -2/3 is 0 or more.
            constant = (each.constant - 1 if each.strict else each.constant) // divisor
            divisor, each = 1, Line(dict(slopes), constant, False)
        known = found.get(slopes)
        if known is None or _says_more(each, divisor, known[1], known[0]):
            found[slopes] = divisor, each
    return [each for _, each in found.values()]


def _says_more(one: Line, divisor: int, other: Line, its_divisor: int) -> bool:
    left, right = one.constant * its_divisor, other.constant * divisor
    return left < right or (left == right and one.strict and not other.strict)


def _fill_in(
    steps: Sequence[tuple[str, list[Line]]], whole: Collection[str]
) -> dict[str, Fraction] | tuple[str, int]:
    """Numbers for the unknowns, the last eliminated first."""
    numbers: dict[str, Fraction] = {}
    for key, lines in reversed(steps):
        low: tuple[Fraction, bool] | None = None
        high: tuple[Fraction, bool] | None = None
        for each in lines:
            # An unknown that left together with another's last lines is bound by nothing else: 0 will do.
            others = (
                slope * numbers.setdefault(k, Fraction(0)) for k, slope in each.slopes.items() if k != key
            )
            rest = sum(others, Fraction(each.constant))
            bound = -rest / each.slopes[key]
            if each.slopes[key] > 0:
                low = max(low or (bound, each.strict), (bound, each.strict))
            else:
                high = min(high or (bound, not each.strict), (bound, not each.strict))
        upper = None if high is None else (high[0], not high[1])
        if key not in whole:
            numbers[key] = _between(low, upper)
            continue
        chosen = _whole_between(low, upper)
        if chosen is None:
            return key, floor((low or (Fraction(0), False))[0])
        numbers[key] = Fraction(chosen)
    return numbers


def _between(low: tuple[Fraction, bool] | None, high: tuple[Fraction, bool] | None) -> Fraction:
    if low is not None and high is not None:
        return (low[0] + high[0]) / 2
    if low is not None:
        return low[0] + 1
    return Fraction(0) if high is None else high[0] - 1


def _whole_between(low: tuple[Fraction, bool] | None, high: tuple[Fraction, bool] | None) -> int | None:
    if low is None:
        return 0 if high is None else (ceil(high[0]) - 1 if high[1] else floor(high[0]))
    least = floor(low[0]) + 1 if low[1] else ceil(low[0])
    if high is not None and (least > high[0] or (high[1] and least == high[0])):
        return None
    return least
