"""`sanwang ranker`: learn from grades, list and show what was learned, and go back to an earlier version or the blend."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from sanwang.operations import refusals_as_sentences, refuse

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from backbone.actor import Actor
    from sky_net.matching.models import LearnedRanker, RankerUse

app = typer.Typer(
    no_args_is_help=True, help="从评分学得的排序 / rankers learned from grades", rich_markup_mode=None
)
SHORT_HELP = "从评分学习排序、查看版本、退回 / learn a ranking from grades, list versions, roll back. 例 Example: sanwang ranker learn"
UNUSABLE_INPUT = 2
BLEND_WORD = "blend"


@app.command()
def learn() -> None:
    """从平台记录与人工评分学习，确有提高才启用 / Learn from the record and from grades; used only where surely better.

    Example: DATABASE_URL=postgresql://sanwang_app@db/sanwang sanwang ranker learn
    """
    import sky_net.assignments.records  # noqa: F401  # knows how institutes have answered, which is learned from
    from backbone.clock import SystemClock
    from sky_net.grading.teaching import learn_ranker
    from sky_net.matching.engine import engine
    from sky_net.matching.learning import FEWEST_NEEDS

    with _platform() as session:
        lesson = learn_ranker(session, _operations(), engine(), now=SystemClock().now())
    if lesson is None:
        typer.echo("另一进程正在学习 / another process is learning")
    elif lesson.version is None:
        typer.echo(
            f"评分不足：{lesson.needs} 条需求有高低不同的评分，至少 {FEWEST_NEEDS} 条 / too few grades: {lesson.needs} needs "
            f"with unequal grades, {FEWEST_NEEDS} at least"
        )
    else:
        said = (
            f"启用版本 {lesson.version.number} / in use: {lesson.version.number}"
            if lesson.went_live
            else f"未启用版本 {lesson.version.number} / not put into use: {lesson.version.number}"
            if lesson.is_new
            else f"评分未变，已有版本 {lesson.version.number} / the grades of version {lesson.version.number}, nothing new"
        )
        typer.echo(f"{_trial(lesson.version)}\n{said}")


@app.command(name="list")
def list_versions() -> None:
    """列出全部版本 / List every version: what it was learned from, how its trial went, when it was in use.

    Example: sanwang ranker list
    """
    from rich.console import Console
    from rich.table import Table
    from sqlalchemy import select

    from sky_net.matching.engine import engine
    from sky_net.matching.live import fits
    from sky_net.matching.models import LearnedRanker, RankerUse

    with _platform() as session:
        versions = session.scalars(select(LearnedRanker).order_by(LearnedRanker.number)).all()
        uses = session.scalars(select(RankerUse).order_by(RankerUse.went_live_at, RankerUse.id)).all()
        encoder = engine().encoder.fingerprint
    table = Table(
        "版本",
        "学习时间 learned",
        "需求 needs",
        "评分 grades",
        "对照 rival",
        "nDCG@10",
        "增益下界 low",
        "状态 state",
    )
    for version in versions:
        state = _state([use for use in uses if use.ranker_id == version.id])
        if not fits(version, encoder):
            state += "；不适用 does not fit"
        table.add_row(
            str(version.number), _moment(version.made_at), str(version.needs), str(version.grades), _name(version.rival),
            f"{version.before:.3f} → {version.after:.3f}", f"{version.low:+.3f}", state,
        )  # fmt: skip
    Console(width=160).print(table)
    if not any(use.retired_at is None for use in uses):
        typer.echo("现用缺省排序 / the default ranking (blend) is in use")


@app.command()
def show(number: Annotated[int, typer.Argument(help="版本号 / version")]) -> None:
    """查看一个版本的权重与来历 / Show a version's weights, data fingerprint and trial.

    Example: sanwang ranker show 3
    """
    from sqlalchemy import select

    from sky_net.grading.errors import NoSuchRanker
    from sky_net.matching.models import LearnedRanker, RankerUse

    with _platform() as session:
        version = session.scalar(select(LearnedRanker).where(LearnedRanker.number == number))
        if version is None:
            raise NoSuchRanker(number=number)
        uses = session.scalars(
            select(RankerUse).where(RankerUse.ranker_id == version.id).order_by(RankerUse.went_live_at)
        ).all()
    typer.echo(f"版本 version {version.number}，{_moment(version.made_at)}，{version.made_by}")
    typer.echo(_trial(version))
    typer.echo(f"状态 state: {_state(uses)}")
    typer.echo(
        f"数据指纹 data {version.fingerprint}\n信号 signals {version.basis}\n语义模型 encoder {version.encoder}"
    )
    for name, weight in zip(version.names, version.weights, strict=True):
        typer.echo(f"{weight:+10.3f}  {name}")


@app.command()
def restore(
    version: Annotated[
        str | None,
        typer.Argument(
            help="版本号，或 blend；缺省为前一个 / a version, or blend; by default what was in use before"
        ),
    ] = None,
) -> None:
    """退回到前一个或指定的版本 / Roll back to what was in use before, to a version, or to the blend.

    Example: sanwang ranker restore blend
    """
    from backbone.clock import SystemClock
    from sky_net.grading.choosing import BLEND
    from sky_net.grading.choosing import restore as put_back
    from sky_net.matching.engine import engine

    number = None if version is None else BLEND if version == BLEND_WORD else _number(version)
    with _platform() as session:
        encoder = engine().encoder.fingerprint
        used = put_back(session, _operations(), number, encoder, now=SystemClock().now())
    typer.echo(f"现用 / in use: {_name(used.number if used else None)}")


def _number(said: str) -> int:
    if not said.isdecimal() or int(said) < 1:
        refuse(f"{said} 不是版本号，也不是 blend / {said} is neither a version nor blend", UNUSABLE_INPUT)
    return int(said)


def _operations() -> "Actor":
    from backbone.actor import PROVINCE, Role, actor_with

    return actor_with((Role.ADMINISTRATOR, PROVINCE), name="operations")


def _trial(version: "LearnedRanker") -> str:
    return (
        f"{version.needs} 条需求交叉检验，对照 {_name(version.rival)} / tried on {version.needs} needs against {_name(version.rival)}: "
        f"nDCG@10 {version.before:.3f} → {version.after:.3f}，增益下界 gain at least {version.low:+.3f}"
    )


def _name(number: int | None) -> str:
    return BLEND_WORD if number is None else str(number)


def _state(uses: "Sequence[RankerUse]") -> str:
    """When it was in use; the last span is open while it is."""
    if not uses:
        return "未启用过 never in use"
    is_live = uses[-1].retired_at is None
    spans = (
        f"{_moment(use.went_live_at)}–{_moment(use.retired_at) if use.retired_at else ''}" for use in uses
    )
    return ("在用 in use " if is_live else "已停用 retired ") + "；".join(spans)


def _moment(at: datetime) -> str:
    from backbone.clock import SHANGHAI

    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


@contextmanager
def _platform() -> "Iterator[Session]":
    """A transaction on DATABASE_URL that is kept, with the search configured; refusals are sentences and exit status 2."""
    from backbone.settings import load_settings
    from sanwang.calendar_command import open_session
    from sky_net.matching import engine

    engine.configure(load_settings())
    with refusals_as_sentences(UNUSABLE_INPUT), open_session(keep=True) as session:
        yield session
