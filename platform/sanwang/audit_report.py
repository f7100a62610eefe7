"""What `sanwang audit verify` says: a line per chain, then what is wrong, where, and what to do."""

from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.table import Table

from backbone.chain.checking import Finding, Wrong
from backbone.chain.heads import Head, HeadFile
from backbone.chain.verification import Verdict
from backbone.clock import SHANGHAI

SAID: dict[Wrong, str] = {
    Wrong.DELETED: "记录被删除 / deleted",
    Wrong.CHANGED: "内容被改动 / changed",
    Wrong.INSERTED: "链外插入 / inserted beside the chain",
    Wrong.REORDERED: "次序被调换 / reordered",
    Wrong.REWRITTEN: "从此处起被重写 / rewritten from here",
    Wrong.CUT_OFF: "末尾被截断 / cut off at its end",
}
FAULTS = {
    "damaged": "链头文件损坏，不可读 / head file damaged",
    "foreign_key": "由另一把密钥签名 / signed by another key",
    "bad_signature": "签名不符，内容被改 / signature does not fit the content",
}
WHAT_TO_DO = (
    "请立即保全数据库与链头目录的副本，停用数据库所有者账号，比对备份中首个异常记录，并报审计部门。\n"
    "若刚在另一集群恢复过备份，先运行 sanwang after-restore，一秒后重新验证。\n"
    "Preserve copies of the database and of the heads at once, suspend the owner's login, compare the first bad row with a\n"
    "backup, and report it. After a restore into another cluster run sanwang after-restore first, then verify again."
)
UNWITNESSED = (
    "没有可信的签名链头为此链作证：整链重写无法发现。用 sanwang audit sign-heads 签名，或检查 --heads 目录。\n"
    "No signed head vouches for this chain: a rewriting of all of it could not be found. Sign one, or check --heads."
)


def is_intact(verdicts: Sequence[Verdict], files: Sequence[HeadFile]) -> bool:
    """Whether nothing is wrong, and every chain that has links has a head that vouches for it."""
    return not any(file.fault for file in files) and all(
        not verdict.findings and is_witnessed(verdict) for verdict in verdicts
    )


def is_witnessed(verdict: Verdict) -> bool:
    """Whether a signed head speaks of this chain; one without links needs none."""
    return not verdict.sealed or verdict.newest is not None


def show(verdicts: Sequence[Verdict], files: Sequence[HeadFile], console: Console | None = None) -> None:
    """Print the report."""
    console = console or Console(soft_wrap=True, highlight=False)
    console.print(_chains(verdicts))
    rows = [(verdict.chain, found) for verdict in verdicts for found in verdict.findings]
    damaged = [file for file in files if file.fault]
    if rows or damaged:
        console.print(_findings(rows, damaged))
        console.print(WHAT_TO_DO, style="bold red")
    for verdict in verdicts:
        if not is_witnessed(verdict):
            console.print(f"{verdict.chain}: {UNWITNESSED}", style="yellow")
    if is_intact(verdicts, files):
        console.print("链完好 / intact", style="bold green")


def _chains(verdicts: Sequence[Verdict]) -> Table:
    table = Table(title="审计链 / chains")
    for heading in (
        "链 / chain",
        "已封 / sealed",
        "待封 / unsealed",
        "链头 / heads",
        "最近签名 / newest head",
        "结论 / verdict",
    ):
        table.add_column(heading, no_wrap=True)
    for verdict in verdicts:
        newest = f"{_signed_at(verdict.newest)} @ {verdict.newest.position:,}" if verdict.newest else "—"
        table.add_row(
            verdict.chain, f"{verdict.sealed:,}", f"{verdict.waiting:,}", str(verdict.heads), newest,
            "[bold red]异常 / broken[/]" if verdict.findings else "[green]完好 / intact[/]",
        )  # fmt: skip
    return table


def _signed_at(head: Head) -> str:
    return f"{datetime.fromisoformat(head.made_at).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _findings(rows: Sequence[tuple[str, Finding]], damaged: Sequence[HeadFile]) -> Table:
    table = Table(title="异常，首个在前 / what is wrong, the first one first", title_style="bold red")
    for heading in ("链 / chain", "位置 / position", "记录 / row", "异常 / what is wrong"):
        table.add_column(heading, no_wrap=True)
    for chain, found in rows:
        table.add_row(chain, where(found), str(found.row_id or "—"), SAID[found.wrong])
    for file in damaged:
        table.add_row("—", "—", file.path.name, FAULTS[file.fault or ""])
    return table


def where(found: Finding) -> str:
    """The position, or the stretch within which it lies."""
    if found.position is None:
        return "未封 / unsealed" if found.wrong is Wrong.CHANGED else "—"
    if found.until is None or found.until == found.position:
        return f"{found.position:,}"
    return f"{found.position:,}–{found.until:,}"
