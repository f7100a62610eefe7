"""Whether what one side states meets what the other requires: met, missed, or not to be told from their words."""

from dataclasses import dataclass
from fractions import Fraction

from sky_net.matching.quantities import Quantity
from sky_net.matching.units import RATIO, Unit

MET, MISSED, UNKNOWN = "met", "missed", "unknown"
VERDICTS = (MET, MISSED, UNKNOWN)

ABOUT = Fraction(1, 10)
"""“About 100” is required by whoever takes 90 to 110."""


@dataclass(frozen=True, slots=True)
class _Span:
    """A quantity in bases; None is no end."""

    low: Fraction | None
    high: Fraction | None
    is_open: bool = False

    def holds(self, value: Fraction, *, is_within: bool = False) -> bool:
        """Whether the value lies in it; `is_within` says that the value itself is not reached (<10 nm)."""
        lenient = is_within or not self.is_open
        above = self.low is None or value > self.low or (lenient and value == self.low)
        below = self.high is None or value < self.high or (lenient and value == self.high)
        return above and below


def judge(required: Quantity, stated: Quantity, *, is_difference: bool = False) -> str:
    """One of VERDICTS. What is stated counts at its worst: “≥97 %” promises 97 % and no more.

    UNKNOWN where the kinds of the units differ, where neither side says in which direction better lies, or where the
    words leave both open. Two ranges: the stated one is met when it lies inside the required one, or covers it (what
    can be set from 5 to 1200 can be set to 100 to 200). `is_difference` says that a temperature is a difference of two.
    """
    if not are_comparable(required.unit, stated.unit):
        return UNKNOWN
    is_difference = is_difference or required.is_tolerance or stated.is_tolerance
    need, offer = _span(required, is_difference), _span(stated, is_difference)
    if required.is_tolerance != stated.is_tolerance:
        if _is_range(required) or _is_range(stated):
            return UNKNOWN
        need, offer = _widths(required, need), _widths(stated, offer)
    if required.is_about and required.low is not None:
        need = _around(need)
    return _verdict(need, offer)


def are_comparable(one: Unit | None, other: Unit | None) -> bool:
    """Whether amounts in these units can be compared; a bare number with a bare number or a count."""
    if one is None or other is None:
        named = one or other
        return named is None or named.dimension in _COUNTS or named == _PURE
    return one.is_like(other)


_COUNTS = frozenset(frozenset({(base, 1)}) for base in ("count", "occurrence", "person"))
_PURE = Unit(RATIO, Fraction(1))


def converted(
    value: Fraction, unit: Unit | None, into: Unit | None, *, is_difference: bool = False
) -> Fraction:
    """The number in another unit of the same dimension."""
    if unit is None or into is None or unit == into:
        return value
    if is_difference:
        return value * unit.factor / into.factor
    return (value * unit.factor + unit.zero - into.zero) / into.factor


def _is_range(quantity: Quantity) -> bool:
    return quantity.is_bounded and not quantity.is_single


def _span(quantity: Quantity, is_difference: bool) -> _Span:
    def based(value: Fraction | None) -> Fraction | None:
        if value is None or quantity.unit is None:
            return value
        return value * quantity.unit.factor + (0 if is_difference else quantity.unit.zero)

    return _Span(based(quantity.low), based(quantity.high), quantity.is_open)


def _widths(quantity: Quantity, span: _Span) -> _Span:
    """A single number beside a tolerance is a width too, whatever its sign."""
    if quantity.is_single and span.low is not None:
        return _Span(abs(span.low), abs(span.low))
    return span


def _around(span: _Span) -> _Span:
    value = span.low or Fraction(0)
    return _Span(value - abs(value) * ABOUT, value + abs(value) * ABOUT)


def _verdict(need: _Span, offer: _Span) -> str:
    if need.low is not None and need.high is not None:
        return _against_point(need.low, offer) if need.low == need.high else _against_range(need, offer)
    if offer.low is not None and offer.high is not None:
        are_held = {need.holds(offer.low), need.holds(offer.high)}
        return UNKNOWN if len(are_held) > 1 else MET if True in are_held else MISSED
    worst = offer.low if need.high is None else offer.high
    if worst is not None:
        return MET if need.holds(worst, is_within=offer.is_open) else MISSED
    best = offer.high if need.high is None else offer.low
    return MISSED if best is not None and not need.holds(best) else UNKNOWN


def _against_point(point: Fraction, offer: _Span) -> str:
    """A required number without a direction takes the one that the offer says, and equality is met in any."""
    if offer.low is not None and offer.high is not None:
        return MET if offer.low <= point <= offer.high else UNKNOWN
    return _verdict(_Span(point, None) if offer.high is None else _Span(None, point), offer)


def _against_range(need: _Span, offer: _Span) -> str:
    if None not in (need.low, need.high, offer.low, offer.high) and (
        _holds(need, offer) or _holds(offer, need)
    ):
        return MET
    return MISSED if _are_apart(need, offer) else UNKNOWN


def _holds(outer: _Span, inner: _Span) -> bool:
    return all(end is not None and outer.holds(end) for end in (inner.low, inner.high))


def _are_apart(one: _Span, other: _Span) -> bool:
    return _is_over(one, other) or _is_over(other, one)


def _is_over(upper: _Span, lower: _Span) -> bool:
    return upper.low is not None and lower.high is not None and upper.low > lower.high
