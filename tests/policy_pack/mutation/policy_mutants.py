"""Policies with one thing changed, as a slip of the pen would: a threshold by the smallest step, a sign, a value, a day.

What a case has to tell apart is what the engine says, so that words, references and shares of a split stay as they are.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from policy_pack.engine.definition import Kind
from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.engine.policy import Amount, Policy
from policy_pack.engine.tree import (
    All,
    AnyOf,
    Between,
    Compare,
    Condition,
    Has,
    Leaf,
    Mean,
    Not,
    OneOf,
    Quantity,
    Ratio,
    Sign,
    Sum,
    Term,
    Within,
    WithinYearsAfter,
    YearsBefore,
)

Mutant = tuple[str, Policy]
FEN = Decimal("0.000001")
"""The smallest step of money in 万元; also a small one of shares and points."""
DAY = timedelta(days=1)
FLIPPED = {
    Sign.AT_LEAST: (Sign.ABOVE, Sign.AT_MOST),
    Sign.ABOVE: (Sign.AT_LEAST, Sign.BELOW),
    Sign.AT_MOST: (Sign.BELOW, Sign.AT_LEAST),
    Sign.BELOW: (Sign.AT_MOST, Sign.ABOVE),
    Sign.EQUALS: (Sign.DIFFERS,),
    Sign.DIFFERS: (Sign.EQUALS,),
}
ELSEWHERE = {"武汉市": ("湖北省", "宜昌市"), "湖北省": ("武汉市", "河南省")}


def mutants(policy: Policy) -> Iterator[Mutant]:
    """Every mutant of a policy, each with what was changed."""
    for at, clause in enumerate(policy.clauses):
        before, after = policy.clauses[:at], policy.clauses[at + 1 :]
        if clause.when is None:
            yield f"{clause.id} holds without anybody's judgement", replace(policy, clauses=before + after)
            continue
        everybody = replace(clause, when=All(()))
        yield f"{clause.id} holds always", replace(policy, clauses=(*before, everybody, *after))
        for what, when in of_condition(clause.when):
            changed = replace(clause, when=when)
            yield f"{clause.id}: {what}", replace(policy, clauses=(*before, changed, *after))
    if policy.amount is not None:
        yield "no amount", replace(policy, amount=None)
        for what, amount in of_amount(policy.amount):
            yield what, replace(policy, amount=amount)
    yield from _of_days(policy)


def of_condition(condition: Condition) -> Iterator[tuple[str, Condition]]:
    """The condition with one thing changed anywhere in it."""
    match condition:
        case All(parts) | AnyOf(parts):
            other = AnyOf if isinstance(condition, All) else All
            yield f"{other.__name__} instead of {type(condition).__name__}", other(parts)
            for at, part in enumerate(parts):
                before, after = parts[:at], parts[at + 1 :]
                yield f"without {part}", type(condition)(before + after)
                for what, changed in of_condition(part):
                    yield what, type(condition)((*before, changed, *after))
        case Not(part):
            yield "without not", part
            for what, changed in of_condition(part):
                yield what, Not(changed)
        case Compare(term, sign, number):
            for other in FLIPPED[sign]:
                yield f"{other} instead of {sign}", replace(condition, sign=other)
            for moved in (number + _step(term), number - _step(term)):
                yield f"{moved} instead of {number}", replace(condition, number=moved)
            for what, changed in _of_term(term):
                yield what, replace(condition, term=changed)
        case _:
            yield f"not {condition}", Not(condition)
            yield from _of_leaf(condition)


def _of_leaf(leaf: Leaf) -> Iterator[tuple[str, Condition]]:
    match leaf:
        case OneOf(key, values) | Has(key, values):
            others = (value for value in DICTIONARY[key].values if value not in values)
            yield from ((f"{value} too", replace(leaf, values=values | {value})) for value in others)
            spare = sorted(values) if len(values) > 1 else ()
            yield from ((f"without {value}", replace(leaf, values=values - {value})) for value in spare)
        case Within(_, region):
            yield from (
                (f"{other} instead of {region}", replace(leaf, region=other)) for other in ELSEWHERE[region]
            )
        case YearsBefore(_, sign, years):
            yield from ((f"{other} instead of {sign}", replace(leaf, sign=other)) for other in FLIPPED[sign])
            yield from _of_years(leaf, years)
        case WithinYearsAfter(_, years):
            yield from _of_years(leaf, years)
        case Between(_, first, last):
            yield from ((f"from {moved}", replace(leaf, first=moved)) for moved in _near(first))
            yield from ((f"to {moved}", replace(leaf, last=moved)) for moved in _near(last))


def _of_years(leaf: YearsBefore | WithinYearsAfter, years: int) -> Iterator[tuple[str, Condition]]:
    yield from (
        (f"{moved} instead of {years} years", replace(leaf, years=moved)) for moved in (years - 1, years + 1)
    )


def _of_term(term: Term) -> Iterator[tuple[str, Term]]:
    match term:
        case Sum(of) | Mean(of):
            other = Sum if isinstance(term, Mean) else Mean
            yield f"{other.__name__} instead of {type(term).__name__}", other(of)
            for member in of:
                yield f"without {member.key}", type(term)(tuple(each for each in of if each != member))
        case Ratio(over, under):
            yield "the ratio upside down", Ratio(under, over)
            for name, side in (("over", over), ("under", under)):
                for what, changed in _of_term(side):
                    if not isinstance(changed, Mean):
                        yield what, replace(term, **{name: changed})


def _step(term: Term) -> Decimal:
    counted = isinstance(term, Quantity) and DICTIONARY[term.key].kind is Kind.INTEGER
    return Decimal(1) if counted else FEN


def of_amount(amount: Amount) -> Iterator[tuple[str, Amount]]:
    """The amount with a rate, border, cap or floor changed, or without it."""
    for at, tier in enumerate(amount.tiers):
        before, after = amount.tiers[:at], amount.tiers[at + 1 :]
        yield f"without {tier}", replace(amount, tiers=before + after)
        for factor in (Decimal("0.99"), Decimal("1.01")):
            changed = replace(tier, rate=tier.rate * factor)
            yield f"rate {changed.rate}", replace(amount, tiers=(*before, changed, *after))
        for move in (-1, 1) if tier.to is not None else ():
            border = tier.to + move
            following = replace(after[0], above=border)
            tiers = (*before, replace(tier, to=border), following, *after[1:])
            yield f"border {border}", replace(amount, tiers=tiers)
    for at, cap in enumerate(amount.caps):
        before, after = amount.caps[:at], amount.caps[at + 1 :]
        yield f"without {cap}", replace(amount, caps=before + after)
        for moved in (cap.most - FEN * 100, cap.most + FEN * 100):
            yield f"cap {moved}", replace(amount, caps=(*before, replace(cap, most=moved), *after))
        for what, when in of_condition(cap.when) if cap.when is not None else ():
            yield f"cap if {what}", replace(amount, caps=(*before, replace(cap, when=when), *after))
    if amount.floor is not None:
        floor = amount.floor
        yield "without floor", replace(amount, floor=None)
        for moved in (floor.least - FEN * 100, floor.least + FEN * 100):
            yield f"floor {moved}", replace(amount, floor=replace(floor, least=moved))
        yield "floor for everybody", replace(amount, floor=replace(floor, unless=None))
        for what, unless in of_condition(floor.unless) if floor.unless is not None else ():
            yield f"floor unless {what}", replace(amount, floor=replace(floor, unless=unless))


def _of_days(policy: Policy) -> Iterator[Mutant]:
    for name in ("first", "last"):
        for moved in _near(getattr(policy.validity, name)):
            yield f"{name} day {moved}", replace(policy, validity=replace(policy.validity, **{name: moved}))
    if policy.superseded is not None:
        yield "never superseded", replace(policy, superseded=None)
        for move in (-DAY, DAY):
            since = policy.superseded.since + move
            yield (
                f"superseded from {since}",
                replace(policy, superseded=replace(policy.superseded, since=since)),
            )


def _near(day: date | None) -> tuple[date | None, ...]:
    return () if day is None else (day - DAY, day + DAY, None)
