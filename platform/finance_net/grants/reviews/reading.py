"""Reading reviews: a reviewer the own tasks, blind; managers and auditors all of them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.directory.models import Enterprise
from backbone.errors import NotFound
from backbone.pages import Page, read_page
from finance_net.grants.applications.models import GrantApplication
from finance_net.grants.models import GrantRound
from finance_net.grants.permissions import may_read_all
from finance_net.grants.reviews.models import GrantReview

SORTS = {"created_at": GrantReview.created_at}
APPLICANT, USER = "【申报单位】", "【用户单位】"


def _shown(actor: Actor) -> ColumnElement[bool]:
    return true() if may_read_all(actor) else GrantReview.reviewer_id == actor.account_id


def list_reviews(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[dict[str, Any]]:
    """A page of the reviews that the actor may read."""
    query = select(GrantReview).where(_shown(actor))
    if asked.get("application_id"):
        query = query.where(GrantReview.application_id == asked["application_id"])
    if asked.get("state"):
        query = query.where(GrantReview.state.in_(asked["state"]))
    page = read_page(session, query, asked, SORTS, GrantReview.id)
    return Page([review_view(session, each, actor) for each in page.items], page.next_cursor)


def review_of(session: Session, actor: Actor, review_id: UUID, *, locked: bool = False) -> GrantReview:
    """The review; raises NotFound, also where it is not the actor's to see."""
    query = select(GrantReview).where(GrantReview.id == review_id, _shown(actor))
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def review_view(session: Session, review: GrantReview, actor: Actor) -> dict[str, Any]:
    """The task, its application without names."""
    row = session.get_one(GrantApplication, review.application_id)
    call = session.get_one(GrantRound, row.round_id)
    scores = review.scores and [{"key": key, "points": points} for key, points in review.scores.items()]
    return {
        "id": review.id, "reviewer_id": review.reviewer_id if may_read_all(actor) else None, "state": review.state,
        "application": _blinded(session, row), "criteria": call.criteria, "scores": scores, "comment": review.comment,
        "created_at": review.created_at, "ended_at": review.ended_at,
    }  # fmt: skip


def _blinded(session: Session, row: GrantApplication) -> dict[str, Any]:
    said = {"title": row.title, "summary": row.summary}
    for enterprise_id, mask in ((row.applicant_id, APPLICANT), (row.user_id, USER)):
        name = enterprise_id and session.get_one(Enterprise, enterprise_id).name
        if name:
            said = {field: text.replace(name, mask) for field, text in said.items()}
    plain = {name: getattr(row, name) for name in ("number", "category", "least_fen", "asked_fen")}
    return plain | said
