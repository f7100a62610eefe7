"""Rounds over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes, path_of
from finance_net.grants import reading, schemas, service

routes = Routes("grant_rounds", __name__, url_prefix="/api", description="申报批次 / rounds of grants")
ONE = "/grant-rounds/<uuid:round_id>"


@routes.operation(
    "POST", "/grant-rounds", "draftRound", Bilingual("起草申报批次", "Draft a round of grants"), body=schemas.RoundEntry,
    answer=schemas.RoundView, status=201,
)  # fmt: skip
def draft_round(call: Call) -> Answer:
    row = service.draft_round(call.session, call.actor, call.body, now=call.now)
    return Answer(row, location=path_of(ONE, round_id=row.id))


@routes.operation(
    "GET", "/grant-rounds", "listRounds", Bilingual("申报批次列表", "List rounds of grants"), query=schemas.RoundQuery,
    answer=schemas.RoundView, listed=True,
)  # fmt: skip
def list_rounds(call: Call) -> Any:
    return reading.list_rounds(call.session, call.actor, call.query)


@routes.operation(
    "GET", ONE, "showRound", Bilingual("查看申报批次", "Show a round of grants"), answer=schemas.RoundView
)
def show_round(call: Call, round_id: UUID) -> Any:
    return reading.round_of(call.session, call.actor, round_id)


@routes.operation(
    "POST", ONE + "/opening", "openRound", Bilingual("开放申报", "Open a round"), answer=schemas.RoundView
)
def open_round(call: Call, round_id: UUID) -> Any:
    return service.open_round(call.session, call.actor, round_id, now=call.now)


@routes.operation(
    "POST",
    ONE + "/closing",
    "closeRound",
    Bilingual("截止申报", "Close a round for applications"),
    answer=schemas.RoundView,
)
def close_round(call: Call, round_id: UUID) -> Any:
    return service.close_round(call.session, call.actor, round_id, now=call.now)


@routes.operation(
    "POST",
    ONE + "/cancelling",
    "cancelRound",
    Bilingual("取消批次", "Call a round off"),
    answer=schemas.RoundView,
)
def cancel_round(call: Call, round_id: UUID) -> Any:
    return service.cancel_round(call.session, call.actor, round_id, now=call.now)
