"""A report as a table: the very values of its JSON answer, laid out in columns with Chinese and English headings."""

from collections.abc import Callable, Iterable, Sequence

from backbone.errors import Bilingual
from backbone.tables import Answer, Cell, Column
from sky_net.monitoring.states import COLUMNS


def _column(path: str, zh: str, en: str) -> Column:
    return Column(path, Bilingual(zh, en))


TALLY = (
    _column("clocks", "时钟数", "clocks"),
    _column("needs", "需求数", "needs"),
    _column("compliance", "按时率", "compliance"),
    *(Column(f"states.{state}", label) for state, label in COLUMNS.items()),
    _column("past_due", "进行中已过期限", "running past due"),
    _column("unanswered", "超时未办结", "breached, unanswered"),
    _column("paused_share", "暂停占比", "paused share"),
    _column("returns", "退回次数", "returns"),
    _column("median_hours", "中位自然小时", "median calendar hours"),
    _column("p90_hours", "P90 自然小时", "p90 calendar hours"),
)
_WHOLE = Bilingual("合计", "total")
_GROUP = (
    _column("key", "代码", "code"),
    _column("label.zh", "名称", "name"),
    _column("scope", "范围", "scope"),
)


def compliance_table(answer: Answer) -> tuple[list[Column], list[list[Cell]]]:
    """One row per group, the whole last."""
    columns = [*_group_columns(answer["rows"]), *TALLY]
    rows = [[*_group_cells(row["group"]), *_cells(TALLY, row["tally"])] for row in answer["rows"]]
    return columns, [*rows, [*_lead(len(columns) - len(TALLY)), *_cells(TALLY, answer["total"])]]


def trend_table(answer: Answer) -> tuple[list[Column], list[list[Cell]]]:
    """One row per month or week."""
    own = [_column("begins_on", "起始日", "begins on"), _column("submitted", "提交", "submitted")]
    rows = [[*_cells(own, point), *_cells(TALLY, point["tally"])] for point in answer["points"]]
    return [*own, *TALLY], rows


def overrun_table(answer: Answer) -> tuple[list[Column], list[list[Cell]]]:
    """One row per party."""
    columns = [
        _column("kind", "类别", "kind"), _column("organisation_id", "机构编号", "organisation"), _column("label.zh", "名称", "name"),
        _column("minutes", "超时工作分钟", "working minutes over"), _column("clocks", "时钟数", "clocks"),
        _column("share", "占比", "share"),
    ]  # fmt: skip
    total = {"kind": _WHOLE.zh, "minutes": answer["minutes"], "clocks": answer["clocks"]}
    return columns, [_cells(columns, row) for row in [*answer["rows"], total]]


def funnel_table(answer: Answer) -> tuple[list[Column], list[list[Cell]]]:
    """One row per group and step, the whole last."""
    own = [
        _column("label.zh", "环节", "step"), _column("state", "状态", "state"), _column("needs", "需求数", "needs"),
        _column("conversion", "占上一步", "of the step before"), _column("overall", "占全部", "of all"),
    ]  # fmt: skip
    groups = _group_columns(answer["rows"])
    rows = [
        [*_group_cells(row["group"]), *_cells(own, step)] for row in answer["rows"] for step in row["steps"]
    ]
    return [*groups, *own], [*rows, *([*_lead(len(groups)), *_cells(own, step)] for step in answer["total"])]


def at_risk_table(answer: Answer) -> tuple[list[Column], list[list[Cell]]]:
    """One row per clock."""
    columns = [
        _column("need_number", "需求编号", "need"), _column("zone_code", "地区", "zone"), _column("industry", "产业", "industry"),
        _column("need_state", "需求状态", "state of the need"), _column("clock.stage", "阶段", "stage"),
        _column("clock.state", "时钟状态", "state of the clock"), _column("clock.due_at", "期限", "due at"),
        _column("left_minutes", "剩余工作分钟", "working minutes left"), _column("owner.label.zh", "责任人", "owner"),
        _column("action.label.zh", "下一步", "next action"),
    ]  # fmt: skip
    return columns, [_cells(columns, row) for row in answer["items"]]


def forecast_table(answer: Answer) -> tuple[list[Column], list[list[Cell]]]:
    """One row per clock; the days are on a sheet of notes."""
    columns = [
        _column("need_number", "需求编号", "need"), _column("zone_code", "地区", "zone"), _column("stage", "阶段", "stage"),
        _column("due_at", "期限", "due at"), _column("owner.label.zh", "责任人", "owner"),
        _column("probability", "超时概率", "probability of a breach"),
    ]  # fmt: skip
    return columns, [_cells(columns, row) for row in answer["clocks"]]


Layout = Callable[[Answer], tuple[list[Column], list[list[Cell]]]]


def _group_columns(rows: Sequence[Answer]) -> list[Column]:
    dimensions = [part["by"] for part in rows[0]["group"]] if rows else []
    return [
        _column(f"{by}.{each.path}", f"{by} {each.heading.zh}", f"{by} {each.heading}")
        for by in dimensions
        for each in _GROUP
    ]


def _group_cells(group: Sequence[Answer]) -> list[Cell]:
    return [each.of(part) for part in group for each in _GROUP]


def _lead(width: int) -> list[Cell]:
    return [_WHOLE.zh, *[None] * (width - 1)] if width else []


def _cells(columns: Iterable[Column], row: Answer) -> list[Cell]:
    return [column.of(row) for column in columns]
