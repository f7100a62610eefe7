"""`sanwang credit`: check and load scorecards, and score values from a file. Checking and scoring need no server."""

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sanwang.operations import refusals_as_sentences, refuse

if TYPE_CHECKING:
    from finance_net.credit.scorecard import Scorecard
    from finance_net.credit.scoring import Score

UNUSABLE_INPUT = 2
SHORT_HELP = "信用评分卡：核对、载入、评分 / scorecards. 例 Example: sanwang credit scorecard check CARD.yaml"
CHECK_HELP = """核对评分卡文件：权重合计、分档单调、分组规则；逐行说明错误，退出码 2。写法见 docs/credit.md。
Check a scorecard's file: weights that add up, bands that rise or fall, the rule of the groups; every fault with its line, exit code 2.

平台不附带任何评分卡：权重、分档与分组界限由持有者载入。
No scorecard is shipped: whoever has one loads its weights, bands and limits.

例 Example:

  sanwang credit scorecard check card.yaml
"""
LOAD_HELP = """载入评分卡，自 since 起生效；此前的评分不变。需要 DATABASE_URL。
Load a scorecard, which counts from its `since` on; scores from before stay as they are. Needs DATABASE_URL.

例 Example:

  DATABASE_URL=postgresql://sanwang_app@db/sanwang sanwang credit scorecard load card.yaml
"""
SCORE_HELP = """按评分卡为一组数值评分，逐项说明；缺项列出，不按零分计，此时只给出可能的最低与最高分。
Score values by a card, with a reason for each; what is missing is listed and never counts as nothing: then only bounds are told.

数值文件是一个 JSON 对象：名称到数字，如 {"patents": 4}。输入有误：退出码 2。
The values are one JSON object of names and numbers. Unusable input is exit code 2.

例 Example:

  sanwang credit score card.yaml --values V.json --json
"""
app = typer.Typer(help="信用 / credit", no_args_is_help=True, rich_markup_mode=None)
scorecards = typer.Typer(help="评分卡 / scorecards", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(scorecards, name="scorecard", short_help="核对、载入 / check, load")
Card = Annotated[Path, typer.Argument(help="评分卡 the scorecard, YAML 或 JSON", metavar="CARD.yaml")]


@scorecards.command("check", help=CHECK_HELP, short_help="核对评分卡 / check a scorecard's file")
def check(file: Card) -> None:
    """See CHECK_HELP."""
    from finance_net.credit.differing import differences_from_shape

    _, card = _read(file)
    typer.echo(_summary(card))
    for said in differences_from_shape(card):
        typer.echo(f"提示 note：{said.zh} / {said}")


@scorecards.command("load", help=LOAD_HELP, short_help="载入评分卡 / load a scorecard")
def load(file: Card) -> None:
    """See LOAD_HELP."""
    from backbone.actor import PROVINCE, Role, actor_with
    from backbone.clock import SystemClock
    from sanwang.calendar_command import open_session

    text, card = _read(file)
    operations = actor_with((Role.FUND_MANAGER, PROVINCE), name="operations")
    with refusals_as_sentences(UNUSABLE_INPUT), open_session(keep=True) as session:
        from finance_net.credit.service import load_scorecard

        stored = load_scorecard(session, operations, text, file=file.name, now=SystemClock().now())
        sha256 = stored.sha256
    typer.echo(f"已载入 / loaded: {_summary(card)} ({sha256[:12]})")


@app.command("score", help=SCORE_HELP, short_help="评分 / score values by a card")
def score_values(
    file: Card,
    values: Annotated[Path, typer.Option(help="数值 the values, one JSON object", metavar="V.json")],
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
) -> None:
    """See SCORE_HELP."""
    from finance_net.credit.scoring import score

    _, card = _read(file)
    known = _values(values)
    if strangers := sorted(set(known) - card.reads):
        said = ", ".join(strangers)
        refuse(f"{values}：评分卡不读取 {said}\n{values}: the scorecard does not read {said}", UNUSABLE_INPUT)
    scored = score(card, known)
    if as_json:
        typer.echo(json.dumps(_as_json(card, scored), ensure_ascii=False))
        return
    _show(card, scored)


def _read(file: Path) -> tuple[str, "Scorecard"]:
    """The text and the card that it says; every problem on standard error and exit status 2 otherwise."""
    from finance_net.credit.scorecard_file import ScorecardRefused, read_scorecard
    from policy_pack.engine.problems import Fault
    from policy_pack.engine.yaml_text import text_of

    try:
        text = text_of(file)
        return text, read_scorecard(text, file.name)
    except Fault as fault:
        refuse(
            f"{file.name}:{fault.line}：{fault.text.zh}\n{file.name}:{fault.line}: {fault.text}",
            UNUSABLE_INPUT,
        )
    except ScorecardRefused as refused:
        refuse(refused.in_both_languages(), UNUSABLE_INPUT)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object as it stands; ValueError for a name that is written twice, of which one would be lost."""
    names = [name for name, _ in pairs]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"重复 / twice: {', '.join(twice)}")
    return dict(pairs)


def _values(file: Path) -> dict[str, Decimal | str]:
    try:
        document: Any = json.loads(
            file.read_bytes().decode("utf-8-sig"),
            parse_float=Decimal,
            parse_int=Decimal,
            object_pairs_hook=_once,
        )
    except (OSError, ValueError, ArithmeticError, RecursionError) as trouble:
        refuse(
            f"{file} 不是可读的 JSON（UTF-8）：{trouble}\n{file} is not JSON in UTF-8: {trouble}",
            UNUSABLE_INPUT,
        )
    if not isinstance(document, dict):
        refuse(
            f"{file}：应为 JSON 对象 {{名称: 数字}}\n{file}: must be a JSON object {{name: number}}",
            UNUSABLE_INPUT,
        )
    wrong = [
        name for name, value in document.items() if not isinstance(value, Decimal) or not value.is_finite()
    ]
    if wrong:
        named = ", ".join(wrong)
        refuse(
            f"{file}：{named} 应为数字，不加引号；不知道的不写\n{file}: {named} must be numbers without quotes; leave out what is not known",
            UNUSABLE_INPUT,
        )
    return document


def _summary(card: "Scorecard") -> str:
    until = card.until_on or "…"
    return (
        f"{card.key} {card.title.zh} / {card.title} · {card.since_on} – {until} · 分组 groups {len(card.groups)} · "
        f"维度 dimensions {len(card.dimensions)} · 指标 indicators {len(card.indicators)} · 来源 source {card.source}"
    )


def _as_json(card: "Scorecard", scored: "Score") -> dict[str, object]:
    return {
        "scorecard": card.key, "group": scored.group, "hundredths": scored.hundredths,
        "least_hundredths": scored.least_hundredths, "most_hundredths": scored.most_hundredths, "missing": list(scored.missing),
        "lines": [
            {
                "indicator": line.indicator, "dimension": line.dimension, "reads": line.reads, "why": line.why,
                "value": None if line.value is None else str(line.value), "points": line.points,
                "weight": str(line.weight), "earned_hundredths": line.earned_hundredths,
            }
            for line in scored.lines
        ],
    }  # fmt: skip


def _show(card: "Scorecard", scored: "Score") -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(soft_wrap=True, highlight=False)
    if scored.group is None:
        console.print(
            f"分组未定，缺 / the group cannot be told without: {', '.join(scored.missing)}", style="yellow"
        )
        return
    table = Table("指标 indicator", "数值 value", "分值 points", "权重 weight", "得分 earned")
    titles = {each.key: each.title.zh for each in card.indicators}
    for line in scored.lines:
        value = line.why if line.value is None else str(line.value)
        table.add_row(
            titles[line.indicator],
            value,
            _or_dash(line.points),
            str(line.weight),
            _points(line.earned_hundredths),
        )
    console.print(table)
    if scored.hundredths is not None:
        console.print(f"{scored.group}：{_points(scored.hundredths)} / {card.whole}", style="bold green")
        return
    bounds = f"{_points(scored.least_hundredths)} – {_points(scored.most_hundredths)}"
    console.print(f"缺 / missing: {', '.join(scored.missing)} · 可能 / possible: {bounds}", style="yellow")


def _points(hundredths: int | None) -> str:
    return "—" if hundredths is None else f"{hundredths // 100}.{hundredths % 100:02d}"


def _or_dash(value: int | None) -> str:
    return "—" if value is None else str(value)
