"""Seeing questions: an institute its own and those shown to all, the enterprise and the operators every one."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, lazyload

from backbone.actor import Actor
from backbone.errors import NotFound
from backbone.pages import Page, read_page
from sky_net.invitations.parties import institutes_of, poster, zone_auditor, zone_operator
from sky_net.needs.models import Need, NeedReader
from sky_net.needs.permissions import FULL, OFFERED, UNMASKED, readable
from sky_net.needs.reading import read_need
from sky_net.talks.questions.models import Question

STATE_IS: Mapping[str, ColumnElement[bool]] = {
    "asked": and_(Question.answered_at.is_(None), Question.withdrawn_at.is_(None)),
    "answered": Question.answered_at.is_not(None),
    "withdrawn": Question.withdrawn_at.is_not(None),
}


class Anonymous:
    """Another institute's question that was shown to all: everything but who asked."""

    institute_id = institute = None

    def __init__(self, question: Question) -> None:
        self._question = question

    def __getattr__(self, name: str) -> Any:
        return getattr(self._question, name)


def heard_by(actor: Actor) -> ColumnElement[bool]:
    """Which questions the actor may know of; the need stands in the same query."""
    opened = exists().where(
        NeedReader.need_id == Need.id,
        NeedReader.organisation_id.in_(institutes_of(actor)),
        UNMASKED,
        or_(Question.institute_id == NeedReader.organisation_id, Question.shared_at.is_not(None)),
    )
    return or_(readable(actor, FULL), and_(OFFERED, opened))


def find_question(session: Session, actor: Actor, question_id: UUID) -> tuple[Question, Need]:
    """The question and its need, in one query that loads nothing else; raises NotFound."""
    query = select(Question, Need).join(Need, Need.id == Question.need_id)
    found = query.where(Question.id == question_id, heard_by(actor)).options(lazyload("*"))
    row = session.execute(found).first()
    if row is None:
        raise NotFound()
    return row[0], row[1]


def show_question(session: Session, actor: Actor, question_id: UUID) -> Question | Anonymous:
    """The question as this actor may see it; raises NotFound."""
    question, need = find_question(session, actor, question_id)
    return as_seen_by(actor, need, question)


def list_questions(
    session: Session, actor: Actor, need_id: UUID, asked: Mapping[str, Any]
) -> Page[Question | Anonymous]:
    """The need's questions that this actor may know of; raises NotFound for a need that is not visible."""
    need = read_need(session, actor, need_id).need
    query = select(Question).join(Need, Need.id == Question.need_id)
    query = query.where(Question.need_id == need_id, heard_by(actor))
    if asked.get("state"):
        query = query.where(or_(*(STATE_IS[state] for state in asked["state"])))
    page = read_page(session, query, asked, {"asked_at": Question.created_at}, Question.id)
    return Page([as_seen_by(actor, need, question) for question in page.items], page.next_cursor)


def as_seen_by(actor: Actor, need: Need, question: Question) -> Question | Anonymous:
    """The question itself for its two sides and who reads the whole need, without its asker for other institutes."""
    from_elsewhere = question.institute_id is not None and question.institute_id not in institutes_of(actor)
    return Anonymous(question) if from_elsewhere and not _reads_all(actor, need) else question


def _reads_all(actor: Actor, need: Need) -> bool:
    return any(rule(actor, need) for rule in (poster, zone_operator, zone_auditor))
