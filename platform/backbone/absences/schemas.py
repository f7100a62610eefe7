"""What HTTP may say of absences."""

from backbone.fields import Day, Identifier, Instant, Schema
from backbone.pages import PageQuery, sort_field


class AbsenceEntry(Schema):
    """A leave to note; without `account_id` the caller's own."""

    account_id = Identifier()
    deputy_id = Identifier(required=True)
    from_on = Day(required=True)
    to_on = Day(required=True)


class AbsenceView(Schema):
    """A leave and who stands in."""

    id = Identifier()
    account_id = Identifier()
    deputy_id = Identifier()
    from_on = Day()
    to_on = Day()
    created_at = Instant()
    cancelled_at = Instant()


class AbsenceQuery(PageQuery):
    """The order of absences."""

    sort = sort_field(["from_on"], "-from_on")
