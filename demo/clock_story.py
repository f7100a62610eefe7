"""The last scenes: why a deadline falls where it falls, who was called, and what the promises came to."""

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from demo.story import Stage

LINES_SHOWN = 12
LONG = timedelta(days=120)


def explain(stage: "Stage", need: str) -> None:
    """The proof card of the last promise, and what the promises of the province came to."""
    stage.scene(12, "期限的依据：逐日说明", "Why the deadline falls where it falls, day by day")
    card = stage.enter("operator").get(f"/needs/{need}/clocks/propose/proof")
    for line in card["lines"][:LINES_SHOWN]:
        stage.screen.say(f"  {line['zh']}  [dim]{line['en']}[/]")


def account_for(stage: "Stage") -> None:
    """Compliance by stage as the operators' report has it, over the needs due in the period."""
    stage.scene(13, "履约：按时率、暂停占比、中位时长", "What the promises came to")
    today = stage.loaded.days[0]
    period = {"from_on": str(today - LONG), "to_on": str(today + LONG)}
    report = stage.enter("province").get("/reports/compliance", by="stage", **period)
    rows = []
    for row in report["rows"]:
        tally = row["tally"]
        rate = "—" if tally["compliance"] is None else f"{100 * tally['compliance']:.0f} %"
        counts = (tally["states"][name] for name in ("met", "breached", "running", "cancelled"))
        rows.append(
            (" ".join(f"{part['label']['zh']} {part['label']['en']}" for part in row["group"]), rate, *counts)
        )
    columns = (
        "时限 promise",
        "按时率 in time",
        "按时 met",
        "超时 breached",
        "进行中 running",
        "取消 cancelled",
    )
    stage.screen.table(f"{period['from_on']} — {period['to_on']}", columns, rows)
