"""Proposals for tests: `proposal_entry()` is a complete one, `a_proposal(exchange)` stored, released if wanted."""

from datetime import datetime
from typing import Any

from backbone.actor import Actor
from sky_net.proposals.drafting import draft_proposal
from sky_net.proposals.models import Proposal
from sky_net.proposals.service import release_proposal
from tests.factories.invitations import INDICATORS, SUBMITTED_AT, Exchange


def proposal_entry(**values: Any) -> dict[str, Any]:
    """Everything that a release needs."""
    answers = [
        {"indicator": row["name"], "verdict": "met", "how": f"中试线实测，见报告第{n}节"}
        for n, row in enumerate(INDICATORS, 1)
    ]
    return {
        "title": "双光栅莫尔对准模块", "solution_options": ["整机改造", "更换对准模块"],
        "hypothesis": "莫尔条纹放大位移，可把读数误差降到纳米级。", "trl": 6, "plan": "三个月样机，两个月联调。",
        "proofs": [{"title": "对准误差测试报告", "reference": "DEMO-2025-07"}], "duration_days": 150,
        "price": {"kind": "range", "min_fen": 80_000_000, "max_fen": 120_000_000},
        "ip_terms": "既有知识产权归院方，新产生的双方共有。", "answers": answers, "no_confidential_content": True,
    } | values  # fmt: skip


def a_proposal(
    exchange: Exchange,
    *,
    by: Actor | None = None,
    released: bool = True,
    now: datetime = SUBMITTED_AT,
    **values: Any,
) -> Proposal:
    """A proposal of an institute whose invitation is accepted; `by` is its transfer office."""
    actor = by or exchange.office
    proposal = draft_proposal(exchange.session, actor, exchange.need.id, proposal_entry(**values), now=now)
    return release_proposal(exchange.session, actor, proposal.id, now=now) if released else proposal
