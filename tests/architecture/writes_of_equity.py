"""The writing operations of equity and credit; see `writes`."""

from typing import Any

from finance_net.equity.committees.setting import set_committee as set_in
from tests.architecture.writes import Write, for_operation
from tests.factories.credit import CARD, a_credit_handover, a_manager, a_scorecard, given
from tests.factories.equity import Desk, an_equity_desk
from tests.factories.identity import an_actor
from tests.factories.invitations import Exchange
from tests.factories.ledger import AT, a_treasury

DAY = AT.date().isoformat()
DEAL, MEETING, ENTRY, HANDOVER = (
    ("equity_deals",),
    ("equity_meetings",),
    ("equity_entries",),
    ("credit_handovers",),
)


def _on_deal(exchange: Exchange, state: str, writes: tuple[str, ...], body: Any, **values: Any) -> Write:
    desk = an_equity_desk(exchange.session)
    deal = desk.deal(state, **values)
    if state == "due_diligence":
        desk.settled(deal)
    return Write(desk.treasury.first, {"deal_id": deal.id}, writes, body)


@for_operation("setCommittee")
def set_committee(exchange: Exchange) -> Write:
    treasury = a_treasury(exchange.session, kind="equity")
    members = [str(an_actor(exchange.session).account_id)]
    body = {"members": members, "quorum": 1, "approval_basis_points": 5_001, "source": "章程"}
    return Write(treasury.first, {"fund_id": treasury.fund.id}, ("equity_committees",), body)


@for_operation("confirmCommittee")
def confirm_committee(exchange: Exchange) -> Write:
    treasury = a_treasury(exchange.session, kind="equity")
    rules = {
        "members": [an_actor(exchange.session).account_id], "quorum": 1, "approval_basis_points": 5_001, "source": "章程"
    }  # fmt: skip
    committee = set_in(exchange.session, treasury.first, treasury.fund.id, rules, now=AT)
    body = {"committee_id": str(committee.id)}
    written = ("equity_committee_confirmations",)
    return Write(treasury.second, {"fund_id": treasury.fund.id}, written, body)


@for_operation("sourceDeal")
def source_deal(exchange: Exchange) -> Write:
    desk = an_equity_desk(exchange.session)
    ids = {"fund_id": str(desk.treasury.fund.id), "enterprise_id": str(desk.enterprise.id), "need_id": None}
    return Write(desk.treasury.first, {}, DEAL, ids | {"title": "投资", "summary": "首轮", "asked_fen": 10})


@for_operation("examineDeal")
def examine_deal(exchange: Exchange) -> Write:
    return _on_deal(exchange, "screening", DEAL, {})


@for_operation("settleDiligence")
def settle_diligence(exchange: Exchange) -> Write:
    desk = an_equity_desk(exchange.session)
    item = desk.item(desk.deal("due_diligence"))
    body = {"outcome": "waived", "words": "与上轮相同"}
    return Write(desk.treasury.first, {"diligence_id": item.id}, ("equity_diligence_items",), body)


@for_operation("conveneCommittee")
def convene_committee(exchange: Exchange) -> Write:
    return _on_deal(exchange, "due_diligence", MEETING + DEAL, {"held_on": DAY})


@for_operation("castVote")
def cast_vote(exchange: Exchange) -> Write:
    desk = an_equity_desk(exchange.session)
    deal = desk.deal("committee")
    path = {"meeting_id": desk.meetings[deal.id].id}
    return Write(desk.members[0], path, ("equity_votes",), {"choice": "for"})


@for_operation("closeMeeting")
def close_meeting(exchange: Exchange) -> Write:
    """The decision, its minutes, and what it means for the deal."""
    desk = an_equity_desk(exchange.session)
    deal = desk.deal("committee")
    desk.vote(deal, "for", "for")
    path, written = {"meeting_id": desk.meetings[deal.id].id}, (*MEETING, "equity_minutes", *DEAL)
    return Write(desk.treasury.first, path, written, {"minutes": "可行", "conditions": ["完成变更"]})


