"""Numbers as they stand in Chinese and English text, read exactly.

1,200 · 1.2×10^5 · 2e6 · 30万 · 五十万 · 三点五 · 三百五 · 百分之九十八 · 万分之三 · 九成八. A Chinese numeral alone is no number here: 一定 and 十分
are words, so whoever reads a text asks for a unit behind it.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

MOST_DIGITS = 15
MOST_EXPONENT = 30

_VALUES = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
HAN_DIGITS = "".join((*_VALUES, *_SMALL, *_LARGE))
_HAN = f"[{HAN_DIGITS}]"

# 百帕 and 千克 lose nothing by being read as a hundred 帕 and a thousand 克; 百分点 does.
_TIMES_TEN = r"\s{0,2}[×xX*·]\s{0,2}10\^?([+-]?\d{1,2})(?!\d)"
_DIGITS = re.compile(
    rf"(\d{{1,3}}(?:,\d{{3}}){{1,4}}(?![\d,])|\d{{1,{MOST_DIGITS}}}(?!\d))(\.\d{{1,{MOST_DIGITS}}}(?!\d))?"
    rf"(?:[eE]([+-]?\d{{1,2}})(?![\dA-Za-z])|{_TIMES_TEN})?"
)
_POWER = re.compile(r"10\^([+-]?\d{1,2})(?!\d)")
_MULTIPLIER = re.compile(r"\s?([十百千万亿]{1,3})(?!分)")
_CHINESE = re.compile(rf"{_HAN}{{1,16}}(?:点{_HAN}{{1,6}})?")
_SHARES = {"百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6}
_SHARE = re.compile(rf"([百千]|[十百]?万)分之({_HAN}{{1,8}}(?:点{_HAN}{{1,6}})?|\d{{1,6}}(?:\.\d{{1,6}})?)")
_TENTHS = re.compile(r"([一二两三四五六七八九])成([一二三四五六七八九])?(?![为立功本交长分套员])")
_BESIDE = re.compile(r"(?<=[一二两三四五六七八九])[一二两三四五六七八九]")
BEGINS = re.compile(rf"(?<![\d.A-Za-z_])(?<!\d,)\d|(?<!{_HAN}){_HAN}")
"""Where a number may begin."""


@dataclass(frozen=True, slots=True)
class Number:
    """`is_ratio`: written as a share (百分之五, 三成), which takes no unit; `is_chinese`: in Chinese numerals alone."""

    value: Fraction
    end: int
    is_ratio: bool = False
    is_chinese: bool = False


def number_at(text: str, start: int) -> Number | None:
    """The number that begins here, without a sign; `text` must be `units.plain`."""
    if text[start : start + 1].isascii():
        return _arabic(text, start)
    if share := _SHARE.match(text, start):
        whole, part = share.groups()
        value = chinese(part) if part[0] in HAN_DIGITS else Fraction(part)
        return Number(value / _SHARES[whole], share.end(), is_ratio=True) if value is not None else None
    if tenths := _TENTHS.match(text, start):
        value = Fraction(_VALUES[tenths.group(1)] * 10 + _VALUES.get(tenths.group(2) or "零", 0), 100)
        return Number(value, tenths.end(), is_ratio=True)
    found = _CHINESE.match(text, start)
    numeral = _without_the_next(found.group()) if found else ""
    value = chinese(numeral) if numeral else None
    return Number(value, start + len(numeral), is_chinese=True) if value is not None else None


def _without_the_next(numeral: str) -> str:
    """三万二一吨 is 三万二 for 一吨: where places are said, no digit stands beside a digit."""
    places = numeral.partition("点")[0]
    beside = _BESIDE.search(places) if any(each in _SMALL or each in _LARGE for each in places) else None
    return numeral[: beside.start()] if beside else numeral


def _arabic(text: str, start: int) -> Number | None:
    if found := _POWER.match(text, start):
        whole, decimals, exponent, power = "1", "", found.group(1), ""
    elif found := _DIGITS.match(text, start):
        whole, decimals, exponent, power = found.groups()
    else:
        return None
    value = Fraction(whole.replace(",", "") + (decimals or ""))
    tens = int(exponent or power or 0)
    if abs(tens) > MOST_EXPONENT:
        return None
    value *= Fraction(10) ** tens
    end = found.end()
    if many := _MULTIPLIER.match(text, end):
        for each in many.group(1):
            value *= _SMALL.get(each) or _LARGE[each]
        end = many.end()
    return Number(value, end)


def chinese(numeral: str) -> Fraction | None:
    """The value of a Chinese numeral; None for one that is not well formed."""
    whole, _, decimals = numeral.partition("点")
    if decimals and not all(digit in _VALUES for digit in decimals):
        return None
    if all(digit in _VALUES for digit in whole):
        value = int("".join(str(_VALUES[digit]) for digit in whole)) if len(whole) != 1 else _VALUES[whole]
    else:
        value = _placed(whole)
    after = (
        Fraction(int("".join(str(_VALUES[digit]) for digit in decimals)), 10 ** len(decimals))
        if decimals
        else 0
    )
    return value + Fraction(after)


def _placed(numeral: str) -> int:
    """三万五千二百: sections of up to 千, each with the 万 or 亿 behind it; spoken 三百五 and 一万八 are 350 and 18,000."""
    total, section, digit, last = 0, 0, 0, 1
    for each in numeral:
        if each in _VALUES:
            digit, last = _VALUES[each], last if _VALUES[each] else 1
        elif each in _SMALL:
            section, digit, last = section + (digit or 1) * _SMALL[each], 0, _SMALL[each] // 10
        else:
            total, section, digit, last = (
                (total + section + digit or 1) * _LARGE[each],
                0,
                0,
                _LARGE[each] // 10,
            )
    return total + section + digit * last
