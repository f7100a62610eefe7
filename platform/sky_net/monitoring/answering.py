"""A report as it was asked for: JSON, or the same values as a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from backbone.clock import SHANGHAI
from backbone.errors import Bilingual
from backbone.fields import Schema, instance_of
from backbone.http import Answer
from backbone.http_requests import preferred_media
from backbone.spreadsheets import CSV, MEDIA, XLSX, export
from backbone.tables import Table
from sky_net.monitoring import schemas, tables
from sky_net.monitoring.tables import Layout

_ENDINGS = {CSV: "csv", XLSX: "xlsx"}
VARY = {"Vary": "Accept, Accept-Language, Authorization"}
MOST_EXPORTED = 10_000
PROVINCE = Bilingual("本人所辖全部地区", "all zones of the reader")


@dataclass(frozen=True)
class Report:
    """How one report is shown: its schema, its layout as a table, and what its numbers mean."""

    name: str
    title: Bilingual
    schema: type[Schema]
    layout: Layout
    definition: Bilingual


_COMPLIANCE = Bilingual(
    "按时率 = 按时 ÷（按时 + 超时 + 进行中已过期限），对象为期限落在期间内的时钟；暂停未止的按其最长可停时间计期限；暂停占比 = 暂停工作时间 ÷"
    "（期限工作时间 + 暂停工作时间）；自然小时自首次提交至办结；地区“含下级”之和等于上级。",
    "compliance = met / (met + breached + running past due) over the clocks due in the period; an open pause counts at the "
    "longest it may last; paused share = paused / (budget + paused) working time; hours run from the first submission to the "
    "answer; the wholes of regions and what is alone add up to the region around them.",
)
REPORTS: Mapping[str, Report] = MappingProxyType({
    report.name: report
    for report in (
        Report("compliance", Bilingual("按时率", "compliance"), schemas.ComplianceView, tables.compliance_table, _COMPLIANCE),
        Report("trend", Bilingual("趋势", "trend"), schemas.TrendView, tables.trend_table, _COMPLIANCE),
        Report("overrun", Bilingual("超时归属", "over-runs by party"), schemas.OverrunView, tables.overrun_table, Bilingual(
            "每一超时工作分钟归于当时自身时钟开启的一方，多方同时开启的归最先开启者，均未开启的归平台；各方之和等于总数。",
            "each working minute over belongs to the party whose own clock was open, to the one opened first of several, to the "
            "platform when none was; the parts add up.")),
        Report("funnel", Bilingual("漏斗", "funnel"), schemas.FunnelView, tables.funnel_table, Bilingual(
            "期间内首次提交的需求；每条需求在其到达或越过的每一环节计一次。",
            "needs first submitted in the period, each counted once at every step that it reached or passed.")),
        Report("at-risk", Bilingual("预警清单", "at risk"), schemas.AtRiskView, tables.at_risk_table, Bilingual(
            "将到期或已超时且未办结的时钟，按期限排序；剩余为工作分钟，超时为负。",
            "open clocks at risk or overdue by deadline; working minutes left, negative when overdue.")),
        Report("forecast", Bilingual("超时预测", "forecast of breaches"), schemas.ForecastView, tables.forecast_table, Bilingual(
            "未来十个工作日内到期的未办结时钟各自超时的概率，说明见 note。",
            "the probability of a breach of each open clock due within ten working days; see note.")),
    )
})  # fmt: skip


def ending_of(asked: Mapping[str, Any]) -> str:
    """The format that is asked for, by name or by the Accept header."""
    return asked.get("format") or _ENDINGS.get(preferred_media(MEDIA), "json")


def whole_list(asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is asked of a list: a file holds all of it, up to `MOST_EXPORTED` rows, instead of a page."""
    return asked if ending_of(asked) == "json" else {**asked, "limit": MOST_EXPORTED}


def answer(name: str, found: Any, asked: Mapping[str, Any], now: datetime) -> Answer:
    """The report as JSON, or as the file that `format` or the Accept header asks for."""
    ending = ending_of(asked)
    if ending == "json":
        return Answer(found, headers=VARY)
    report = REPORTS[name]
    dumped = _dumped(report, found)
    columns, rows = report.layout(dumped)
    at = getattr(found, "as_of", now)
    as_of = _shown(at)
    table = Table(
        f"{name}-{as_of[:10]}", at, report.title, columns, rows, _facts(report, dumped, asked, as_of)
    )
    return Answer(export(table, ending))


def _dumped(report: Report, found: Any) -> dict[str, Any]:
    if hasattr(found, "items") and hasattr(found, "next_cursor"):
        return {
            "items": instance_of(report.schema).dump(found.items, many=True),
            "next_cursor": found.next_cursor,
        }
    dumped: dict[str, Any] = instance_of(report.schema).dump(found)
    return dumped


def _facts(
    report: Report, dumped: Mapping[str, Any], asked: Mapping[str, Any], as_of: str
) -> Sequence[tuple[Bilingual, str]]:
    facts = [(Bilingual("报表", "report"), f"{report.title.zh} {report.title}")]
    if "from_on" in dumped:
        facts.append((Bilingual("期间", "period"), f"{dumped['from_on']} – {dumped['to_on']}"))
    facts.append((Bilingual("地区", "zone"), "、".join(asked.get("zone") or [f"{PROVINCE.zh} {PROVINCE}"])))
    facts.append((Bilingual("截至时点（北京时间）", "as of, Asia/Shanghai"), as_of))
    for name in ("stage", "industry", "party", "by"):
        if asked.get(name):
            said = asked[name]
            facts.append((Bilingual(name, name), said if isinstance(said, str) else "、".join(said)))
    if "note" in dumped:
        facts.append((Bilingual("模型", "model"), f"{dumped['note']['zh']} {dumped['note']['en']}"))
    if dumped.get("next_cursor"):
        facts.append(
            (Bilingual("注意", "note"), "清单未完，仅前若干条 / cut: there are more rows than exported")
        )
    return [*facts, (Bilingual("口径", "definition"), f"{report.definition.zh} {report.definition}")]


def _shown(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
