"""The report as a file: the very values of its answer, one row each, the whole last."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.clock import SHANGHAI
from backbone.errors import Bilingual
from backbone.http_binary import Download
from backbone.spreadsheets import export
from backbone.tables import Cell, Column, Table
from ground_net.figures.service import Line, Measured, report_ground_net
from ground_net.figures.tally import Tally
from ground_net.figures.words import BY, FIGURES, FUNNEL, spoken

TITLE = Bilingual("地网指标", "figures of the ground network")
TOTAL = Bilingual("合计", "total")
HEADINGS = (
    Bilingual("代码", "code"), Bilingual("名称", "name"), Bilingual("上级", "within"), Bilingual("范围", "scope"),
)  # fmt: skip
STEP, TARGETS = Bilingual("漏斗", "funnel"), Bilingual("目标", "targets")
IS_MET = {True: "达成 met", False: "未达成 not met", None: "—"}


def export_ground_net(session: Session, actor: Actor, asked: Mapping[str, Any], *, now: datetime) -> Download:
    """`report_ground_net` as CSV or XLSX; raises Invalid, Forbidden."""
    found = report_ground_net(session, actor, asked, now=now)
    rows = [[*_lead(line), *_cells(line.tally), _targets(line.targets)] for line in found.rows]
    rows.append([TOTAL.zh, None, None, None, *_cells(found.total), None])
    as_of = f"{now.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
    facts = [
        (Bilingual("期间", "period"), f"{found.period.first} – {found.period.last}"),
        (Bilingual("截至时点（北京时间）", "as of, Asia/Shanghai"), as_of),
        (Bilingual("口径", "definition"), f"{BY[found.by].zh} {BY[found.by]}"),
        *((figure.name, f"{figure.definition.zh} {figure.definition}") for figure in FIGURES.values()),
    ]
    return export(
        Table(f"ground-net-{found.by}-{as_of[:10]}", now, TITLE, _columns(), rows, facts), asked["format"]
    )


def _columns() -> list[Column]:
    return [
        *(Column("", heading) for heading in HEADINGS),
        *(Column(key, figure.name) for key, figure in FIGURES.items()),
        *(
            Column(key, Bilingual(f"{STEP.zh} {label.zh}", f"{STEP} {label}"))
            for key, label in FUNNEL.items()
        ),
        Column("", TARGETS),
    ]


def _lead(line: Line) -> list[Cell]:
    return [line.head.key, line.head.label.zh, line.head.within, line.head.scope]


def _cells(tally: Tally) -> list[Cell]:
    return [*tally.figures.values(), *(tally.reached(step) for step in FUNNEL)]


def _targets(measured: Any) -> str | None:
    return "；".join(_worded(each) for each in measured) or None


def _worded(each: Measured) -> str:
    figure = FIGURES[each.target.figure]
    target, value = spoken(figure, each.target.value), spoken(figure, each.value)
    return f"{figure.name.zh} ≥ {target}：{value}，{IS_MET[each.met]}"
