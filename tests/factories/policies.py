"""Policies, facts and definitions for the tests of the engine: one line each, and random ones over small domains.

`completions` walks every way in which the open facts may turn out, so that a claim of the engine can be held against all.
"""

import operator
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import chain, combinations, product
from typing import Any

from hypothesis import strategies as some

from backbone.errors import Bilingual
from policy_pack.engine.definition import Definition, Kind
from policy_pack.engine.facts import Facts, Gap
from policy_pack.engine.policy import Amount, Category, Clause, Policy, Source, Superseded, Validity
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
    Term,
    Within,
    WithinYearsAfter,
    YearsBefore,
)

DAY = date(2026, 3, 2)


def words(text: str) -> Bilingual:
    return Bilingual(f"{text}（中）", text)


def a_policy(
    *conditions: Condition | None, key: str = "P99", amount: Amount | None = None, **values: Any
) -> Policy:
    """A policy whose clauses P99.1, … ask for these conditions; None is for a person to judge."""
    clauses = tuple(
        Clause(f"{key}.{at}", words(f"clause {at}"), f"clause {at}", condition)
        for at, condition in enumerate(conditions, 1)
    )
    validity = Validity(values.pop("first", None), values.pop("last", None), "")
    since = values.pop("superseded", None)
    return Policy(
        key, words(key), Category.QUALIFICATION, "湖北", "live", Source("gov.example", "A", date(2026, 1, 1)), "gov.example (A)",
        validity, clauses, amount, superseded=Superseded(since, "a later text") if since else None, **values,
    )  # fmt: skip


def known(**stated: Any) -> Facts:
    """Facts as one writes them: numbers, None for known to be absent, lists for sets; what is left out is unknown."""
    return Facts({key: _value(stated_value) for key, stated_value in stated.items()})


def _value(stated: Any) -> Any:
    if stated is None:
        return Gap.ABSENT
    if isinstance(stated, int | float) and not isinstance(stated, bool):
        return Decimal(str(stated))
    return frozenset(stated) if isinstance(stated, list | set) else stated


def at(key: str | Term, sign: str, number: Any) -> Compare:
    """`at("revenue", "at_least", 5)`, or of a sum, mean or ratio."""
    return Compare(Quantity(key) if isinstance(key, str) else key, Sign(sign), Decimal(str(number)))


def total(*keys: str) -> Sum:
    return Sum(tuple(map(Quantity, keys)))


def mean(*keys: str) -> Mean:
    return Mean(tuple(map(Quantity, keys)))


def share(over: Any, under: Any) -> Ratio:
    return Ratio(*(Quantity(each) if isinstance(each, str) else each for each in (over, under)))


def yes(key: str) -> Flag:
    return Flag(key, True)


def no(key: str) -> Flag:
    return Flag(key, False)


def one_of(key: str, *values: str) -> OneOf:
    return OneOf(key, frozenset(values))


def has(key: str, *values: str) -> Has:
    return Has(key, frozenset(values))


def defined(key: str, kind: Kind, **values: Any) -> Definition:
    return Definition(key, kind, words(key), words(f"{key}?"), **values)


# -- random policies over domains that can be walked through ---------------------------------------------------

NUMBERS = {f"n{at}": defined(f"n{at}", Kind.INTEGER, least=Decimal(-1), most=Decimal(2)) for at in range(3)}
FLAGS = {key: defined(key, Kind.FLAG) for key in ("f0", "f1")}
OTHERS = {
    "choice": defined("choice", Kind.CHOICE, values=("a", "b", "c")),
    "set": defined("set", Kind.SET, values=("a", "b")),
    "day": defined("day", Kind.DATE),
    "place": defined("place", Kind.TEXT),
}
SMALL: Mapping[str, Definition] = {**NUMBERS, **FLAGS, **OTHERS}
_SPANS = (DAY - timedelta(days=731), DAY - timedelta(days=400), DAY - timedelta(days=1))
_TURNS = (
    *_SPANS,
    date(2022, 3, 2),
    date(2024, 3, 2),
    date(2025, 1, 1),
    date(2025, 3, 2),
    date(2026, 1, 1),
    DAY,
)
DAYS = tuple(sorted({day + timedelta(days=by) for day in _TURNS for by in (-1, 0, 1)}))
"""A day of each sort that the random conditions tell apart."""
PLACES = ("420100-donghu", "420100", "420000", "420200", "安徽省", "湖北省/安徽省", "武汉市/安徽省")


def values_of(key: str) -> tuple[Any, ...]:
    """Everything that a fact of SMALL can be, or one value of each sort that the random conditions tell apart."""
    definition = SMALL[key]
    if definition.kind is Kind.INTEGER:
        return (*map(Decimal, range(-1, 3)), Gap.ABSENT)
    if definition.kind is Kind.SET:
        sizes = range(len(definition.values) + 1)
        return (
            *map(frozenset, chain(*(combinations(definition.values, size) for size in sizes))),
            Gap.ABSENT,
        )
    by_kind = {Kind.FLAG: (True, False), Kind.CHOICE: definition.values, Kind.DATE: DAYS, Kind.TEXT: PLACES}
    return (*by_kind[definition.kind], Gap.ABSENT)


def completions(facts: Facts, keys: Any) -> Iterator[Facts]:
    """Every way in which the open ones among the keys may turn out."""
    still_open = [key for key in dict.fromkeys(keys) if facts.is_open(key)]
    for answers in product(*(values_of(key) for key in still_open)):
        yield facts.with_answers(dict(zip(still_open, answers, strict=True)))


