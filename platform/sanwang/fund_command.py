"""`sanwang fund`: rounds of grants from files, without a server or a database; the cases of the database."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sanwang import case_command, round_command
from sanwang.entry_files import refuse_input

if TYPE_CHECKING:  # the solver is loaded when the command runs
    from finance_net.rounds.round import Round
    from finance_net.rounds.selecting import Selection

HELP = "资助评审与资金 / rounds of grants, and their cases. 例 Example: sanwang fund round PC-2026-0001 --why"
SHORT_HELP = "在预算与名额内选出资助项目 / select what a round funds. 例 Example: sanwang fund select ROUND.json --json"
SELECT_HELP = """在预算、类别上下限、互斥组、前置与企业上限内选出资助的申报与金额，答案唯一且经证明最优。
Select what a round funds, and with how much: the one best answer within all limits, proven.

依次比较：得分之和最大、项目最多、金额最多、编号表最小、按编号逐一金额最大。无解时给出一组互相矛盾的限制（缺一即可解）。
Compared in turn: the sum of scores, the number funded, the total paid, the smallest list of ids, each amount in order of ids. A
round that cannot be filled names limits that contradict each other: without any one of them it could. 输入有误时退出码 2。
Unusable input is exit code 2.

例 Example:

  sanwang fund select round.json --json
"""

app = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode=None)
app.command("case", help=case_command.HELP, short_help=case_command.SHORT_HELP)(case_command.show_case)
app.command("round", help=round_command.HELP, short_help=round_command.SHORT_HELP)(round_command.show_round)


@app.command("select", help=SELECT_HELP, short_help=SHORT_HELP)
def select_round(
    round_path: Annotated[Path, typer.Argument(help="批次文件 the round", metavar="ROUND.json")],
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
) -> None:
    """See SELECT_HELP."""
    from finance_net.rounds.round_file import RoundRefused, read_round

    try:
        asked = read_round(round_path)
    except OSError as error:
        refuse_input(
            f"不能读取 {round_path}：{error.strerror}", f"cannot read {round_path}: {error.strerror}"
        )
    except RoundRefused as refused:
        typer.echo(refused.in_both_languages(), err=True)
        raise typer.Exit(2) from None
    selection = _selected(asked)
    if as_json:
        typer.echo(json.dumps(_as_json(selection), ensure_ascii=False))
    else:
        _show(asked, selection)


def _selected(asked: "Round") -> "Selection":
    """The selection, re-checked without the solver before anybody sees it."""
    from rich.console import Console

    from finance_net.rounds.selecting import select
    from finance_net.rounds.verifying import broken_by

    console = Console(stderr=True)
    with console.status("求最优解 Looking for the proven optimum"):
        selection = select(asked)
    broken = () if selection.conflict else broken_by(asked, selection.amounts)
    if broken:
        raise AssertionError(f"the solver's answer breaks {', '.join(broken)}")
    return selection


def _as_json(selection: "Selection") -> dict[str, object]:
    selected = [{"id": name, "amount_fen": amount} for name, amount in selection.amounts.items()]
    return {
        "status": selection.status,
        "score": selection.score,
        "selected": selected,
        "conflict": list(selection.conflict),
    }


def _show(asked: "Round", selection: "Selection") -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(emoji=False)  # category:A:min is no letter in a red box
    if selection.conflict:
        console.print("[bold red]无解：以下限制互相矛盾[/] No selection keeps all of these:")
        console.print("\n".join(f"  {name}" for name in selection.conflict), markup=False, highlight=False)
        return
    table = Table(title="资助方案 Selection")
    for heading in ("编号 id", "企业 enterprise", "类别 category"):
        table.add_column(heading)
    for heading in ("得分 score", "金额（元）amount (yuan)"):
        table.add_column(heading, justify="right")
    for each in asked.applications:
        if each.id in selection.amounts:
            amount = f"{selection.amounts[each.id] / 100:,.2f}"
            cells = (each.id, each.enterprise, each.category, str(each.score), amount)
            table.add_row(*(Text(cell) for cell in cells), style="green")
    console.print(table)
    total = sum(selection.amounts.values())
    console.print(
        f"{len(selection.amounts)} / {len(asked.applications)} 项 funded · 得分 score {selection.score} · "
        f"{total / 100:,.2f} / {asked.budget_fen / 100:,.2f} 元 yuan"
    )
