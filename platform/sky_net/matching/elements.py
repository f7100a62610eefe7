"""What a term of the trade names: a material, a method, an effect, a product or an application.

The table and how it was made: `elements.yaml`. It speaks from the term's ending, its beginning, then the words beside it.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from backbone.errors import Bilingual
from sky_net.matching.tables import read_table

ELEMENTS: Mapping[str, Bilingual] = {
    "material": Bilingual("材料", "material"),
    "method": Bilingual("方法", "method"),
    "effect": Bilingual("功效", "effect"),
    "product": Bilingual("产品", "product"),
    "application": Bilingual("应用", "application"),
}

MOST_PLACES = 8
"""Occurrences of a term whose neighbours are looked at: a text of 100 kB may be one term."""


def element_of(term: str, text: str = "") -> str | None:
    """One of ELEMENTS, or None where neither the term nor its neighbours in the text tell; both must be folded."""
    known, element = _of_itself(term)
    return element if known else _beside(term, text)


@lru_cache(maxsize=4096)
def _of_itself(term: str) -> tuple[bool, str | None]:
    """Whether the term alone decides, and what."""
    table = _table()
    if term in table.words:
        return True, table.words[term]
    for size in range(len(term), 0, -1):
        if (element := table.endings.get(term[-size:], "")) != "":
            return True, element
    found = next((element for start, element in table.beginnings if term.startswith(start)), None)
    return found is not None, found


def _beside(term: str, text: str) -> str | None:
    """The first cue that stands right in front of the term or right behind it."""
    table = _table()
    place = text.find(term)
    for _ in range(MOST_PLACES):
        if place < 0:
            break
        end = place + len(term)
        if text.startswith(table.cues_behind, end):
            return next(element for cue, element in table.behind if text.startswith(cue, end))
        if text.endswith(table.cues_before, 0, place):
            return next(element for cue, element in table.before if text.endswith(cue, 0, place))
        place = text.find(term, end)
    return None


class _Table:
    """The rows of `elements.yaml`, ready to be looked up; None stands for “no element”."""

    def __init__(self, read: Mapping[str, Any]) -> None:
        self.endings: dict[str, str | None] = _turned(read["endings"]) | dict.fromkeys(read["none_endings"])
        words = {word: element for element, listed in read["words"].items() for word in listed}
        self.words = {word: None if element == "none" else element for word, element in words.items()}
        self.beginnings = tuple(_turned(read["beginnings"]).items())
        self.before = tuple(_turned(read["before"]).items())
        self.behind = tuple(_turned(read["behind"]).items())
        self.cues_before = tuple(cue for cue, _ in self.before)
        self.cues_behind = tuple(cue for cue, _ in self.behind)


def _turned(listed: Mapping[str, list[str]]) -> dict[str, str]:
    return {word: element for element, words in listed.items() for word in words}


@cache
def _table() -> _Table:
    return _Table(read_table("elements"))
