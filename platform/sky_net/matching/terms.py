"""What of a text is searched: title, body and both together, as words and as character n-grams, in fields of their own.

Words carry meaning but depend on the segmenter; bigrams find a term that the segmenter cut differently on the
other side; single characters find its abbreviation. Stretches of one to three characters over the whole text are the
best single view of all: they meet a title that answers in the description's words, and the other way round.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import lru_cache

from backbone.chinese import bigrams, characters, fold, grams, words
from sky_net.matching.documents import Document, Query

LONGEST_TEXT = 100_000
"""Characters of one text that are searched; what comes after is appendix, and must not take a server's time."""

BODY_SHARE = 0.5
"""What one mention in a need's description weighs against a mention in its title."""

VIEWS: Mapping[str, Callable[[str], list[str]]] = {
    "words": words,
    "bigrams": bigrams,
    "characters": characters,
    "grams": grams,
}

MOST_TERMS: Mapping[str, int] = {"words": 96, "bigrams": 96, "characters": 96, "grams": 192}
"""Terms of a view that a query looks for, the weightiest first: bounds the time of a 10 MB description."""

FIELDS: Mapping[str, tuple[str, str]] = {
    "title_words": ("title", "words"),
    "title_bigrams": ("title", "bigrams"),
    "title_characters": ("title", "characters"),
    "body_words": ("body", "words"),
    "text_grams": ("text", "grams"),
}
"""Index field → which part of the document it holds, in which view."""

TITLE_FIELDS: tuple[str, ...] = tuple(field for field, (part, _) in FIELDS.items() if part == "title")

# Numbers below 100 and decimals are quantities: two texts that both say 0.5 have nothing in common by it.
# A whole number of three digits and more may be an alloy, a wavelength or a standard (304, 6061, 1550).
_NUMERALS = "零〇一二两三四五六七八九十百千万亿"
_QUANTITY = re.compile(rf"\d{{1,2}}|\d+%|\d*\.\d+(?:\.\d+)*%?|\d+\.|[{_NUMERALS}]{{2,}}")
_DIGITS = frozenset(f".0123456789{_NUMERALS}")
_FILLERS = """
未提供 暂未提供 尚未提供 未填写 未填 暂无 暂无数据 暂无内容 暂无描述 暂无简介 无 无内容 无描述 无简介 空 略 不详 未知 待定 待补充 待完善 另附
同上 同标题 见附件 详见附件 详见标题 如题 保密 面议 na none null nil nan undefined unknown tbd todo noabstract notprovided notavailable
"""
_BOILERPLATE = frozenset(_FILLERS.split())


def substance(text: str) -> str:
    """The text, cut at LONGEST_TEXT; empty when it merely fills a mandatory field (未提供, 暂无, 无, N/A, ——)."""
    text = text[:LONGEST_TEXT]
    if len(text) < 40 and "".join(re.findall(r"[^\W_]", fold(text))) in _BOILERPLATE:
        return ""
    return text


def document_terms(document: Document) -> dict[str, list[str]]:
    """The tokens of every field of FIELDS, with repetitions and in text order."""
    title, body = substance(document.title), substance(document.body)
    parts = {"title": title, "body": body, "text": f"{title}\n{body}"}
    return {field: _tokens(parts[part], view) for field, (part, view) in FIELDS.items()}


@lru_cache(maxsize=2)
def query_terms(query: Query) -> Mapping[str, Mapping[str, float]]:
    """For every view the terms looked for, each with its weight before idf: 1 for a term of the title.

    Repetition in the description adds by its logarithm. Kept, since whoever ranks is followed by whoever explains.
    """
    title, body = substance(query.title), substance(query.body)
    return {view: _weighted(_tokens(title, view), _tokens(body, view)) for view in VIEWS}


def _tokens(text: str, view: str) -> list[str]:
    return [token for token in VIEWS[view](text) if token[0] not in _DIGITS or not _QUANTITY.fullmatch(token)]


def _weighted(title: list[str], body: list[str]) -> dict[str, float]:
    weights = dict.fromkeys(title, 1.0)
    for term, count in Counter(body).items():
        weight = BODY_SHARE * (1 + math.log(count)) if count > 1 else BODY_SHARE
        weights[term] = weights[term] + weight if term in weights else weight
    return weights
