"""Why a hit is a hit, in a sentence that a broker can read out: shared terms first, then what is known of both sides."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from backbone.chinese import fold, words
from backbone.errors import Bilingual
from sky_net.matching.bm25 import Statistics, idf
from sky_net.matching.documents import Document, Query
from sky_net.matching.terms import query_terms, substance

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


@dataclass(frozen=True, slots=True)
class MatchedTerm:
    """A term that both sides use; `field` is where the document has it: `title` or `body`."""

    term: str
    weight: float
    field: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known beyond the texts; None wherever one side is silent, and then nothing is said.

    `trl_gap` is the document's TRL minus the one that the need requires; `modes` are the names of the cooperation
    modes that both sides accept, an empty tuple when none is common.
    """

    same_industry: bool | None = None
    same_region: bool | None = None
    trl_gap: int | None = None
    modes: tuple[Bilingual, ...] | None = None


@dataclass(frozen=True, slots=True)
class Reasons:
    """The terms, weightiest first, and the whole as one sentence."""

    terms: tuple[MatchedTerm, ...]
    sentence: Bilingual


def explain(
    query: Query,
    document: Document,
    statistics: Statistics,
    facts: Facts | None = None,
    *,
    is_near: bool = True,
) -> Reasons:
    """The reasons for this document under this query; `statistics` say which terms are rare enough to tell.

    `is_near` says whether the meanings have anything in common, which is all that is left without a shared term.
    """
    terms = matched_terms(query, document, statistics)
    parts = [_terms_sentence(terms, is_near), *_facts_sentences(facts or Facts())]
    zh, en = "；".join(part.zh for part in parts), "; ".join(str(part) for part in parts)
    return Reasons(terms, Bilingual(f"{zh}。", f"{en[0].upper()}{en[1:]}."))


def explain_institute(ranks: Sequence[int], best: str | None) -> Bilingual:
    """Why an institute stands where it does: the places of its achievements that count, and the best one's title."""
    places = "、".join(map(str, ranks)), ", ".join(map(str, ranks))
    zh = f"其 {len(ranks)} 项成果排在第 {places[0]} 位" + (f"，最相近的是《{best}》。" if best else "。")
    en = f"{len(ranks)} of its achievements at place {places[1]}" + (
        f"; the nearest is “{best}”." if best else "."
    )
    return Bilingual(zh, en)


def matched_terms(query: Query, document: Document, statistics: Statistics) -> tuple[MatchedTerm, ...]:
    """At most MOST_TERMS terms shared by both texts, weight = idf × weight in the query, neighbours joined."""
    title, body = set(words(substance(document.title))), set(words(substance(document.body)))
    asked, wanted = _asked(query)
    weights = {term: asked[term] for term in asked.keys() & (title | body) if _tells(term)}
    weighed: dict[str, float] = {}
    for field, terms in (("title_words", weights.keys() & title), ("body_words", weights.keys() - title)):
        known = sorted(terms)
        rarity = idf(statistics.documents, np.array(statistics.frequencies(field, known), np.int64))
        weighed.update((term, weights[term] * float(each)) for term, each in zip(known, rarity, strict=True))
    shown = _longest(_joined(weighed, wanted, document))
    in_title = fold(document.title)
    least = LEAST_SHARE * max(shown.values(), default=0.0)
    found = [
        MatchedTerm(term, round(weight, 4), "title" if term in in_title else "body")
        for term, weight in shown.items()
        if weight >= least
    ]
    return tuple(sorted(found, key=lambda each: (-each.weight, each.term))[:MOST_TERMS])


# Two texts that both say 1dB or 20nm have a way of measuring in common, and perhaps nothing else.
_UNITS = "db dbm nm um μm mm cm km mg kg ml kw mw gw kwh mpa gpa kpa pa hz khz mhz ghz mv kv ma ah mah ppm rpm ms us ns min ℃ °c"
_MEASURE = re.compile(rf"[\d.]*(?:{'|'.join(_UNITS.split())})")


