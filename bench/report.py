"""What a benchmark says, and how it is shown and kept.

A module of this folder lists its measurements in `ROWS: list[Callable[[], dict]]`. Each takes no argument, measures,
and returns at least `name`, `ours`, `anchor`, `anchor_version` and `ratio`; also `unit`, `settings` (what it ran
with), `goal` (a sentence or number, None where the row only informs) and `met` (None without a goal).
"""

import importlib
import json
import os
import platform
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

Row = Mapping[str, Any]
Measure = Callable[[], Row]
KEPT = ("name", "ours", "anchor", "anchor_version", "settings", "unit", "ratio", "goal", "met")
FOLDER = Path(__file__).parent


def measures(listed: str = "ROWS") -> Iterator[tuple[str, Measure]]:
    """(module, measurement) of every row that a module of this folder lists, by module name.

    `listed` may be ON_DEMAND instead: measurements of many minutes, made only where they are asked for by name.
    """
    for path in sorted(FOLDER.glob("*.py")):
        if path.stem in {"__init__", "__main__", "report"}:
            continue
        module = importlib.import_module(f"bench.{path.stem}")
        for measure in getattr(module, listed, ()):
            yield path.stem, measure


def kept(row: Row) -> dict[str, Any]:
    """The row as var/bench.json holds it: always the same keys, the machine named where the row names no settings."""
    here = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.machine()}"
    return {name: row.get(name) for name in KEPT} | {"settings": row.get("settings") or here}


def write(rows: list[dict[str, Any]], path: Path) -> None:
    """Replace the file as a whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", "utf-8")
    draft.replace(path)


def show(rows: list[dict[str, Any]], console: Console) -> None:
    """Print the table; a missed goal stands out."""
    table = Table(title="性能基准 / Benchmarks")
    for heading in (
        "项目 / what",
        "我们 / ours",
        "对照 / anchor",
        "比值 / ratio",
        "目标 / goal",
        "达到 / met",
    ):
        table.add_column(heading, justify="left" if heading.startswith("项目") else "right")
    for row in rows:
        unit = f" {row['unit']}" if row["unit"] else ""
        table.add_row(
            str(row["name"]),
            f"{said(row['ours'])}{unit}",
            f"{said(row['anchor'])}{unit}\n[dim]{row['anchor_version'] or ''}[/]",
            said(row["ratio"]),
            said(row["goal"]),
            {True: "[green]是 / yes[/]", False: "[bold red]否 / no[/]"}.get(row["met"], "—"),
        )
    console.print(table)


def said(value: Any) -> str:
    """A number with the digits that matter; a dash for nothing."""
    if value is None:
        return "—"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
