"""Whether two names mean one measured quantity: 焊缝熔深波动 and 熔深波动, 告警延时 and 告警时间; never 合格率 and 不合格率.

The table is `quantity_names.yaml`. What it does not know stays apart: a wrong pair is a wrong verdict in a broker's
mouth, a missed pair is one “not stated”.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from backbone.chinese import bigrams, fold
from sky_net.matching.tables import read_table

LEAST_LIKENESS = 0.6
"""The likeness from which two names are taken for one; below it stand pairs such as 单件清理时间 and 单件规划时间."""

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class _Name:
    """`heads` are the kinds of measurement, `about` pieces of what it is measured of, `turns` what reverses it."""

    whole: str
    heads: frozenset[str]
    about: frozenset[str]
    pieces: frozenset[str]
    turns: frozenset[str]


def likeness(one: str, other: str) -> float:
    """From 0, other quantities, to 1, the same name."""
    first, second = _taken_apart(one), _taken_apart(other)
    if not first.whole or not second.whole or first.turns != second.turns:
        return 0.0
    if first.whole == second.whole:
        return 1.0
    if kinds := first.heads & second.heads:
        return _by_what(first, second, kinds)
    if first.heads and second.heads:
        return _dice(first, second)
    return _overlap(first.pieces, second.pieces)


def traces(name: str) -> frozenset[str]:
    """What a name leaves behind: two names without a common trace are not taken for one, and most pairs have none.

    A kind alone is enough for likeness only where it is telling (`_by_what`).
    """
    taken = _taken_apart(name)
    return taken.pieces | taken.about | (taken.heads & frozenset(_table()["telling"])) | {taken.whole}


def closeness(one: str, other: str) -> float:
    """How much of both wordings is the same, 0 to 1: a name cut out of a sentence may say more than the quantity."""
    return _dice(_taken_apart(one), _taken_apart(other))


def may_be_in(name: str, text: str) -> bool:
    """Whether at least half of what the name says stands in a text: a quick look before the text is read."""
    taken = _taken_apart(name)
    pieces = taken.about or taken.pieces
    return 2 * sum(piece in text for piece in pieces) >= len(pieces) > 0


def is_difference(name: str) -> bool:
    """Whether a temperature of this name is a difference of two."""
    return any(word in fold(name[:LONGEST_NAME]) for word in _table()["differences"])


def _by_what(one: _Name, other: _Name, kinds: frozenset[str]) -> float:
    """Names of one kind. With nothing left that says of what, the kind must be telling or the wording close."""
    if one.about and other.about:
        return 0.95 * _overlap(one.about, other.about)
    if kinds & frozenset(_table()["telling"]):
        return 0.9
    return _dice(one, other)


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def _dice(one: _Name, other: _Name) -> float:
    """Kinds that differ may be two words for one (界面空洞面积, 界面空洞率): then nearly all else is the same."""
    together = len(one.pieces) + len(other.pieces)
    return 2 * len(one.pieces & other.pieces) / together if together else 0.0


@lru_cache(maxsize=4096)
def _taken_apart(name: str) -> _Name:
    whole = fold(name[:LONGEST_NAME]).split("(")[0].replace(" ", "")
    turns = frozenset(word for word in _table()["turning"] if word in whole)
    heads, rest = _headed(whole)
    if not heads:
        heads, rest = _headed(_bare(whole))
    return _Name(whole, heads, _pieces(_bare(rest)), _pieces(whole), turns)


def _bare(name: str) -> str:
    """Without what is said of how or where it was measured."""
    for word in _longest_first():
        name = name.replace(word, "")
    return name


def _pieces(text: str) -> frozenset[str]:
    return frozenset(bigrams(text))


def _headed(whole: str) -> tuple[frozenset[str], str]:
    """The kinds that the name's ending may mean, and what stands in front of it."""
    for word, heads in _heads():
        if whole.endswith(word):
            return heads, whole.removesuffix(word)
    return frozenset(), whole


@cache
def _table() -> Mapping[str, Any]:
    return read_table("quantity_names")


@cache
def _heads() -> tuple[tuple[str, frozenset[str]], ...]:
    """Endings, the longest first, each with the kinds it may mean: 时间 may be a latency and a cycle."""
    kinds: dict[str, set[str]] = {}
    for head, words in _table()["heads"].items():
        for word in words:
            kinds.setdefault(word.replace(" ", ""), set()).add(head)
    return tuple((word, frozenset(kinds[word])) for word in sorted(kinds, key=len, reverse=True))


@cache
def _longest_first() -> tuple[str, ...]:
    return tuple(sorted(_table()["qualifiers"], key=len, reverse=True))
