"""The figures of the ground network as a person reads them: one table, and the targets beneath."""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from backbone.money import FEN_PER_WAN
from ground_net.figures.words import FEN, FIGURES, FUNNEL, SHARE, Figure, spoken
from sky_net.monitoring.dimensions import ALONE

if TYPE_CHECKING:
    from ground_net.figures.service import Report
    from ground_net.figures.tally import Tally

SHOWN = (
    "leads", "needs_mined", "valid_share", "matching_rate", "cooperations", "amount_fen", "in_province_share",
    "promotion_median_hours", "events",
)  # fmt: skip
IS_MET = {True: "[green]达成 met[/]", False: "[red]未达成 not met[/]", None: "—"}


def show_figures(report: "Report") -> None:
    """Print the rows and the whole, its funnel, and the targets with their sources."""
    console = Console()
    table = Table(title=f"地网指标 / the ground network, {report.period.first} – {report.period.last}")
    for heading in ("", *(FIGURES[name].name.zh for name in SHOWN)):
        table.add_column(heading, justify="right" if heading else "left", overflow="fold")
    for row in report.rows:
        alone = "（仅本级 alone）" if row.head.scope == ALONE else ""
        table.add_row(escape(f"{row.head.label.zh}{alone}"), *_cells(row.tally))
    table.add_section()
    table.add_row("合计 total", *_cells(report.total))
    console.print(table)
    console.print(" → ".join(f"{label.zh} {report.total.reached(step)}" for step, label in FUNNEL.items()))
    _show_targets(console, report)


def _cells(tally: "Tally") -> list[str]:
    return [_cell(FIGURES[name], tally.figure(name)) for name in SHOWN]


def _cell(figure: Figure, value: float | None) -> str:
    """Short enough for a terminal: a number that is cut off at the edge of its column says something else."""
    if value is None or figure.unit not in (SHARE, FEN):
        return "—" if value is None else str(value)
    return f"{100 * value:.1f}%" if figure.unit == SHARE else f"{value / FEN_PER_WAN:,.2f}万元"


def _show_targets(console: Console, report: "Report") -> None:
    rows = [(row, measured) for row in report.rows for measured in row.targets]
    if not rows:
        return
    table = Table(title="目标 / targets")
    for heading in ("", "指标 figure", "目标 target", "现值 value", "", "来源 source"):
        table.add_column(heading)
    for row, measured in rows:
        figure = FIGURES[measured.target.figure]
        table.add_row(
            escape(row.head.label.zh), figure.name.zh, spoken(figure, measured.target.value), spoken(figure, measured.value),
            IS_MET[measured.met], escape(measured.target.source),
        )  # fmt: skip
    console.print(table)
