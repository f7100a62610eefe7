"""The cheapest numbers that satisfy lines: a small linear programme, exact, with whole numbers where a fact counts things.

Few facts hang together (a ratio of two, a sum of three), so that the corners are enumerated: a cheapest point lies
where every fact is at its start, at an end of its range, or is fixed by lines that are just satisfied.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, product
from math import ceil, floor, lcm

from policy_pack.engine.interval import Interval
from policy_pack.engine.linear import Line
from policy_pack.engine.tree import Sign

Point = Mapping[str, Fraction]
_MOST_BRANCHES = 200
_MOST_MOVED = 4  # of known facts that one comparison joins: nobody follows advice to change five at once
_ZERO = Fraction(0)


@dataclass(frozen=True)
class Mover:
    """A number that may move: from where, how far, at what price for one, and in steps of which grain.

    `is_new` is a fact that has no number yet, because it is absent or nobody knows it: stating it is part of every way.
    """

    start: Fraction
    range: Interval
    price: Fraction
    grain: Fraction
    whole: bool
    is_new: bool = False

    def cost(self, to: Fraction) -> Fraction:
        """What it costs to move there."""
        return abs(to - self.start) * self.price


Movers = Mapping[str, Mover]


@dataclass(frozen=True)
class Moved:
    """Where the numbers come to lie, of those that might move or had no number, and what it costs."""

    to: Point
    cost: Fraction


def cheapest_moves(movers: Movers, lines: Sequence[Line]) -> list[Moved]:
    """For each set of facts that may move, the cheapest way to satisfy every line; empty where nothing does.

    A set whose cheapest way is no cheaper than that of a part of it is left out.
    """
    found = [Moved({}, _ZERO)]
    for keys in _connected(lines):
        part = {key: movers[key] for key in keys}
        here = [line for line in lines if keys.issuperset(line.slopes) and line.slopes]
        options = _of_component(part, here)
        found = [Moved({**one.to, **other.to}, one.cost + other.cost) for one in found for other in options]
    return found if all(line.holds({}) for line in lines if not line.slopes) else []


def _connected(lines: Iterable[Line]) -> list[frozenset[str]]:
    """The facts in groups that no line joins to one another."""
    groups: list[frozenset[str]] = []
    for line in lines:
        if line.slopes:
            met = [group for group in groups if group & line.slopes.keys()]
            groups = [group for group in groups if group not in met]
            groups.append(frozenset(line.slopes).union(*met))
    return groups


def _of_component(movers: Movers, lines: list[Line]) -> list[Moved]:
    new = [key for key in sorted(movers) if movers[key].is_new]
    known = [key for key in sorted(movers) if not movers[key].is_new]
    options: list[tuple[set[str], Moved]] = []
    for size in range(min(len(known), _MOST_MOVED) + 1):
        for chosen in combinations(known, size):
            best = _cheapest(movers, (*chosen, *new), lines)
            if best is None or any(
                set(chosen) >= free and moved.cost <= best.cost for free, moved in options
            ):
                continue
            options.append((set(chosen), best))
    return [moved for _, moved in options]


def _cheapest(movers: Movers, free: Sequence[str], lines: list[Line]) -> Moved | None:
    """The cheapest point while only `free` move: branch where a count comes out broken, bound by the best so far."""
    fixed = {key: mover.start for key, mover in movers.items() if key not in free}
    within = [tightened(_filled(line, fixed), movers) for line in lines]
    exact = [_filled(line, fixed) for line in lines]
    waiting, best = [{key: movers[key] for key in free}], None
    for _ in range(_MOST_BRANCHES):
        if not waiting:
            break
        part = waiting.pop()
        corner = _cheapest_corner(part, within)
        if corner is None or (best is not None and _cost(part, corner) >= best.cost):
            continue
        broken = next((key for key in free if part[key].whole and corner[key].denominator != 1), None)
        if broken is not None:
            waiting.extend(_halves(part, broken, corner[broken]))
            continue
        there = _on_the_grain(part, corner, exact)
        if there is not None and (best is None or _cost(part, there) < best.cost):
            best = Moved(there, _cost(part, there))
    return best


def _halves(part: dict[str, Mover], key: str, at: Fraction) -> Iterator[dict[str, Mover]]:
    for side in (Interval(high=Fraction(floor(at))), Interval(low=Fraction(ceil(at)))):
        narrowed = part[key].range.meet(side)
        if not narrowed.is_empty:
            yield {**part, key: replace(part[key], range=narrowed)}


def _filled(line: Line, fixed: Point) -> Line:
    constant = sum((slope * fixed[key] for key, slope in line.slopes.items() if key in fixed), line.constant)
    return Line({key: slope for key, slope in line.slopes.items() if key not in fixed}, constant, line.sign)


def tightened(line: Line, movers: Movers) -> Line:
    """A strict line as one with its border: by the least that counts can differ by, or by a grain of a measure."""
    if line.sign not in (Sign.ABOVE, Sign.BELOW) or not line.slopes:
        return line
    if all(movers[key].whole for key in line.slopes):
        least = Fraction(
            1, lcm(line.constant.denominator, *(each.denominator for each in line.slopes.values()))
        )
    else:
        least = min(
            abs(slope) * movers[key].grain for key, slope in line.slopes.items() if not movers[key].whole
        )
    if line.sign is Sign.ABOVE:
        return Line(line.slopes, line.constant - least, Sign.AT_LEAST)
    return Line(line.slopes, line.constant + least, Sign.AT_MOST)


def _cheapest_corner(movers: dict[str, Mover], lines: list[Line]) -> Point | None:
    best: tuple[Fraction, list[Fraction], Point] | None = None
    for point in _corners(movers, lines):
        if all(movers[key].range.holds(at) for key, at in point.items()) and all(
            line.holds(point) for line in lines
        ):
            far = [abs(point[key] - movers[key].start) for key in sorted(point)]
            rank = (_cost(movers, point), far)
            if not rank[0]:
                return point  # nothing is cheaper than nothing, and corners nearest to the start come first
            if best is None or rank < best[:2]:
                best = (*rank, point)
    return None if best is None else best[2]


def _corners(movers: dict[str, Mover], lines: list[Line]) -> Iterator[Point]:
    """Some facts at their start or an end, the others where as many lines are just satisfied."""
    stops = {key: _stops(mover) for key, mover in movers.items()}
    for solved in range(min(len(movers), len(lines)) + 1):
        for keys in combinations(sorted(movers), solved):
            rest = [key for key in movers if key not in keys]
            for places in product(*(stops[key] for key in rest)):
                at = dict(zip(rest, places, strict=True))
                for borders in combinations(lines, solved):
                    point = _where_they_meet([_filled(line, at) for line in borders], keys)
                    if point is not None:
                        yield {**at, **point}


def _stops(mover: Mover) -> list[Fraction]:
    ends = (mover.start, mover.range.low, mover.range.high)
    return list(dict.fromkeys(each for each in ends if each is not None))


def _where_they_meet(lines: list[Line], keys: Sequence[str]) -> Point | None:
    """The one point where every line is zero, by elimination; None where there is none or more than one."""
    rows = [[*(line.slopes.get(key, _ZERO) for key in keys), -line.constant] for line in lines]
    for at in range(len(keys)):
        pivot = next((row for row in rows[at:] if row[at]), None)
        if pivot is None:
            return None
        rows.remove(pivot)
        pivot = [each / pivot[at] for each in pivot]
        rows = [[a - row[at] * b for a, b in zip(row, pivot, strict=True)] for row in rows]
        rows.insert(at, pivot)
    return {key: rows[at][-1] for at, key in enumerate(keys)}


def _cost(movers: Movers, point: Point) -> Fraction:
    return sum((movers[key].cost(at) for key, at in point.items()), _ZERO)


def _on_the_grain(movers: Movers, point: Point, lines: list[Line]) -> Point | None:
    """The point in numbers that can be written down: the ends as they are, else the nearest grain that still satisfies."""
    choices = [list(_nearby(movers[key], at)) for key, at in point.items()]
    for places in product(*choices):
        there = dict(zip(point, places, strict=True))
        if all(movers[key].range.holds(at) for key, at in there.items()) and all(
            line.holds(there) for line in lines
        ):
            return there
    return None


def _nearby(mover: Mover, at: Fraction) -> Iterator[Fraction]:
    if at == mover.start or _is_written_shortly(at):
        yield at
    if at != mover.start:
        away, back = (ceil, floor) if at > mover.start else (floor, ceil)
        yield Fraction(away(at / mover.grain)) * mover.grain
        yield Fraction(back(at / mover.grain)) * mover.grain


def _is_written_shortly(number: Fraction) -> bool:
    return 10**9 % number.denominator == 0
