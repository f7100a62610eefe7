"""Holding nodes open, and the one lock of the tree.

Whoever records something for a node calls `require_open_node` first: the node cannot be closed until that transaction
ends, and whoever closes it sees what was written. Nodes are opened, moved and closed one at a time, so that no two moves
make a circle together.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, func, literal, select
from sqlalchemy.orm import Session, aliased

from backbone.errors import NotFound
from backbone.identity.nodes import Network, install_network
from ground_net.network.errors import NodeIsClosed
from ground_net.network.models import NetworkNode

TREE = 7_031_402  # advisory lock


def require_open_node(session: Session, key_or_id: str | UUID) -> NetworkNode:
    """The open node of this key or id, which nobody closes until the transaction ends; raises NotFound, NodeIsClosed.

    Read anew under a share lock: of a lead recorded while the node is being closed, one of the two is refused.
    """
    named = NetworkNode.id == key_or_id if isinstance(key_or_id, UUID) else NetworkNode.key == key_or_id
    held = select(NetworkNode).where(named).with_for_update(read=True, key_share=True)
    node = session.scalar(held.execution_options(populate_existing=True))
    if node is None:
        raise NotFound()
    refuse_closed(node)
    return node


def node_named(session: Session, node_id: UUID) -> NetworkNode:
    """The node by id, open or closed; raises NotFound."""
    node = session.get(NetworkNode, node_id)
    if node is None:
        raise NotFound()
    return node


def take_tree(session: Session) -> None:
    """Be the only one who changes the tree until the transaction ends."""
    session.execute(select(func.pg_advisory_xact_lock(TREE)))


def lock_node(session: Session, node_id: UUID) -> NetworkNode:
    """The node as it is now, locked against whoever holds it open; raises NotFound."""
    node = session.get(NetworkNode, node_id, with_for_update=True, populate_existing=True)
    if node is None:
        raise NotFound()
    return node


def path_up(session: Session, key: str) -> Sequence[str]:
    """The node's key, then those of all above it, the top last."""
    walk = (
        select(NetworkNode.key, NetworkNode.parent_id, literal(0, BigInteger).label("steps"))
        .where(NetworkNode.key == key)
        .cte(recursive=True)
    )
    parent = aliased(NetworkNode)
    further = select(parent.key, parent.parent_id, walk.c.steps + 1).join(walk, parent.id == walk.c.parent_id)
    walk = walk.union_all(further)
    return session.scalars(select(walk.c.key).order_by(walk.c.steps)).all()


def refuse_closed(node: NetworkNode) -> None:
    """Raise NodeIsClosed for a closed node."""
    if node.closed_at is not None:
        raise NodeIsClosed(key=node.key, closed_at=node.closed_at.isoformat())


def _region_of(key: ColumnElement[Any]) -> ColumnElement[str]:
    return select(NetworkNode.region_code).where(NetworkNode.key == key).scalar_subquery()


def _hold_open(session: Session, key: str) -> str | None:
    try:
        return require_open_node(session, key).region_code
    except (NotFound, NodeIsClosed):
        return None


install_network(Network(_region_of, _hold_open))
