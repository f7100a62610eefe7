"""Confidentiality terms over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Call, Routes
from sky_net.talks.terms import schemas, service

routes = Routes("terms", __name__, url_prefix="/api", description="保密条款 / confidentiality terms")
TERMS = "/needs/<uuid:need_id>/terms"


@routes.operation(
    "GET", TERMS, "showTerms", Bilingual("查看保密条款", "Show the confidentiality terms of a need"),
    answer=schemas.TermsView,
)  # fmt: skip
def show_terms(call: Call, need_id: UUID) -> Any:
    return service.show_terms(call.session, call.actor, need_id, now=call.now)


@routes.operation(
    "POST", f"{TERMS}/acceptances", "acceptTerms", Bilingual("接受保密条款", "Accept the confidentiality terms"),
    body=schemas.TermsAcceptanceEntry, answer=schemas.TermsAcceptanceView,
)  # fmt: skip
def accept_terms(call: Call, need_id: UUID) -> Any:
    return service.accept_terms(call.session, call.actor, need_id, call.body, now=call.now)


@routes.operation(
    "GET", f"{TERMS}/acceptances", "listTermsAcceptances",
    Bilingual("保密条款的接受记录", "List who accepted the confidentiality terms"),
    query=schemas.TermsAcceptanceQuery, answer=schemas.TermsAcceptanceView, listed=True,
)  # fmt: skip
def list_acceptances(call: Call, need_id: UUID) -> Any:
    return service.list_acceptances(call.session, call.actor, need_id, call.query)
