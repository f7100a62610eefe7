"""The industry of a firm's own product, by the words of its trade; none where they are few or speak of two."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from backbone.chinese import fold
from ground_net.leads.extraction.fields import Evidence
from ground_net.leads.extraction.reading import Note
from ground_net.leads.extraction.tables import any_of, cues, table

NONE = "none"
LEAST, LEAST_BY_HINTS, LEAD = 3.0, 5.0, 1.25
"""What the words of the first industry must weigh, and how many times those of the second."""

_EARLY = 2.0
"""A word of the opening counts double: collectors begin with what the firm does."""

_MADE = 1.5
"""So much more where the word is said to be made: 做光模块的, 光模块厂."""

_NARROW = 1.5
"""So much more for a word of a young industry: whoever says 忆阻器 says more than whoever says 芯片."""

_YOUNG = frozenset(("brain-inspired", "bci", "6g", "humanoid", "synbio", "future-network", "beidou"))
_SOUGHT = 0.2
_WINDOW = 6
_OPENING = 40


@dataclass(frozen=True, slots=True)
class _Word:
    industry: str
    start: int
    end: int
    weight: float
    is_name: bool


def industry_in(note: Note) -> tuple[str, tuple[Evidence, ...]] | None:
    """The code and the words that led to it, weightiest first; None where the words do not tell."""
    words = _outermost(list(_words(note)))
    weights = _weights(words)
    ranked = sorted(weights, key=lambda code: (-weights[code], code))
    if not ranked or ranked[0] == NONE:
        return None
    is_named = any(each.is_name for each in words if each.industry == ranked[0])
    if weights[ranked[0]] < (LEAST if is_named else LEAST_BY_HINTS):
        return None
    if len(ranked) > 1 and weights[ranked[0]] < LEAD * weights[ranked[1]]:
        return None
    led = sorted(
        (each for each in words if each.industry == ranked[0]), key=lambda each: (-each.weight, each.start)
    )
    return ranked[0], tuple(note.evidence(each.start, each.end) for each in led[:3])


def _weights(words: list[_Word]) -> Mapping[str, float]:
    weights: dict[str, float] = {}
    for each in words:
        weights[each.industry] = weights.get(each.industry, 0.0) + each.weight
    return weights


def _words(note: Note) -> Iterator[_Word]:
    folded = _lowered(note.plain)
    opening = _end_of_opening(note)
    seen: set[tuple[str, str]] = set()
    for code, weight, is_name, pattern in _patterns():
        for found in pattern.finditer(folded):
            if (code, found.group()) in seen:
                continue
            seen.add((code, found.group()))
            emphasis = _emphasis(note, found.start(), found.end(), opening)
            yield _Word(code, found.start(), found.end(), weight * emphasis, is_name)


def _outermost(words: list[_Word]) -> list[_Word]:
    """Without those inside a longer one: 脉冲神经网络 says nothing of 神经网络."""
    return [
        one
        for one in words
        if not any(
            other.start <= one.start
            and one.end <= other.end
            and other.end - other.start > one.end - one.start
            for other in words
        )
    ]


def _emphasis(note: Note, start: int, end: int, opening: int) -> float:
    before = note.plain[max(0, start - _WINDOW) : start]
    behind = note.plain[end : end + _WINDOW]
    if cues("sought").search(before):
        return _SOUGHT
    emphasis = _EARLY if start < opening else 1.0
    if cues("made").search(before) or cues("made_behind").match(behind):
        emphasis *= _MADE
    return emphasis


def _end_of_opening(note: Note) -> int:
    """The first sentence, or the first two where the first is short."""
    ends = [each.end for each in note.clauses]
    first = next((end for end in ends if end >= _OPENING // 2), len(note.plain))
    return min(first, _OPENING * 2)


def _lowered(text: str) -> str:
    """Letter case aside; every letter stays in its place."""
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)


@cache
def _patterns() -> tuple[tuple[str, float, bool, re.Pattern[str]], ...]:
    """By industry and weight; a longer word is found before one that it contains."""
    read = table("industries")
    return tuple(
        (
            code,
            read[kind] * (_NARROW if code in _YOUNG and kind == "names" else 1.0),
            kind == "names",
            re.compile(any_of(map(_whole, words[kind]))),
        )
        for code, words in read["industries"].items()
        for kind in ("names", "hints")
    )


def _whole(word: str) -> str:
    """A Latin word only where no letter goes on beside it."""
    low = fold(word)
    before = r"(?<![a-z0-9])" if low[0].isascii() else ""
    return before + re.escape(low) + (r"(?![a-z])" if low[-1].isascii() else "")
