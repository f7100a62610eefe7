"""Rewards over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes
from ground_net.contracts.rewards import schemas, service

routes = Routes(
    "contract_rewards", __name__, url_prefix="/api", description="成果完成人奖酬 / rewards of inventors"
)
OF_CONTRACT = "/contracts/<uuid:contract_id>/rewards"


@routes.operation(
    "POST", OF_CONTRACT, "recordRewards", Bilingual("登记奖酬分配", "Record what the inventors are paid"),
    body=schemas.RewardEntry, answer=schemas.RewardView, status=201,
)  # fmt: skip
def record_rewards(call: Call, contract_id: UUID) -> Answer:
    return Answer(service.record_rewards(call.session, call.actor, contract_id, call.body, now=call.now))


@routes.operation(
    "GET", OF_CONTRACT, "listRewards", Bilingual("奖酬列表", "List the rewards of a contract"), answer=schemas.RewardsView
)  # fmt: skip
def list_rewards(call: Call, contract_id: UUID) -> Any:
    return {"items": service.list_rewards(call.session, call.actor, contract_id)}
