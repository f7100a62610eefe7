"""A day's assignment on a terminal, and as JSON."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from backbone.errors import Bilingual
from sky_net.assignments.balance import NO_PLACE, NOTHING_SUITABLE, QUOTAS_SPENT, Assignment
from sky_net.assignments.candidates import AssignedDay

BUSIEST = 8
UNSERVED_SHOWN = 10
REASONS = {
    NOTHING_SUITABLE: Bilingual("没有合适的院所", "no institute suits it"),
    QUOTAS_SPENT: Bilingual("合适的院所配额已满", "every institute that suits it has its quota"),
    NO_PLACE: Bilingual("已邀请足够的院所", "enough institutes were asked before"),
}
Names = Mapping[str, str]
"""Id -> what a person calls it; ids that are not in it speak for themselves."""


def numbers_of(assignment: Assignment) -> dict[str, Any]:
    """What a day comes to, by the names that JSON uses."""
    return {
        "needs": len(assignment.table.needs),
        "institutes": len(assignment.table.institutes),
        "wanted": assignment.wanted,
        "offered": assignment.offered,
        "ndcg_kept": round(assignment.ndcg_kept, 6),
        "gini_plain": round(assignment.gini_plain, 6),
        "gini": round(assignment.gini, 6),
        "gini_ratio": round(assignment.gini_ratio, 6),
        "evenness": assignment.evenness,
        "quotas_broken": assignment.quotas_broken,
    }


def print_as_json(assigned: AssignedDay, names: Names) -> None:
    """One object: the numbers, the busiest institutes, the needs that are offered to nobody, and every offer."""
    assignment = assigned.assignment
    said = numbers_of(assignment) | {
        "busiest": [
            {"institute": each, "name": names.get(each), "plain": before, "assigned": after}
            for each, before, after in assignment.busiest(BUSIEST)
        ],
        "unserved": [{"need": need, "reason": reason} for need, reason in assignment.unserved().items()],
        "offers": [
            {
                "need": each.need, "institute": each.institute, "rank": each.rank, "score": round(each.score, 6),
                "achievements": list(assigned.evidence[each.need, each.institute]),
            }
            for each in assignment.offers()
        ],
    }  # fmt: skip
    typer.echo(json.dumps(said, ensure_ascii=False))


def show_assignment(assignment: Assignment, names: Names, console: Console | None = None) -> None:
    """The numbers beside plain top-k, the busiest institutes before and after, and who is offered to nobody."""
    console = console or Console(soft_wrap=True, highlight=False)
    console.print(_numbers(assignment))
    console.print(_busiest(assignment, names))
    unserved = assignment.unserved()
    for reason, count in Counter(unserved.values()).items():
        some = [names.get(need, need) for need, why in unserved.items() if why == reason][:UNSERVED_SHOWN]
        more = "…" if count > UNSERVED_SHOWN else ""
        said = REASONS[reason]
        console.print(
            f"[yellow]未指派 / not assigned {count}[/]  {said.zh} / {said}: {escape(', '.join(some))}{more}"
        )


def _numbers(assignment: Assignment) -> Table:
    table = Table(title="一日指派 / a day's assignment")
    for heading in ("", "各取最好 / plain top-k", "指派 / assigned"):
        table.add_column(heading, justify="right" if heading else "left")
    served = len(assignment.table.needs) - len(assignment.unserved())
    kept = assignment.ndcg_kept
    rows = (
        ("需求 / needs", f"{len(assignment.table.needs):,}", f"{served:,}"),
        ("院所 / institutes", f"{len(assignment.table.institutes):,}", ""),
        ("指派数 / offers", f"{assignment.wanted:,}", f"{assignment.offered:,}"),
        ("保留的 nDCG / nDCG kept", "1.000", f"{kept:.3f}"),
        (
            "曝光基尼系数 / Gini of exposure",
            f"{assignment.gini_plain:.3f}",
            f"{assignment.gini:.3f} (×{assignment.gini_ratio:.2f})",
        ),
        ("超出配额的院所 / quotas broken", "", f"{assignment.quotas_broken}"),
    )
    for row in rows:
        table.add_row(*row)
    return table


def _busiest(assignment: Assignment, names: Names) -> Table:
    table = Table(title="最忙的院所 / the busiest institutes")
    for heading in ("院所 / institute", "各取最好 / plain", "指派 / assigned", "配额 / quota"):
        table.add_column(heading, justify="left" if heading.startswith("院所") else "right")
    quotas = dict(zip(assignment.table.institutes, assignment.table.quotas.tolist(), strict=True))
    for institute, before, after in assignment.busiest(BUSIEST):
        called = escape(names.get(institute, institute))
        table.add_row(called, f"{before:,}", f"{after:,}", f"{quotas[institute]:,}")
    return table
