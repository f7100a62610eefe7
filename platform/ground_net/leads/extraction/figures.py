"""The numbers of a note, each with its unit and what is said of its direction; what they measure is told elsewhere."""

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from ground_net.leads.extraction.fields import AT_LEAST, AT_MOST, BETWEEN, EXACTLY
from ground_net.leads.extraction.reading import Note
from ground_net.leads.extraction.spoken import Spoken, spoken_at
from ground_net.leads.extraction.tables import cues
from ground_net.leads.extraction.unit_words import Written, unit_behind
from sky_net.matching.comparisons import LEAST, MOST, behind, in_front_of

_BEGINS = re.compile(
    r"(?<![\d.A-Za-z_])(?<!\d,)\d|(?<![零〇一二两三四五六七八九十百千万亿点])[零〇一二两三四五六七八九十百千万](?!成是|到处)"
)
_HALF = re.compile(
    r"(?<![一两三四五六七八九十个对大多下上前后减了])半(?=个?(?:小时|钟头|天(?!打)|年|月|分钟|毫米|丝|秒|公斤|吨|度))"
)
_LATIN_GLUED = re.compile(r"(?<![A-Za-z])(?:Ra|HB|HRC|HV|CV|CPK|Cpk|PUE|P99|SNR|G|Rz|Sa)\s?(?=\d)")
_BETWEEN_ENDS = re.compile(r"\s{0,2}(?:[-–—~至到]|~~|——)\s{0,2}(?=[-+±\d零〇一二两三四五六七八九十百千])")
_SIGN = re.compile(r"(?:\+/-|±|正负|上下|零下|负|[-+])\s?$")
_END_SIGN = re.compile(r"[+-]|零下|负|正")
_ABOUT = re.compile(r"\s?(?:左右|上下|出头|的样子)")
_WIDTH = re.compile(r"\s?(?:±|\+/-)\s?(?=\d)")
_RATIO_OF = re.compile(r"\s?[:比]\s?1(?!\d)")
_BEHIND_MOST = re.compile(r"\s?(?:之?内(?![部径孔壁腔外])|封顶|打住|顶天|到顶)")
_BEHIND_LEAST = re.compile(r"\s?(?:往上|朝上|起步|打底|起(?![来火皮泡码动订批]))")
_ONE_OF = re.compile(
    r"个?(?:毫米|微米|厘米|公分|纳米|兆帕|分贝|点(?!点)|百分点|dB|丝|(?:小时|钟头|分钟|月|天|年|秒|周|星期)(?=以|内|之|左|$|[,，。;、\s]|就|才|都|不|够|吧|了|上下)|度(?!电)|级|微秒|毫秒|公斤|克|牛|吨(?=以|之)|%)"
)
_NO_TEN = re.compile(r"分(?!钟|贝|之)|堰|足|全|来|几|多|字")
_COMPARISON = 10
"""Characters in front of a number that a comparison may take."""


@dataclass(frozen=True, slots=True)
class Figure:
    """`start`..`end` is everything that says it, comparison and unit included; `number_at` where the number begins."""

    low: Fraction
    high: Fraction | None
    relation: str
    unit: str | None
    written: str | None
    start: int
    number_at: int
    end: int

    @property
    def is_directed(self) -> bool:
        """Whether words say which way it may go."""
        return self.relation in (AT_LEAST, AT_MOST)


def figures(note: Note) -> list[Figure]:
    """All numbers in order; those in Chinese numerals only where a unit or a comparison makes them one."""
    found: list[Figure] = []
    place = 0
    text = note.plain
    while (begins := _next(text, place)) is not None:
        figure = _figure(text, begins)
        if figure is None:
            place = begins + 1
            continue
        found.append(figure)
        place = figure.end
    return found


def _next(text: str, place: int) -> int | None:
    plain = _BEGINS.search(text, place)
    glued = _LATIN_GLUED.search(text, place)
    starts = [plain.start()] if plain else []
    starts += [glued.end()] if glued else []
    half = _HALF.search(text, place)
    starts += [half.start()] if half else []
    return min(starts) if starts else None


def _figure(text: str, start: int) -> Figure | None:
    first = spoken_at(text, start)
    if first is None or _is_an_article(text, start, first):
        return None
    sign = _sign(text, start)
    begin = start - len(sign)
    first, unit = _with_its_unit(text, start, first)
    figure = (
        _around(text, begin, sign, first, unit)
        or _ranged(text, begin, sign, first, unit)
        or _single(text, begin, sign, first, unit)
    )
    return _directed(text, _in_plain_units(_with_half(text, replace(figure, number_at=begin))))


def _with_half(text: str, figure: Figure) -> Figure:
    """三吨半."""
    if figure.unit is None or figure.high is not None or not text.startswith("半", figure.end):
        return figure
    return (
        replace(figure, low=figure.low + Fraction(1, 2), end=figure.end + 1)
        if figure.low.denominator == 1
        else figure
    )


def _in_plain_units(figure: Figure) -> Figure:
    """半年 is 6 months, two weeks are 14 days."""
    times, unit = (7, "d") if figure.unit == "周" else (1, figure.unit)
    if figure.unit == "年" and figure.low.denominator == 2:
        times, unit = 12, "月"
    return replace(figure, low=figure.low * times, high=figure.high and figure.high * times, unit=unit)


def _is_an_article(text: str, start: int, first: Spoken) -> bool:
    """一个, 一台, 一半 and 上万 say no number."""
    said = text[start : first.end]
    if said == "一":
        return not _ONE_OF.match(text, first.end) or text[start - 1 : start] in "每同统唯第另"
    return said in ("百", "千", "万") or (said == "十" and _NO_TEN.match(text, first.end) is not None)


