"""Reviewing: who is asked, who steps back, who scores, and what the scores come to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.errors import Bilingual, Forbidden, Invalid
from backbone.identity.models import Account
from backbone.identity.service import actor_of
from backbone.references import NO_SUCH_ACCOUNT
from finance_net.cases.kinds import StepKind
from finance_net.cases.service import Subject, tell
from finance_net.grants.applications.carrying import parties_of
from finance_net.grants.applications.models import GrantApplication
from finance_net.grants.applications.reading import application_of, of_round
from finance_net.grants.errors import (
    AssignedAlready,
    NotDecidedYet,
    ReviewerInvolved,
    ReviewsClosed,
    ReviewsMissing,
)
from finance_net.grants.life import APPLICATION, REVIEW, ROUND
from finance_net.grants.models import GrantRound
from finance_net.grants.permissions import may_read_all, require_manager
from finance_net.grants.reviews.models import GrantReview
from finance_net.grants.reviews.reading import review_of
from finance_net.grants.reviews.scoring import score_of
from finance_net.grants.telling import tell_managers, tell_reviewer

PERSONAL = frozenset({"comment", "reviewer_id"})
ADMITTED, DONE = APPLICATION.after("admit"), REVIEW.after("submit")
ALL_KEYS = Bilingual("须对每项标准各打一次分：{keys}", "Each criterion is scored once: {keys}")


def assign_reviewer(
    session: Session, actor: Actor, application_id: UUID, reviewer_id: UUID, *, now: datetime
) -> GrantReview:
    """Ask somebody who has no part in it; raises NotFound, Forbidden, StateConflict, ReviewsClosed, Invalid, ReviewerInvolved, AssignedAlready."""
    row = application_of(session, actor, application_id, locked=True)
    require_manager(actor)
    APPLICATION.after("award", row.state)  # admitted, and no decision yet
    _require_reviewing(session, row)
    if session.get(Account, reviewer_id) is None:
        raise Invalid.field("reviewer_id", NO_SUCH_ACCOUNT)
    _require_uninvolved(session, row, reviewer_id)
    known = select(GrantReview.id).where(
        GrantReview.application_id == row.id, GrantReview.reviewer_id == reviewer_id
    )
    if session.scalar(known) is not None:
        raise AssignedAlready()
    review = GrantReview(
        application_id=row.id,
        reviewer_id=reviewer_id,
        assigned_by=actor.account_id,
        created_at=now,
        updated_at=now,
    )
    session.add(review)
    session.flush()
    after = {"application_id": row.id, "reviewer_id": reviewer_id}
    audit.record(session, actor, "assign_reviewer", review, now=now, after=after, personal=PERSONAL)
    tell_reviewer(session, session.get_one(GrantRound, row.round_id), review.id, reviewer_id, now=now)
    return review


def submit_review(
    session: Session, actor: Actor, review_id: UUID, said: Mapping[str, Any], *, now: datetime
) -> GrantReview:
    """Give one's points; raises NotFound, Forbidden, StateConflict, ReviewsClosed, Invalid."""
    review, row = _own(session, actor, review_id)
    call = session.get_one(GrantRound, row.round_id)
    keys = [each["key"] for each in call.criteria]
    if sorted(each["key"] for each in said["scores"]) != sorted(keys):
        raise Invalid.field("scores", ALL_KEYS.format(keys=", ".join(keys)))
    scores = {each["key"]: each["points"] for each in said["scores"]}
    return _ended(session, actor, review, "submit", {"scores": scores, "comment": said["comment"]}, now)


def declare_conflict(
    session: Session, actor: Actor, review_id: UUID, reason: str, *, now: datetime
) -> GrantReview:
    """Step back; another is to be asked. Raises NotFound, Forbidden, StateConflict, ReviewsClosed."""
    review, row = _own(session, actor, review_id)
    _ended(session, actor, review, "declare", {"comment": reason}, now)
    tell_managers(session, actor, "review_conflicted", row, about=review.id, now=now)
    return review


