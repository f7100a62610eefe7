"""Nodes of the network for tests: `a_node(session, kind="station", parent=hub)`, `a_hub(session)`."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

import ground_net.network.service  # noqa: F401  # tells identity of nodes
from ground_net.network.models import NetworkNode

MADE_AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
_numbers = count(1)


def a_hub(session: Session, **values: Any) -> NetworkNode:
    """A stored hub at the top, of Wuhan."""
    return a_node(session, **{"kind": "hub"} | values)


def a_node(session: Session, parent: NetworkNode | None = None, **values: Any) -> NetworkNode:
    """A stored open node of the parent's region, below a new hub unless said otherwise."""
    kind = values.get("kind", "node")
    if parent is None and kind != "hub":
        parent = a_hub(session, **{name: values[name] for name in ("region_code",) if name in values})
    n = next(_numbers)
    defaults: dict[str, Any] = {
        "key": f"T-{n:04d}", "kind": kind, "name": f"测试节点{n}", "parent_id": parent and parent.id,
        "region_code": parent.region_code if parent else "420100", "created_at": MADE_AT, "updated_at": MADE_AT,
    }  # fmt: skip
    node = NetworkNode(**defaults | values)
    session.add(node)
    session.flush()
    return node
