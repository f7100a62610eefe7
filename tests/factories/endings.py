"""Disputes of proposals and findings of no solution for tests."""

from typing import Any

from sky_net.disputes.models import ProposalDispute
from sky_net.findings.models import Finding
from tests.factories.invitations import SUBMITTED_AT, Exchange, an_invitation
from tests.factories.proposals import a_proposal

FINDING = {"why_not": "现有技术路线均不可行", "what_would_help": "放宽指标，或等待中试结果"}


def a_dispute(exchange: Exchange, **values: Any) -> ProposalDispute:
    """The enterprise disputes a released proposal of the exchange; nobody has decided."""
    if "proposal_id" not in values:
        an_invitation(exchange.session, exchange.need, exchange.institute, state="accepted")
        values["proposal_id"] = a_proposal(exchange).id
    defaults: dict[str, Any] = {
        "need_id": exchange.need.id, "reason_code": "off_topic", "message": "无关", "disputed_at": SUBMITTED_AT,
    }  # fmt: skip
    dispute = ProposalDispute(**defaults | values)
    exchange.session.add(dispute)
    exchange.session.flush()
    return dispute


def a_finding(exchange: Exchange, **values: Any) -> Finding:
    """A finding that nobody has signed."""
    defaults: dict[str, Any] = {
        "need_id": exchange.need.id, "created_at": SUBMITTED_AT, "updated_at": SUBMITTED_AT, **FINDING,
    }  # fmt: skip
    finding = Finding(**defaults | values)
    exchange.session.add(finding)
    exchange.session.flush()
    return finding
