"""The indicators of a need against what an offer states: met, missed or unknown, each with the numbers of both."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from typing import Any

from sky_net.matching.judging import UNKNOWN, are_comparable, converted, judge
from sky_net.matching.measured import measured_in, required_in
from sky_net.matching.quantities import Quantity, read_quantity
from sky_net.matching.quantity_names import LEAST_LIKENESS, closeness, is_difference, likeness, may_be_in

LEAST_LIKENESS_IN_TEXT = 0.8
"""A name cut out of a sentence is less sure than one that stands in a form."""

LEAST_CLOSENESS_IN_TEXT = 0.5
"""公斤成本 is not 每公斤产品酶成本, although the second contains all of the first."""

MOST_FROM_TEXT = 10
_DIGITS = 4
_SENTENCES = re.compile(r"[。；;\n]")


@dataclass(frozen=True, slots=True)
class IndicatorVerdict:
    """`required` and `stated` are what both sides say, the latter also in the need's unit; None where nothing is.

    `weight` is `must` or `want`, None for a requirement that was read out of the need's text.
    """

    name: str
    verdict: str
    required: str
    stated: str | None = None
    weight: str | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """What an offer states of a quantity, and its words."""

    name: str
    said: str
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Required:
    """What a need requires of a quantity, and its words; `quantity` is None where no number can be read."""

    name: str
    said: str
    quantity: Quantity | None
    weight: str | None


def verdicts(
    needed: Sequence[Mapping[str, Any]], offered: Iterable[Mapping[str, Any]], texts: Iterable[str | None] = (), *,
    need_text: str = "",
) -> tuple[IndicatorVerdict, ...]:  # fmt: skip
    """One for each of the need's indicators in order. Where it has none, those requirements of its text that can be told.

    `offered` are the offer's indicators, `texts` what it says besides; a number of a text counts only for an indicator
    that no form answers.
    """
    forms, said = stated_in(offered), [each for text in texts if text for each in _SENTENCES.split(text)]
    asked = required_by(needed)
    if asked:
        return tuple(_verdict(each, forms, said) for each in asked)
    read = (_verdict(each, forms, said) for each in _required_in(need_text))
    return tuple(each for each in read if each.verdict != UNKNOWN)


def required_by(needed: Iterable[Mapping[str, Any]]) -> list[Required]:
    """A need's indicators, without those that say no target."""
    return [_required(row) for row in needed if row.get("target")]


def stated_in(offered: Iterable[Mapping[str, Any]]) -> list[Stated]:
    """An offer's indicators, without those whose value cannot be read."""
    return [stated for row in offered if (stated := _stated(row)) is not None]


def _required(row: Mapping[str, Any]) -> Required:
    quantity = read_quantity(row["target"], row.get("unit"))
    return Required(row["name"], _said(row["target"], row.get("unit")), quantity, row.get("weight"))


@lru_cache(maxsize=4)  # whoever explains a list asks it of every hit
def _required_in(text: str) -> tuple[Required, ...]:
    found = required_in(text)[:MOST_FROM_TEXT]
    return tuple(Required(each.name, _told(each.quantity), each.quantity, None) for each in found)


def _stated(row: Mapping[str, Any]) -> Stated | None:
    quantity = read_quantity(row["value"], row.get("unit")) if row.get("value") else None
    return Stated(row["name"], _said(row["value"], row.get("unit")), quantity) if quantity else None


def _said(value: str, unit: str | None) -> str:
    if not unit or value.rstrip().endswith(unit) or unit == "1":
        return value
    return f"{value}{unit}" if unit[0] in "%‰°℃" else f"{value} {unit}"


def _verdict(required: Required, forms: Sequence[Stated], sentences: Sequence[str]) -> IndicatorVerdict:
    unknown = IndicatorVerdict(required.name, UNKNOWN, required.said, None, required.weight)
    if required.quantity is None:
        return unknown
    first: IndicatorVerdict | None = None
    for stated in chain(_alike(required.name, forms, LEAST_LIKENESS), _in_sentences(required, sentences)):
        said = _judged(required, required.quantity, stated)
        if said.verdict != UNKNOWN:
            return said
        first = first or said
    return first or unknown


