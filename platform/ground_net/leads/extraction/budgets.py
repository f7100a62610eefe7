"""What the firm would spend on its need: sums of money near words that say so, and far from those that say otherwise."""

import re
from dataclasses import dataclass
from fractions import Fraction

from ground_net.leads.extraction import naming
from ground_net.leads.extraction.fields import Evidence
from ground_net.leads.extraction.prices import is_price
from ground_net.leads.extraction.reading import Note
from ground_net.leads.extraction.spoken import Spoken, spoken_at
from ground_net.leads.extraction.tables import cues

FEN = 100
LEAST_YUAN, MOST_YUAN = 5_000, 10**10
"""A sum below is the price of something, one above no firm spends on one need."""

_TEN_THOUSAND = 10_000
_BEGINS = re.compile(r"(?<![\d.A-Za-z])\d|(?<![零一二两三四五六七八九十百千万几])[一二两三四五六七八九十百]")
_VAGUE = re.compile(r"[几数]?$|上$|十几$")
_MONEY = re.compile(
    r"\s?(?:万|[wW](?![A-Za-z0-9/])|个(?=[,，。;\s]|左右|以内|$))?\s?(?:人民币|块钱|元|块(?!板|地|电|料)|块钱|个|RMB)?"
)
_TO = re.compile(r"\s{0,2}(?:[-–—~至到]|~~|——)\s{0,2}")
# 预算五十左右 and 预算20个 are said in ten thousands.
_BARE = re.compile(r"(?:预算|经费|总共|心理价位?|价位)[^\d,，。;]{0,6}$")
_BARE_COUNTED = re.compile(r"(?:预算|经费|总共|心理价位?|价位|钱)[^\d。;]{0,14}$")
_ENDS = re.compile(r"\s?(?:$|[,，。;、\s]|左右|上下|以内|以下|封顶|打住|起|[-~到至—])")
_FEWEST, _MOST_BARE = 5, 1000
_MORE = re.compile(r"[多来几余]")
_MOST_BEHIND = re.compile(
    r"\s?(?:以内|之内|以下|内(?![容部])|封顶|打住|顶天|到顶|是上限|为上限|撑死|最多|出头的?都?不行)"
)
_LEAST_BEHIND = re.compile(r"\s?(?:以上|起步?(?![来的])|打底|往上|起跳)")
_MOST_BEFORE = re.compile(
    r"(?:不超过?|别超过?|不能超过?|不要超过?|不高于|最多|至多|顶多|顶天|撑死|上限|封顶|控制在(?=[^,，。]{0,12}内)|不到|低于|小于|少于|≤|<=?|压在)(?:就?是|出|给|也就|能出|能|到|了|拿|掏|批|花|投|报|[:：])*\s?$"
)
_LEAST_BEFORE = re.compile(
    r"(?:至少|起码|最少|少说|不低于|不少于|超过|≥|>=?|保底)(?:要|得|有|出|也要|也得|准备)*\s?$"
)
_UNIT_PRICE = re.compile(r"\s?(?:/|每|一(?:台|套|把|只|个月|年|吨|件|公斤|支|片|块|米|平|次|趟|天|亩|辆))")
_NEAR = 22


@dataclass(frozen=True, slots=True)
class _Sum:
    low: Fraction
    high: Fraction
    start: int
    end: int


def budget_in(note: Note) -> tuple[tuple[int | None, int | None], Evidence, tuple[int, int]] | None:
    """Both ends in fen, None for an open one; the words; and the stretch that they take. None where no sum is one."""
    for each in _sums(note.plain):
        if (place := _speaks_of_spending(note, each)) is not None:
            low, high, start, end = _bounded(note.plain, each)
            fen = tuple(None if one is None else int(one * FEN) for one in (low, high))
            return (fen[0], fen[1]), note.evidence(min(place, start), end), (start, end)
    return None


def sums_of_money(note: Note) -> list[tuple[int, int]]:
    """Where sums stand that say 万 or 元 themselves: none of them is a quantity of a product."""
    said = [each for each in _sums(note.plain) if each.low >= LEAST_YUAN]
    return [(each.start, each.end) for each in said if _is_said_as_money(note, each)]


def _is_said_as_money(note: Note, each: _Sum) -> bool:
    words = note.plain[each.start : each.end]
    if is_price(note.plain[note.clause_at(each.start).start : each.start]):
        return False
    return words.endswith(("元", "块", "块钱")) or _speaks_of_spending(note, each) is not None


def _sums(text: str) -> list[_Sum]:
    found: list[_Sum] = []
    place = 0
    while begins := _BEGINS.search(text, place):
        place = begins.end()
        each = _sum_at(text, begins.start())
        if each is not None:
            found.append(each)
            place = each.end
    return found


