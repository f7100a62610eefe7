"""What HTTP may say of the audit."""

from backbone.fields import Day, Identifier, Instant, Record, Schema, Several, Text
from backbone.pages import PageQuery, sort_field

MOST_FIELDS = 1_000
VALUE = "JSON，个人信息为摘要 / JSON; personal values as digests"


class AuditChange(Schema):
    """One field of what was written: null where the event says nothing of before, or of after."""

    field = Text()
    before = Text(allow_none=True, metadata={"description": VALUE})
    after = Text(allow_none=True, metadata={"description": VALUE})


class AuditEventView(Schema):
    """Who did what to what, and when; without an actor it was the platform itself."""

    id = Identifier()
    occurred_at = Instant()
    actor_id = Identifier(allow_none=True)
    actor_name = Text(allow_none=True)
    token_id = Identifier(allow_none=True)
    action = Text()
    subject_kind = Text(metadata={"description": "所写的表 / the table that was written to"})
    subject_id = Identifier()
    changes = Several(Record(AuditChange), MOST_FIELDS)


class AuditQuery(PageQuery):
    """Which events: of one record, of one person, of one kind, of some days."""

    subject_kind = Text(60)
    subject_id = Identifier()
    actor_id = Identifier()
    action = Text(60)
    from_on = Day()
    to_on = Day()
    sort = sort_field(["occurred_at"], "-occurred_at")
