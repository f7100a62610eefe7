"""When the solution is wanted: a date or a span in a clause that speaks of finishing, counted from the day of the visit."""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ground_net.leads.extraction.fields import Evidence
from ground_net.leads.extraction.reading import Note
from ground_net.leads.extraction.spoken import spoken_at
from ground_net.leads.extraction.tables import cues

_N = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"
_YEAR = r"(?P<year>今年|明年|后年|大后年|本年度?|次年|(?:20)?\d\d年|二[〇零]?[零〇二]?[一二三四五六七八九]{1,2}年)?"
_SAID = re.compile(
    rf"{_YEAR}的?(?:"
    r"(?P<end>年底|(?<=年)底|(?<=明)年底|年末|年内|年终(?!奖)|(?<=年)[之以]?内)"
    r"|(?P<middle>年中)|(?P<half>上半年|下半年)"
    rf"|(?:第)?(?P<quarter>[一二三四1-4])季度?|Q(?P<q>[1-4])"
    rf"|(?P<holiday>五一|国庆|元旦|劳动节|十一(?=前|之前|以前|节))(?:节|假期|长假)?"
    rf"|(?P<month>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?(?:的)?(?:(?P<part>上旬|中旬|下旬|初|中|底|末)|(?P<day>\d{{1,2}}|[一二三]?十?[一二三四五六七八九十])(?:号|日))?"
    r")"
)
_YEAR_ALONE = re.compile(
    r"(?P<year>今年|明年|后年|20\d\d年)(?![底初中末内上下终度的开过暑寒年]|\d|[一二三四五六七八九十]{1,2}月|第|春|夏|秋|冬|五一|国庆|年)"
)
_NEXT_MONTH = re.compile(
    r"(?P<which>下下个?月|下个?月|这个月|本月|当月)(?:(?P<part>上旬|中旬|下旬|初|中|底|末)|(?P<day>\d{1,2})(?:号|日))?|(?<![\d一二三四五六七八九十])(?P<end>月底|月末)"
)
_NEXT_QUARTER = re.compile(r"(?P<which>下个?季度|本季度|这个季度)")
_WITHIN = re.compile(
    rf"(?P<half>半年)(?:之内|以内|内)|(?P<number>{_N})(?P<more>个半)?(?P<unit>个月|个星期|周|天|年|个季度)(?:之内|以内|内)"
)
_NUMERIC = re.compile(
    r"(?<![\d.])(?P<month>1[0-2]|0?[1-9])[./](?P<day>3[01]|[12]\d|0?[1-9])(?:号|日)?(?=之?前|以前)"
)
_PARTS = {"上旬": 10, "初": 10, "中旬": 20, "中": 20}
_HOLIDAYS = {"五一": (4, 30), "劳动节": (4, 30), "国庆": (9, 30), "十一": (9, 30), "元旦": (12, 31)}
_NEAR = 14


@dataclass(frozen=True, slots=True)
class Said:
    """A date and where it stands; `is_span` counts from the visit."""

    on: date
    start: int
    end: int
    is_span: bool = False


def deadline_in(note: Note, visited_on: date) -> tuple[date, Evidence] | None:
    """The first date that something is wanted by; None where none is said, or it lies before the visit."""
    for each in dates_in(note.plain, visited_on):
        if visited_on <= each.on and _is_wanted_by(note, each):
            return each.on, note.evidence(each.start, each.end)
    return None


def dates_in(text: str, visited_on: date) -> list[Said]:
    """All dates of a text in order, without those inside longer ones."""
    found: list[Said] = []
    for pattern, reads in _READERS:
        for match in pattern.finditer(text):
            try:
                on = reads(match, visited_on)
            except (ValueError, OverflowError):
                continue
            if on is not None:
                found.append(Said(on, match.start(), match.end(), pattern is _WITHIN))
    return list(_outermost(sorted(found, key=lambda each: (each.start, -each.end))))


def _outermost(found: list[Said]) -> Iterator[Said]:
    end = -1
    for each in found:
        if each.start >= end:
            yield each
            end = each.end


def _is_wanted_by(note: Note, each: Said) -> bool:
    """A word of finishing near it, and none of another business nearer."""
    clause = note.clause_at(each.start)
    before = note.plain[max(clause.start, each.start - _NEAR) : each.start]
    behind = note.plain[each.end : max(each.end, clause.end)][: 2 * _NEAR]
    if cues("no_deadline").search(before + "|" + behind):
        return False
    if re.match(r"\s?(?:之前|以前|前(?![几两三年])|内必须|必须)", behind):
        return True
    if cues("already").search(behind):
        return False
    if cues("finishing").search(behind) or cues("finishing_before").search(before):
        return True
    following = note.plain[clause.end + 1 : clause.end + _NEAR] if not behind.strip() else ""
    return cues("finishing").search(following) is not None