def _numbers() -> some.SearchStrategy[Compare]:
    keys = some.sampled_from(sorted(NUMBERS)).map(Quantity)
    several = some.lists(keys, min_size=1, max_size=3, unique=True).map(tuple)
    sums = several.map(Sum)
    plain = some.one_of(keys, sums)
    terms = some.one_of(keys, sums, several.map(Mean), some.builds(Ratio, plain, plain))
    thresholds = some.sampled_from(["-1", "0", "0.5", "1", "1.5", "2", "3"]).map(Decimal)
    return some.builds(Compare, terms, some.sampled_from(Sign), thresholds)


def leaves() -> some.SearchStrategy[Condition]:
    days = some.one_of(
        some.builds(Between, some.just("day"), some.sampled_from([None, *_SPANS]), some.sampled_from([None, *_SPANS])),
        some.builds(YearsBefore, some.just("day"), some.sampled_from([Sign.AT_LEAST, Sign.BELOW, Sign.AT_MOST]), some.sampled_from([1, 2, 4])),
        some.builds(WithinYearsAfter, some.just("day"), some.sampled_from([0, 1])),
    )  # fmt: skip
    subsets = some.sets(some.sampled_from(["a", "b"]), min_size=1).map(frozenset)
    return some.one_of(
        _numbers(),
        some.builds(Flag, some.sampled_from(sorted(FLAGS)), some.booleans()),
        some.builds(OneOf, some.just("choice"), subsets),
        some.builds(Has, some.just("set"), subsets),
        some.builds(Within, some.just("place"), some.sampled_from(["湖北省", "武汉市", "安徽省"])),
        days,
    )


def conditions(depth: int = 2) -> some.SearchStrategy[Condition]:
    """Trees so deep at most, those without any part among them."""
    if depth == 0:
        return leaves()
    parts = conditions(depth - 1)
    several = some.lists(parts, max_size=3).map(tuple)
    return some.one_of(leaves(), parts, several.map(All), several.map(AnyOf), parts.map(Not))


def policies() -> some.SearchStrategy[Policy]:
    """One to four clauses over the facts of SMALL, now and then one for a person to judge."""
    clauses = some.lists(some.one_of(conditions(), conditions(), some.none()), min_size=1, max_size=4)
    return clauses.map(lambda made: a_policy(*made))


@some.composite
def facts_for(draw: Any, keys: Any, open_at_most: int = 3) -> Facts:
    """Facts for the keys of which at most so many are open, disputed ones among them."""
    keys = list(dict.fromkeys(keys))
    gaps = draw(some.sets(some.sampled_from(keys), max_size=open_at_most)) if keys else set()
    stated = {key: draw(some.sampled_from(values_of(key))) for key in keys if key not in gaps}
    stated |= {key: Gap.DISPUTED for key in sorted(gaps) if draw(some.booleans())}
    return Facts(stated)


# -- the meaning of a condition, said a second time and plainly ------------------------------------------------


def holds(condition: Condition, facts: Facts, as_of: date = DAY) -> bool:
    """Whether it holds of facts that are all known or known to be absent: fractions, divisions, nothing clever."""
    match condition:
        case All(parts):
            return all([holds(part, facts, as_of) for part in parts])
        case AnyOf(parts):
            return any([holds(part, facts, as_of) for part in parts])
        case Not(part):
            return not holds(part, facts, as_of)
        case Compare(term, sign, number):
            value = _worth(term, facts)
            return value is not None and bool(_BESIDE[sign](value, Fraction(number)))
    return _of_one(condition, facts.of(condition.key), as_of)


def _of_one(leaf: Leaf, value: Any, as_of: date) -> bool:
    if value is Gap.ABSENT:
        return isinstance(leaf, Flag) and not leaf.wanted
    match leaf:
        case Flag(_, wanted):
            return value == wanted
        case OneOf(_, values):
            return value in values
        case Has(_, values):
            return bool(value & values)
        case Within(_, region):
            return value in _LYING[region]
        case Between(_, first, last):
            return (first is None or value >= first) and (last is None or value <= last)
        case YearsBefore(_, sign, years):
            # No day of DAYS is a 29th of February, so that an age needs no rule for it here.
            age = as_of.year - value.year - ((as_of.month, as_of.day) < (value.month, value.day))
            exactly = (as_of.month, as_of.day) == (value.month, value.day) and age == years
            by_sign = {
                Sign.AT_LEAST: age >= years,
                Sign.BELOW: age < years,
                Sign.AT_MOST: age < years or exactly,
            }
            return value <= as_of and by_sign[sign]
        case WithinYearsAfter(_, years):
            return as_of <= date(value.year + years, 12, 31)
    raise TypeError(leaf)


def _worth(term: Term, facts: Facts) -> Fraction | None:
    match term:
        case Quantity(key):
            value: Any = facts.of(key)
            return None if value is Gap.ABSENT else Fraction(value)
        case Sum(of) | Mean(of):
            there = [worth for worth in (_worth(each, facts) for each in of) if worth is not None]
            if not there:
                return None
            return sum(there, Fraction(0)) / (len(there) if isinstance(term, Mean) else 1)
        case Ratio(over, under):
            above, below = _worth(over, facts), _worth(under, facts)
            return None if above is None or below is None or below <= 0 else above / below
    raise TypeError(term)


_BESIDE = {
    Sign.AT_LEAST: operator.ge, Sign.ABOVE: operator.gt, Sign.AT_MOST: operator.le, Sign.BELOW: operator.lt,
    Sign.EQUALS: operator.eq, Sign.DIFFERS: operator.ne,
}  # fmt: skip
_LYING = {
    "湖北省": PLACES[:4] + PLACES[5:],
    "武汉市": PLACES[:2] + PLACES[6:],
    "安徽省": PLACES[4:],
}
