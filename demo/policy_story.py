"""The scene of the policy pack: what an enterprise may apply for, what is missing, and which way leads to the next tier."""

from typing import TYPE_CHECKING, Any

from backbone.money import FEN_PER_WAN
from demo.catalogue import Entry
from demo.screen import Screen
from policy_pack.engine.evaluation import OUTCOME_WORDS

if TYPE_CHECKING:
    from demo.story import Stage

ASKED = ["P3", "P8", "P13", "P23", "P24", "P31"]
# What an invented enterprise says of itself, in the units of the keys: money in 万元.
SAID = {
    "labels": ["科技型中小企业"], "service_spend": 40, "revenue": 6000, "rd_spend": 420, "staff_total": 86,
    "total_assets": 5200, "total_investment": 1500, "equipment_rd_software_investment": 1200,
}  # fmt: skip
COLOURS = {
    "eligible": "green", "ineligible": "red", "missing_facts": "yellow", "needs_review": "magenta", "not_in_force": "dim",
}  # fmt: skip


def ask_for_policies(stage: "Stage", entry: Entry) -> None:
    """The enterprise tries what it may have, keeps an evaluation on record, and is told the way up the ladder."""
    stage.scene(14, "政策找人：能申报什么、还缺什么", "What it may apply for, and what is missing")
    member = stage.enter(entry.owner.lower())
    enterprise = f"/enterprises/{stage.loaded.organisations[entry.owner]}"
    trial = member.post(f"{enterprise}/policy-trials", {"policy_ids": ASKED, "facts": SAID})
    columns = ("编号", "政策 policy", "结果 outcome", "金额 万元 amount", "还缺 missing")
    stage.screen.table("试算，不留存 a trial, nothing is kept", columns, map(_row, trial["items"]))
    question = member.post(f"{enterprise}/policy-questions", {"facts": SAID})
    stage.screen.say(
        f"下一问 next question: [bold]{question['question']['text']}[/]（可定 decides {len(question['question']['decides'])} 项）"
    )
    checked = member.post(f"{enterprise}/policy-checks", {"policy_ids": ASKED})["items"]
    replayed = [member.get(f"/policy-receipts/{each['id']}/replay")["same"] for each in checked]
    stage.screen.say(f"凭据 receipts: {len(replayed)}，重算一致 replayed to the same bytes: {sum(replayed)}")
    _climb(stage.screen, member.get(f"{enterprise}/ladder"))


def _row(answer: dict[str, Any]) -> tuple[object, ...]:
    label = "" if answer["verified"] else " [dim]待核实 unverified[/]"
    missing = "、".join(answer["missing_labels"][0][:3]) if answer["missing_labels"] else ""
    word, colour = OUTCOME_WORDS[answer["outcome"]], COLOURS[answer["outcome"]]
    return (
        answer["key"], answer["name"] + label, f"[{colour}]{word.zh} {word}[/]", _amount(answer), missing,
    )  # fmt: skip


def _amount(answer: dict[str, Any]) -> str:
    """Low to high; an amount that nobody verified is not told to an enterprise."""
    money = answer["amount"]
    if money is None:
        return (
            "不显示 withheld" if answer["withheld"] else "见通知 see notice" if answer["see_notice"] else "—"
        )
    low, high = money["low_fen"], money["high_fen"]
    wan = [f"{fen / FEN_PER_WAN:g}" for fen in (low, high) if fen is not None]
    return wan[0] if low == high else "–".join(wan) if high is not None else f"≥ {wan[0]}"


def _climb(screen: Screen, ladder: dict[str, Any]) -> None:
    """The rungs, the one that is reached in colour, and the first step to the next."""
    rungs = " → ".join(
        f"[bold green]{rung['name']}[/]" if rung["reached"] else rung["name"] for rung in ladder["rungs"]
    )
    screen.say(f"梯次 ladder: {rungs}")
    ways = ladder["next_ways"] and ladder["next_ways"]["ways"]
    if ways:
        steps = "、".join(f"{step['act_label']}{step['label']}" for step in ways[0]["steps"][:4])
        screen.say(f"最省力的路 the cheapest way: {steps} …")
