"""What HTTP may say of grades."""

from backbone.fields import Choice, Identifier, Instant, Schema, Whole
from backbone.pages import PageQuery, sort_field
from sky_net.invitations.reasons import DECLINE_REASONS
from sky_net.matching.grades import GRADES

MEANING = "0 无用 of no use · 1 同领域 of the same subject · 2 值得一谈 worth a talk · 3 可解决 an answer"


class GradeEntry(Schema):
    """What an operator or a broker thinks of an achievement for the need."""

    achievement_id = Identifier(required=True)
    grade = Whole(GRADES[0], GRADES[-1], required=True, metadata={"description": MEANING})
    reason_code = Choice(DECLINE_REASONS)


class GradeView(Schema):
    """A grade as it was given; the last one about an achievement counts."""

    id = Identifier()
    need_id = Identifier()
    achievement_id = Identifier()
    grade = Whole(GRADES[0], GRADES[-1], metadata={"description": MEANING})
    reason_code = Choice(DECLINE_REASONS)
    graded_at = Instant()
    graded_by = Identifier()


class GradeQuery(PageQuery):
    """The order of grades."""

    sort = sort_field(["graded_at"], "-graded_at")
