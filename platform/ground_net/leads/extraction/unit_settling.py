"""The unit of each measure: as written, as said before of the same thing, or as its name tells."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ground_net.leads.extraction.placing import Measure
from ground_net.leads.extraction.prices import counted_by_what, is_price
from ground_net.leads.extraction.reading import Note
from ground_net.leads.extraction.unit_words import implied_by, meant, unit_behind

_OPENED = re.compile(r"\s?\(\s?")
_SECONDS = frozenset(("年", "月", "d", "h", "min", "s", "ms", "μs"))
_LENGTHS_OF_TIME = ("s", "min", "h", "d", "月", "年")


def carry_units(note: Note, read: Sequence[Measure]) -> None:
    """A bare number has the unit of its name before or behind it, or the one in parentheses right behind."""
    for each in read:
        if each.figure.unit is None:
            each.figure = replace(each.figure, unit=_in_parentheses(note, each))
    said: dict[str, str] = {}
    for each in (*read, *reversed(read)):
        if each.figure.unit is not None:
            said[each.name] = each.figure.unit
        elif each.name in said:
            each.figure = replace(each.figure, unit=said[each.name])


def unit_of(note: Note, each: Measure) -> str | None:
    """The canonical unit, with what it is counted by; None for a pure number."""
    figure = each.figure
    price = is_price(each.name)
    by = counted_by_what(note, each.clause, figure.number_at, figure.end, price=price)
    if price:
        return _priced(figure.unit, by)
    unit = figure.unit or implied_by(each.name)
    if unit is None:
        return "次" if re.search("寿命|耐久|循环", each.name) else None
    unit = meant(unit, each.name + each.words) or unit
    if unit == "kg" and each.name.endswith("力"):
        return "kgf"
    if (
        by is None
        or "/" in unit
        or (unit in _SECONDS and by in _LENGTHS_OF_TIME)
        or unit == by
        or unit == "%"
    ):
        return unit
    return f"{unit}/{by}"


def _priced(unit: str | None, by: str | None) -> str:
    if unit is not None and unit.startswith("元/"):
        return unit
    return f"元/{by or unit}" if by or (unit and unit != "元") else "元"


def _in_parentheses(note: Note, each: Measure) -> str | None:
    opened = _OPENED.match(note.plain, each.figure.end)
    unit = unit_behind(note.plain, opened.end()) if opened else None
    return unit.unit if unit and note.plain[unit.end : unit.end + 1] in (")", " ", ",", "，") else None