def _calendar(found: re.Match[str], visited_on: date) -> date | None:
    year = _year(found["year"], visited_on)
    if found["end"]:
        return date(year or visited_on.year, 12, 31)
    if found["middle"]:
        return _future(year, 6, 30, visited_on)
    if found["half"]:
        return _future(year, *((6, 30) if found["half"] == "上半年" else (12, 31)), visited_on)
    if quarter := found["quarter"] or found["q"]:
        month = 3 * ("一二三四".index(quarter) + 1 if quarter in "一二三四" else int(quarter))
        return _future(year, month, calendar.monthrange(2001, month)[1], visited_on)
    if found["holiday"]:
        month, day = _HOLIDAYS[found["holiday"]]
        if found["holiday"] == "元旦":
            return date(year - 1 if year else visited_on.year, month, day)
        return _future(year, month, day, visited_on)
    return _month(found, year, visited_on)


def _month(found: re.Match[str], year: int | None, visited_on: date) -> date | None:
    month = _number(found["month"])
    if month is None or not 1 <= month <= 12:
        return None
    of = year or (visited_on.year if month >= visited_on.month else visited_on.year + 1)
    if found["day"]:
        day = _number(found["day"])
        return date(of, month, day) if day else None
    return date(of, month, _PARTS.get(found["part"] or "", 0) or calendar.monthrange(of, month)[1])


def _future(year: int | None, month: int, day: int, visited_on: date) -> date:
    """The next such day where no year is said."""
    if year is not None:
        return date(year, month, day)
    this = date(visited_on.year, month, day)
    return this if this >= visited_on else date(visited_on.year + 1, month, day)


def _numeric(found: re.Match[str], visited_on: date) -> date:
    return _future(None, int(found["month"]), int(found["day"]), visited_on)


def _alone(found: re.Match[str], visited_on: date) -> date | None:
    year = _year(found["year"], visited_on)
    return date(year, 12, 31) if year else None


def _coming(found: re.Match[str], visited_on: date) -> date:
    """下个月15号, 月底."""
    ahead = {"下": 1, "下下": 2}.get((found["which"] or "").removesuffix("月").removesuffix("个"), 0)
    place = visited_on.year * 12 + visited_on.month - 1 + ahead
    year, month = divmod(place, 12)
    last = calendar.monthrange(year, month + 1)[1]
    if found["day"]:
        return date(year, month + 1, int(found["day"]))
    return date(year, month + 1, _PARTS.get(found["part"] or "", last))


def _quarter(found: re.Match[str], visited_on: date) -> date:
    ahead = int(found["which"].startswith("下"))
    year, quarter = divmod(visited_on.year * 4 + (visited_on.month - 1) // 3 + ahead, 4)
    month = 3 * (quarter + 1)
    return date(year, month, calendar.monthrange(year, month)[1])


def _within(found: re.Match[str], visited_on: date) -> date | None:
    if found["half"]:
        return _months_later(visited_on, 6)
    number = _number(found["number"])
    if number is None:
        return None
    unit = found["unit"]
    if unit in ("天", "周", "个星期"):
        return visited_on + timedelta(days=number * (1 if unit == "天" else 7))
    return _months_later(visited_on, number * {"个月": 1, "年": 12, "个季度": 3}[unit])


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _year(said: str | None, visited_on: date) -> int | None:
    if not said:
        return None
    ahead = {"今年": 0, "本年": 0, "本年度": 0, "明年": 1, "次年": 1, "后年": 2, "大后年": 3}.get(said)
    if ahead is not None:
        return visited_on.year + ahead
    digits = said.removesuffix("年")
    return (int(digits) + (2000 if len(digits) < 4 else 0)) if digits.isdigit() else None


def _number(said: str) -> int | None:
    if said.isdigit():
        return int(said)
    read = spoken_at(said, 0)
    return int(read.low) if read and read.high is None and read.end == len(said) else None


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]], ...] = (
    (_SAID, _calendar), (_NUMERIC, _numeric), (_YEAR_ALONE, _alone), (_NEXT_MONTH, _coming), (_NEXT_QUARTER, _quarter), (_WITHIN, _within),
)  # fmt: skip
