"""The isolation table of equity and credit: the province's managers act, its auditors read, a committee sees its fund's deals.

The expert without any role sits in the equity fund's committee.
"""

from typing import Any

from tests.isolation.cases import Case, Factory, Sent, about, all_may, plain
from tests.isolation.people import EXPERT, POSTER
from tests.isolation.world import World

MANAGER = frozenset({"fund_manager"})
READS = MANAGER | {"chief_auditor"}
SEES_DEALS = READS | {EXPERT}
SEES_CREDIT = READS | POSTER
DAY = "2026-03-09"


def deal(name: str, body: Any = None) -> Factory:
    return about("deal_id", f"deals.{name}", body)


def part(kind: str, name: str, body: Any = None) -> Factory:
    return about(kind, f"deal_parts.{name}", body)


def enterprise(body: Any = None) -> Factory:
    return about("enterprise_id", "enterprise", body)


def credit(name: str, body: Any = None) -> Factory:
    return about("credit_id", f"credit_handovers.{name}", body)


def on_deal(operation: str, on: str, sent: Factory) -> Case:
    return Case(operation, on, sent, may=MANAGER, knows=SEES_DEALS - MANAGER)


def on_credit(operation: str, on: str, sent: Factory) -> Case:
    return Case(operation, on, sent, may=MANAGER, knows=SEES_CREDIT - MANAGER)


def _sourced(world: World) -> Sent:
    return Sent({}, {
        "fund_id": str(world.equity_fund.id), "enterprise_id": str(world.enterprise.id), "title": "投资", "summary": "首轮",
        "asked_fen": 10,
    })  # fmt: skip


def _agreement(world: World) -> Sent:
    terms = {
        "envelope_id": str(world.equity_root.id),
        "amount_fen": 10,
        "signed_on": DAY,
        "reference": "协议",
    }
    return Sent({"deal_id": world.deals["approved"].id}, terms)


def _committee(world: World) -> Sent:
    rules = {
        "members": [str(world.accounts[EXPERT].id)],
        "quorum": 1,
        "approval_basis_points": 5_001,
        "source": "章程",
    }
    return Sent({"fund_id": world.equity_fund.id}, rules)


def _confirmation(world: World) -> Sent:
    return Sent({"fund_id": world.equity_fund.id}, {"committee_id": str(world.deal_parts["waiting"].id)})


CASES = [
    Case("confirmCommittee", "of one", _confirmation, may=MANAGER, otherwise=403),
    Case("setCommittee", "of one", _committee, may=MANAGER, otherwise=403),
    Case("showCommittee", "of one", about("fund_id", "equity_fund"), may=READS, otherwise=403),
    Case("sourceDeal", "a new one", _sourced, may=MANAGER, otherwise=403),
    all_may("listDeals", "all", plain()),
    Case("showDeal", "one", deal("invested"), may=SEES_DEALS),
    on_deal("examineDeal", "screened", deal("screening", {})),
    on_deal("settleDiligence", "open", part("diligence_id", "item", {"outcome": "done", "words": "无"})),
    on_deal("conveneCommittee", "examined", deal("ready", {"held_on": DAY})),
    Case(
        "castVote", "in one's committee", part("meeting_id", "meeting", {"choice": "for"}), may=frozenset({EXPERT}), knows=READS,
        by_account=True,
    ),
    on_deal("closeMeeting", "voted", part("meeting_id", "voted", {"minutes": "可行"})),
    Case("showMinutes", "closed", part("meeting_id", "closed"), may=SEES_DEALS),
    on_deal("fulfilCondition", "open", part("deal_condition_id", "condition", {"evidence": "登记簿"})),
    on_deal("declineDeal", "screened", deal("screening", {"reason": "不合适"})),
    on_deal("agreeDeal", "approved", _agreement),
    on_deal("callCapital", "agreed", deal("agreed", {"amount_fen": 10, "due_on": "2026-12-31", "purpose": "首期"})),
    on_deal("enterDealEntry", "invested", deal(
        "invested", {"kind": "valuation", "as_of_on": DAY, "value_fen": 10, "source": "年报"})),
    on_deal("decideDealEntry", "proposed", part("deal_entry_id", "entry", {"is_approved": True})),
    Case("loadScorecard", "a new one", lambda world: Sent({}, {"text": world.other_card}), may=MANAGER, otherwise=403),
    Case("listScorecards", "all", plain(), may=READS, otherwise=403),
    on_credit("scoreEnterprise", "the poster's", enterprise({"key": "test-card", "as_of_on": DAY})),
    Case("listCreditScores", "the poster's", enterprise(), may=SEES_CREDIT),
    all_may("listCreditProducts", "all", plain()),
    Case("matchCredit", "for the poster", enterprise(), may=SEES_CREDIT),
    Case("askCredit", "for the poster", enterprise({
        "product_key": "knowledge-value-loan", "wish": "流动资金", "consents": True}), may=POSTER, knows=READS),
    all_may("listCreditHandovers", "all", plain()),
    on_credit("handOverCredit", "the poster's", credit("consented", {"bank": "测试银行", "answer_days": 5})),
    on_credit("answerCredit", "the poster's", credit("asked", {
        "is_taken": True, "banker": "李测试", "said_on": "2026-03-10", "words": "可办"})),
    Case("withdrawCredit", "the poster's", credit("consented"), may=POSTER, knows=READS),
]  # fmt: skip
