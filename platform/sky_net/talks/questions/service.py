"""Asking, answering, withdrawing questions, and showing them to all invited institutes."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from backbone import audit, events
from backbone.actor import SYSTEM, Actor
from backbone.errors import Forbidden, Invalid
from sky_net.invitations.parties import own_institute, poster, zone_operator
from sky_net.invitations.service import require_open_to_institutes, require_unmasked
from sky_net.needs.life_cycle import lock_need
from sky_net.needs.models import Need
from sky_net.needs.reading import read_need
from sky_net.needs.silence import ask_enterprise, enterprise_answered, settle, take_up_again
from sky_net.sla import service as sla
from sky_net.sla.refusals import ClocksNotOpen
from sky_net.talks.checks import NOT_ASKED
from sky_net.talks.questions.errors import (
    AlreadyAnswered,
    NothingToCorrect,
    NotShareable,
    QuestionWasWithdrawn,
)
from sky_net.talks.questions.events import QuestionAnswered, QuestionAsked, QuestionWithdrawn
from sky_net.talks.questions.models import PERSONAL, Question, QuestionAnswer
from sky_net.talks.questions.reading import find_question
from sky_net.talks.telling import tell_of_sharing
from sky_net.talks.threads import ENTERPRISE, INSTITUTE, PLATFORM, find_thread, is_asked, side_of


def ask_question(
    session: Session, actor: Actor, need_id: UUID, values: Mapping[str, Any], *, now: datetime
) -> Question:
    """Ask the other side; a question to the enterprise opens its clock.

    Raises NotFound, Forbidden, Invalid, NeedNotOpen, TermsNotAccepted.
    """
    side, institute_id = _asker(session, actor, need_id, values)
    need = lock_need(session, need_id)
    require_open_to_institutes(need)
    question = Question(
        need_id=need_id, institute_id=institute_id, asked_by_side=side, asked_side=values["asked_side"],
        text=values["text"], asked_by=actor.account_id, created_at=now, updated_at=now,
    )  # fmt: skip
    session.add(question)
    session.flush()
    told = {
        name: getattr(question, name)
        for name in ("need_id", "institute_id", "asked_by_side", "asked_side", "text")
    }
    audit.record(session, actor, "ask_question", question, now=now, after=told, personal=PERSONAL)
    if question.asked_side == ENTERPRISE:
        ask_enterprise(session, actor, need, question.id, now=now)
    events.publish(session, QuestionAsked(question, need, actor, now))
    return question


def answer_question(
    session: Session,
    actor: Actor,
    question_id: UUID,
    text: str,
    *,
    is_correction: bool = False,
    now: datetime,
) -> Question:
    """The asked side answers, once, or corrects what it answered.

    Raises NotFound, Forbidden, AlreadyAnswered, NothingToCorrect, QuestionWasWithdrawn.
    """
    need, question = _locked(session, actor, question_id)
    if not _is_of(actor, need, question, question.asked_side):
        raise Forbidden()
    _require_waiting(question, is_correction=is_correction)
    settle(session, need, now=now)
    answer = QuestionAnswer(question_id=question.id, text=text, answered_by=actor.account_id, created_at=now)
    session.add(answer)
    question.answered_at, question.updated_at = question.answered_at or now, now
    session.flush()
    session.refresh(question, ["answers"])
    audit.record(session, actor, "correct_answer" if is_correction else "answer_question", question, now=now,
                 after={"answer_id": answer.id, "text": text}, personal=PERSONAL)  # fmt: skip
    if not is_correction:
        _settle(session, actor, need, question, now)
    return question


def withdraw_question(session: Session, actor: Actor, question_id: UUID, *, now: datetime) -> Question:
    """The asker takes it back before it is answered; raises NotFound, Forbidden, AlreadyAnswered, QuestionWasWithdrawn."""
    need, question = _locked(session, actor, question_id)
    if not _is_of(actor, need, question, question.asked_by_side):
        raise Forbidden()
    _require_waiting(question)
    settle(session, need, now=now)
    question.withdrawn_at = question.updated_at = now
    session.flush()
    audit.record(session, actor, "withdraw_question", question, now=now, after={"withdrawn_at": now})
    if question.asked_side == ENTERPRISE:
        with suppress(ClocksNotOpen):
            sla.cancel(session, actor, question.id, "withdraw_question", now=now)
        if not _waits_for_enterprise(session, need):
            take_up_again(session, SYSTEM, need, now=now)
    events.publish(session, QuestionWithdrawn(question, need, actor, now))
    return question


def share_question(session: Session, actor: Actor, question_id: UUID, *, now: datetime) -> Question:
    """Show question and answer to all invited institutes without the asker's name; nobody can unread it, so there is no way back.

    Twice is once. Raises NotFound, Forbidden, NotShareable.
    """
    need, question = _locked(session, actor, question_id)
    if not (poster(actor, need) or zone_operator(actor, need)):
        raise Forbidden()
    if question.asked_side != ENTERPRISE or question.answered_at is None:
        raise NotShareable(state=question.state, asked_side=question.asked_side)
    if question.shared_at is None:
        question.shared_at = question.updated_at = now
        question.shared_by = actor.account_id
        session.flush()
        audit.record(session, actor, "share_question", question, now=now, after={"shared_at": now})
        tell_of_sharing(session, actor, need, question, now=now)
    return question


def _settle(session: Session, actor: Actor, need: Need, question: Question, now: datetime) -> None:
    if question.asked_side == ENTERPRISE:
        enterprise_answered(session, actor, question.id, now=now)
        take_up_again(session, actor, need, now=now)
    events.publish(session, QuestionAnswered(question, need, actor, now))


def _asker(
    session: Session, actor: Actor, need_id: UUID, values: Mapping[str, Any]
) -> tuple[str, UUID | None]:
    """The side that asks, and the institute that asks or is asked."""
    named, asked_side = values.get("institute_id"), values["asked_side"]
    need = read_need(session, actor, need_id).need
    side = side_of(actor, need)
    if side == PLATFORM and asked_side == ENTERPRISE and named is None:
        return side, None
    thread = find_thread(session, actor, need_id, named)
    if thread.side is None or thread.side == asked_side:
        raise Forbidden()
    if asked_side == INSTITUTE:
        if not is_asked(session, need, thread.institute_id):
            raise Invalid.field("institute_id", NOT_ASKED)
        require_unmasked(session, need, thread.institute_id)
    return thread.side, thread.institute_id


def _waits_for_enterprise(session: Session, need: Need) -> bool:
    """Whether any question to the enterprise stands unanswered; its silence may have suspended the need."""
    unanswered = exists().where(
        Question.need_id == need.id, Question.asked_side == ENTERPRISE,
        Question.answered_at.is_(None), Question.withdrawn_at.is_(None),
    )  # fmt: skip
    return bool(session.scalar(select(unanswered)))


def _is_of(actor: Actor, need: Need, question: Question, side: str) -> bool:
    rule = {ENTERPRISE: poster, INSTITUTE: own_institute, PLATFORM: zone_operator}[side]
    return rule(actor, need, question.institute_id)


def _require_waiting(question: Question, *, is_correction: bool = False) -> None:
    if question.withdrawn_at is not None:
        raise QuestionWasWithdrawn(since=question.withdrawn_at.isoformat())
    if is_correction and question.answered_at is None:
        raise NothingToCorrect(state=question.state)
    if question.answered_at is not None and not is_correction:
        raise AlreadyAnswered(since=question.answered_at.isoformat())


def _locked(session: Session, actor: Actor, question_id: UUID) -> tuple[Need, Question]:
    """The need and the question, locked in this order by every verb of the features above needs."""
    question, _ = find_question(session, actor, question_id)
    need = lock_need(session, question.need_id)
    session.refresh(question, with_for_update={"of": Question})
    return need, question
