"""Amending, moving and closing nodes. Opening them is in `opening`, holding them open in `holding`, offered here as well."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone import audit, events
from backbone.actor import Actor, Scope, ScopeKind
from backbone.clock import local_date
from backbone.errors import Bilingual, Forbidden, Invalid
from backbone.identity.memberships import end_memberships, hold_memberships
from backbone.word_lists import enumerated
from ground_net.network import checking
from ground_net.network.errors import NodeCycle, NodeStillNeeded
from ground_net.network.events import NodeClosed
from ground_net.network.holding import (
    lock_node,
    node_named,
    path_up,
    refuse_closed,
    require_open_node,
    take_tree,
)
from ground_net.network.keeping import Kept, keeps_open, what_keeps_open
from ground_net.network.kinds import KINDS, may_stand_below
from ground_net.network.models import NetworkNode
from ground_net.network.opening import (
    NOT_YOUR_PARENT,
    NOT_YOUR_ZONE,
    beyond,
    host_faults,
    load_network,
    open_node,
)
from ground_net.network.permissions import may_hang_below, may_run


def amend_node(
    session: Session, actor: Actor, node: NetworkNode, values: Mapping[str, Any], *, now: datetime
) -> NetworkNode:
    """Change what is said of an open node; raises Forbidden, BeyondOperation, NodeClosed, Invalid."""
    if not may_run(actor, node.region_code):
        raise Forbidden()
    refuse_closed(node)
    before, after = audit.changes(node, values)
    if not after:
        return node
    if "region_code" in after and not may_run(actor, after["region_code"]):
        raise beyond(NOT_YOUR_ZONE, node.key, after["region_code"])
    whole = {name: getattr(node, name) for name in ("kind", *checking.HOSTS)} | after
    faults = [*checking.check_description(whole, today=local_date(now)), *host_faults(session, actor, after)]
    if faults:
        raise Invalid([{"field": field, "problem": problem} for field, problem in faults])
    for name, value in after.items():
        setattr(node, name, value)
    node.updated_at = now
    session.flush()
    session.expire(node, ["host_enterprise", "host_institute"])
    audit.record(session, actor, "amend_node", node, now=now, before=before, after=after)
    return node


def move_node(
    session: Session, actor: Actor, node_id: UUID, parent: str | None, *, now: datetime
) -> NetworkNode:
    """Hang a node, with all below it, below the one of the key `parent`, or None: at the top.

    Raises NotFound, Forbidden, BeyondOperation, NodeClosed, Invalid, NodeCycle.
    """
    if not may_run(actor, node_named(session, node_id).region_code):
        raise Forbidden()
    take_tree(session)
    node = lock_node(session, node_id)
    refuse_closed(node)
    above = None if parent is None else _new_parent(session, parent)
    if above is not None and not may_hang_below(actor, above.region_code, node.region_code):
        raise beyond(NOT_YOUR_PARENT, above.key, node.region_code)
    _refuse_misplaced(session, node, above)
    before, after = audit.changes(node, {"parent_id": None if above is None else above.id})
    if after:
        node.parent_id, node.updated_at = after["parent_id"], now
        session.flush()
        session.expire(node, ["parent"])
        audit.record(session, actor, "move_node", node, now=now, before=before, after=after)
    return node


def close_node(session: Session, actor: Actor, node_id: UUID, *, reason: str, now: datetime) -> NetworkNode:
    """End a node and the roles held in it; twice changes nothing. Raises NotFound, Forbidden, NodeStillNeeded."""
    known = node_named(session, node_id)
    if not may_run(actor, known.region_code):
        raise Forbidden()
    take_tree(session)
    # The roles before the node: in this order holds both whoever writes something for the node by one of them.
    roles = Scope(ScopeKind.NODE, known.key)
    hold_memberships(session, roles)
    node = lock_node(session, node_id)
    if node.closed_at is not None:
        return node
    if kept := what_keeps_open(session, node.id):
        raise _still_needed(node, kept)
    end_memberships(session, actor, roles, now=now)
    node.closed_at = node.updated_at = now
    node.closing_reason = reason
    session.flush()
    after = {"closed_at": now, "closing_reason": reason}
    audit.record(session, actor, "close_node", node, now=now, after=after, personal={"closing_reason"})
    events.publish(session, NodeClosed(node.id, actor, now))
    return node


@keeps_open("open_nodes", Bilingual("未关闭的下级节点", "open node(s) below it"))
def count_open_below(session: Session, node_id: UUID) -> int:
    """The open nodes that stand directly below."""
    open_below = (NetworkNode.parent_id == node_id, NetworkNode.closed_at.is_(None))
    return session.scalar(select(func.count()).select_from(NetworkNode).where(*open_below)) or 0


def _new_parent(session: Session, key: str) -> NetworkNode:
    above = session.scalar(select(NetworkNode).where(NetworkNode.key == key))
    if above is None:
        raise Invalid.field("parent", checking.NO_PARENT.format(parent=key))
    refuse_closed(above)
    return above


def _refuse_misplaced(session: Session, node: NetworkNode, above: NetworkNode | None) -> None:
    if above is not None and node.key in (path := path_up(session, above.key)):
        raise NodeCycle(path=" → ".join((node.key, *path[: path.index(node.key) + 1])))
    if not may_stand_below(node.kind, None if above is None else above.kind):
        words = checking.NOT_AT_THE_TOP if above is None else checking.NOT_BELOW
        kinds = {"kind": KINDS[node.kind], "parent": above and KINDS[above.kind]}
        raise Invalid.field("parent", words.format(**kinds))


def _still_needed(node: NetworkNode, kept: Sequence[Kept]) -> NodeStillNeeded:
    what = enumerated(
        Bilingual("{label} {count} 项", "{count} {label}").format(label=each.label, count=each.count)
        for each in kept
    )
    counts = [{"what": each.what, "count": each.count} for each in kept]
    return NodeStillNeeded(key=node.key, what=what, kept=counts)


__all__ = [
    "amend_node", "close_node", "load_network", "move_node", "node_named", "open_node", "require_open_node",
]  # fmt: skip
