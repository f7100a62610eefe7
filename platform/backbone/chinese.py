"""Chinese text as the searches see it: folded, then cut into words or into characters, alone or with their neighbours.

Full-width forms, letter case and Traditional characters must not decide whether a need finds its answer, so
all of them are folded before cutting. What people wrote is stored and shown untouched: nothing here is ever
written back.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from operator import add
from typing import NamedTuple, Protocol

LONGEST_TOKEN = 64
"""Characters kept of one token: no term of the trade is longer, but a pasted key or address can be 100 kB."""

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# What no tool behind this module accepts (surrogates have no UTF-8 form) or what would glue words together.
_UNSEARCHABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_MEANINGFUL = re.compile(r"[^\W_]")
_RUN = re.compile(rf"([{HAN}]+)|([^\W_{HAN}]+)")


@lru_cache(maxsize=16)
def fold(text: str) -> str:
    """NFKC, lower case, Simplified characters; control characters and lone surrogates become blanks.

    NFKC runs twice because lower-casing can leave a decomposed letter behind. The last few answers are kept: one
    text is cut three ways in a row.
    """
    plain = unicodedata.normalize("NFKC", _UNSEARCHABLE.sub(" ", text)).lower()
    return _simplifier().convert(unicodedata.normalize("NFKC", plain))


def fold_width(text: str) -> str:
    """As `fold`, but with the case of letters kept: mW and MW are a billion apart."""
    return _simplifier().convert(unicodedata.normalize("NFKC", _UNSEARCHABLE.sub(" ", text)))


def words(text: str) -> list[str]:
    """Words in search mode: a long word is followed up by the shorter words inside it; no blanks or punctuation."""
    tokens = _segmenter().cut_for_search(fold(text))
    return [token[:LONGEST_TOKEN] for token in tokens if token.isalnum() or _MEANINGFUL.search(token)]


def bigrams(text: str) -> list[str]:
    """Pairs of neighbouring Chinese characters; a Latin word, a number or a character standing alone stays whole.

    No pair crosses punctuation, a blank or a change of script.
    """
    tokens: list[str] = []
    for single, pairs, _ in _runs(text):
        tokens.extend(pairs or single)
    return tokens


def grams(text: str) -> list[str]:
    """Stretches of one, two and three neighbouring Chinese characters; Latin words and numbers stay whole, once."""
    tokens: list[str] = []
    for single, pairs, triples in _runs(text):
        tokens += single
        tokens += pairs
        tokens += triples
    return tokens


def characters(text: str) -> list[str]:
    """Single Chinese characters; Latin words and numbers stay whole."""
    return [token for single, _, _ in _runs(text) for token in single]


class _Run(NamedTuple):
    """The characters of a stretch of Chinese by one, two and three; or one Latin word or number, which stays whole."""

    single: Sequence[str]
    pairs: Sequence[str]
    triples: Sequence[str]


@lru_cache(maxsize=4)
def _runs(text: str) -> Sequence[_Run]:
    """The stretches in their order. Kept for a moment: one text is cut three ways, into the same pieces."""
    return [_run(chinese, other) for chinese, other in _RUN.findall(fold(text))]


def _run(chinese: str, other: str) -> _Run:
    if not chinese:
        return _Run((other[:LONGEST_TOKEN],), (), ())
    single = tuple(chinese)
    pairs = tuple(map(add, single, single[1:]))
    return _Run(single, pairs, tuple(map(add, pairs, single[2:])))


class _Simplifier(Protocol):
    def convert(self, text: str) -> str: ...


class _Segmenter(Protocol):
    def cut_for_search(self, text: str) -> list[str]: ...


@cache
def _simplifier() -> _Simplifier:
    import opencc

    converter: _Simplifier = opencc.OpenCC("t2s")
    return converter


@cache
def _segmenter() -> _Segmenter:
    """Rjieba's own instance, filled by its import and never added to.

    add_word fails while another thread cuts, so a dictionary of the trade would be a second instance that
    replaces this one whole.
    """
    import rjieba

    segmenter: _Segmenter = rjieba
    return segmenter
