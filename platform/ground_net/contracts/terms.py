"""What must hold of the terms of a contract, before it is written: amounts, days, the plan of payments. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from backbone.days import NOT_YET
from backbone.errors import Bilingual
from backbone.money import BASIS_POINTS

ABOVE_AMOUNT = Bilingual(
    "技术交易额 {technology} 元不能高于合同成交额 {amount} 元",
    "The technology part of {technology} yuan lies above the contract's {amount} yuan",
)
PLAN_DIFFERS = Bilingual(
    "付款计划合计 {sum} 元，应等于合同成交额 {amount} 元",
    "The payments add up to {sum} yuan, the contract is {amount} yuan",
)
ENDS_BEFORE = Bilingual(
    "合同有效期止 {valid_to} 早于 {day}", "The contract would end on {valid_to}, before {day}"
)
BEFORE_NEED = Bilingual(
    "签订日 {signed_on} 早于需求提交日 {posted_on}",
    "It was signed on {signed_on}, before its need was handed in on {posted_on}",
)
SHARES_ABOVE = Bilingual("各方分成合计超过 100%", "The shares of the parties add up to more than the whole")


def problems_of(terms: Mapping[str, Any], posted_on: date, today: date) -> list[dict[str, Any]]:
    """[{field, problem}] of all that cannot be; empty when the terms can be written. `posted_on`: when its need was handed in."""
    amount, technology = terms["amount_fen"], terms["technology_fen"]
    planned = sum(each["amount_fen"] for each in terms["payment_plan"])
    shares = sum(each.get("share_basis_points") or 0 for each in terms["parties"])
    said = (
        (terms["signed_on"] > today, "signed_on", NOT_YET.format(today=today)),
        (terms["signed_on"] < posted_on, "signed_on", BEFORE_NEED.format(signed_on=terms["signed_on"], posted_on=posted_on)),
        *(
            (terms["valid_to"] < day, "valid_to", ENDS_BEFORE.format(valid_to=terms["valid_to"], day=day))
            for day in {terms["signed_on"], terms["valid_from"]}
        ),
        (technology > amount, "technology_fen", ABOVE_AMOUNT.format(technology_fen=technology, amount_fen=amount)),
        (planned != amount, "payment_plan", PLAN_DIFFERS.format(sum_fen=planned, amount_fen=amount)),
        (shares > BASIS_POINTS, "parties", SHARES_ABOVE),
    )  # fmt: skip
    return [{"field": field, "problem": problem} for is_wrong, field, problem in said if is_wrong]


def unpaid_on(plan: Sequence[Mapping[str, Any]], received_fen: int, day: date) -> list[dict[str, Any]]:
    """The installments that were due before the day and are not covered by what was received: {due_on, open_fen}.

    Money covers the installments in the order of their days. Those that wait for a milestone have none: they are due when
    somebody says so, and cover nothing before the others.
    """
    found, left = [], received_fen
    for due_on, amount in sorted(_dated(plan)):
        open_fen = max(0, amount - left)
        left = max(0, left - amount)
        if open_fen and due_on < day:
            found.append({"due_on": due_on, "open_fen": open_fen})
    return found


def _dated(plan: Iterable[Mapping[str, Any]]) -> Iterable[tuple[date, int]]:
    return ((date.fromisoformat(each["due_on"]), each["amount_fen"]) for each in plan if each.get("due_on"))
