"""What HTTP may say of contacts."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from backbone.fields import Choice, Day, Identifier, Instant, Record, Schema, Several, Text
from backbone.pages import PageQuery, sort_field
from sky_net.talks.models import KINDS, SIDES
from sky_net.talks.states import LIFE
from sky_net.talks.steps.schemas import NextStepView, StepEntry, StepOwner

FROM_THE_QUESTION = "指明 question_id 时可省略 / may be left out where question_id tells it"


class ContactPerson(Schema):
    """Somebody who took part; personal data."""

    name = Text(40, required=True)
    side = Choice(SIDES, required=True)


class ContactEntry(Schema):
    """A contact to put on record: without result and next step it did not lead anywhere."""

    kind = Choice(KINDS, required=True)
    happened_on = Day(metadata={"description": FROM_THE_QUESTION})
    institute_id = Identifier(required=True)
    people = Several(Record(ContactPerson), 30, metadata={"description": FROM_THE_QUESTION})
    result = Text(2000, required=True)
    next_step = Text(1000, required=True)
    next_step_on = Day(allow_none=True)
    next_step_owner = Record(StepOwner, allow_none=True)
    further_steps = Several(Record(StepEntry), 30)
    decisions = Several(Text(1000), 30)
    question_id = Identifier(
        allow_none=True,
        metadata={"description": "question_answered 所指的提问 / the question that was answered"},
    )

    @validates_schema(skip_on_field_errors=True)
    def tell_who_and_when(self, values: dict[str, Any], **_: object) -> None:
        """Only a question that is named tells them itself."""
        if values.get("question_id") is None:
            lacking = [name for name in ("happened_on", "people") if name not in values]
            if lacking:
                raise ValidationError(
                    {name: [self.fields[name].error_messages["required"]] for name in lacking}
                )


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
    decisions = Several(Text(1000), 30)
    steps = Several(
        Record(NextStepView),
        31,
        metadata={"description": "有责任方的事项，先是下一步 / the steps with an owner, the next one first"},
    )
    question_id = Identifier()
    state = Choice(LIFE.words)
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
    state = Several(Choice(LIFE.words), len(LIFE.words))
