"""Funds over HTTP: their capital, the pools of a year, and the directory of money outside."""

from typing import Any
from uuid import UUID

from flask import current_app

from backbone.clock import local_date
from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes
from finance_net.funds import reading, schemas, service
from finance_net.ledger.reading import standings

routes = Routes("funds", __name__, url_prefix="/api", description="基金与资金来源 / funds, and money outside")
CAPITAL = "/funds/<uuid:fund_id>/capital"


@routes.operation(
    "POST", "/funds/published", "openPublishedFunds", Bilingual("设立已公布的基金", "Open the funds that were published"),
    answer=schemas.OpenedFunds, status=201,
)  # fmt: skip
def open_published_funds(call: Call) -> Any:
    return {"items": service.open_published_funds(call.session, call.actor, now=call.now)}


@routes.operation(
    "POST", CAPITAL, "recordCapital", Bilingual("登记基金资本", "Record a fund's capital"), body=schemas.CapitalEntry,
    answer=schemas.CapitalStatementView, status=201,
)  # fmt: skip
def record_capital(call: Call, fund_id: UUID) -> Any:
    return service.record_capital(call.session, call.actor, fund_id, **call.body, now=call.now)


@routes.operation(
    "GET", CAPITAL, "showCapital", Bilingual("查看基金资本", "Show a fund's capital"), query=schemas.CapitalQuery,
    answer=schemas.CapitalView,
)  # fmt: skip
def show_capital(call: Call, fund_id: UUID) -> Any:
    means = current_app.extensions["settings"].offshore_means
    return reading.capital_view(
        call.session, call.actor, fund_id, call.query.get("as_of_on"), means, now=call.now
    )


@routes.operation(
    "POST", "/funds/<uuid:fund_id>/grant-pools", "openGrantPools", Bilingual("设立年度政策资金池", "Open a year's pools of policy grants"),
    body=schemas.GrantYearEntry, answer=schemas.OpenedPools, status=201,
)  # fmt: skip
def open_grant_pools(call: Call, fund_id: UUID) -> Answer:
    opened = service.open_grant_pools(call.session, call.actor, fund_id, call.body["year"], now=call.now)
    return Answer({"items": standings(call.session, fund_id, below=opened[0].id, now=call.now)})


@routes.operation(
    "GET", "/funding-directory", "listFundingDirectory", Bilingual("外部资金目录", "Money that others hold, as published"),
    query=schemas.DirectoryQuery, answer=schemas.DirectoryView,
)  # fmt: skip
def list_funding_directory(call: Call) -> Any:
    return reading.lines(call.query, local_date(call.now))
