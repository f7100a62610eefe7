"""Opening nodes: one, or a whole pattern at once, all or nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.db import new_id
from backbone.directory.models import Enterprise, Institute
from backbone.directory.permissions import CAN_READ_ENTERPRISE, allows
from backbone.directory.regions import is_region, region_label
from backbone.errors import Bilingual, Forbidden
from backbone.references import NO_SUCH_ENTERPRISE, NO_SUCH_INSTITUTE
from ground_net.network.checking import Row, Standing, check_pattern, is_standing
from ground_net.network.errors import BeyondOperation, NetworkRefused, NodeKeyTaken
from ground_net.network.holding import take_tree
from ground_net.network.models import NetworkNode
from ground_net.network.patterns import Place, in_order
from ground_net.network.permissions import may_hang_below, may_run, runs_any

NOT_YOUR_ZONE = Bilingual(
    "{key} 服务于{region}，不在您负责的区域内", "{key} works for {region}, beyond your zone"
)
NOT_YOUR_PARENT = Bilingual("上级 {key} 不服务于{region}", "The parent {key} does not serve {region}")
DESCRIBING = (
    "name", "region_code", "park", "address", "host_enterprise_id", "host_institute_id", "host_organisation", "opened_on",
    "nodes_planned", "stations_planned",
)  # fmt: skip


def open_node(session: Session, actor: Actor, values: Row, *, now: datetime) -> NetworkNode:
    """Open a node, `parent` being the key of what it stands below.

    Raises Forbidden, BeyondOperation, NodeKeyTaken, NetworkRefused.
    """
    _require_right(actor, [values])
    take_tree(session)
    known = session.scalar(select(NetworkNode).where(NetworkNode.key == values["key"]))
    if known is not None:
        raise NodeKeyTaken(key=known.key, name=known.name)
    return _open(session, actor, [values], "{field}", now)[0]


def load_network(
    session: Session, actor: Actor, rows: Sequence[Row], *, now: datetime
) -> Sequence[NetworkNode]:
    """Open those nodes of a pattern that do not stand yet, and leave alone what stands as its entry says; what was opened.

    All or nothing: raises Forbidden, BeyondOperation, and NetworkRefused, which names every fault with its place.
    """
    _require_right(actor, rows)
    take_tree(session)
    return _open(session, actor, rows, "nodes.{place}.{field}", now)


def beyond(words: Bilingual, key: str, region_code: str) -> BeyondOperation:
    """The refusal to place a node there."""
    return BeyondOperation(what=words.format(key=key, region=region_label(region_code)))


def host_faults(session: Session, actor: Actor, values: Mapping[str, Any]) -> list[tuple[str, Bilingual]]:
    """A host that does not exist, or of which the actor may not know: both in the same words."""
    faults = []
    if (enterprise_id := values.get("host_enterprise_id")) is not None:
        enterprise = session.get(Enterprise, enterprise_id)
        if enterprise is None or not allows(CAN_READ_ENTERPRISE, actor, enterprise):
            faults.append(("host_enterprise_id", NO_SUCH_ENTERPRISE))
    institute_id = values.get("host_institute_id")
    if institute_id is not None and session.get(Institute, institute_id) is None:
        faults.append(("host_institute_id", NO_SUCH_INSTITUTE))
    return faults


def _open(
    session: Session, actor: Actor, rows: Sequence[Row], spelled: str, now: datetime
) -> Sequence[NetworkNode]:
    known = _known(session, rows)
    standing = {key: _standing(node) for key, node in known.items()}
    faults = check_pattern(rows, standing, today=local_date(now))
    faults += [
        (place, *fault) for place, row in enumerate(rows) for fault in host_faults(session, actor, row)
    ]
    if faults:
        said = [(spelled.format(place=place, field=field), problem) for place, field, problem in faults]
        raise NetworkRefused([{"field": field, "problem": problem} for field, problem in said])
    new = [row for row in rows if not is_standing(row, standing)]
    for row in new:
        above = known.get(row.get("parent") or "")
        if above is not None and not may_hang_below(actor, above.region_code, row["region_code"]):
            raise beyond(NOT_YOUR_PARENT, above.key, row["region_code"])
    return _write(session, actor, new, known, now)


def _write(
    session: Session, actor: Actor, rows: Sequence[Row], known: Mapping[str, NetworkNode], now: datetime
) -> Sequence[NetworkNode]:
    ids = {row["key"]: new_id() for row in rows} | {key: node.id for key, node in known.items()}
    by_key = {row["key"]: row for row in rows}
    places = [Place(row["key"], row["kind"], row.get("parent")) for row in rows]
    rows = [by_key[place.key] for place, _ in in_order(places)]  # what stands above is written first
    nodes = [
        NetworkNode(
            id=ids[row["key"]], key=row["key"], kind=row["kind"], parent_id=ids.get(row.get("parent") or ""),
            created_at=now, updated_at=now, **{name: row.get(name) for name in DESCRIBING},
        )
        for row in rows
    ]  # fmt: skip
    session.add_all(nodes)
    session.flush()
    for row, node in zip(rows, nodes, strict=True):
        audit.record(session, actor, "open_node", node, now=now, after=row)
    return nodes


def _known(session: Session, rows: Sequence[Row]) -> dict[str, NetworkNode]:
    """The nodes that stand under any key that the entries name."""
    keys = {row["key"] for row in rows} | {row["parent"] for row in rows if row.get("parent")}
    found = session.scalars(select(NetworkNode).where(NetworkNode.key.in_(keys)))
    return {node.key: node for node in found}


def _standing(node: NetworkNode) -> Standing:
    parent = None if node.parent is None else node.parent.key
    said = {name: getattr(node, name) for name in ("key", "kind", *DESCRIBING)}
    return Standing(said | {"parent": parent}, node.closed_at is not None)


def _require_right(actor: Actor, rows: Sequence[Row]) -> None:
    """Somebody who runs nothing is told that alone; who runs a zone, which of the entries lies beyond it."""
    if not runs_any(actor):
        raise Forbidden()
    for row in rows:
        if is_region(row["region_code"]) and not may_run(actor, row["region_code"]):
            raise beyond(NOT_YOUR_ZONE, row["key"], row["region_code"])
