"""Milestones and delivery over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Call, Routes
from ground_net.contracts.delivery import schemas, service
from ground_net.contracts.reading import seen
from ground_net.contracts.schemas import ContractView

routes = Routes(
    "contract_delivery", __name__, url_prefix="/api", description="合同履行 / delivery of contracts"
)
ONE = "/contracts/<uuid:contract_id>"


@routes.operation(
    "POST", f"{ONE}/milestones", "planMilestones", Bilingual("制定里程碑计划", "Plan the milestones of a contract"),
    body=schemas.MilestonePlan, answer=schemas.MilestonesView,
)  # fmt: skip
def plan_milestones(call: Call, contract_id: UUID) -> Any:
    plan = call.body["milestones"]
    return {"items": service.plan_milestones(call.session, call.actor, contract_id, plan, now=call.now)}


@routes.operation(
    "GET", f"{ONE}/milestones", "listMilestones", Bilingual("里程碑列表", "List the milestones of a contract"),
    answer=schemas.MilestonesView,
)  # fmt: skip
def list_milestones(call: Call, contract_id: UUID) -> Any:
    return {"items": service.list_milestones(call.session, call.actor, contract_id)}


@routes.operation(
    "POST", "/milestones/<uuid:milestone_id>/acceptance", "acceptMilestone", Bilingual("验收里程碑", "Accept a milestone"),
    answer=schemas.MilestoneView,
)  # fmt: skip
def accept_milestone(call: Call, milestone_id: UUID) -> Any:
    return service.accept_milestone(call.session, call.actor, milestone_id, now=call.now)


@routes.operation(
    "POST", f"{ONE}/delivery", "deliverContract", Bilingual("交付", "Say that everything is handed over"),
    answer=ContractView,
)  # fmt: skip
def deliver_contract(call: Call, contract_id: UUID) -> Any:
    row = service.deliver_contract(call.session, call.actor, contract_id, now=call.now)
    return seen(call.session, row)


@routes.operation(
    "POST", f"{ONE}/delivery/acceptance", "acceptDelivery", Bilingual("验收交付", "Accept what was delivered"),
    answer=ContractView,
)  # fmt: skip
def accept_delivery(call: Call, contract_id: UUID) -> Any:
    row = service.accept_delivery(call.session, call.actor, contract_id, now=call.now)
    return seen(call.session, row)
