"""Which words a hit owes its score to: the terms that both texts use, each with the points that it brings.

A term brings what its words, pairs of characters and characters bring in every field; what two terms share is counted
for the first. So the points add up to no more than the lexical part of the score, and the rest is told as unexplained.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from backbone.chinese import fold
from sky_net.matching.bm25 import K1, B, Statistics, idf
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Document, Query
from sky_net.matching.elements import element_of
from sky_net.matching.occurrences import Held, Occurrences
from sky_net.matching.terms import FIELDS, query_terms

MOST_TERMS = 6

LEAST_SHARE = 0.15
"""A term lighter than this share of the weightiest one is left unsaid."""

# True of every pair of texts in this trade; a broker who reads them out has said nothing.
_SAID_OF_EVERYTHING = """
需要 可以 要求 问题 目前 现在 我们 希望 解决 提高 提升 降低 减少 增加 达到 以上 以下 以内 不能 不到 没有 进行 采用 使用 利用 通过 实现 研究 技术 方法 系统
设计 分析 应用 开发 产品 企业 公司 项目 方案 具有 其中 以及 及其 同时 之间 不同 一种 一个 基于 面向 用于 能够 影响 结果 效果 性能 指标 参数 数据 情况 条件 过程
工作 生产 现场 设备 装置 成果 需求 合作 单位 平均 最大 最小 时间 温度 数量 小时 分钟 每年 每月 每天 左右 无法 容易 仍然 已经 由于 因此 如果 或者 并且 而且 only
with from that this the and for
"""
_GENERIC = frozenset(_SAID_OF_EVERYTHING.split())

# Two texts that both say 1dB or 20nm have a way of measuring in common, and perhaps nothing else.
_UNITS = "db dbm nm um μm mm cm km mg kg ml kw mw gw kwh mpa gpa kpa pa hz khz mhz ghz mv kv ma ah mah ppm rpm ms us ns min ℃ °c"
_MEASURE = re.compile(rf"[\d.]*(?:{'|'.join(_UNITS.split())})")

_WORD_FIELDS = ("title_words", "body_words")
_ENOUGH_NEIGHBOURS = 3 * MOST_TERMS
_BETWEEN = "\0"  # stands in no term: `fold` makes it a blank
Points = list[tuple[str, float]]
"""Each token of each field with what it adds to the score."""


@dataclass(frozen=True, slots=True)
class MatchedTerm:
    """A term that both sides use and the points of the score that it brings.

    `field` is where the document has it, `title` or `body`; `element` one of `elements.ELEMENTS`, None where its
    wording and its surroundings do not tell.
    """

    term: str
    weight: float
    field: str
    element: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The terms, weightiest first, and which share of the score's lexical part they account for, 0 to 1."""

    terms: tuple[MatchedTerm, ...]
    explained: float


class Sought:
    """A query in the form in which all its hits are explained: make it once for a list."""

    def __init__(self, query: Query, corpus: Corpus) -> None:
        self._statistics = corpus.statistics
        self.text = fold(f"{query.title}\n{query.body}")
        self.worth = {
            field: dict(zip(terms, worth.tolist(), strict=True))
            for field, terms, worth in corpus.clauses_of(query)
        }
        asked = {term: weight for term, weight in query_terms(query)["words"].items() if _tells(term)}
        self.telling = {field: _rare(asked, field, corpus.statistics) for field in _WORD_FIELDS}
        wanted = {field: {*self.worth.get(field, ()), *self.telling.get(field, ())} for field in FIELDS}
        self._occurrences = Occurrences(wanted, corpus)
        self._behind = _Neighbours(self.text, {*self.telling["title_words"], *self.telling["body_words"]})

    def evidence(self, document: Document) -> Evidence:
        """What this document has of it."""
        held = self._occurrences.of(document)
        points = _points(held, self.worth, self._statistics)
        title, body = fold(document.title), fold(document.body)
        shown = self._shown(held, f"{title}\n{body}")
        found = [
            MatchedTerm(term, round(brought, 6), *_placed(term, title, body))
            for term, brought in _shared_out(shown, points).items()
        ]
        found.sort(key=lambda each: (-each.weight, each.term))
        whole = sum(worth for _, worth in points)
        explained = sum(each.weight for each in found) / whole if whole > 0 else 0.0
        return Evidence(tuple(found), round(min(explained, 1.0), 4))

    def _shown(self, held: Held, offered: str) -> list[str]:
        """The terms worth naming, the rarest first, neighbours joined."""
        title, body = (held.counts[field] for field in _WORD_FIELDS)
        rare = self.telling["body_words"]
        weighed = {term: weight for term, weight in rare.items() if term in body}
        weighed |= {term: weight for term, weight in self.telling["title_words"].items() if term in title}
        terms = _longest(_joined(weighed, self._behind, offered))
        least = LEAST_SHARE * max(terms.values(), default=0.0)
        named = [term for term, weight in terms.items() if weight >= least]
        return sorted(named, key=lambda term: (-terms[term], term))[:MOST_TERMS]


