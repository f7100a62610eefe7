"""How the demo looks: headings, tables and clocks in the terminal."""

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from rich import box
from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from backbone.clock import SHANGHAI
from backbone.notices.stages import STAGE_WORDS
from sky_net.sla.state_words import STATE_WORDS

WIDTH = 120
COLOURS = {
    "met": "green", "running": "cyan", "at_risk": "yellow", "breached": "red", "paused": "magenta", "cancelled": "dim",
}  # fmt: skip


class Screen:
    """One console with the demo's habits."""

    def __init__(self, console: Console | None = None) -> None:
        # Piped into a file or a log there is no width to fit: then one that the tables read well in.
        self.console = console or Console(width=None if sys.stdout.isatty() else WIDTH)

    def step(self, number: int, zh: str, en: str) -> None:
        """A heading."""
        self.console.rule(f"[bold]{number}. {zh}[/]  [dim]{en}[/]", align="left")

    def say(self, text: str) -> None:
        """A line."""
        self.console.print(text)

    def note(self, title: str, text: str, colour: str = "cyan") -> None:
        """A framed remark."""
        self.console.print(Panel(text, title=title, title_align="left", border_style=colour, expand=False))

    def table(self, title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """A table; the first column keeps its width."""
        table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, header_style="bold")
        for at, column in enumerate(columns):
            table.add_column(column, no_wrap=at == 0, overflow="fold")
        for row in rows:
            table.add_row(*("" if cell is None else str(cell) for cell in row))
        self.console.print(table)

    def clocks(self, title: str, clocks: Iterable[dict[str, Any]]) -> None:
        """The three promises of one need."""
        rows = [
            (f"{STAGE_WORDS[clock['stage']].zh} {clock['stage']}", moment(clock["due_at"]), state(clock))
            for clock in clocks
        ]
        self.table(title, ("时限 promise", "应于 due", "状态 state"), rows)


def moment(spelled: str | None) -> str:
    """An instant as it reads in Wuhan."""
    if not spelled:
        return "-"
    return f"{datetime.fromisoformat(spelled).astimezone(SHANGHAI):%m-%d %H:%M}"


def state(clock: dict[str, Any]) -> str:
    """The clock's state in its colour."""
    name = clock["state"]
    stopped = f" {moment(clock.get('stopped_at'))}" if clock.get("stopped_at") else ""
    return f"[{COLOURS.get(name, 'white')}]{STATE_WORDS[name].zh} {STATE_WORDS[name]}{stopped}[/]"
