"""Policies and what they say of an enterprise, on a terminal."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from backbone.errors import Bilingual, say
from backbone.money import FEN_PER_WAN
from policy_pack.engine.definition import Definition
from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.engine.evaluation import OUTCOME_WORDS, Evaluation, Money, Outcome, Truth
from policy_pack.engine.explaining import explain
from policy_pack.engine.facts import Facts
from policy_pack.engine.policy import CATEGORY_WORDS, Benefit, Policy

STYLES = {
    Outcome.ELIGIBLE: "bold green", Outcome.INELIGIBLE: "red", Outcome.MISSING_FACTS: "yellow", Outcome.NEEDS_REVIEW: "magenta",
    Outcome.NOT_IN_FORCE: "dim",
}  # fmt: skip
BENEFITS = {
    Benefit.GRANT: Bilingual("补助", "grant"),
    Benefit.TAX_RELIEF: Bilingual("减免税", "tax relief"),
    Benefit.DEDUCTION: Bilingual("加计扣除", "deduction"),
    Benefit.LOAN: Bilingual("贷款", "loan"),
    Benefit.EQUITY: Bilingual("股权投资", "equity"),
}
SHOWN = 3
"""How many missing facts a table names; --json names all."""
UNVERIFIED = Bilingual("待核实", "unverified")
SEE_NOTICE = Bilingual("见通知", "see the notice")
SUPERSEDED = Bilingual("{since} 起由新文件代替：{by}", "superseded from {since} on by {by}")
TO_HAND_IN = Bilingual("须提交：{name}", "to hand in: {name}")
_MARKS = {Truth.TRUE: ("✓", "green"), Truth.FALSE: ("✗", "red"), Truth.UNKNOWN: ("?", "yellow")}


def show_answers(
    answers: Sequence[tuple[Policy, Evaluation]],
    facts: Facts,
    day: date,
    *,
    explain: bool,
    console: Console | None = None,
) -> None:
    """A table of the outcomes; with `explain` every clause of every policy below it."""
    console = console or Console(soft_wrap=True, highlight=False)
    table = _table(
        f"政策测算 / what the policies say, {day.isoformat()}",
        {
            "编号 id": True,
            "政策 policy": False,
            "结果 outcome": True,
            "金额 amount": False,
            "还缺 missing": False,
        },
    )
    for policy, evaluation in answers:
        table.add_row(
            policy.id,
            _named(policy),
            Text(OUTCOME_WORDS[evaluation.outcome].zh, style=STYLES[evaluation.outcome]),
            _amount(policy, evaluation),
            _missing(evaluation),
        )
    table.caption = Text(" · ".join(f"{each.zh} {each}" for each in (*OUTCOME_WORDS.values(), UNVERIFIED, SEE_NOTICE)))  # fmt: skip
    console.print(table)
    for policy, evaluation in answers if explain else ():
        console.print(Text(f"\n{policy.id} {policy.name.zh} / {policy.name}", style="bold"))
        for line in explained(policy, evaluation, facts):
            console.print(line)


def explained(policy: Policy, evaluation: Evaluation, facts: Facts) -> Iterator[Text]:
    """Why: each clause with the facts that it read, how the amount was reached, and where the text stands."""
    explanation = explain(policy, evaluation, facts)
    for clause, said in zip(evaluation.clauses, explanation.clauses, strict=True):
        mark, style = _MARKS[clause.result] if clause.facts else ("⚖", "magenta")
        yield from _lines(f"{mark} ", said.said, style)
    for line in explanation.closing:
        yield from _lines("→ ", line)
    for step in evaluation.amount.steps if evaluation.amount else ():
        yield from _lines("= ", step)
    for note in policy.notes:
        yield from _lines("· ", note)
    if policy.superseded is not None:
        yield from _lines(
            "· ", SUPERSEDED.format(since=policy.superseded.since, by=policy.superseded.by), "magenta"
        )
    for document in policy.documents:
        yield from _lines("· ", TO_HAND_IN.format(name=document.name))
    yield Text(f"  依据 / reference: {policy.reference}", style="dim")


def _lines(mark: str, said: Bilingual | str, style: str = "") -> Iterator[Text]:
    """The Chinese behind its mark, the English below it."""
    yield Text(f"  {mark}{say(said, 'zh')}", style=style)
    yield Text(f"    {said}", style="dim")


def show_policies(policies: Iterable[Policy], console: Console | None = None) -> None:
    """A table of the policies."""
    console = console or Console(soft_wrap=True, highlight=False)
    table = _table(
        "政策 / policies",
        {"编号 id": True, "政策 policy": False, "类别 category": False, "层级 level": False, "状态 status": False, "来源 grade": True, "有效期 valid": False},
    )  # fmt: skip
    for policy in policies:
        first, last = policy.validity.first, policy.validity.last
        validity = f"{first or '…'} – {last or '…'}" if first or last else "—"
        category = CATEGORY_WORDS[policy.category]
        table.add_row(policy.id, _named(policy), category.zh, policy.level, policy.status, policy.source.grade, validity)  # fmt: skip
    console.print(table)


def show_facts(definitions: Iterable[Definition], console: Console | None = None) -> None:
    """A table of the keys."""
    console = console or Console(soft_wrap=True, highlight=False)
    table = _table(
        "事实 / facts",
        {"键 key": True, "类型 type": True, "单位 unit": True, "问题 question": False, "取值 values": False},
    )
    for each in definitions:
        table.add_row(each.key, each.kind, each.unit, each.question.zh, "、".join(each.values))
    console.print(table)


def _table(title: str, columns: Mapping[str, bool]) -> Table:
    """A table whose marked columns are never folded."""
    table = Table(title=title)
    for heading, is_whole in columns.items():
        table.add_column(heading, no_wrap=is_whole, overflow="fold")
    return table


def sum_of(money: Money) -> Bilingual:
    """An award or its range, in 万元."""
    low = _wan(money.low_fen)
    if money.high_fen is None:
        return Bilingual(f"{low} 万元起", f"{low} or more")
    if money.high_fen == money.low_fen:
        return Bilingual(f"{low} 万元", low)
    return Bilingual(f"{low}–{_wan(money.high_fen)} 万元", f"{low} to {_wan(money.high_fen)}")


def _wan(fen: int) -> str:
    return f"{Decimal(fen) / FEN_PER_WAN:,f}"


def _named(policy: Policy) -> Text:
    name = Text(policy.name.zh)
    if not policy.is_verified:
        name.append(f" {UNVERIFIED.zh}", style="yellow")
    return name


def _amount(policy: Policy, evaluation: Evaluation) -> Text:
    """The award, marked where the text is unverified; where none was published, that and the cap."""
    if evaluation.amount is not None and policy.amount is not None:
        benefit = BENEFITS[policy.amount.benefit]
        text = Text(f"{benefit.zh} {sum_of(evaluation.amount).zh}")
        if not policy.is_verified:
            text.append(f"（{UNVERIFIED.zh}）", style="yellow")
        return text
    if policy.published_cap is not None:
        return Text(f"{SEE_NOTICE.zh}，上限 {policy.published_cap:,} 万元", style="dim")
    return Text(SEE_NOTICE.zh if policy.sees_notice else "—", style="dim")


def _missing(evaluation: Evaluation) -> Text:
    """The smallest sets of facts that would decide, one a line; of a long one how many more there are."""
    return Text("\n或 ".join(map(_shortly, evaluation.missing)))


def _shortly(keys: Sequence[str]) -> str:
    said = "、".join(map(_label, keys[:SHOWN]))
    return said if len(keys) <= SHOWN else f"{said}等 {len(keys)} 项"


def _label(key: str) -> str:
    return DICTIONARY[key].label.zh if key in DICTIONARY else key
