"""Supplements over HTTP: seeing and striking them; a new one comes of amendContract."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Call, Routes
from ground_net.contracts.reading import seen
from ground_net.contracts.schemas import ContractView
from ground_net.contracts.striking import schemas, service
from ground_net.contracts.supplements import reading

routes = Routes(
    "contract_supplements", __name__, url_prefix="/api", description="补充协议 / supplements of contracts"
)


@routes.operation(
    "GET", "/contracts/<uuid:contract_id>/supplements", "listSupplements",
    Bilingual("补充协议列表", "List the supplements of a contract"), answer=schemas.SupplementsView,
)  # fmt: skip
def list_supplements(call: Call, contract_id: UUID) -> Any:
    return {"items": reading.list_supplements(call.session, call.actor, contract_id)}


@routes.operation(
    "POST", "/contract-supplements/<uuid:supplement_id>/striking", "strikeSupplement",
    Bilingual("否定补充协议", "Settle a dispute by striking a supplement"),
    body=schemas.StrikingOfSupplement, answer=ContractView,
)  # fmt: skip
def strike_supplement(call: Call, supplement_id: UUID) -> Any:
    row = service.strike_supplement(call.session, call.actor, supplement_id, **call.body, now=call.now)
    return seen(call.session, row)
