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
    keys_of,
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
_NOTHING = Decimal(0)


def truth_of(condition: Condition, facts: Facts, as_of: date) -> Truth:
    """The condition on the day of application; every part is looked at, none is skipped."""
    match condition:
        case All(parts):
            return _joined((truth_of(part, facts, as_of) for part in parts), decisive=FALSE)
        case AnyOf(parts):
            return _joined((truth_of(part, facts, as_of) for part in parts), decisive=TRUE)
        case Not(part):
            return OPPOSITE[truth_of(part, facts, as_of)]
        case Compare(Quantity(key), sign, number):
            value = facts.of(key)
            if value.__class__ is Gap:
                return FALSE if value is Gap.ABSENT else UNKNOWN
            return TRUE if BESIDE[sign](value, number) else FALSE
        case Compare():
            if any(facts.is_open(key) for key in keys_of(condition)):
                return UNKNOWN
            return TRUE if _compares(condition, facts) else FALSE
    return _of_one_fact(condition, facts.of(condition.key), as_of)


def anniversary(day: date, years: int) -> date:
    """The same day so many years later, the last of February where there is no 29th (《民法典》第二百零二条)."""
    year = day.year + years
    if year > date.max.year:
        return date.max
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def _joined(parts: Iterable[Truth], decisive: Truth) -> Truth:
    found = set(parts)
    if decisive in found:
        return decisive
    return UNKNOWN if UNKNOWN in found else OPPOSITE[decisive]


def _of_one_fact(leaf: Leaf, value: Any, as_of: date) -> Truth:
    if value.__class__ is Gap:
        if value is not Gap.ABSENT:
            return UNKNOWN
        return TRUE if isinstance(leaf, Flag) and not leaf.wanted else FALSE
    return TRUE if _HOLDS[leaf.__class__](leaf, value, as_of) else FALSE


def _is_of_age(leaf: YearsBefore, day: date, as_of: date) -> bool:
    return day <= as_of and BESIDE[leaf.sign](as_of, anniversary(day, leaf.years))


def _compares(leaf: Compare, facts: Facts) -> bool:
    """A mean is compared as a sum with a multiple, a ratio as its over with a multiple of its under: nothing is divided."""
    term, times = leaf.term, Decimal(1)
    if isinstance(term, Ratio):
        value, times = _added(term.over, facts), _added(term.under, facts) or _NOTHING
        if times <= 0:
            return False
    else:
        value = _added(term, facts)
        if isinstance(term, Mean):
            times = Decimal(sum(facts.of(member.key) is not Gap.ABSENT for member in term.of))
    return value is not None and BESIDE[leaf.sign](value, _EXACT.multiply(leaf.number, times))


def _added(term: Quantity | Sum | Mean, facts: Facts) -> Decimal | None:
    """What the members that are there add up to; None where none is."""
    members = (term,) if isinstance(term, Quantity) else term.of
    total: Decimal | None = None
    for member in members:
        value: Any = facts.of(member.key)
        if value is not Gap.ABSENT:
            total = _EXACT.add(_NOTHING if total is None else total, value)
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
