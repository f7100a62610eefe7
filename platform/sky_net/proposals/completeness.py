"""What a proposal lacks before it answers the promise: the propose row of the response mechanism, as a pure function.

"Please call" is no proposal: every must indicator is answered, and plan, time, price range and IP terms are said.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from backbone.errors import Bilingual

VERDICTS = ("met", "partly", "no")
MUST = "must"

UNANSWERED = Bilingual("必达指标“{name}”尚未逐项回答", "The must indicator {name} is not answered")
NO_PLAN = Bilingual("缺少实施计划", "The plan is missing")
NO_TIME = Bilingual("缺少所需天数", "The duration in days is missing")
NO_PRICE = Bilingual("缺少价格区间（面议也须给出区间）", "The price range is missing (also when negotiable)")
NO_IP_TERMS = Bilingual("缺少知识产权条款", "The IP terms are missing")
NOT_TICKED = Bilingual("须确认方案不含保密内容", "Confirm that it holds no confidential content")


class Offered(Protocol):
    """The part of a proposal that completeness reads."""

    answers: Any
    plan: Any
    duration_days: Any
    price_min_fen: Any
    price_max_fen: Any
    ip_terms: Any
    no_confidential_content: Any


def unanswered_musts(
    indicators: Iterable[Mapping[str, Any]], answers: Iterable[Mapping[str, Any]]
) -> list[str]:
    """Names of the must indicators without an answer, in the need's order."""
    answered = {answer["indicator"] for answer in answers}
    return [row["name"] for row in indicators if row.get("weight") == MUST and row["name"] not in answered]


def has_price_range(proposal: Offered) -> bool:
    """Both ends are given; a fixed price has them equal."""
    return proposal.price_min_fen is not None and proposal.price_max_fen is not None


def missing_of(proposal: Offered, indicators: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """[{field, missing, problem}] of all that is lacking; empty when it can be released."""
    musts = unanswered_musts(indicators, proposal.answers)
    lacking = [("answers", name, UNANSWERED.format(name=name)) for name in musts]
    said = (
        ("plan", proposal.plan, NO_PLAN),
        ("duration_days", proposal.duration_days, NO_TIME),
        ("price", has_price_range(proposal), NO_PRICE),
        ("ip_terms", proposal.ip_terms, NO_IP_TERMS),
        ("no_confidential_content", proposal.no_confidential_content, NOT_TICKED),
    )
    lacking += [(field, field, problem) for field, given, problem in said if not given]
    return [{"field": field, "missing": missing, "problem": problem} for field, missing, problem in lacking]