def verdict_by_forms(required: Required, forms: Sequence[Stated]) -> str:
    """The verdict that `verdicts` comes to where no text helps, without the words for it."""
    alike = _alike(required.name, forms, LEAST_LIKENESS)
    if required.quantity is None or not alike:
        return UNKNOWN
    differs = is_difference(required.name)
    judged = (judge(required.quantity, stated.quantity, is_difference=differs) for stated in alike)
    return next((verdict for verdict in judged if verdict != UNKNOWN), UNKNOWN)


def _judged(required: Required, quantity: Quantity, stated: Stated) -> IndicatorVerdict:
    differs = is_difference(required.name)
    verdict = judge(quantity, stated.quantity, is_difference=differs)
    said = _also_in(quantity, stated, differs)
    return IndicatorVerdict(required.name, verdict, required.said, said, required.weight)


def _alike(name: str, stated: Iterable[Stated], least: float) -> list[Stated]:
    """Those that measure the same, the likest name first."""
    liked = [(likeness(name, each.name), each) for each in stated]
    liked = [each for each in liked if each[0] >= least]
    return [each for _, each in sorted(liked, key=lambda pair: -pair[0])]


def _in_sentences(required: Required, sentences: Sequence[str]) -> Iterator[Stated]:
    """Of the sentences that may speak of it, those that state a comparable quantity of its name."""
    for sentence in sentences:
        if not may_be_in(required.name, sentence):
            continue
        found = [Stated(each.name, _told(each.quantity), each.quantity) for each in measured_in(sentence)]
        for stated in _alike(required.name, found, LEAST_LIKENESS_IN_TEXT):
            if required.quantity and _answers(required.name, required.quantity, stated):
                yield stated


def _answers(name: str, quantity: Quantity, stated: Stated) -> bool:
    """Whether a number of a sentence is one of this quantity; ±0.1% in a sentence is how sure somebody is of another."""
    return (
        closeness(name, stated.name) >= LEAST_CLOSENESS_IN_TEXT
        and are_comparable(quantity.unit, stated.quantity.unit)
        and quantity.is_tolerance >= stated.quantity.is_tolerance
    )


def _also_in(required: Quantity, stated: Stated, differs: bool) -> str:
    """What is stated, and behind it the same in the need's unit where that is another."""
    own, unit = stated.quantity.unit, required.unit
    if own is None or unit is None or own == unit or not own.is_like(unit) or own.factor == unit.factor:
        return stated.said
    differs = differs or stated.quantity.is_tolerance
    ends = [
        converted(end, own, unit, is_difference=differs)
        for end in (stated.quantity.low, stated.quantity.high)
        if end is not None
    ]
    numbers = "–".join(dict.fromkeys(map(shortly, ends)))
    return f"{stated.said} = {_said(_sign(stated.quantity) + numbers, required.written)}"


def _told(quantity: Quantity) -> str:
    """A quantity of a text as a form would have it: 0.3%以下 is ≤0.3%, which either language can read out."""
    ends = [shortly(end) for end in (quantity.low, quantity.high) if end is not None]
    return _said(
        _sign(quantity) + "–".join(dict.fromkeys(ends)),
        quantity.written.replace("^2", "²").replace("^3", "³"),
    )


def _sign(quantity: Quantity) -> str:
    if quantity.is_tolerance:
        return "±"
    if quantity.is_bounded:
        return ""
    return ("<" if quantity.is_open else "≤") if quantity.low is None else (">" if quantity.is_open else "≥")


def shortly(number: Fraction) -> str:
    """Four significant digits, without an exponent where that stays readable."""
    value = float(f"{float(number):.{_DIGITS}g}")
    if value == 0 or 1e-4 <= abs(value) < 1e7:
        return f"{value:.8f}".rstrip("0").rstrip(".")
    return f"{value:.{_DIGITS - 1}g}"
