"""What HTTP may say of reviews."""

from backbone.fields import Choice, Fen, Identifier, Instant, Record, Schema, Several, Text, Whole
from backbone.pages import PageQuery, sort_field
from finance_net.grants.life import REVIEW
from finance_net.grants.reviews.reading import SORTS
from finance_net.grants.reviews.scoring import MOST
from finance_net.grants.schemas import MOST_CRITERIA, Criterion


class Assignment(Schema):
    """Who shall review it."""

    reviewer_id = Identifier(required=True)


class Points(Schema):
    """Points for one criterion."""

    key = Text(40, required=True)
    points = Whole(0, MOST, required=True)


class GrantReviewEntry(Schema):
    """Points for every criterion, and why."""

    scores = Several(Record(Points), MOST_CRITERIA, required=True)
    comment = Text(2000, required=True)


class ConflictOfInterest(Schema):
    """What stands between the reviewer and an unbiased word."""

    reason = Text(1000, required=True)


class Blinded(Schema):
    """An application as reviewers see it: whoever applies is not named."""

    number = Text()
    category = Text()
    title = Text()
    summary = Text()
    least_fen = Fen()
    asked_fen = Fen()


class GrantReviewView(Schema):
    """A task of a reviewer. Who it is, managers and auditors alone are told; scores of others nobody else."""

    id = Identifier()
    reviewer_id = Identifier(allow_none=True)
    state = Choice(REVIEW.words)
    application = Record(Blinded)
    criteria = Several(Record(Criterion), MOST_CRITERIA)
    scores = Several(Record(Points), MOST_CRITERIA, allow_none=True)
    comment = Text(allow_none=True)
    created_at = Instant()
    ended_at = Instant(allow_none=True)


class GrantReviewQuery(PageQuery):
    """Which reviews, in which order."""

    application_id = Identifier()
    state = Several(Choice(REVIEW.words), len(REVIEW.states), distinct=True)
    sort = sort_field(list(SORTS), "-created_at")
