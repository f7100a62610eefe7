"""What a condition says under facts: Kleene's three values, every leaf by itself.

Unknown and disputed facts make a leaf unknown, even where no answer could change it: `deciding` looks closer. What a
fact that is known to be absent does is said in `tree`. Numbers are compared without division or rounding, so that a
share of exactly the threshold is on the right side of it.
"""

import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Context, Decimal
from typing import Any

from policy_pack.engine.evaluation import Truth
from policy_pack.engine.facts import Facts, Gap
from policy_pack.engine.places import lies_within
from policy_pack.engine.tree import (
    All,
    AnyOf,
    Between,
    Compare,
    Condition,
    Flag,
    Has,
    Leaf,
    Mean,
    Not,
    OneOf,
    Quantity,
    Ratio,
    Sign,
    Sum,
    Within,
    WithinYearsAfter,
    YearsBefore,
)

TRUE, FALSE, UNKNOWN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
OPPOSITE: Mapping[Truth, Truth] = {TRUE: FALSE, FALSE: TRUE, UNKNOWN: UNKNOWN}
BESIDE: Mapping[Sign, Callable[[Any, Any], bool]] = {
    Sign.AT_LEAST: operator.ge,
    Sign.ABOVE: operator.gt,
    Sign.AT_MOST: operator.le,
    Sign.BELOW: operator.lt,
    Sign.EQUALS: operator.eq,
    Sign.DIFFERS: operator.ne,
}
_EXACT = Context(prec=10_000)


def truth_of(condition: Condition, facts: Facts, as_of: date) -> Truth:
    """The condition on the day of application; every part is looked at, none is skipped."""
    match condition:
        case All(parts):
            return _joined((truth_of(part, facts, as_of) for part in parts), decisive=FALSE)
        case AnyOf(parts):
            return _joined((truth_of(part, facts, as_of) for part in parts), decisive=TRUE)
        case Not(part):
            return OPPOSITE[truth_of(part, facts, as_of)]
    return truth_of_leaf(condition, facts, as_of)


def truth_of_leaf(leaf: Leaf, facts: Facts, as_of: date) -> Truth:
    """What one leaf says."""
    if isinstance(leaf, Compare):
        return _of_numbers(leaf, facts)
    value: Any = facts.of(leaf.key)
    if value.__class__ is Gap:
        if value is not Gap.ABSENT:
            return UNKNOWN
        return TRUE if isinstance(leaf, Flag) and not leaf.wanted else FALSE
    return TRUE if _HOLDS[leaf.__class__](leaf, value, as_of) else FALSE


def anniversary(day: date, years: int) -> date:
    """The same day so many years later, the last of February where there is no 29th (《民法典》第二百零二条)."""
    year = day.year + years
    if not date.min.year <= year <= date.max.year:
        return date.max if years > 0 else date.min
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def _joined(parts: Iterable[Truth], decisive: Truth) -> Truth:
    found = set(parts)
    if decisive in found:
        return decisive
    return UNKNOWN if UNKNOWN in found else OPPOSITE[decisive]


def _is_of_age(leaf: YearsBefore, day: date, as_of: date) -> bool:
    return day <= as_of and BESIDE[leaf.sign](as_of, anniversary(day, leaf.years))


def _of_numbers(leaf: Compare, facts: Facts) -> Truth:
    """A mean is compared as a sum with a multiple, a ratio as its over with a multiple of its under: nothing is divided."""
    term, number = leaf.term, leaf.number
    if isinstance(term, Ratio):
        over, under = _added(term.over, facts), _added(term.under, facts)
        if isinstance(over, Truth) or isinstance(under, Truth):
            return UNKNOWN
        if over is None or under is None or under <= 0:
            return FALSE
        return TRUE if BESIDE[leaf.sign](over, _EXACT.multiply(number, under)) else FALSE
    value = _added(term, facts)
    if isinstance(value, Truth):
        return UNKNOWN
    if isinstance(term, Mean):
        number = _EXACT.multiply(number, sum(facts.of(member.key) is not Gap.ABSENT for member in term.of))
    return TRUE if value is not None and BESIDE[leaf.sign](value, number) else FALSE


def _added(term: Quantity | Sum | Mean, facts: Facts) -> Decimal | Truth | None:
    """What the members that are there add up to; None where none is, UNKNOWN where one is open."""
    total: Decimal | None = None
    for member in (term,) if isinstance(term, Quantity) else term.of:
        value: Any = facts.of(member.key)
        if value.__class__ is not Gap:
            total = value if total is None else _EXACT.add(total, value)
        elif value is not Gap.ABSENT:
            return UNKNOWN
    return total


_HOLDS: Mapping[type, Callable[[Any, Any, date], bool]] = {
    Flag: lambda leaf, value, _: value is leaf.wanted,
    OneOf: lambda leaf, value, _: value in leaf.values,
    Has: lambda leaf, value, _: not leaf.values.isdisjoint(value),
    Within: lambda leaf, value, _: lies_within(value, leaf.region),
    Between: lambda leaf, value, _: (leaf.first or date.min) <= value <= (leaf.last or date.max),
    YearsBefore: _is_of_age,
    WithinYearsAfter: lambda leaf, value, as_of: as_of.year <= value.year + leaf.years,
}
