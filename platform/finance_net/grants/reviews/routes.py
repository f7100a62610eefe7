"""Reviews over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes, path_of
from finance_net.grants.reviews import reading, schemas, service
from finance_net.grants.reviews.models import GrantReview

routes = Routes(
    "grant_reviews", __name__, url_prefix="/api", description="申报评审 / reviews of applications"
)
ONE = "/grant-reviews/<uuid:review_id>"


def _shown(call: Call, review: GrantReview) -> Answer:
    return Answer(
        reading.review_view(call.session, review, call.actor),
        row=review,
        location=path_of(ONE, review_id=review.id),
    )


@routes.operation(
    "POST", "/grant-applications/<uuid:application_id>/reviews", "assignReviewer", Bilingual("指派评审专家", "Ask for a review"),
    body=schemas.Assignment, answer=schemas.GrantReviewView, status=201,
)  # fmt: skip
def assign_reviewer(call: Call, application_id: UUID) -> Answer:
    reviewer = call.body["reviewer_id"]
    return _shown(
        call, service.assign_reviewer(call.session, call.actor, application_id, reviewer, now=call.now)
    )


@routes.operation(
    "GET", "/grant-reviews", "listReviews", Bilingual("评审任务列表", "List reviews"), query=schemas.GrantReviewQuery,
    answer=schemas.GrantReviewView, listed=True,
)  # fmt: skip
def list_reviews(call: Call) -> Any:
    return reading.list_reviews(call.session, call.actor, call.query)


@routes.operation(
    "GET", ONE, "showReview", Bilingual("查看评审任务", "Show a review"), answer=schemas.GrantReviewView
)
def show_review(call: Call, review_id: UUID) -> Answer:
    return _shown(call, reading.review_of(call.session, call.actor, review_id))


@routes.operation(
    "POST", ONE + "/scores", "submitReview", Bilingual("提交评分", "Submit one's scores"), body=schemas.GrantReviewEntry,
    answer=schemas.GrantReviewView,
)  # fmt: skip
def submit_review(call: Call, review_id: UUID) -> Answer:
    return _shown(call, service.submit_review(call.session, call.actor, review_id, call.body, now=call.now))


@routes.operation(
    "POST", ONE + "/conflict", "declareConflict", Bilingual("声明回避", "Declare a conflict of interest"), body=schemas.ConflictOfInterest,
    answer=schemas.GrantReviewView,
)  # fmt: skip
def declare_conflict(call: Call, review_id: UUID) -> Answer:
    reason = call.body["reason"]
    return _shown(call, service.declare_conflict(call.session, call.actor, review_id, reason, now=call.now))
