"""The isolation table of the ledger, its orders and its funds: the province's managers act, its auditors read."""

from typing import Any

from tests.isolation.cases import Case, Factory, Sent, about, all_may, plain
from tests.isolation.people import POSTER
from tests.isolation.world import World

MANAGER = frozenset({"fund_manager"})
READS = MANAGER | {"chief_auditor"}
REASON = {"reason": "测试"}


def fund(body: Any = None) -> Factory:
    return about("fund_id", "fund", body)


def envelope(body: Any = None) -> Factory:
    return about("envelope_id", "fund_project", body)


def hold(name: str, **body: Any) -> Factory:
    return lambda world: Sent({"hold_id": getattr(world.fund_holds, name)}, REASON | body)


def recovery(body: Any = None) -> Factory:
    return lambda world: Sent({"transfer_id": world.fund_holds.recovery}, body)


def _adjustment(world: World) -> Sent:
    giver = str(world.fund_giver.id)
    return Sent({"envelope_id": world.fund_project.id}, REASON | {"giver_id": giver, "amount_fen": 10})


def order(body: Any = None) -> Factory:
    return about("order_id", "fund_order", body)


def reads(operation: str, on: str, sent: Factory) -> Case:
    return Case(operation, on, sent, may=READS, otherwise=403)


def acts(operation: str, on: str, sent: Factory) -> Case:
    return Case(operation, on, sent, may=MANAGER, otherwise=403)


story = about("case_id", "fund_case")

CASES = [
    all_may("listCases", "all", plain()),
    all_may("reportFunding", "all", plain()),
    Case("showCase", "of an enterprise", story, may=READS | POSTER),
    Case("exportCase", "of an enterprise", story, may=READS, knows=POSTER),
    all_may("listFundingDirectory", "all", plain()),
    reads("listFunds", "all", plain()),
    reads("showFund", "one", fund()),
    reads("replayFund", "one", fund()),
    reads("showCapital", "one", fund()),
    reads("showEnvelope", "one", envelope()),
    reads("listHolds", "of one", envelope()),
    reads("listTransfers", "all", plain()),
    reads("showTransfer", "one", recovery()),
    reads("verifyLedger", "all", plain()),
    reads("listOrders", "all", plain()),
    reads("showOrder", "one", order()),
    acts("openFund", "a new one", plain({"key": "another", "title": "另一资金", "kind": "grants"})),
    acts("openEnvelope", "within one", about("envelope_id", "fund_root", {"level": "project", "key": "x", "title": "项目"})),
    acts("reserveFunds", "in one", envelope(REASON | {"amount_fen": 10})),
    acts("commitFunds", "reserved", hold("reserved")),
    acts("approveTranche", "committed", hold("committed", amount_fen=10)),
    acts("payTranche", "approved", hold("approved")),
    acts("voidHold", "committed", hold("committed")),
    acts("recoverPayment", "paid", hold("paid", amount_fen=10)),
    acts("changeLimit", "of one", envelope(REASON | {"limit_fen": 900})),
    acts("adjustEnvelope", "of one", _adjustment),
    acts("reverseTransfer", "a recovery", recovery(REASON)),
    acts("approveOrder", "of another", order()),
    acts("declineOrder", "of another", order({"note": "不同意"})),
    acts("openPublishedFunds", "all", plain()),
    acts("recordCapital", "of one", about("fund_id", "equity_fund", {
        "measure": "target", "amount_fen": 1, "as_of_on": "2026-01-01", "source": "测试"})),
    acts("openGrantPools", "of one", fund({"year": 2026})),
]  # fmt: skip
