"""`sanwang ledger`: is the money where its transfers say?"""

import json
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from finance_net.ledger.proving import Proof

NOT_VERIFIED = 2  # never 1, which says that the ledger is not what its transfers say
SHORT_HELP = "资金账本：核对 / the ledger of the funds. 例 Example: sanwang ledger verify --fund onshore"
VERIFY_HELP = """由全部凭证重建余额并与账面比较，验证凭证链。
Rebuild every balance from the transfers, compare, and verify the chain of the transfers.

完好时退出码 0，异常 1，未能核对 2。链头的签名由 sanwang audit verify 验证。
Exit status 0 when intact, 1 when not, 2 when it could not be looked at. Signed heads: sanwang audit verify.

例 Example:

  sanwang ledger verify --fund onshore --json
"""
SAID = {
    "legs": "分录与凭证不符 / legs do not follow from the transfer",
    "legs_unasked": "多出的分录 / a leg that the transfer does not ask for",
    "balances": "余额与分录不符，或曾超额 / balances are not the sum of the legs, or were unsound",
    "parts": "总额与分项不符 / a whole is not the sum of its parts",
    "holds": "占用与凭证不符 / a hold does not follow from the transfers",
    "held_below": "余额与占用不符 / balances are not what is held",
}
app = typer.Typer(
    help="资金账本：核对 / prove the ledger of the funds", no_args_is_help=True, rich_markup_mode=None
)


@app.callback()
def ledger() -> None:
    """资金账本 / the ledger of the funds."""


@app.command(
    "verify", help=VERIFY_HELP, short_help="核对账本 / prove the ledger. 例 Example: sanwang ledger verify"
)
def verify(
    fund: Annotated[
        str | None, typer.Option(help="只核对该基金（标识）/ the key of one fund", metavar="KEY")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
) -> None:
    """See VERIFY_HELP."""
    from sanwang.operations import refusals_as_sentences

    with refusals_as_sentences(NOT_VERIFIED):
        proof = _proof(fund)
    if as_json:
        typer.echo(json.dumps(_as_json(proof), ensure_ascii=False))
    else:
        _show(proof)
    raise typer.Exit(0 if proof.is_intact else 1)


def _proof(fund: str | None) -> "Proof":
    from rich.console import Console
    from rich.progress import Progress
    from sqlalchemy import select

    from backbone.db import Database
    from backbone.settings import load_settings
    from finance_net.ledger.jobs import ONE_INSTANT
    from finance_net.ledger.models import Fund
    from finance_net.ledger.proving import count_steps, prove
    from sanwang import models  # noqa: F401  # funds refer to accounts
    from sanwang.operations import database_url, refuse

    url = database_url(load_settings(), NOT_VERIFIED)
    with closing(Database(url)) as database, database.transaction() as session:
        session.execute(ONE_INSTANT)
        fund_id = session.scalar(select(Fund.id).where(Fund.key == fund)) if fund else None
        if fund and fund_id is None:
            refuse(f"没有标识为 {fund} 的基金 / There is no fund with the key {fund}", NOT_VERIFIED)
        console = Console(stderr=True)
        with Progress(console=console, transient=True, disable=not sys.stderr.isatty()) as progress:
            step = progress.add_task("核对 / proving", total=count_steps(session, fund_id))
            return prove(session, fund_id=fund_id, progress=lambda done: progress.advance(step, done))


def _as_json(proof: "Proof") -> dict[str, object]:
    findings = [
        {"what": each.what, "row_id": each.row_id and str(each.row_id), "position": each.position}
        for each in proof.findings
    ]
    return {
        "intact": proof.is_intact, "transfers": proof.transfers, "envelopes": proof.envelopes, "sealed": proof.chain.sealed,
        "unsealed": proof.chain.waiting, "findings": findings,
    }  # fmt: skip


def _show(proof: "Proof") -> None:
    from rich.console import Console
    from rich.table import Table

    from backbone.chain.checking import Wrong
    from sanwang.audit_report import SAID as OF_CHAIN

    console = Console(soft_wrap=True, highlight=False)
    console.print(
        f"凭证 / transfers {proof.transfers:,} · 额度 / envelopes {proof.envelopes:,} · "
        f"已封 / sealed {proof.chain.sealed:,} · 待封 / unsealed {proof.chain.waiting:,}"
    )
    if proof.is_intact:
        console.print("账本完好 / intact", style="bold green")
        return
    table = Table(title="异常 / what is wrong", title_style="bold red")
    for heading in ("位置 / position", "记录 / row", "异常 / what is wrong"):
        table.add_column(heading, no_wrap=True)
    for found in proof.findings:
        said = SAID.get(found.what) or OF_CHAIN[Wrong(found.what)]
        table.add_row(str(found.position or "—"), str(found.row_id or "—"), said)
    console.print(table)
    console.print(
        "请停止付款，保全数据库副本并报审计部门 / Stop payments, preserve a copy and report it",
        style="bold red",
    )
