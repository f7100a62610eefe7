"""What HTTP may say of findings."""

from backbone.fields import Identifier, Instant, Record, Schema, Several, Text
from backbone.pages import PageQuery, sort_field


class FindingEntry(Schema):
    """Why nobody can solve it now, and what would help."""

    why_not = Text(4000, required=True)
    what_would_help = Text(4000, required=True)


class FindingAmendment(Schema):
    """What can be changed until it is signed."""

    why_not = Text(4000)
    what_would_help = Text(4000)


class AskedInstitute(Schema):
    """An institute that was asked, and why it is no way."""

    institute_id = Identifier()
    reason_code = Text()


class FindingView(Schema):
    """A finding; who was asked is filled in by the signature, from what institutes answered."""

    id = Identifier()
    need_id = Identifier()
    why_not = Text(4000)
    what_would_help = Text(4000)
    asked = Several(Record(AskedInstitute), 1000, allow_none=True)
    created_at = Instant()
    signed_at = Instant()


class FindingQuery(PageQuery):
    """The order of findings."""

    sort = sort_field(["created_at"], "-created_at")
