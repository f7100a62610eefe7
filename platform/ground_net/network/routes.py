"""The network over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes, path_of
from ground_net.network import reading, schemas, service

routes = Routes("network", __name__, url_prefix="/api", description="地网服务体系 / the service network")
ONE = "/nodes/<uuid:node_id>"


@routes.operation(
    "POST", "/nodes", "openNode", Bilingual("设立节点", "Open a node"),
    body=schemas.NodeEntry, answer=schemas.NodeView, status=201,
)  # fmt: skip
def open_node(call: Call) -> Answer:
    node = service.open_node(call.session, call.actor, call.body, now=call.now)
    return Answer(node, location=path_of(ONE, node_id=node.id))


@routes.operation(
    "POST", "/network", "loadNetwork", Bilingual("整体载入网络", "Load a whole pattern"),
    body=schemas.NetworkEntry, answer=schemas.NodesView, status=201,
)  # fmt: skip
def load_network(call: Call) -> Any:
    return {"items": service.load_network(call.session, call.actor, call.body["nodes"], now=call.now)}


@routes.operation(
    "GET", "/network", "showNetwork", Bilingual("查看网络", "Show the network with its patterns"),
    query=schemas.NetworkQuery, answer=schemas.NetworkView,
)  # fmt: skip
def show_network(call: Call) -> Any:
    return reading.show_network(call.session, call.query)


@routes.operation(
    "GET", "/nodes", "listNodes", Bilingual("节点列表", "List nodes"),
    query=schemas.NodeQuery, answer=schemas.NodeView, listed=True,
)  # fmt: skip
def list_nodes(call: Call) -> Any:
    return reading.list_nodes(call.session, call.query)


@routes.operation("GET", ONE, "showNode", Bilingual("查看节点", "Show a node"), answer=schemas.NodeView)
def show_node(call: Call, node_id: UUID) -> Any:
    return reading.show_node(call.session, node_id)


@routes.operation(
    "PATCH", ONE, "amendNode", Bilingual("修改节点", "Amend a node"),
    body=schemas.NodeAmendment, answer=schemas.NodeView, guarded=True,
)  # fmt: skip
def amend_node(call: Call, node_id: UUID) -> Any:
    node = reading.show_node(call.session, node_id)
    call.expect(node)
    return service.amend_node(call.session, call.actor, node, call.body, now=call.now)


@routes.operation(
    "POST", f"{ONE}/move", "moveNode", Bilingual("调整上级", "Hang a node elsewhere"),
    body=schemas.NodeMove, answer=schemas.NodeView,
)  # fmt: skip
def move_node(call: Call, node_id: UUID) -> Any:
    return service.move_node(call.session, call.actor, node_id, call.body["parent"], now=call.now)


@routes.operation(
    "POST", f"{ONE}/closing", "closeNode", Bilingual("关闭节点", "Close a node"),
    body=schemas.NodeClosing, answer=schemas.NodeView,
)  # fmt: skip
def close_node(call: Call, node_id: UUID) -> Any:
    return service.close_node(call.session, call.actor, node_id, **call.body, now=call.now)