def close_reviews(session: Session, call: GrantRound, *, now: datetime) -> list[GrantApplication]:
    """The admitted applications with their scores, which become part of their cases; raises NotDecidedYet, ReviewsMissing."""
    if waiting := of_round(session, call.id, APPLICATION.after("submit")):
        raise NotDecidedYet(count=len(waiting), numbers=", ".join(each.number for each in waiting[:20]))
    admitted = of_round(session, call.id, ADMITTED)
    given = _given(session, call)
    if short := [each for each in admitted if len(given.get(each.id, ())) < call.reviews_wanted]:
        numbers = ", ".join(each.number for each in short[:20])
        raise ReviewsMissing(count=len(short), wanted=call.reviews_wanted, numbers=numbers)
    weights = {each["key"]: each["weight"] for each in call.criteria}
    for row in admitted:
        row.score = score_of(weights, given[row.id])
        said = {"score": row.score, "reviews": len(given[row.id]), "weights": weights}
        tell(session, row.id, StepKind.REVIEWS, Subject("grant_applications", row.id, said), now=now)
    session.flush()
    return admitted


def _given(session: Session, call: GrantRound) -> dict[UUID, list[Mapping[str, int]]]:
    query = (
        select(GrantReview)
        .join(GrantApplication, GrantApplication.id == GrantReview.application_id)
        .where(GrantApplication.round_id == call.id, GrantReview.state == DONE)
    )
    given: dict[UUID, list[Mapping[str, int]]] = {}
    for review in session.scalars(query.order_by(GrantReview.id)):
        given.setdefault(review.application_id, []).append(review.scores or {})
    return given


def _own(session: Session, actor: Actor, review_id: UUID) -> tuple[GrantReview, GrantApplication]:
    review = review_of(session, actor, review_id, locked=True)
    if review.reviewer_id != actor.account_id:
        raise Forbidden()  # whoever reads every review knows of it, and still writes none
    row = session.get_one(GrantApplication, review.application_id)
    _require_reviewing(session, row)
    return review, row


def _ended(
    session: Session, actor: Actor, review: GrantReview, action: str, said: Mapping[str, Any], now: datetime
) -> GrantReview:
    review.state = REVIEW.after(action, review.state)
    for name, value in said.items():
        setattr(review, name, value)
    review.ended_at = review.updated_at = now
    session.flush()
    audit.record(
        session,
        actor,
        f"{action}_review",
        review,
        now=now,
        after={"state": review.state} | dict(said),
        personal=PERSONAL,
    )
    return review


def _require_reviewing(session: Session, row: GrantApplication) -> None:
    """Scores stand once the reviews were closed by a first selection: nobody reviews who could know what comes of it."""
    call = session.get_one(GrantRound, row.round_id)
    ROUND.after("approve", call.state)
    if row.score is not None:
        raise ReviewsClosed(number=row.number)


def _applying(session: Session, round_id: UUID) -> set[UUID]:
    """Every enterprise that applies in the round: of two who compete for one pool neither scores the other."""
    standing = of_round(session, round_id, *(APPLICATION.after(each) for each in ("submit", "admit")))
    return {enterprise for each in standing for enterprise in each.beneficiaries}


def _require_uninvolved(session: Session, row: GrantApplication, reviewer_id: UUID) -> None:
    involved = _applying(session, row.round_id) | parties_of(session, row.need_id, row.contract_id)
    reviewer = actor_of(session, reviewer_id)
    if reviewer is not None and may_read_all(reviewer):
        raise ReviewerInvolved()  # sees who applies, and what the others gave
    theirs = set() if reviewer is None else {held.scope.id for held in reviewer.held if held.scope.id}
    if theirs & {str(each) for each in involved} or reviewer_id == row.drafted_by:
        raise ReviewerInvolved()
