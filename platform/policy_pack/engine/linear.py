"""Comparisons as lines: slope × fact + … + constant beside zero, so that ratios, sums and means can be solved for their facts.

A ratio above a number is the same as over − number × under above 0 where under is above 0: both are linear.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from policy_pack.engine.interval import MIRRORED, Interval, beside
from policy_pack.engine.tree import Compare, Mean, Quantity, Ratio, Sign, Sum, Term

Known = Mapping[str, Fraction | None]
"""Numbers by fact; None is known to be absent."""


@dataclass(frozen=True)
class Line:
    """The sum of slope × fact, and a constant, stands in `sign` to zero."""

    slopes: Mapping[str, Fraction]
    constant: Fraction
    sign: Sign

    def at(self, numbers: Mapping[str, Fraction]) -> Fraction:
        """What stands on the left for these numbers."""
        return sum((slope * numbers[key] for key, slope in self.slopes.items()), self.constant)

    def holds(self, numbers: Mapping[str, Fraction]) -> bool:
        """Whether these numbers satisfy it."""
        left = self.at(numbers)
        return left != 0 if self.sign is Sign.DIFFERS else beside(self.sign, Fraction(0)).holds(left)

    def leaves_to(self, key: str, others: Mapping[str, Fraction]) -> Interval:
        """What it leaves to one fact while the others stay; a hole that DIFFERS makes is not seen."""
        slope = self.slopes[key]
        rest = sum((each * others[k] for k, each in self.slopes.items() if k != key), self.constant)
        return beside(self.sign if slope > 0 else MIRRORED[self.sign], -rest / slope)


@dataclass(frozen=True)
class _Form:
    slopes: Mapping[str, Fraction] = field(default_factory=dict)
    constant: Fraction = Fraction(0)

    def plus(self, other: "_Form", times: Fraction = Fraction(1)) -> "_Form":
        slopes = dict(self.slopes)
        for key, slope in other.slopes.items():
            slopes[key] = slopes.get(key, Fraction(0)) + times * slope
        return _Form(slopes, self.constant + times * other.constant)

    def beside_zero(self, sign: Sign) -> Line:
        return Line({key: slope for key, slope in self.slopes.items() if slope}, self.constant, sign)


def lines_of(compare: Compare, known: Known, free: Container[str]) -> tuple[Line, ...] | None:
    """The lines that all hold where the comparison does; None where it cannot, because the term has no value.

    `free` facts are taken to have a number, whichever; the others need an entry in `known`.
    """
    number = Fraction(compare.number)
    if isinstance(compare.term, Ratio):
        over, under = (_form(each, known, free) for each in (compare.term.over, compare.term.under))
        if over is None or under is None:
            return None
        return over.plus(under, -number).beside_zero(compare.sign), under.beside_zero(Sign.ABOVE)
    form = _form(compare.term, known, free)
    return None if form is None else (form.plus(_Form(constant=-number)).beside_zero(compare.sign),)


def _form(term: Term, known: Known, free: Container[str]) -> _Form | None:
    match term:
        case Quantity(key):
            if key in free:
                return _Form({key: Fraction(1)})
            number = known[key]
            return None if number is None else _Form(constant=number)
        case Sum(of):
            return _added(_present(of, known, free), Fraction(1))
        case Mean(of):
            there = _present(of, known, free)
            return _added(there, Fraction(1, len(there))) if there else None
        case Ratio():
            raise TypeError("a ratio is no line by itself: compare it with a number")


def _present(members: Iterable[Quantity], known: Known, free: Container[str]) -> list[_Form]:
    forms = (_form(member, known, free) for member in members)
    return [form for form in forms if form is not None]


def _added(forms: list[_Form], weight: Fraction) -> _Form | None:
    if not forms:
        return None
    total = _Form()
    for form in forms:
        total = total.plus(form, weight)
    return total
