"""`sanwang index`: is search on its newest index, and how far is the next one? Build one now."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sanwang.operations import database_url, refusals_as_sentences, refuse

if TYPE_CHECKING:
    from rich.console import RenderableType

    from sky_net.matching.status import BuildStatus, SourceStatus

SHORT_HELP = "检索索引：状态、构建 / the search index. 例 Example: sanwang index status"
app = typer.Typer(help="检索索引 / the search index", no_args_is_help=True, rich_markup_mode=None)
WITH = {
    "own": "当前模型 / this encoder",
    "former": "[yellow]原模型，新索引完成后切换 / the former encoder until the new index is complete[/]",
    "words alone": "[yellow]仅按词，原模型已不在 / words alone, the former encoder has gone[/]",
    "no index": "[yellow]无索引，逐条读取 / no index, rows are read[/]",
}
PHASES = {
    "reading": "读取 / reading",
    "encoding": "编码 / encoding",
    "words": "分词 / words",
    "terms": "词频 / term counts",
}


@app.command("status", short_help="索引状态 / state. 例 Example: sanwang index status --json")
def status(as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False) -> None:
    """各来源的当前索引、所用模型、召回率与正在进行的构建 / Each source's index, encoder, recall and build in progress.

    Example: sanwang index status --json
    """
    import json

    from backbone.clock import SystemClock
    from backbone.db import transaction
    from sky_net.matching import status as matching
    from sky_net.matching.engine import engine

    with refusals_as_sentences(), _platform():
        with transaction() as session:
            found = matching.index_status(session, engine(), SystemClock().now())
        if as_json:
            typer.echo(json.dumps([matching.as_json(each) for each in found], ensure_ascii=False, indent=2))
        else:
            _show(found)


@app.command("build", short_help="构建索引 / build now. 例 Example: sanwang index build --source needs")
def build(
    source: Annotated[
        str | None, typer.Option(help="来源 / achievements or needs; default both, one after the other")
    ] = None,
) -> None:
    """立即构建索引；检索照常进行，中断后再次运行即从断点继续 / Build now; search goes on, and a stopped build is taken up again.

    Run it with the ENCODER that the platform has, or will have: it can be ready before the switch.

    Example: ENCODER=/models/bge-m3 sanwang index build --source achievements
    """
    from backbone.clock import SystemClock, local_date
    from sky_net.matching.engine import engine
    from sky_net.matching.sources import SOURCES

    if source is not None and source not in SOURCES:
        refuse(f"没有来源 {source} / There is no source {source}: {', '.join(SOURCES)}", 2)
    today = local_date(SystemClock().now())
    with refusals_as_sentences(), _platform():
        for each in [SOURCES[source]] if source else SOURCES.values():
            with _bar(each.name) as watch:
                name = engine().renew_apart(each, today, watch)
            typer.echo(
                f"{each.name}: 另一进程正在构建 / another process is building it"
                if name is None
                else f"{each.name}: {name}"
            )


@contextmanager
def _platform() -> Iterator[None]:
    """The database bound and the search configured, as for a worker."""
    from backbone import db
    from backbone.settings import load_settings
    from sanwang import models  # noqa: F401  # tables refer to each other: all of them, or none
    from sky_net.matching import engine as engines

    settings = load_settings()
    url = database_url(settings, 2)
    database = db.Database(url)
    db.bind(database)
    engines.configure(settings)
    try:
        yield
    finally:
        database.close()


@contextmanager
def _bar(name: str) -> Iterator[Any]:
    """A `Watch` that draws a progress bar on standard error, a line for each phase."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as drawn:
        lines: dict[str, Any] = {}

        def watch(phase: str, done: int, total: int) -> None:
            if phase not in lines:
                lines[phase] = drawn.add_task(f"{name} {PHASES.get(phase, phase)}", total=total)
            drawn.update(lines[phase], completed=done, total=total)

        yield watch


def _show(found: "list[SourceStatus]") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(
        "来源 / source", "索引 / index", "检索方式 / searched with", "召回 / recall@10", "构建 / build"
    )
    for each in found:
        rows = "" if each.documents is None else f"\n{each.documents:,} 条 / rows"
        table.add_row(
            each.source,
            f"{each.generation or '-'}{rows}",
            WITH[each.searched_with] + (f"\n{each.problem}" if each.problem else ""),
            _recall(each),
            _build(each.build),
        )
    Console().print(table)


def _recall(status: "SourceStatus") -> str:
    """Storage against the encoder's own precision, the graph against a scan; what was not measured is left out."""
    labels = {"storage": "存储 storage", "graph": "图 graph"}
    told = status.recall or {}
    return (
        "\n".join(f"{label} {told[name]:.4f}" for name, label in labels.items() if told.get(name) is not None)
        or "-"
    )


def _build(made: "BuildStatus | None") -> "RenderableType":
    from rich.console import Group
    from rich.progress_bar import ProgressBar

    if made is None:
        return "-"
    if made.ended_at is not None:
        ended = f"{made.ended_at:%m-%d %H:%M} UTC"
        return f"[red]失败 / failed[/] {ended}\n{made.failure}" if made.failure else f"完成 / done {ended}"
    if made.is_silent:
        return f"[red]中断，将重新开始 / no word since[/] {made.told_at:%m-%d %H:%M} UTC"
    rate = f" · {made.per_s:,.0f}/s" if made.per_s else ""
    left = f" · {made.remaining_s / 60:,.0f} min" if made.remaining_s is not None else ""
    return Group(
        f"{PHASES.get(made.phase, made.phase)} {made.done:,}/{made.total:,}{rate}{left}",
        ProgressBar(total=max(made.total, 1), completed=made.done, width=24),
    )
