"""News of policies over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Call, Routes
from policy_pack.pushes import schemas, service

routes = Routes("policy_news", __name__, url_prefix="/api", description="政策推送 / news of policies")


@routes.operation(
    "GET", "/enterprises/<uuid:enterprise_id>/policy-news", "listPolicyNews",
    Bilingual("政策推送列表", "List what an enterprise was told of policies"),
    query=schemas.PolicyNewsQuery, answer=schemas.PolicyNewsView, listed=True,
)  # fmt: skip
def list_policy_news(call: Call, enterprise_id: UUID) -> Any:
    return service.list_news(call.session, call.actor, enterprise_id, call.query)
