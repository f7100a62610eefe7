"""Deadlines and their proof cards on a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from backbone.errors import Bilingual
from backbone.notices.stages import stage_word
from sky_net.sla.proof import Proof, ProofLine
from sky_net.sla.proof_words import moment

_STYLES = {
    "working_days": "green", "days_off": "dim", "pause": "yellow", "pause_limit": "yellow", "reopened": "yellow",
    "provisional": "magenta", "paused": "bold yellow", "due": "bold",
}  # fmt: skip


def show_proofs(proofs: Sequence[Proof], console: Console | None = None) -> None:
    """A table of the deadlines, then the card of each."""
    console = console or Console(soft_wrap=True, highlight=False)
    table = Table(title="响应时限 / response deadlines")
    for heading in ("时限 / stage", "期限 / due", "状态 / standing"):
        table.add_column(heading, no_wrap=True)
    for proof in proofs:
        table.add_row(_both(stage_word(proof.stage.name)), *_standing(proof))
    console.print(table)
    for proof in proofs:
        console.print(Text(f"\n{_both(stage_word(proof.stage.name))}", style="bold"))
        show_card(proof.lines(), console)


def show_card(lines: Sequence[ProofLine], console: Console) -> None:
    """Each line in Chinese, its English and its source below."""
    for line in lines:
        style = _STYLES.get(line.code, "")
        console.print(Text(f"  {line.said.zh}", style=style))
        console.print(Text(f"    {line.said}", style="dim"))
        if line.source:
            console.print(Text(f"    依据 / source: {line.source}", style="dim"))


def show_foretold(number: str, found: Mapping[str, Any], console: Console | None = None) -> None:
    """What an answer would change, stage by stage, and who still owes one."""
    console = console or Console(soft_wrap=True, highlight=False)
    at = moment(found["answered_at"])
    console.print(Text(f"{number}：若于 {at.zh} 答复 / if answered on {at}", style="bold"))
    for item in found["items"]:
        console.print(Text(f"  {stage_word(item['stage']).zh}：{item['zh']}"))
        console.print(Text(f"    {stage_word(item['stage'])}: {item['en']}", style="dim"))
    if not found["items"]:
        console.print(Text("  尚未提交，没有期限 / not submitted: no deadlines"))
    for owed in found["awaited"]:
        console.print(_owed(owed))


def _owed(owed: Mapping[str, Any]) -> Text:
    due = "—" if owed["due_at"] is None else moment(owed["due_at"], at_end=True).zh
    if owed["in_time"]:
        return Text(f"  企业答复时限 {due}，届时未超 / the answer is due by then: in time", style="green")
    return Text(f"  企业答复时限 {due}，届时已超 / the answer will be overdue", style="red")


def _standing(proof: Proof) -> tuple[Text, Text]:
    if proof.due_at is None:
        return Text("—"), Text("暂停中 / paused", style="yellow")
    at = moment(proof.due_at, at_end=True)
    if proof.provisional:
        return Text(at.zh), Text("暂定 / provisional", style="magenta")
    return Text(at.zh), Text("确定 / final", style="green")


def _both(said: Bilingual) -> str:
    return f"{said.zh} / {said}"