@for_operation("fulfilCondition")
def fulfil_condition(exchange: Exchange) -> Write:
    desk = an_equity_desk(exchange.session)
    condition = desk.condition(desk.deal("approved", conditions=("完成变更",)))
    path = {"deal_condition_id": condition.id}
    return Write(desk.treasury.first, path, ("equity_conditions",), {"evidence": "登记簿"})


@for_operation("declineDeal")
def decline_deal(exchange: Exchange) -> Write:
    return _on_deal(exchange, "screening", DEAL, {"reason": "不合适"})


@for_operation("agreeDeal")
def agree_deal(exchange: Exchange) -> Write:
    """The reservation, the order that waits for its second person, and the terms."""
    desk = an_equity_desk(exchange.session)
    deal = desk.deal("approved")
    body = {
        "envelope_id": str(desk.treasury.root.id),
        "amount_fen": 10,
        "signed_on": DAY,
        "reference": "协议",
    }
    return Write(desk.treasury.first, {"deal_id": deal.id}, ("fund_transfers", "fund_orders", *DEAL), body)


@for_operation("callCapital")
def call_capital(exchange: Exchange) -> Write:
    """The tranche, the order of its payment, what the fund calls for it, and the call."""
    written = ("fund_transfers", "fund_orders", "fund_capital_statements", "equity_calls")
    return _on_deal(
        exchange, "agreed", written, {"amount_fen": 10, "due_on": "2026-12-31", "purpose": "首期"}
    )


@for_operation("enterDealEntry")
def enter_deal_entry(exchange: Exchange) -> Write:
    body = {"kind": "valuation", "as_of_on": DAY, "value_fen": 10, "source": "年报"}
    return _on_deal(exchange, "invested", ENTRY, body)


@for_operation("decideDealEntry")
def decide_deal_entry(exchange: Exchange) -> Write:
    """The exit, the deal's sums, and the recovery in the ledger."""
    desk: Desk = an_equity_desk(exchange.session)
    entry = desk.entry(desk.deal("invested"), "exit", 10, 10)
    written = (*ENTRY, *DEAL, "fund_transfers")
    return Write(desk.treasury.second, {"deal_entry_id": entry.id}, written, {"is_approved": True})


@for_operation("loadScorecard")
def load_scorecard(exchange: Exchange) -> Write:
    return Write(a_manager(exchange.session), {}, ("credit_scorecards",), {"text": CARD})


@for_operation("scoreEnterprise")
def score_enterprise(exchange: Exchange) -> Write:
    a_scorecard(exchange.session)
    path = {"enterprise_id": exchange.enterprise.id}
    body = {"key": "test-card", "as_of_on": DAY, "values": given()}
    return Write(a_manager(exchange.session), path, ("credit_scores",), body)


@for_operation("askCredit")
def ask_credit(exchange: Exchange) -> Write:
    body = {"product_key": "knowledge-value-loan", "wish": "流动资金", "consents": True}
    return Write(exchange.poster, {"enterprise_id": exchange.enterprise.id}, HANDOVER, body)


@for_operation("handOverCredit")
def hand_over_credit(exchange: Exchange) -> Write:
    row = a_credit_handover(exchange.session, exchange.enterprise, days=None)
    body = {"bank": "测试银行", "answer_days": 5}
    return Write(a_manager(exchange.session), {"credit_id": row.id}, HANDOVER, body)


@for_operation("answerCredit")
def answer_credit(exchange: Exchange) -> Write:
    row = a_credit_handover(exchange.session, exchange.enterprise)
    body = {"is_taken": False, "banker": "李测试", "said_on": DAY, "words": "不受理"}
    return Write(a_manager(exchange.session), {"credit_id": row.id}, HANDOVER, body)


@for_operation("withdrawCredit")
def withdraw_credit(exchange: Exchange) -> Write:
    row = a_credit_handover(exchange.session, exchange.enterprise)
    return Write(exchange.poster, {"credit_id": row.id}, HANDOVER)