def _tells(term: str) -> bool:
    return len(term) > 1 and term not in _GENERIC and not term.isdigit() and not _MEASURE.fullmatch(term)


@lru_cache(maxsize=4)
def _asked(query: Query) -> tuple[Mapping[str, float], str]:
    """The query's words with their weights, and its text: kept, since all hits of a query are explained in a row."""
    return query_terms(query)["words"], fold(f"{query.title}\n{query.body}")


def _joined(weighed: dict[str, float], wanted: str, document: Document) -> dict[str, float]:
    """Adds 激光焊接 where both texts have 激光 and 焊接 side by side: the segmenter cuts terms of the trade."""
    best = sorted(weighed, key=lambda term: (-weighed[term], term))[: 3 * MOST_TERMS]
    offered = f"{fold(document.title)}\n{fold(document.body)}"
    joined = dict(weighed)
    for first in best:
        for second in _followers(first, best, wanted):
            both = first + second
            if first != second and not both.isascii() and both in offered:
                joined[both] = weighed[first] + weighed[second]
    return joined


def _followers(term: str, among: Sequence[str], text: str) -> set[str]:
    """Those of `among` that stand right behind an occurrence of the term: a few looks, where pairing all is hundreds."""
    found: set[str] = set()
    place = text.find(term)
    while place >= 0:
        behind = place + len(term)
        found.update(each for each in among if text.startswith(each, behind))
        place = text.find(term, place + 1)
    return found


def _longest(weighed: dict[str, float]) -> dict[str, float]:
    """Without the terms that a longer one contains."""
    return {
        term: weight
        for term, weight in weighed.items()
        if not any(term != other and term in other for other in weighed)
    }


def _terms_sentence(terms: Sequence[MatchedTerm], is_near: bool) -> Bilingual:
    if not terms and not is_near:
        return Bilingual(
            "没有共同的专门术语，语义也不相近", "no technical term is shared, and the meanings are apart"
        )
    if not terms:
        return Bilingual(
            "没有共同的专门术语，仅语义相近", "no technical term is shared, only the meaning is near"
        )
    where = {field: [each.term for each in terms if each.field == field] for field in ("title", "body")}
    names = (("title", "标题中", "title"), ("body", "正文中", "text"))
    zh = [f"{name}{_quoted(where[field])}" for field, name, _ in names if where[field]]
    en = [f"{_quoted(where[field])} in the {name}" for field, _, name in names if where[field]]
    return Bilingual(f"双方共有的术语：{'，'.join(zh)}", f"terms that both sides use: {', '.join(en)}")


def _facts_sentences(facts: Facts) -> Iterable[Bilingual]:
    if facts.same_industry is not None:
        yield (
            Bilingual("产业相同", "the industry is the same")
            if facts.same_industry
            else Bilingual("产业不同", "the industry differs")
        )
    if facts.same_region is not None:
        yield (
            Bilingual("同一地区", "the region is the same")
            if facts.same_region
            else Bilingual("不在同一地区", "the region differs")
        )
    if facts.trl_gap is not None:
        yield _maturity(facts.trl_gap)
    if facts.modes is not None:
        yield _modes(facts.modes)


def _maturity(gap: int) -> Bilingual:
    if gap >= 0:
        return Bilingual("成熟度达到要求", "it is as mature as required")
    levels = "level" if gap == -1 else "levels"
    return Bilingual(f"成熟度比要求低 {-gap} 级", f"it is {-gap} TRL {levels} short of what is required")


def _modes(modes: Sequence[Bilingual]) -> Bilingual:
    if not modes:
        return Bilingual("没有共同的合作方式", "no mode of cooperation suits both")
    zh, en = "、".join(mode.zh for mode in modes), ", ".join(str(mode) for mode in modes)
    return Bilingual(f"双方都接受{zh}", f"both accept {en}")


def _quoted(terms: Sequence[str]) -> str:
    return "".join(f"“{term}”" for term in terms)