def _rare(asked: Mapping[str, float], field: str, statistics: Statistics) -> dict[str, float]:
    known = sorted(asked)
    rarity = idf(statistics.documents, np.array(statistics.frequencies(field, known), np.int64))
    return {term: asked[term] * each for term, each in zip(known, rarity.tolist(), strict=True)}


def _points(held: Held, worth: Mapping[str, Mapping[str, float]], statistics: Statistics) -> Points:
    """What every token adds to the document's score, by the formula of `bm25.impacts`."""
    points: Points = []
    for field, sought in worth.items():
        average = statistics.average_length(field) or 1.0
        divisor = K1 * (1 - B + B * held.lengths[field] / average)
        points += [
            (token, sought[token] * (1 + K1) * times / (times + divisor))
            for token, times in held.counts[field].items()
            if token in sought
        ]
    return points


def _shared_out(terms: Sequence[str], points: Points) -> dict[str, float]:
    """What each term brings: every token counts for the first term that contains it."""
    brought, all_terms = dict.fromkeys(terms, 0.0), _BETWEEN.join(terms)
    for token, value in points:
        if token in all_terms:  # few are: one look instead of one for each term
            brought[next(term for term in terms if token in term)] += value
    return brought


def _placed(term: str, title: str, body: str) -> tuple[str, str | None]:
    is_titled = term in title
    return ("title" if is_titled else "body"), element_of(term, title if is_titled else body)


def _tells(term: str) -> bool:
    return len(term) > 1 and term not in _GENERIC and not term.isdigit() and not _MEASURE.fullmatch(term)


def _joined(weighed: dict[str, float], behind: "_Neighbours", offered: str) -> dict[str, float]:
    """Adds 激光焊接 where both texts have 激光 and 焊接 side by side: the segmenter cuts terms of the trade."""
    best = sorted(weighed, key=lambda term: (-weighed[term], term))[:_ENOUGH_NEIGHBOURS]
    joined = dict(weighed)
    for first in best:
        followers = behind.of(first)
        for second in best:
            if second in followers and first != second:
                both = first + second
                if not both.isascii() and both in offered:
                    joined[both] = weighed[first] + weighed[second]
    return joined


class _Neighbours:
    """Which of some terms stand right behind which in a text: worked out once for all the hits of a list."""

    def __init__(self, text: str, terms: Collection[str]) -> None:
        self._places = {term: _places(term, text) for term in terms}
        self._starting: dict[int, list[str]] = {}
        for term, places in self._places.items():
            for place in places:
                self._starting.setdefault(place, []).append(term)
        self._known: dict[str, frozenset[str]] = {}

    def of(self, term: str) -> frozenset[str]:
        """Those that stand right behind an occurrence of this one."""
        if term not in self._known:
            ends = (place + len(term) for place in self._places[term])
            self._known[term] = frozenset(each for end in ends for each in self._starting.get(end, ()))
        return self._known[term]


def _places(term: str, text: str) -> list[int]:
    """Where the term begins in the text, also inside its own last occurrence."""
    places, place = [], text.find(term)
    while place >= 0:
        places.append(place)
        place = text.find(term, place + 1)
    return places


def _longest(weighed: dict[str, float]) -> dict[str, float]:
    """Without the terms that a longer one contains."""
    terms = _BETWEEN.join(weighed)
    return {term: weight for term, weight in weighed.items() if terms.count(term) == 1}
