"""What HTTP may say of scorecards, scores and loans."""

import re
from collections.abc import Mapping
from typing import Any

from backbone.errors import Bilingual
from backbone.fields import (
    Choice,
    Day,
    DayText,
    Fen,
    Flag,
    Identifier,
    Instant,
    Record,
    Schema,
    Several,
    Text,
    Whole,
)
from backbone.pages import PageQuery, sort_field
from backbone.worded import Worded
from finance_net.credit.scorecard_file import LONGEST
from finance_net.credit.scoring import WHYS
from policy_pack.engine.evaluation import Outcome, Truth

MOST_TEXT = 200_000


class Plain(Text):
    """A decimal number as it stands, in quotes: 12 or 0.35."""

    default_error_messages: dict[str, Any] = {  # noqa: RUF012  # marshmallow reads it from the class
        "no_number": Bilingual("应为数字，如 12 或 0.35", "Must be a number such as 12 or 0.35")
    }

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,6})?", text):
            raise self.make_error("no_number")
        return text


class ScorecardEntry(Schema):
    """The text of the file, YAML or JSON, as `sanwang credit scorecard check` reads it."""

    text = Text(MOST_TEXT, required=True)


class ScorecardView(Schema):
    """A scorecard on record."""

    id = Identifier()
    key = Text()
    title_zh = Text()
    title_en = Text()
    since_on = Day()
    until_on = Day(allow_none=True)
    shape = Text(allow_none=True)
    source = Text()
    source_as_of_on = Day()
    sha256 = Text()
    content = Text(MOST_TEXT)
    loaded_at = Instant()
    loaded_by = Identifier(allow_none=True)


class ScorecardQuery(PageQuery):
    """Filters of the scorecards."""

    sort = sort_field(["since_on"], "-since_on")
    key = Text(LONGEST)


class GivenValue(Schema):
    """A value beside the facts on record, and who says so; `reads` is the name that the card reads."""

    reads = Text(LONGEST, required=True)
    value = Plain(30, required=True)
    as_of_on = DayText(required=True)
    source = Text(300, required=True)


class ScoringEntry(Schema):
    """By which card, as of which day, with which values beside those on record."""

    key = Text(LONGEST, required=True)
    as_of_on = Day(allow_none=True, load_default=None)
    values = Several(Record(GivenValue), 200, load_default=list)


class ScoreLineView(Schema):
    """One indicator: what was read, or why there is nothing, and what it earned, in hundredths."""

    indicator = Text()
    dimension = Text()
    reads = Text()
    why = Choice(WHYS)
    value = Text(allow_none=True)
    points = Whole(allow_none=True)
    weight = Text()
    earned_hundredths = Whole(allow_none=True)


class CreditScoreView(Schema):
    """A score; null with what is missing, and the bounds of what is still possible."""

    id = Identifier()
    enterprise_id = Identifier()
    scorecard_id = Identifier()
    as_of_on = Day()
    group_key = Text(allow_none=True)
    hundredths = Whole(allow_none=True)
    least_hundredths = Whole(allow_none=True)
    most_hundredths = Whole(allow_none=True)
    missing = Several(Text(), 1000)
    lines = Several(Record(ScoreLineView), 1000)
    given = Several(Record(GivenValue), 200)
    scored_at = Instant()
    scored_by = Identifier()


class CreditScoreQuery(PageQuery):
    """Pages of the scores."""

    sort = sort_field(["scored_at"], "-scored_at")


class CreditProductQuery(Schema):
    """As of which day."""

    as_of_on = Day()


class CreditMatchQuery(CreditProductQuery):
    """As of which day, and out of which need."""

    need_id = Identifier()


class CreditProductView(Schema):
    """A loan as it was published; what was not published is null."""

    key = Text()
    title = Worded()
    policy = Text(metadata={"description": "所依据政策的键 / key of the policy behind it"})
    kind = Text()
    most_fen = Fen(allow_none=True)
    months = Whole(allow_none=True)
    amount_words = Worded()
    as_of_on = Day()
    source = Text()
    grade = Text()
    is_verified = Flag()


class CreditReasonView(Schema):
    """One clause, and what came of it."""

    clause = Text()
    text = Worded()
    result = Choice(Truth)


class CreditMatchView(Schema):
    """How a loan fits: the evaluation of its policy."""

    outcome = Choice(Outcome)
    reasons = Several(Record(CreditReasonView), 100)
    missing = Several(Text(), 100)
    note = Worded(allow_none=True)


class CreditProductsView(Schema):
    """The loans as of a day."""

    as_of_on = Day()
    items = Several(Record(CreditProductView), 1000)


class CreditProductMatch(Schema):
    """A loan, and how it fits."""

    product = Record(CreditProductView)
    match = Record(CreditMatchView)


class CreditMatchesView(Schema):
    """How the loans fit an enterprise as of a day, and what its need says of money."""

    as_of_on = Day()
    need_says = Worded(allow_none=True)
    items = Several(Record(CreditProductMatch), 1000)
