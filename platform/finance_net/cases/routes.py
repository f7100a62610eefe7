"""Cases over HTTP: the story of an application, its sealed export, and the public summary."""

from typing import Any
from uuid import UUID

from flask import current_app

from backbone.errors import Bilingual
from backbone.http import Call, Routes
from finance_net.cases import exporting, reading, schemas

routes = Routes(
    "fund_cases", __name__, url_prefix="/api", description="资助个案 / the stories of applications for money"
)
ONE = "/fund-cases/<uuid:case_id>"


@routes.operation(
    "GET", "/fund-cases", "listCases", Bilingual("个案列表", "List cases"), query=schemas.CaseQuery,
    answer=schemas.CaseEntry, listed=True,
)  # fmt: skip
def list_cases(call: Call) -> Any:
    return reading.list_cases(call.session, call.actor, call.query)


@routes.operation(
    "GET",
    ONE,
    "showCase",
    Bilingual("查看个案全程", "Show a case from its receipt to its effect"),
    answer=schemas.CaseView,
)
def show_case(call: Call, case_id: UUID) -> Any:
    return reading.case_view(call.session, reading.case_of(call.session, call.actor, case_id))


@routes.operation(
    "GET", ONE + "/export", "exportCase", Bilingual("导出封存的个案", "Export a sealed case for auditors"), answer=None,
    gives_bytes=(exporting.JSON,),
)  # fmt: skip
def export_case(call: Call, case_id: UUID) -> Any:
    heads = current_app.extensions["settings"].audit_heads_dir
    return exporting.export_case(call.session, call.actor, case_id, heads)


@routes.operation(
    "GET", "/reports/funding", "reportFunding", Bilingual("资助公开汇总", "What was awarded and paid, in public"),
    query=schemas.SummaryQuery, answer=schemas.SummaryView,
)  # fmt: skip
def report_funding(call: Call) -> Any:
    return reading.summary(call.session, call.query.get("as_of_on"), now=call.now)
