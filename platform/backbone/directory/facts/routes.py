"""Facts of enterprises over HTTP."""

from typing import Any
from uuid import UUID

from backbone.directory.facts import schemas, service
from backbone.directory.facts.kinds import FACT_KINDS, UNITS
from backbone.errors import Bilingual
from backbone.http import Call, Routes

routes = Routes("facts", __name__, url_prefix="/api", description="企业数据 / facts of enterprises")
OF_ENTERPRISE = "/enterprises/<uuid:enterprise_id>/facts"


@routes.operation(
    "POST", OF_ENTERPRISE, "recordFact", Bilingual("登记企业数据", "Record a fact of an enterprise"),
    body=schemas.FactEntry, answer=schemas.FactView, status=201,
)  # fmt: skip
def record_fact(call: Call, enterprise_id: UUID) -> Any:
    return service.record_fact(call.session, call.actor, enterprise_id, call.body, now=call.now)


@routes.operation(
    "GET", OF_ENTERPRISE, "listFacts", Bilingual("企业数据列表", "List the facts of an enterprise"),
    query=schemas.FactQuery, answer=schemas.FactView, listed=True,
)  # fmt: skip
def list_facts(call: Call, enterprise_id: UUID) -> Any:
    return service.list_facts(call.session, call.actor, enterprise_id, call.query)


@routes.operation(
    "POST", "/enterprise-facts/<uuid:fact_id>/retraction", "retractFact", Bilingual("撤销企业数据", "Retract a fact"),
    body=schemas.FactRetraction, answer=schemas.FactView,
)  # fmt: skip
def retract_fact(call: Call, fact_id: UUID) -> Any:
    return service.retract_fact(call.session, call.actor, fact_id, **call.body, now=call.now)


@routes.operation(
    "GET", "/fact-kinds", "listFactKinds", Bilingual("企业数据种类", "List the kinds of facts"),
    answer=schemas.FactKindsView, public=True,
)  # fmt: skip
def list_fact_kinds(call: Call) -> Any:
    return {"items": [_kind(code) for code in FACT_KINDS]}


def _kind(code: str) -> dict[str, Any]:
    kind = FACT_KINDS[code]
    unit = UNITS[kind.unit]
    return {"code": code, "zh": kind.label.zh, "en": str(kind.label), "unit": kind.unit, "unit_zh": unit.zh,
            "unit_en": str(unit), "most": kind.most, "of_a_year": kind.of_a_year}  # fmt: skip
