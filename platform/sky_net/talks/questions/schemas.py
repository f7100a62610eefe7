"""What HTTP may say of questions."""

from backbone.fields import Choice, Flag, Identifier, Instant, Record, Schema, Several, Text
from backbone.pages import PageQuery, sort_field
from sky_net.talks.questions.models import ASKED, ASKING, STATES

WHOM = "被问的院所；院所提问可省略 / the institute that is asked; one that asks itself may leave it out"
HIDDEN = "公开给他人的问题不显示提问院所 / null where the question of another institute was shown to all"


class QuestionEntry(Schema):
    """A question to the enterprise, or to one invited institute."""

    asked_side = Choice(ASKED, required=True)
    institute_id = Identifier(allow_none=True, metadata={"description": WHOM})
    text = Text(2000, required=True)


class AnswerEntry(Schema):
    """The answer, or with `is_correction` what corrects it; the first one stays either way."""

    text = Text(4000, required=True)
    is_correction = Flag(load_default=False)


class AnswerView(Schema):
    """One answer; the first of a question answers it, those behind it correct it."""

    id = Identifier()
    text = Text(4000)
    answered_at = Instant(attribute="created_at")


class QuestionView(Schema):
    """A question with its answers."""

    id = Identifier()
    need_id = Identifier()
    institute_id = Identifier(metadata={"description": HIDDEN})
    institute_name = Text(attribute="institute.name", metadata={"description": HIDDEN})
    asked_by_side = Choice(ASKING)
    asked_side = Choice(ASKED)
    text = Text(2000)
    state = Choice(STATES)
    asked_at = Instant(attribute="created_at")
    answered_at = Instant()
    withdrawn_at = Instant()
    shared_at = Instant(metadata={"description": "公开后不能收回 / showing it to all cannot be undone"})
    answers = Several(Record(AnswerView), 1000)


class QuestionQuery(PageQuery):
    """Filters of a need's questions."""

    sort = sort_field(["asked_at"], "-asked_at")
    state = Several(Choice(STATES), len(STATES))
