"""Events over HTTP."""

from typing import Any

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes
from ground_net.leads.outreach import schemas, service

routes = Routes("outreaches", __name__, url_prefix="/api", description="节点活动 / events held by nodes")


@routes.operation(
    "POST", "/outreaches", "recordOutreach", Bilingual("登记活动", "Record an event"),
    body=schemas.OutreachEntry, answer=schemas.OutreachView, status=201,
)  # fmt: skip
def record_outreach(call: Call) -> Answer:
    return Answer(service.record_outreach(call.session, call.actor, call.body, now=call.now))


@routes.operation(
    "GET", "/outreaches", "listOutreaches", Bilingual("活动列表", "List events"),
    query=schemas.OutreachQuery, answer=schemas.OutreachView, listed=True,
)  # fmt: skip
def list_outreaches(call: Call) -> Any:
    return service.list_outreaches(call.session, call.actor, call.query)
