"""Conditions, amounts and validity spelled back in the words of the packs' files, one line each: for people who compare.

Pure. The same value is always spelled alike, whatever the layout of the file that it was read from.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from policy_pack.engine.policy import Amount, Cap, Per, Policy, Tier, Validity
from policy_pack.engine.tree import (
    All,
    AnyOf,
    Between,
    Compare,
    Condition,
    Flag,
    Has,
    Mean,
    Not,
    OneOf,
    Quantity,
    Ratio,
    Sum,
    Term,
    Within,
    WithinYearsAfter,
    YearsBefore,
)

JUDGEMENT = "judgement"


def condition(when: Condition | None) -> str:
    """The condition of a clause; a clause that a person judges says so."""
    return JUDGEMENT if when is None else _flow(_condition(when))


def amount(value: Amount | None) -> str:
    """Everything that decides how much, without its words; "" where nothing was published."""
    return "" if value is None else _flow(_amount(value))


def validity(value: Validity) -> str:
    """First and last day, an open end left out."""
    return _flow(_given({"from": value.first, "to": value.last}))


def superseded(policy: Policy) -> str:
    """Since when a text is known to be replaced, and by which; "" when it is not."""
    known = policy.superseded
    return "" if known is None else _flow({"since": known.since, "by": known.by})


def _condition(when: Condition) -> dict[str, Any]:
    match when:
        case All(parts):
            return {"all": [_condition(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [_condition(part) for part in parts]}
        case Not(part):
            return {"not": _condition(part)}
        case Compare(term, sign, number):
            return {**_term(term), str(sign): number}
        case Flag(key, wanted):
            return {"fact": key, "yes": wanted}
        case _:
            return {"fact": when.key, **_asked(when)}


def _asked(leaf: OneOf | Has | Within | Between | YearsBefore | WithinYearsAfter) -> dict[str, Any]:
    match leaf:
        case OneOf(_, values):
            return {"in": sorted(values)}
        case Has(_, values):
            return {"has": sorted(values)}
        case Within(_, region):
            return {"within": region}
        case Between(_, first, last):
            return _given({"from": first, "to": last})
        case YearsBefore(_, sign, years):
            return {"years_before": {str(sign): years}}
        case WithinYearsAfter(_, years):
            return {"within_years_after": years}


def _term(term: Term) -> dict[str, Any]:
    match term:
        case Quantity(key):
            return {"fact": key}
        case Sum(of):
            return {"sum": [member.key for member in of]}
        case Mean(of):
            return {"mean": [member.key for member in of]}
        case Ratio(over, under):
            return {"ratio": [_side(over), _side(under)]}


def _side(term: Quantity | Sum) -> Any:
    return term.key if isinstance(term, Quantity) else _term(term)


def _amount(value: Amount) -> dict[str, Any]:
    base = None if value.base is None else _side_of(value.base)
    floor = value.floor and _given(
        {"least": value.floor.least, "unless": value.floor.unless and _condition(value.floor.unless)}
    )
    return _given({
        "benefit": str(value.benefit), "base": base, "tiers": [_tier(tier) for tier in value.tiers],
        "caps": [_cap(cap) for cap in value.caps], "floor": floor, "at_most": value.at_most or None,
        "split": dict(sorted(value.split.items())), "cap_per": None if value.cap_per is Per.ITEM else str(value.cap_per),
    })  # fmt: skip


def _side_of(base: Term) -> Any:
    return _side(base) if isinstance(base, Quantity | Sum) else _term(base)


def _tier(tier: Tier) -> dict[str, Any]:
    return _given({"above": tier.above, "to": tier.to, "rate": tier.rate})


def _cap(cap: Cap) -> dict[str, Any]:
    return _given({"when": cap.when and _condition(cap.when), "most": cap.most})


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None and value not in ([], {})}


def _flow(value: Any) -> str:
    """YAML in one line: what stands in it could stand in a file."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_flow(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else str(value)