def _sum_at(text: str, start: int) -> _Sum | None:
    if text[start - 1 : start] in ("几", "上", "第", "数") and start:
        return None
    first = spoken_at(text, start)
    if first is None or first.is_ratio:
        return None
    low, end, marked = _yuan(text, start, first)
    high = first.high * (low / first.low) if first.high is not None and first.low else low
    if first.high is None and (to := _TO.match(text, end)) and (second := spoken_at(text, to.end())):
        top, top_end, top_marked = _yuan(text, to.end(), second)
        if top > low or (top_marked and not marked):
            if top_marked and not marked and low < top / _TEN_THOUSAND * 100:
                low *= _TEN_THOUSAND if low * _TEN_THOUSAND <= top else 1
            high, end, marked = top, top_end, top_marked
    if not marked or not low <= high or not LEAST_YUAN <= high <= MOST_YUAN:
        return None
    return _Sum(low, high, start, end)


def _yuan(text: str, start: int, number: Spoken) -> tuple[Fraction, int, bool]:
    """The sum, where it ends, and whether it says of itself that it may be money: 30万, 50w, 8000块."""
    end = number.end
    more = _MORE.match(text, end)
    end = more.end() if more else end
    money = _MONEY.match(text, end)
    words = money.group() if money else ""
    value = number.low
    if _FEWEST <= value < _MOST_BARE and _is_bare(text, start, end, words):
        return value * _TEN_THOUSAND, end + len(words), True
    if "万" in words or "w" in words or "W" in words:
        value *= _TEN_THOUSAND
    said = text[start:end]
    return value, end + len(words), any(each in said + words for each in "万亿元块wW")


def _is_bare(text: str, start: int, end: int, words: str) -> bool:
    speaks = {"": _BARE, "个": _BARE_COUNTED}.get(words.strip())
    before = text[max(0, start - _NEAR) : start]
    return speaks is not None and bool(speaks.search(before) and _ENDS.match(text, end + len(words)))


def _speaks_of_spending(note: Note, each: _Sum) -> int | None:
    """Where the nearest word stands that makes the sum a budget; None where it is another's, or nothing says so."""
    text = note.plain
    clause = note.clause_at(each.start)
    start, _end = note.sentence_of(clause)
    if _UNIT_PRICE.match(text, each.end) or cues("no_spending_behind").match(text, each.end):
        return None
    before = text[max(start, each.start - _NEAR) : each.start]
    if is_price(before):
        return None
    spends = [found.start() for found in cues("spending").finditer(before)]
    own = text[max(clause.start, each.start - _NEAR) : each.start]
    other = [len(before) - len(own) + found.start() for found in cues("no_spending").finditer(own)]
    if other and (not spends or other[-1] > spends[-1]):
        return None
    if spends:
        return max(start, each.start - _NEAR) + spends[-1]
    behind = text[each.end : min(clause.end, each.end + 10)]
    if cues("decides").search(behind) or (_is_capped(text, each) and naming.quantity_in(own) is None):
        return each.start
    if cues("spending_behind").search(behind):
        return each.start
    said = text[start : each.start]
    stands_alone = not text[clause.start : each.start].strip() and _ENDS.match(text, each.end)
    return each.start if stands_alone and (cues("decides").search(said) or "钱" in said) else None


def _is_capped(text: str, each: _Sum) -> bool:
    """最多30万, 30万打住: whoever bounds a bare sum speaks of what he would spend."""
    bare = text[each.start : each.end].rstrip().endswith(("万", "元", "块钱"))
    return bare and bool(
        _MOST_BEHIND.match(text, each.end) or _MOST_BEFORE.search(text[max(0, each.start - 10) : each.start])
    )


def _bounded(text: str, each: _Sum) -> tuple[Fraction | None, Fraction | None, int, int]:
    """Both ends with the words that open one: 最多30万, 20万起."""
    window = text[max(0, each.start - 10) : each.start]
    most, least = _MOST_BEFORE.search(window), _LEAST_BEFORE.search(window)
    if each.low != each.high:
        return each.low, each.high, each.start, each.end
    if most and (not least or most.start() <= least.start()):
        return None, each.high, each.start - len(most.group()), each.end
    if least:
        return each.low, None, each.start - len(least.group()), each.end
    if behind := _MOST_BEHIND.match(text, each.end):
        return None, each.high, each.start, behind.end()
    if behind := _LEAST_BEHIND.match(text, each.end):
        return each.low, None, each.start, behind.end()
    return each.low, each.high, each.start, each.end
