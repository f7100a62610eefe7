"""Chain needs and the chain board over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Call, Routes
from ground_net.chain_needs import board, reading, schemas, service

routes = Routes("chain_needs", __name__, url_prefix="/api", description="产业链需求 / needs raised by chains")
OF_CHAIN = "/chains/<uuid:chain_id>"
BACKING = "/need-backings/<uuid:backing_id>"


@routes.operation(
    "POST", f"{OF_CHAIN}/needs", "raiseChainNeed", Bilingual("产业链提出需求", "Raise a need for several enterprises"),
    body=schemas.ChainNeedEntry, answer=schemas.BackedView, status=201,
)  # fmt: skip
def raise_chain_need(call: Call, chain_id: UUID) -> Any:
    need = service.raise_chain_need(call.session, call.actor, chain_id, call.body, now=call.now)
    return reading.show_raised(call.session, need)


@routes.operation(
    "GET", f"{OF_CHAIN}/board", "showChainBoard", Bilingual("产业链看板", "Show a chain's needs and offers by segment"),
    answer=schemas.ChainBoardView,
)  # fmt: skip
def show_chain_board(call: Call, chain_id: UUID) -> Any:
    return board.show_chain_board(call.session, call.actor, chain_id, now=call.now)


@routes.operation(
    "POST", "/needs/<uuid:need_id>/backings", "askEnterprises", Bilingual("征询企业联名", "Ask enterprises to stand behind a need"),
    body=schemas.BackersEntry, answer=schemas.BackedView, status=201,
)  # fmt: skip
def ask_enterprises(call: Call, need_id: UUID) -> Any:
    service.ask_enterprises(call.session, call.actor, need_id, call.body["credit_codes"], now=call.now)
    return reading.show_backing(call.session, call.actor, need_id, now=call.now)


@routes.operation(
    "GET", "/needs/<uuid:need_id>/backings", "showBackings", Bilingual("联名企业", "Show who stands behind a chain's need"),
    answer=schemas.BackedView,
)  # fmt: skip
def show_backings(call: Call, need_id: UUID) -> Any:
    return reading.show_backing(call.session, call.actor, need_id, now=call.now)


@routes.operation(
    "GET", "/need-backings", "listBackingRequests", Bilingual("待我联名的需求", "List what my enterprises are asked to back"),
    query=schemas.BackingRequestQuery, answer=schemas.BackingRequestView, listed=True,
)  # fmt: skip
def list_backing_requests(call: Call) -> Any:
    return reading.list_requests(call.session, call.actor, call.query)


@routes.operation(
    "POST", f"{BACKING}/consent", "consentToBack", Bilingual("同意联名", "Stand behind a chain's need"),
    answer=schemas.BackingAnswerView,
)  # fmt: skip
def consent_to_back(call: Call, backing_id: UUID) -> Any:
    return service.consent_to_back(call.session, call.actor, backing_id, now=call.now)


@routes.operation(
    "POST", f"{BACKING}/refusal", "declineToBack", Bilingual("不同意或撤回联名", "Decline, or stand back again"),
    answer=schemas.BackingAnswerView,
)  # fmt: skip
def decline_to_back(call: Call, backing_id: UUID) -> Any:
    return service.decline_to_back(call.session, call.actor, backing_id, now=call.now)
