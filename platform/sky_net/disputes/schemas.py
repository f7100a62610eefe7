"""What HTTP may say of disputes."""

from backbone.fields import Choice, Flag, Identifier, Instant, Record, Schema, Several, Text, Whole
from backbone.pages import PageQuery, sort_field
from sky_net.disputes.reasons import DISPUTE_REASONS


class DisputeEntry(Schema):
    """Why the proposal is no answer."""

    reason_code = Choice(DISPUTE_REASONS, required=True)
    message = Text(1000, required=True)


class RulingEntry(Schema):
    """What the second person decides, and why."""

    upheld = Flag(required=True)
    message = Text(1000, required=True)


class DisputeView(Schema):
    """A dispute and its ruling, null until there is one."""

    id = Identifier()
    proposal_id = Identifier()
    need_id = Identifier()
    reason_code = Choice(DISPUTE_REASONS)
    message = Text(1000)
    disputed_at = Instant()
    upheld = Flag()
    ruling = Text(1000)
    ruled_at = Instant()


class DisputeQuery(PageQuery):
    """Filters of the disputes."""

    sort = sort_field(["disputed_at"], "disputed_at")
    decided = Flag(spelled=True)


class DisputeCount(Schema):
    """What one operator's needs came to."""

    owner_id = Identifier()
    name = Text()
    talks_disputed = Whole()
    proposals_disputed = Whole()
    proposals_upheld = Whole()


class DisputeCounts(Schema):
    """By operator."""

    items = Several(Record(DisputeCount), 10_000)
