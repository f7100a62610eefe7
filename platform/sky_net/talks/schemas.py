"""What HTTP may say of contacts."""

from backbone.fields import Choice, Day, Identifier, Instant, Record, Schema, Several, Text
from backbone.pages import PageQuery, sort_field
from sky_net.talks.models import KINDS, SIDES
from sky_net.talks.states import STATES


class ContactPerson(Schema):
    """Somebody who took part; personal data."""

    name = Text(40, required=True)
    side = Choice(SIDES, required=True)


class ContactEntry(Schema):
    """A contact to put on record: without result and next step it did not lead anywhere."""

    kind = Choice(KINDS, required=True)
    happened_on = Day(required=True)
    institute_id = Identifier(required=True)
    people = Several(Record(ContactPerson), 30, required=True)
    result = Text(2000, required=True)
    next_step = Text(1000, required=True)
    next_step_on = Day(allow_none=True)


class ContactDispute(Schema):
    """Why the enterprise says that there was no such talk."""

    message = Text(1000, required=True)


class ContactView(Schema):
    """A contact, as the enterprise, the operators and the institute that took part see it."""

    id = Identifier()
    need_id = Identifier()
    institute_id = Identifier()
    institute_name = Text(attribute="institute.name")
    kind = Choice(KINDS)
    happened_on = Day()
    people = Several(Record(ContactPerson), 30)
    result = Text(2000)
    next_step = Text(1000)
    next_step_on = Day()
    state = Choice(STATES)
    recorded_at = Instant(attribute="created_at")
    agreed_at = Instant()
    agreed_by_silence_at = Instant(
        metadata={"description": "无异议则自此刻视为同意 / silence is agreement from here on"}
    )
    disputed_at = Instant()
    dispute_message = Text(1000)


class ContactQuery(PageQuery):
    """Filters of a need's contacts."""

    sort = sort_field(["recorded_at", "happened_on"], "-recorded_at")
    state = Several(Choice(STATES), len(STATES))
