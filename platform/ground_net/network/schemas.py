"""What HTTP may say of the network."""

from backbone.directory.fields import AreaCode, RegionCode
from backbone.fields import Choice, Day, Flag, Identifier, Instant, Record, Schema, Several, Text, Whole
from backbone.pages import PageQuery, sort_field
from ground_net.network.kinds import KINDS
from ground_net.network.reading import SORTS

MOST_AT_ONCE = 2000
MOST_PLANNED = 100_000
KEY = {
    "description": "永久不变的键：字母、数字与 -，如 HB-HS-03 / for good: letters, digits and -, such as HB-HS-03"
}
PARENT = {
    "description": "上级节点的键；最上级枢纽为 null / the key of what it stands below; null for a hub at the top"
}


class _Described(Schema):
    name = Text(60)
    park = Text(60, allow_none=True)
    address = Text(200, allow_none=True)
    host_enterprise_id = Identifier(allow_none=True)
    host_institute_id = Identifier(allow_none=True)
    host_organisation = Text(100, allow_none=True)
    opened_on = Day(allow_none=True)
    nodes_planned = Whole(
        0, MOST_PLANNED, allow_none=True, metadata={"description": "枢纽规划的数量 / announced of a hub"}
    )
    stations_planned = Whole(
        0, MOST_PLANNED, allow_none=True, metadata={"description": "枢纽规划的数量 / announced of a hub"}
    )


class NodeAmendment(_Described):
    """What is said of a node; its place is changed by moveNode, its key never."""

    region_code = RegionCode(metadata={"description": "服务的地区 / the zone it works for"})


class NodeEntry(_Described):
    """A new node. Kind and region are words here, so that all faults of a pattern are named in one answer."""

    key = Text(40, required=True, metadata=KEY)
    kind = Text(20, required=True, metadata={"enum": list(KINDS)})
    name = Text(60, required=True)
    parent = Text(40, allow_none=True, metadata=PARENT)
    region_code = Text(
        40,
        required=True,
        metadata={"description": "服务的地区，见 listRegions / the zone it works for, see listRegions"},
    )


class NetworkEntry(Schema):
    """A whole pattern: what stands already as its entry says it is left alone."""

    nodes = Several(Record(NodeEntry), MOST_AT_ONCE, required=True)


class NodeMove(Schema):
    """Where a node shall hang."""

    parent = Text(40, required=True, allow_none=True, metadata=PARENT)


class NodeClosing(Schema):
    """Why a node is closed."""

    reason = Text(300, required=True)


class NodeHostView(Schema):
    """Who gives a node room: the id where the directory knows them."""

    enterprise_id = Identifier()
    institute_id = Identifier()
    name = Text()


class NodeView(Schema):
    """A node, visible to everybody with an account."""

    id = Identifier()
    key = Text()
    kind = Choice(KINDS)
    name = Text()
    parent = Text(attribute="parent.key")
    region_code = Text()
    park = Text()
    address = Text()
    host = Record(NodeHostView)
    opened_on = Day()
    nodes_planned = Whole()
    stations_planned = Whole()
    closed_at = Instant()
    closing_reason = Text()
    created_at = Instant()
    updated_at = Instant()


class NodesView(Schema):
    """The nodes that were opened."""

    items = Several(Record(NodeView))


class NodeQuery(PageQuery):
    """Filters of the list of nodes."""

    sort = sort_field(tuple(SORTS), "key")
    kind = Several(Choice(KINDS), len(KINDS))
    region = Several(AreaCode(), 20)
    parent = Text(
        40, metadata={"description": "只列直接隶属于该键的节点 / the key of what they stand directly below"}
    )
    key = Text(40)
    q = Text(100)
    closed = Flag(spelled=True, load_default=False)


class NetworkQuery(Schema):
    """Which part of the network to show."""

    below = Text(
        40, metadata={"description": "节点的键：含其所有下级 / the key of a node: it and all below it"}
    )
    region = Several(AreaCode(), 20)


class StandingPattern(Schema):
    """What a hub has: itself (nodes, stations), and with the hubs below it (all_nodes, all_stations)."""

    text = Text(metadata={"description": "写作 1+8+93 / as 1+8+93"})
    nodes = Whole()
    stations = Whole()
    all_nodes = Whole()
    all_stations = Whole()


class NetworkLineView(Schema):
    """One node of the tree; of a hub, what was declared beside what stands."""

    id = Identifier(attribute="node.id")
    key = Text(attribute="node.key")
    kind = Choice(KINDS, attribute="node.kind")
    name = Text(attribute="node.name")
    region_code = Text(attribute="node.region_code")
    park = Text(attribute="node.park")
    parent = Text()
    depth = Whole(metadata={"description": "在所列范围内的层次，从 0 起 / within what is shown, from 0"})
    declared = Text(
        metadata={"description": "写作 1+8+N；未公布为 null / as 1+8+N; null where nothing was announced"}
    )
    standing = Record(StandingPattern, attribute="pattern")


class NodeKindCounts(Schema):
    """How many of each kind are shown."""

    hub = Whole()
    node = Whole()
    station = Whole()


class NetworkView(Schema):
    """The open network: each node before those below it."""

    nodes = Several(Record(NetworkLineView), attribute="lines")
    counts = Record(NodeKindCounts)
