"""A note as it is read: letters folded (`units.plain`), clauses cut, and every place known in the writer's own text."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from ground_net.leads.extraction.fields import Evidence
from sky_net.matching.units import plain

LONGEST_TEXT = 5_000
"""Characters that are read: a visit note does not reach its point on the twentieth page."""

# A new piece begins where folding cannot reach back over it: Han, Latin, punctuation. Others stay with the letter before.
_PIECE = re.compile(
    "[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4}"
    "|[\\s\\S](?:(?![\\x00-\\x7f\\xa1-\\xbf\\xd7\\xf7\\u0370-\\u03ff\\u2010-\\u2027\\u2030-\\u205e\\u2070-\\u20cf\\u2100-\\u22ff\\u3000-\\u3029\\u3300-\\u33ff\\u4e00-\\u9fff\\uff01-\\uff5e])[\\s\\S])*"
)
LONGEST_CLAUSE = 300
"""Characters after which a clause ends even without punctuation: bounds the time that a heap of words takes."""

_SENTENCE_ENDS = "。!?\n"
_CLAUSE = re.compile(r"[。!?\n;、()《》“”\"【】，]|,(?!\d{3})|(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])")


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch without punctuation, and the number of the sentence that it belongs to."""

    start: int
    end: int
    sentence: int


@dataclass(frozen=True)
class Note:
    """`plain` is what all readers read; `places[i]` is where its letter i begins in `text`, with one more for the end."""

    text: str
    plain: str
    places: tuple[int, ...]
    clauses: tuple[Clause, ...]
    sentences: tuple[tuple[int, int], ...]

    def evidence(self, start: int, end: int) -> Evidence:
        """The writer's own words of a stretch of `plain`."""
        first, last = self.places[start], self.places[end]
        return Evidence(first, last, self.text[first:last])

    def clause_at(self, place: int) -> Clause:
        """The clause that a place stands in."""
        return self.clauses[max(0, bisect_right(self.clauses, place, key=_start) - 1)]

    def sentence_of(self, clause: Clause) -> tuple[int, int]:
        """Where the clause's sentence begins and ends."""
        return self.sentences[clause.sentence]

    def clauses_between(self, start: int, end: int) -> Sequence[Clause]:
        """Those that begin from `start` on and before `end`."""
        first, last = (bisect_left(self.clauses, place, key=_start) for place in (start, end))
        return self.clauses[first:last]


def _start(clause: Clause) -> int:
    return clause.start


def read_note(text: str) -> Note:
    """Never raises: any text can be read."""
    text = text[:LONGEST_TEXT]
    letters: list[str] = []
    places: list[int] = []
    for piece in _PIECE.finditer(text):
        folded = _plain(piece.group())
        letters.append(folded)
        places.extend([piece.start()] * len(folded))
    read = "".join(letters)
    clauses = _clauses(read)
    ends: dict[int, int] = {each.sentence: each.end for each in clauses}
    starts: dict[int, int] = {each.sentence: each.start for each in reversed(clauses)}
    sentences = tuple((starts[number], ends[number]) for number in sorted(starts))
    return Note(text, read, (*places, len(text)), clauses, sentences)


@lru_cache(maxsize=8192)
def _plain(piece: str) -> str:
    # A full-width comma parts numbers, as one between digits does not; `plain` would make it a semicolon, which ends more.
    return "，" if piece == "，" else plain(piece)


def _clauses(read: str) -> tuple[Clause, ...]:
    found: list[Clause] = []
    start, sentence = 0, 0
    for mark in _CLAUSE.finditer(read):
        found.extend(_in_parts(start, mark.start(), sentence))
        start = mark.end()
        sentence += mark.group() in _SENTENCE_ENDS
    found.extend(_in_parts(start, len(read), sentence))
    return tuple(found)


def _in_parts(start: int, end: int, sentence: int) -> list[Clause]:
    cuts = [*range(start, end, LONGEST_CLAUSE), end] if end > start else [start, end]
    return [Clause(one, other, sentence) for one, other in pairwise(cuts)]