def _with_its_unit(text: str, start: int, number: Spoken) -> tuple[Spoken, Written | None]:
    """3千瓦 is 3 kW, and 二十千欧 20 kΩ, although a thousand is a number as well."""
    if number.is_ratio:
        return number, None
    if text[number.end - 1 : number.end] == "千" and not text.startswith("米", number.end):
        whole = unit_behind(text, number.end - 1)
        shorter = spoken_at(text[: number.end - 1], start)
        if (
            whole is not None
            and whole.said.startswith("千")
            and whole.unit != whole.said
            and shorter is not None
        ):
            return shorter, whole
    return number, unit_behind(text, number.end)


def _sign(text: str, start: int) -> str:
    found = _SIGN.search(text, max(0, start - 4), start)
    if found is None:
        return ""
    before = text[found.start() - 1 : found.start()] if found.start() else ""
    if found.group().strip() in ("-", "+") and (
        (before.isascii() and before.isalnum()) or before in ("%", ")")
    ):
        return ""
    return found.group()


def _single(text: str, begin: int, sign: str, first: Spoken, unit: Written | None) -> Figure:
    value = -first.low if sign.strip() in ("-", "零下", "负") else first.low
    end = unit.end if unit else first.end
    if unit is None and (ratio := _RATIO_OF.match(text, first.end)):
        end = ratio.end()
    relation = EXACTLY if first.high is None else BETWEEN
    return Figure(
        value, first.high, relation, _unit(first, unit), _written(first, unit), begin, begin, end
    )  # fmt: skip


def _around(text: str, begin: int, sign: str, first: Spoken, unit: Written | None) -> Figure | None:
    """±3 and 45±5."""
    if sign.strip() in ("±", "+/-", "正负", "上下"):
        single = _single(text, begin, "", first, unit)
        return replace(single, low=-first.low, high=first.low, relation=BETWEEN)
    width = _WIDTH.match(text, unit.end if unit else first.end)
    second = spoken_at(text, width.end()) if width else None
    if width is None or second is None:
        return None
    second, own = _with_its_unit(text, width.end(), second)
    behind_it = own or unit
    single = _single(text, begin, "", first, behind_it)
    end = max(second.end, behind_it.end if behind_it else 0)
    return replace(single, low=first.low - second.low, high=first.low + second.low, relation=BETWEEN, end=end)


def _ranged(text: str, begin: int, sign: str, first: Spoken, unit: Written | None) -> Figure | None:
    """三百到五百, 60-70%, -40~+70℃; both ends must rise, and their units agree."""
    joint = _BETWEEN_ENDS.match(text, unit.end if unit else first.end)
    if joint is None or first.high is not None:
        return None
    signed = _END_SIGN.match(text, joint.end())
    at = signed.end() if signed else joint.end()
    second = spoken_at(text, at)
    if second is None or second.high is not None:
        return None
    second, other = _with_its_unit(text, at, second)
    whose = other or unit
    low = -first.low if sign.strip() in ("-", "零下", "负") else first.low
    high = -second.low if signed and signed.group() in ("-", "零下", "负") else second.low
    if unit and other and unit.unit != other.unit:
        return None
    low = _with_the_multiple_of(
        low, first, high, text[first.end - 1 : first.end], text[second.end - 1 : second.end]
    )
    if low >= high:
        return None
    ratio = second if second.is_ratio else first
    end = max(second.end, other.end if other else 0)
    return Figure(
        low, high, BETWEEN, _unit(ratio, whose), _written(ratio, whose), begin, begin, end
    )  # fmt: skip


def _with_the_multiple_of(low: Fraction, first: Spoken, high: Fraction, own: str, other: str) -> Fraction:
    """三到五万 are thirty to fifty thousand."""
    times = {"万": 10**4, "亿": 10**8, "千": 1000, "百": 100, "十": 10}
    if other in times and own not in "十百千万亿" and low < high / times[other] and first.high is None:
        return low * times[other]
    return low


def _directed(text: str, figure: Figure) -> Figure:
    """With the comparison in front of the number or behind it."""
    start, end, which = figure.number_at, figure.end, ""
    if said := _said_before(text, start):
        which, start = said
    if after := _said_behind(text, end):
        which, end = after
    if figure.relation == BETWEEN:
        which = BETWEEN
    return replace(figure, relation=which or figure.relation, start=start, end=end)


def _said_before(text: str, end: int) -> tuple[str, int] | None:
    """The longest comparison that ends here: 不低于 is no 低于."""
    window = max(0, end - _COMPARISON)
    said = [
        (found.start(), which)
        for name, which in (("at_most", AT_MOST), ("at_least", AT_LEAST))
        if (found := cues(name).search(text, window, end))
    ]
    general = in_front_of(text, end)
    if general.side.which in (LEAST, MOST):
        said.append((general.start, AT_LEAST if general.side.which == LEAST else AT_MOST))
    return (min(said)[1], min(said)[0]) if said else None


def _said_behind(text: str, end: int) -> tuple[str, int] | None:
    about = _ABOUT.match(text, end)
    at = about.end() if about else end
    if found := behind(text, at):
        side, stop = found
        return (AT_LEAST if side.which == LEAST else AT_MOST, stop) if side.which in (LEAST, MOST) else None
    if most := _BEHIND_MOST.match(text, at):
        return AT_MOST, most.end()
    if least := _BEHIND_LEAST.match(text, at):
        return AT_LEAST, least.end()
    return None


def _unit(number: Spoken, unit: Written | None) -> str | None:
    return "%" if number.is_ratio else (unit.unit if unit else None)


def _written(number: Spoken, unit: Written | None) -> str | None:
    if number.is_ratio or number.written:
        return number.written or None
    return unit.said if unit else None
