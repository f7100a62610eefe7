"""Posts over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Call, Routes
from ground_net.staff import schemas, service

routes = Routes("staff", __name__, url_prefix="/api", description="节点人员 / staff of the network's nodes")
OF_NODE = "/nodes/<uuid:node_id>/staff"


@routes.operation(
    "POST", OF_NODE, "appointStaff", Bilingual("任命节点人员", "Appoint somebody in a node"),
    body=schemas.NodeAppointment, answer=schemas.NodePostView, status=201,
)  # fmt: skip
def appoint_staff(call: Call, node_id: UUID) -> Any:
    return service.appoint_staff(call.session, call.actor, node_id, call.body, now=call.now)


@routes.operation(
    "GET", OF_NODE, "listStaff", Bilingual("节点人员", "List the staff of a node"),
    query=schemas.NodePostQuery, answer=schemas.NodePostView, listed=True,
)  # fmt: skip
def list_staff(call: Call, node_id: UUID) -> Any:
    return service.list_staff(call.session, call.actor, node_id, call.query)


@routes.operation(
    "POST", "/node-posts/<uuid:post_id>/end", "endPost", Bilingual("结束任职", "End a post in a node"),
    answer=schemas.NodePostView,
)  # fmt: skip
def end_post(call: Call, post_id: UUID) -> Any:
    return service.end_post(call.session, call.actor, post_id, now=call.now)
