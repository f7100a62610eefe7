"""Deals over HTTP. Their second people approve the ledger's orders (approveOrder), or decide about entries."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes, path_of
from finance_net.equity import holding, investing, reading, schemas, service

routes = Routes("equity", __name__, url_prefix="/api", description="股权投资项目 / equity deals")
ONE = "/equity-deals/<uuid:deal_id>"


@routes.operation(
    "POST", "/equity-deals", "sourceDeal", Bilingual("登记投资项目", "Open a deal"), body=schemas.DealSource,
    answer=schemas.DealView, status=201,
)  # fmt: skip
def source_deal(call: Call) -> Answer:
    deal = service.source_deal(call.session, call.actor, call.body, now=call.now)
    return Answer(deal, location=path_of("/equity-deals/<deal_id>", deal_id=deal.id))


@routes.operation(
    "GET", "/equity-deals", "listDeals", Bilingual("投资项目列表", "List deals"), query=schemas.DealQuery,
    answer=schemas.DealView, listed=True,
)  # fmt: skip
def list_deals(call: Call) -> Any:
    return reading.list_deals(call.session, call.actor, call.query)


@routes.operation(
    "GET", ONE, "showDeal", Bilingual("查看投资项目", "Show a deal"), answer=schemas.WholeDealView
)
def show_deal(call: Call, deal_id: UUID) -> Answer:
    deal = reading.read_deal(call.session, call.actor, deal_id)
    return Answer(reading.deal_view(call.session, deal), row=deal)


@routes.operation(
    "POST", f"{ONE}/diligence", "examineDeal", Bilingual("开始尽职调查", "Open the due diligence"), body=schemas.DiligenceEntry,
    answer=schemas.DealView, status=201,
)  # fmt: skip
def examine_deal(call: Call, deal_id: UUID) -> Answer:
    return Answer(service.examine_deal(call.session, call.actor, deal_id, call.body["items"], now=call.now))


@routes.operation(
    "POST", "/equity-diligence-items/<uuid:diligence_id>/settlement", "settleDiligence",
    Bilingual("办结或豁免尽调项", "Settle or waive an item of the due diligence"), body=schemas.DiligenceSettlement,
    answer=schemas.DiligenceItemView,
)  # fmt: skip
def settle_diligence(call: Call, diligence_id: UUID) -> Any:
    return service.settle_item(call.session, call.actor, diligence_id, **call.body, now=call.now)


@routes.operation(
    "POST", f"{ONE}/refusal", "declineDeal", Bilingual("不投资", "Invest nothing"), body=schemas.DealRefusal,
    answer=schemas.DealView,
)  # fmt: skip
def decline_deal(call: Call, deal_id: UUID) -> Any:
    return service.decline_deal(call.session, call.actor, deal_id, **call.body, now=call.now)


@routes.operation(
    "POST", f"{ONE}/agreement", "agreeDeal", Bilingual("登记协议并申请承付", "Record the agreement and ask to commit its money"),
    body=schemas.DealAgreement, answer=schemas.DealView, status=201,
)  # fmt: skip
def agree_deal(call: Call, deal_id: UUID) -> Answer:
    return Answer(investing.agree_deal(call.session, call.actor, deal_id, call.body, now=call.now))


@routes.operation(
    "POST", f"{ONE}/calls", "callCapital", Bilingual("出资请求", "Call capital for a deal"), body=schemas.CapitalCallEntry,
    answer=schemas.CapitalCallView, status=201,
)  # fmt: skip
def call_capital(call: Call, deal_id: UUID) -> Answer:
    return Answer(investing.call_capital(call.session, call.actor, deal_id, **call.body, now=call.now))


@routes.operation(
    "POST", f"{ONE}/entries", "enterDealEntry", Bilingual("登记估值、申请减值或退出", "Record a valuation, ask for a write-down or an exit"),
    body=schemas.DealEntryBody, answer=schemas.DealEntryView, status=201,
)  # fmt: skip
def enter_deal_entry(call: Call, deal_id: UUID) -> Answer:
    return Answer(holding.enter(call.session, call.actor, deal_id, call.body, now=call.now))


@routes.operation(
    "POST", "/equity-entries/<uuid:deal_entry_id>/decision", "decideDealEntry", Bilingual("批准减值或退出", "Book a write-down or an exit, or decline it"),
    body=schemas.DealEntryDecision, answer=schemas.DealEntryView,
)  # fmt: skip
def decide_deal_entry(call: Call, deal_entry_id: UUID) -> Any:
    return holding.decide_entry(call.session, call.actor, deal_entry_id, **call.body, now=call.now)
