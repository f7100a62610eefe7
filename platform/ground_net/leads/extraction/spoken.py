"""Numbers as people say them in a talk, beyond what `numerals` reads: 三五十万, 十一二, 四个半小时, 五个9, 10的9次方, 八十多."""

import re
from dataclasses import dataclass
from fractions import Fraction

from sky_net.matching.numerals import number_at

_DIGIT = dict(zip("一二两三四五六七八九", (1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_TIMES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_D = f"[{''.join(_DIGIT)}]"
# 三五十万, 七八, 两三百, 三四万; behind a hundred or a ten the pair takes the place that is left: 十一二, 一百二三.
_PAIR = re.compile(
    rf"(?P<before>(?:{_D}?百)?(?:{_D}?十)?)(?P<low>{_D})(?P<high>{_D})(?P<times>[十百千]?[万亿]?)(?!成|[一二两三四五六七八九十百千])"
)
_NINES = re.compile(r"([二两三四五六七八2-8])个(?:9|九)")
_POWER = re.compile(r"10的(\d{1,2}|[一二两三四五六七八九十]{1,2})次方")
_HALF = re.compile(r"个?半(?=[\u4e00-\u9fffa-zA-Z])")
_VAGUE = re.compile(r"几[十百千万]|十几|数[十百千]")
_MORE = re.compile(r"[多来余几](?![一二三四五六七八九十\d])")
_ROUND = 10


@dataclass(frozen=True, slots=True)
class Spoken:
    """One number, or `high` besides where two were said for one (三四次); `is_ratio` as in `numerals.Number`."""

    low: Fraction
    high: Fraction | None
    end: int
    is_ratio: bool = False
    is_chinese: bool = False
    written: str = ""


def spoken_at(text: str, start: int) -> Spoken | None:
    """The number that begins here; None also for what says no number (几十, 十几)."""
    if _VAGUE.match(text, start):
        return None
    for reader in (_nines, _power, _pair):
        if (found := reader(text, start)) is not None:
            return found
    if text[start : start + 1] == "半":
        return Spoken(Fraction(1, 2), None, start + 1, is_chinese=True)
    number = number_at(text, start)
    if number is None:
        return None
    value, end = number.value, number.end
    if number.is_ratio:
        said = text[start:end]
        written = said[: said.index("分之") + 2] if "分之" in said else "成"
        more = _MORE.match(text, end)
        return Spoken(value * 100, None, more.end() if more else end, is_ratio=True, written=written)
    if value.denominator == 1 and (half := _HALF.match(text, end)):
        return Spoken(value + Fraction(1, 2), None, half.end(), is_chinese=number.is_chinese)
    if more := _MORE.match(text, end):
        if number.is_chinese and more.group() == "几" and value < _ROUND:
            return None
        end = more.end()
    return Spoken(value, None, end, is_chinese=number.is_chinese)


def _nines(text: str, start: int) -> Spoken | None:
    found = _NINES.match(text, start)
    if found is None:
        return None
    count = int(found.group(1)) if found.group(1).isdigit() else _DIGIT[found.group(1)]
    return Spoken(100 - Fraction(100, 10**count), None, found.end(), is_ratio=True)


def _power(text: str, start: int) -> Spoken | None:
    found = _POWER.match(text, start)
    if found is None:
        return None
    exponent = number_at(found.group(1), 0)
    if exponent is None or exponent.value > 30:
        return None
    return Spoken(Fraction(10) ** int(exponent.value), None, found.end(), written="次方")


def _pair(text: str, start: int) -> Spoken | None:
    found = _PAIR.match(text, start)
    if found is None or _DIGIT[found["low"]] >= _DIGIT[found["high"]]:
        return None
    before, times = _before(found["before"]), _product(found["times"])
    if before and not found["before"].endswith(("十", "百")):
        return None
    step = 10 if found["before"].endswith("百") else 1
    large = _product(found["times"]) if before and found["times"] in ("万", "亿") else None
    if before and found["times"] and large is None:
        return None
    low, high = ((before + step * _DIGIT[found[end]]) * times for end in ("low", "high"))
    return Spoken(Fraction(low), Fraction(high), found.end(), is_chinese=True)


def _before(said: str) -> int:
    number = number_at(said, 0) if said else None
    return int(number.value) if number else 0


def _product(times: str) -> int:
    product = 1
    for each in times:
        product *= _TIMES[each]
    return product
