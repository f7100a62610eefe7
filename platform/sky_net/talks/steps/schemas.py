"""What HTTP may say of next steps."""

from backbone.fields import Choice, Day, Flag, Identifier, Instant, Schema, Text
from backbone.pages import PageQuery, sort_field
from sky_net.talks.steps.models import SIDES


class StepOwner(Schema):
    """Who does it; the name is personal data."""

    side = Choice(SIDES, required=True)
    name = Text(40, allow_none=True)


class StepEntry(Schema):
    """One thing to do."""

    what = Text(1000, required=True)
    side = Choice(SIDES, required=True)
    owner_name = Text(40, allow_none=True)
    due_on = Day(allow_none=True)


class NextStepView(Schema):
    """One thing to do, as the parties of the talk see it."""

    id = Identifier()
    contact_id = Identifier(attribute="talk_id")
    need_id = Identifier()
    institute_id = Identifier()
    what = Text(1000)
    side = Choice(SIDES)
    owner_name = Text(40)
    due_on = Day()
    done_at = Instant()


class OpenStepView(NextStepView):
    """A step that is not done yet."""

    need_number = Text(attribute="need.number")
    is_overdue = Flag()


class StepQuery(PageQuery):
    """Open steps, the longest overdue first; those without a day come last."""

    sort = sort_field(["due_on"], "due_on")
