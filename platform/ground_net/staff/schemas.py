"""What HTTP may say of posts."""

from backbone.fields import Choice, Day, Flag, Identifier, Instant, Schema, Text
from backbone.pages import PageQuery, sort_field
from ground_net.staff.models import FUNCTIONS
from ground_net.staff.service import SORTS


class NodeAppointment(Schema):
    """Who works in the node, as what, since when."""

    account_id = Identifier(required=True)
    function = Choice(FUNCTIONS, required=True)
    since_on = Day(required=True)


class NodePostView(Schema):
    """A post with the name of who holds it."""

    id = Identifier(attribute="row.id")
    node_id = Identifier(attribute="row.node_id")
    account_id = Identifier(attribute="row.account_id")
    name = Text()
    function = Choice(FUNCTIONS, attribute="row.function")
    since_on = Day(attribute="row.since_on")
    ended_at = Instant(attribute="row.ended_at")


class NodePostQuery(PageQuery):
    """Filters of a node's posts."""

    sort = sort_field(tuple(SORTS), "since_on")
    ended = Flag(
        spelled=True, load_default=False, metadata={"description": "也列已结束的 / with those that ended"}
    )
