"""The numbers of a way: which facts may move and how, and the lines that comparisons, true or refused, make of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import product

from backbone.money import BASIS_POINTS, FEN_PER_WAN
from policy_pack.engine.definition import Change, Definition, Kind
from policy_pack.engine.demands import Demand
from policy_pack.engine.facts import Facts
from policy_pack.engine.interval import FLIPPED, Interval, bounds_of
from policy_pack.engine.linear import Line, lines_of
from policy_pack.engine.moves import Moved, Mover, cheapest_moves
from policy_pack.engine.tree import Compare, Mean, Quantity, Ratio, Sign, keys_of_term

GRAINS: Mapping[Kind, Fraction] = {
    Kind.MONEY: Fraction(1, FEN_PER_WAN),  # a fen
    Kind.SHARE: Fraction(1, BASIS_POINTS),  # a hundredth of a per cent
    Kind.NUMBER: Fraction(1, 100),
    Kind.INTEGER: Fraction(1),
}
"""How finely a number can be changed, as far as advice goes: just above 70 points is 70.01."""
_MOST_DOUBTFUL = 5
_ZERO = Fraction(0)


@dataclass(frozen=True)
class Numbers:
    """The numeric facts of a subject, as what can and what cannot be changed about them."""

    facts: Facts
    dictionary: Mapping[str, Definition]

    def may_move(self, key: str) -> bool:
        """Whether it is open, or something can be done about it."""
        return self.facts.is_open(key) or self._mover(key) is not None

    def moves(self, demands: Sequence[Demand]) -> Iterator[tuple[Moved, list[Line], list[str]]]:
        """For each way to read the comparisons as lines: the cheapest moves, the lines, and open facts to be absent."""
        keys = sorted({key for demand in demands for key in _keys(demand)})
        movers = {key: mover for key in keys if (mover := self._mover(key)) is not None}
        for present in self._presences(demands, movers):
            known = {key: self._stands_at(key) for key in keys if key not in present}
            there = {key: movers[key] for key in present}
            absent = [key for key in movers if key not in present and self.facts.is_open(key)]
            ways = [list(_readings(demand, known, there)) for demand in demands]
            for lines in product(*ways):
                flat = [line for group in lines for line in group]
                for moved in cheapest_moves(there, flat):
                    yield moved, flat, absent

    def _presences(self, demands: Sequence[Demand], movers: Mapping[str, Mover]) -> Iterator[frozenset[str]]:
        """The facts that have a number in the end: all that have one now, and of the absent and open each choice that may matter."""
        now_there = {key for key in movers if isinstance(self.facts.of(key), Decimal)}
        needed = {
            key
            for each in demands
            if each.wanted and isinstance(each.leaf, Compare) and not isinstance(each.leaf.term, Mean)
            for key in _forced(each.leaf)
        }
        open_sums = {key for key in movers if self.facts.is_open(key) and not _absence_may_help(key, demands)}
        certain = now_there | open_sums | (needed & movers.keys())
        doubtful = sorted(movers.keys() - certain)[:_MOST_DOUBTFUL]
        for chosen in product((False, True), repeat=len(doubtful)):
            yield frozenset(certain.union(key for key, there in zip(doubtful, chosen, strict=True) if there))

    def _stands_at(self, key: str) -> Fraction | None:
        value = self.facts.of(key)
        return Fraction(value) if isinstance(value, Decimal) else None

    def _mover(self, key: str) -> Mover | None:
        definition, start = self.dictionary.get(key), self._stands_at(key)
        grain = Fraction(1, 100) if definition is None else GRAINS.get(definition.kind, Fraction(1, 100))
        whole = definition is not None and definition.kind is Kind.INTEGER
        bounds, step = bounds_of(definition), Fraction(1) if definition is None else Fraction(definition.step)
        if self.facts.is_open(key):
            return Mover(_into(step, bounds), bounds, _ZERO, grain, whole, is_new=True)
        if definition is None or definition.change is Change.NEVER:
            return None
        if start is None:
            if definition.change is Change.DOWN:
                return None
            start = _ZERO
        within = bounds.hull(Interval(start, start)).meet(_directed(definition.change, start))
        price = Fraction(definition.cost) / step
        return Mover(start, within, price, grain, whole, is_new=self._stands_at(key) is None)


def _directed(change: Change, start: Fraction) -> Interval:
    return Interval(low=start if change is Change.UP else None, high=start if change is Change.DOWN else None)


def _into(number: Fraction, bounds: Interval) -> Fraction:
    if bounds.low is not None and number < bounds.low:
        return bounds.low
    return bounds.high if bounds.high is not None and number > bounds.high else number


def _keys(demand: Demand) -> tuple[str, ...]:
    return keys_of_term(demand.leaf.term) if isinstance(demand.leaf, Compare) else ()


def _forced(leaf: Compare) -> Iterator[str]:
    """Facts without a number of which the comparison cannot hold."""
    sides = (leaf.term.over, leaf.term.under) if isinstance(leaf.term, Ratio) else (leaf.term,)
    return (side.key for side in sides if isinstance(side, Quantity))


def _absence_may_help(key: str, demands: Iterable[Demand]) -> bool:
    """Where a comparison is refused, or averages; elsewhere absent does no more than zero."""
    return any(
        key in _keys(each)
        and (not each.wanted or (isinstance(each.leaf, Compare) and isinstance(each.leaf.term, Mean)))
        for each in demands
    )


def _readings(
    demand: Demand, known: Mapping[str, Fraction | None], there: Mapping[str, Mover]
) -> Iterator[tuple[Line, ...]]:
    """Lines that make the demand hold, one reading after the other; no lines where it holds anyhow."""
    if not isinstance(demand.leaf, Compare):
        return
    lines = lines_of(demand.leaf, known, there)
    if lines is None:
        if not demand.wanted:
            yield ()
    elif demand.wanted:
        yield from product(*(list(_stretches(line)) for line in lines))
    else:
        for line in lines:
            yield from ((each,) for each in _stretches(Line(line.slopes, line.constant, FLIPPED[line.sign])))


def _stretches(line: Line) -> Iterator[Line]:
    """A line that must not be zero lies below or above it."""
    signs = (Sign.BELOW, Sign.ABOVE) if line.sign is Sign.DIFFERS else (line.sign,)
    return (Line(line.slopes, line.constant, sign) for sign in signs)
