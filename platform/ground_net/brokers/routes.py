"""Brokers and mandates over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes, path_of
from ground_net.brokers import mandates, schemas, service

routes = Routes("brokers", __name__, url_prefix="/api", description="技术经纪人 / technology brokers")
ONE = "/brokers/<uuid:broker_id>"
MANDATE = "/mandates/<uuid:mandate_id>"


@routes.operation(
    "POST", "/brokers", "enterBroker", Bilingual("建立经纪人档案", "Enter a broker"),
    body=schemas.BrokerEntry, answer=schemas.BrokerView, status=201,
)  # fmt: skip
def enter_broker(call: Call) -> Answer:
    shown = service.enter_broker(call.session, call.actor, call.body, now=call.now)
    return Answer(shown, row=shown.row, location=path_of(ONE, broker_id=shown.row.id))


@routes.operation(
    "GET", "/brokers", "listBrokers", Bilingual("经纪人列表", "List brokers"),
    query=schemas.BrokerQuery, answer=schemas.BrokerView, listed=True,
)  # fmt: skip
def list_brokers(call: Call) -> Any:
    return service.list_brokers(call.session, call.actor, call.query)


@routes.operation(
    "GET", ONE, "showBroker", Bilingual("查看经纪人", "Show a broker"), answer=schemas.BrokerView
)
def show_broker(call: Call, broker_id: UUID) -> Answer:
    shown = service.show_broker(call.session, call.actor, broker_id)
    return Answer(shown, row=shown.row)


@routes.operation(
    "PATCH", ONE, "amendBroker", Bilingual("修改经纪人档案", "Amend a broker"),
    body=schemas.BrokerAmendment, answer=schemas.BrokerView, guarded=True,
)  # fmt: skip
def amend_broker(call: Call, broker_id: UUID) -> Answer:
    broker = service.broker_named(call.session, broker_id)
    call.expect(broker)
    return Answer(service.amend_broker(call.session, call.actor, broker, call.body, now=call.now), row=broker)


@routes.operation(
    "GET", f"{ONE}/record", "showBrokerRecord", Bilingual("经纪人业绩", "Show what came of a broker's needs"),
    answer=schemas.BrokerRecord,
)  # fmt: skip
def show_broker_record(call: Call, broker_id: UUID) -> Any:
    return service.show_record(call.session, call.actor, broker_id)


@routes.operation(
    "POST", f"{ONE}/mandates", "giveMandate", Bilingual("委托经纪人", "Let a broker act for an organisation"),
    body=schemas.MandateEntry, answer=schemas.MandateView, status=201,
)  # fmt: skip
def give_mandate(call: Call, broker_id: UUID) -> Answer:
    given = mandates.give_mandate(call.session, call.actor, broker_id, call.body, now=call.now)
    return Answer(given, location=path_of(MANDATE, mandate_id=given.row.id))


@routes.operation(
    "GET", "/mandates", "listMandates", Bilingual("委托列表", "List mandates"),
    query=schemas.MandateQuery, answer=schemas.MandateView, listed=True,
)  # fmt: skip
def list_mandates(call: Call) -> Any:
    return mandates.list_mandates(call.session, call.actor, call.query, now=call.now)


@routes.operation(
    "GET", MANDATE, "showMandate", Bilingual("查看委托", "Show a mandate"), answer=schemas.MandateView
)
def show_mandate(call: Call, mandate_id: UUID) -> Any:
    return mandates.show_mandate(call.session, call.actor, mandate_id, now=call.now)


@routes.operation(
    "POST", f"{MANDATE}/confirmation", "confirmMandate", Bilingual("确认委托", "Confirm a mandate"),
    answer=schemas.MandateView,
)  # fmt: skip
def confirm_mandate(call: Call, mandate_id: UUID) -> Any:
    return mandates.confirm_mandate(call.session, call.actor, mandate_id, now=call.now)


@routes.operation(
    "POST", f"{MANDATE}/end", "endMandate", Bilingual("结束委托", "End or decline a mandate"),
    answer=schemas.MandateView,
)  # fmt: skip
def end_mandate(call: Call, mandate_id: UUID) -> Any:
    return mandates.end_mandate(call.session, call.actor, mandate_id, now=call.now)
