"""`python -m bench [words]`: run the benchmarks (those whose module or function names contain a word), write var/bench.json.

Measurements of many minutes (`ON_DEMAND`) are made where their whole name is given: `python -m bench hybrid_filter_200k`.

Exit status 1 when a measurement could not run; a missed goal is shown and kept, and is for people to judge.
"""

import sys
from typing import Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from backbone.settings import load_settings
from bench.report import Measure, kept, measures, show, write


def main(words: list[str]) -> int:
    """Measure, print, write."""
    console = Console()
    chosen = [
        (module, measure)
        for module, measure in measures()
        if not words or any(word in f"{module}.{_name(measure)}" for word in words)
    ]
    chosen += [(module, measure) for module, measure in measures("ON_DEMAND") if _name(measure) in words]
    rows: list[dict[str, Any]] = []
    failed: list[str] = []
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        for number, (module, measure) in enumerate(chosen, 1):
            step = progress.add_task(f"{number}/{len(chosen)} {module}: {_name(measure)}")
            try:
                rows.append(kept(measure()))
            except ModuleNotFoundError as absent:
                failed.append(
                    f"{module}.{_name(measure)}: 缺少对照软件 / the peer is not installed: {absent.name}"
                )
            progress.remove_task(step)
    show(rows, console)
    path = load_settings().var_dir / "bench.json"
    write(rows, path)
    console.print(f"{len(rows)} 项写入 / rows written to {path}")
    for line in failed:
        console.print(f"[bold red]{line}[/]")
    return 1 if failed else 0


def _name(measure: Measure) -> str:
    return str(getattr(measure, "__name__", measure))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
