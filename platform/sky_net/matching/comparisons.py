"""What is said of a number besides the number: at least, at most, about. The words are in `comparisons.yaml`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import NamedTuple

from sky_net.matching.tables import read_table

LEAST, MOST, ABOUT, SAME = "least", "most", "about", "same"


@dataclass(frozen=True, slots=True)
class Side:
    """Where the numbers that are meant lie; `is_open`: the number itself is none of them."""

    which: str = SAME
    is_open: bool = False


class Before(NamedTuple):
    """A comparison in front of a number: what it says, where it starts and where the number does."""

    side: Side
    start: int
    end: int


_BLANKS = re.compile(r"\s{0,3}")
_BEHIND = re.compile(
    r"\s{0,2}(?:(?P<least>(?:或|及|及其)?以上|or more|or above|or higher|and above)"
    r"|(?P<most>(?:或|及)?以下|以内|之内|or less|or below|or lower|and below)"
    r"|(?P<about>左右|上下))"
)


def opening(text: str) -> Before:
    """The longest comparison that the text begins with."""
    sides, longest = _sides()
    squeezed, end, side = "", 0, Side()
    for place, letter in enumerate(text[: longest + 6]):
        squeezed += "" if letter.isspace() else letter.lower()
        if squeezed in sides:
            end, side = place + 1, sides[squeezed]
    return Before(side, 0, blanks_from(text, end))


def in_front_of(text: str, end: int) -> Before:
    """The longest comparison that ends right here, blanks aside."""
    sides, longest = _sides()
    window = text[max(0, end - longest - 4) : end].lower()
    squeezed = "".join(window.split())
    for size in range(min(longest, len(squeezed)), 0, -1):
        if (side := sides.get(squeezed[-size:])) is not None:
            return Before(side, end - _reach(window, size), end)
    return Before(Side(), end, end)


def behind(text: str, start: int) -> tuple[Side, int] | None:
    """The comparison that follows a number (以上, or less), and where it ends."""
    found = _BEHIND.match(text, start)
    return (Side(found.lastgroup or SAME), found.end()) if found else None


def blanks_from(text: str, start: int) -> int:
    """Where the few blanks end that begin here."""
    found = _BLANKS.match(text, start)
    return found.end() if found else start


def _reach(window: str, size: int) -> int:
    """How far back so many characters reach that are no blanks."""
    for back in range(1, len(window) + 1):
        size -= not window[-back].isspace()
        if size == 0:
            return back
    return len(window)


@cache
def _sides() -> tuple[Mapping[str, Side], int]:
    """Words without blanks, and the length of the longest."""
    table = read_table("comparisons")
    sides = {
        word.replace(" ", ""): Side(which.split()[0], which.endswith("open"))
        for which, words in table["before"].items()
        for word in words
    }
    opposite = {LEAST: MOST, MOST: LEAST}
    for no, word in product(table["turning"], table["turned"]):
        sides[no + word] = Side(opposite[sides[word].which])
    return sides, max(map(len, sides))
