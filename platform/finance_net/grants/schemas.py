"""What HTTP may say of rounds."""

from backbone.fields import Choice, Fen, Identifier, Instant, Record, Schema, Several, Text, Whole
from backbone.pages import PageQuery, sort_field
from finance_net.grants.life import ROUND
from finance_net.grants.reading import SORTS
from finance_net.grants.reviews.scoring import HIGHEST_SCORE

MOST_CRITERIA, MOST_CATEGORIES, MOST_GROUPS = 20, 20, 100
LARGEST_GRANT_FEN = 10**12
"""A hundred times a hundred million yuan: nobody is granted more, and the sums of a whole round stay within the solver's 64 bits."""

STEP = "资助额为其整数倍，分 / grants are whole multiples of it; in fen"
SCORE = "百分之一分 / in hundredths of a point"
LEAST_SCORE = "低于此分的不予立项，百分之一分；空则不设 / below it nobody is funded, in hundredths of a point; null: there is none"
DAYS = "公示的工作日数 / working days for which the outcome is announced"


class Criterion(Schema):
    """What reviewers give 0 to 100 points for, and what a point of it weighs."""

    key = Text(40, required=True)
    title = Text(200, required=True)
    weight = Whole(1, 1000, required=True)


class CategoryEntry(Schema):
    """A category, the envelope that pays it, and between what its sum must lie."""

    key = Text(20, required=True)
    envelope_id = Identifier(required=True)
    min_fen = Fen(load_default=0)
    max_fen = Fen(load_default=None, allow_none=True)


class GroupEntry(Schema):
    """Applications of which only so many are funded."""

    key = Text(40, required=True)
    max_selected = Whole(0, 10_000, required=True)


class RoundEntry(Schema):
    """The rules of a round."""

    fund_id = Identifier(required=True)
    year = Whole(2000, 2100, required=True)
    title = Text(200, required=True)
    closes_at = Instant(required=True)
    step_fen = Whole(1, LARGEST_GRANT_FEN, required=True, metadata={"description": STEP})
    enterprise_cap_fen = Whole(1, LARGEST_GRANT_FEN, load_default=None, allow_none=True)
    criteria = Several(Record(Criterion), MOST_CRITERIA, required=True)
    categories = Several(Record(CategoryEntry), MOST_CATEGORIES, required=True)
    groups = Several(Record(GroupEntry), MOST_GROUPS, load_default=list)
    reviews_wanted = Whole(1, 9, load_default=3)
    pass_mark = Whole(
        1, HIGHEST_SCORE, load_default=None, allow_none=True, metadata={"description": LEAST_SCORE}
    )
    announcement_days = Whole(1, 60, load_default=5, metadata={"description": DAYS})


class RoundView(Schema):
    """A round."""

    id = Identifier()
    number = Text()
    fund_id = Identifier()
    year = Whole()
    title = Text()
    closes_at = Instant()
    step_fen = Whole(metadata={"description": STEP})
    enterprise_cap_fen = Whole(allow_none=True)
    criteria = Several(Record(Criterion), MOST_CRITERIA)
    categories = Several(Record(CategoryEntry), MOST_CATEGORIES)
    groups = Several(Record(GroupEntry), MOST_GROUPS)
    reviews_wanted = Whole()
    pass_mark = Whole(allow_none=True, metadata={"description": LEAST_SCORE})
    announcement_days = Whole(metadata={"description": DAYS})
    state = Choice(ROUND.words)
    created_at = Instant()
    updated_at = Instant()


class RoundQuery(PageQuery):
    """Which rounds, in which order."""

    state = Several(Choice(ROUND.words), len(ROUND.states), distinct=True)
    sort = sort_field(list(SORTS), "-closes_at")
