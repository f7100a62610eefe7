"""What HTTP may say of events."""

from backbone.fields import Choice, Day, Identifier, Instant, Schema, Several, Text, Whole
from backbone.pages import PageQuery, sort_field
from ground_net.leads.outreach.models import KINDS

KIND_WORDS = "matchmaking 对接会; roadshow 路演; salon 沙龙; training 培训; other 其他"


class OutreachEntry(Schema):
    """An event that a node held or will hold; the same title on the same day at the same node is the same event."""

    node_key = Text(60, required=True)
    kind = Choice(KINDS, load_default="matchmaking", metadata={"description": KIND_WORDS})
    title = Text(200, required=True)
    held_on = Day(required=True)
    place = Text(200, allow_none=True)
    enterprises = Whole(
        0, 100_000, allow_none=True, metadata={"description": "到场企业数 / companies that came"}
    )


class OutreachView(Schema):
    """An event."""

    id = Identifier()
    number = Text()
    node_key = Text()
    zone_code = Text()
    kind = Choice(KINDS)
    title = Text()
    held_on = Day()
    place = Text()
    enterprises = Whole()
    recorded_at = Instant(attribute="created_at")


class OutreachQuery(PageQuery):
    """Which events."""

    sort = sort_field(["held_on"], "-held_on")
    node = Several(Text(60), 50, distinct=True)
    held_from = Day()
    held_to = Day()
