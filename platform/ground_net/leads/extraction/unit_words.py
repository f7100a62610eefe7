"""The unit behind a number as notes say it, in its canonical spelling."""

import re
from dataclasses import dataclass
from functools import cache

from ground_net.leads.extraction.tables import table
from sky_net.matching.units import LONGEST_UNIT, plain, unit_at

_JOINED = re.compile(r"/\s?|每")
_LATIN = re.compile(r"[A-Za-z]")
_UNKNOWN = re.compile(
    r"(?![GTMK](?![A-Za-z])|[eExX]\d)[A-Za-zμΩ][A-Za-zμΩ²³°·%]{0,7}(?:/[A-Za-zμΩ][A-Za-zμΩ²³°·%\d^]{0,7})?(?![A-Za-z\d])"
)
_PER_ONE = re.compile(r"\s?(?:一|每|/|1)\s?个?")

DURATIONS = frozenset(("年", "月", "d", "h", "min", "s"))


@dataclass(frozen=True, slots=True)
class Written:
    """A unit: what is meant, what stands there and where that ends."""

    unit: str
    said: str
    end: int


def unit_behind(text: str, start: int) -> Written | None:
    """The unit that begins here, blanks aside, with what it is counted by (8 mL/min, 120牛米每公斤)."""
    begin = start + (text[start : start + 1] == " ")
    found = _read(text, begin)
    if text.startswith("个", begin) and (found is None or found.said == "个"):
        found = _read(text, begin + 1) or found
    if found is None:
        return None
    for _ in range(2):
        joined = _JOINED.match(text, found.end)
        by = (counted_by(text, joined.end()) or _said_at(text, joined.end())) if joined else None
        if by is None:
            break
        found = Written(f"{found.unit}/{by.unit}", text[begin : by.end], by.end)
    return found


def per_one(text: str, start: int) -> Written | None:
    """一吨 or /套 behind a price."""
    found = _PER_ONE.match(text, start)
    by = counted_by(text, found.end()) if found else None
    return Written(by.unit, text[start : by.end], by.end) if by else None


def meant(letter: str, about: str) -> str | None:
    """What a unit of many meanings is of a quantity of this name: G, T, 度; None for one that has a single meaning."""
    letter, slash, by = letter.partition("/")
    if letter == "度":
        degrees = table("units")["degrees"]
        unit = next((unit for unit, words in degrees.items() if any(word in about for word in words)), "℃")
        return unit + slash + by
    for row in table("units")["short"]:
        if row["letter"] == letter and any(word in about for word in row["of"]):
            return str(row["unit"]) + slash + by
    return None


def implied_by(name: str) -> str | None:
    """The unit of a number without one, where the quantity's name tells it."""
    for row in table("units")["implied"]:
        if any(word in name for word in row["of"]):
            return None if row["unit"] is None else str(row["unit"])
    return None


def _read(text: str, start: int) -> Written | None:
    return _said_at(text, start) or _known_at(text, start) or _latin_at(text, start)


def _latin_at(text: str, start: int) -> Written | None:
    """One that no table has; it is a unit to whoever wrote it."""
    found = _UNKNOWN.match(text, start)
    return Written(found.group(), found.group(), found.end()) if found else None


def _said_at(text: str, start: int) -> Written | None:
    said, longest = _said()
    longer = _known_at(text, start)
    for size in range(min(longest, len(text) - start), 0, -1):
        word = text[start : start + size]
        if word in said and not _cuts(text, start + size):
            if longer is not None and longer.end > start + size:
                return None
            return Written(said[word], word, start + size)
    if text.startswith("度", start):
        return Written("度", "度", start + 1)
    return None


def _known_at(text: str, start: int) -> Written | None:
    """One that the sky net knows; a Latin one that is built of several (W/(m·K)) is taken as it stands."""
    found = unit_at(text, start)
    if found is None:
        return None
    written = text[start : min(found[1], start + LONGEST_UNIT)]
    return Written(_tidy(written), written, found[1])


def _tidy(written: str) -> str:
    said, _ = _said()
    if written.startswith("(") and written.endswith(")") and written.count("(") == 1:
        return _tidy(written[1:-1])
    if written in said:
        return said[written]
    head, slash, rest = written.partition("/")
    if slash and "(" not in written:
        by = _per().get(rest) or said.get(rest) or rest
        return f"{said.get(head, head)}/{by}"
    return written.replace("u", "μ", 1) if re.match(r"u[mLlgsVAW]", written) else written


def counted_by(text: str, start: int) -> Written | None:
    """What begins here as that by which is counted: 吨 of 两万一吨, 天 of 10T/天."""
    per = _per()
    for size in range(4, 0, -1):
        word = text[start : start + size]
        if len(word) == size and word in per and not _cuts(text, start + size):
            return Written(per[word], word, start + size)
    return None


def _cuts(text: str, end: int) -> bool:
    """Whether a Latin word would be cut in the middle."""
    return bool(_LATIN.match(text[end - 1 : end]) and _LATIN.match(text[end : end + 1]))


@cache
def _said() -> tuple[dict[str, str], int]:
    said = {plain(word): unit for unit, words in table("units")["said"].items() for word in words}
    return said, max(map(len, said))


@cache
def _per() -> dict[str, str]:
    return {plain(word): unit for unit, words in table("units")["per"].items() for word in words}
