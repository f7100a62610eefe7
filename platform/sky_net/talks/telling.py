"""Telling the other side of a talk: that one is on record, or disputed, that somebody asks, answers, accepts or writes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.clock import local_date
from backbone.events import on
from sky_net.invitations.telling import institutes, invited
from sky_net.needs import telling
from sky_net.needs.models import Need
from sky_net.talks.models import Contact
from sky_net.talks.questions.events import QuestionAnswered, QuestionAsked
from sky_net.talks.questions.models import Question
from sky_net.talks.terms.models import TermsAcceptance
from sky_net.talks.threads import ENTERPRISE, INSTITUTE


def side(session: Session, need: Need, name: str, institute_id: UUID | None) -> set[UUID]:
    """Everybody who speaks for one side of a talk."""
    if name == ENTERPRISE:
        return telling.enterprise_of(session, need)
    if name == INSTITUTE and institute_id is not None:
        return institutes(session, institute_id)
    return telling.answering_for(session, need)


def tell_of_contact(session: Session, actor: Actor, need: Need, contact: Contact, *, now: datetime) -> None:
    """The enterprise, whose silence agrees."""
    if contact.agreed_at is not None:
        return
    until = {"due_at": contact.agreed_by_silence_at.isoformat()}
    concerned, key = telling.enterprise_of(session, need), f"contact:{contact.id}"
    telling.tell(session, actor, need, "contact_recorded", key, concerned, now=now, payload=until)


def tell_of_disputed_contact(
    session: Session, actor: Actor, need: Need, contact: Contact, *, now: datetime
) -> None:
    """Whoever put it on record, the institute, and whoever answers for the need."""
    concerned = institutes(session, contact.institute_id) | telling.answering_for(session, need)
    concerned |= {contact.recorded_by} if contact.recorded_by else set()
    telling.tell(
        session, actor, need, "contact_disputed", f"contact:{contact.id}:disputed", concerned, now=now
    )


@on(QuestionAsked)
def tell_who_is_asked(session: Session, event: QuestionAsked) -> None:
    """The side that owes an answer."""
    question, need = event.question, event.need
    asked = side(session, need, question.asked_side, question.institute_id)
    telling.tell(
        session, event.actor, need, "question_asked", f"question:{question.id}", asked, now=event.now
    )


@on(QuestionAnswered)
def tell_who_asked(session: Session, event: QuestionAnswered) -> None:
    """The side that waited for it."""
    question, need = event.question, event.need
    asking = side(session, need, question.asked_by_side, question.institute_id)
    key = f"question:{question.id}:answered"
    telling.tell(session, event.actor, need, "question_answered", key, asking, now=event.now)


def tell_of_sharing(session: Session, actor: Actor, need: Need, question: Question, *, now: datetime) -> None:
    """All who were invited and have not said no."""
    key = f"question:{question.id}:shared"
    telling.tell(session, actor, need, "question_shared", key, invited(session, need), now=now)


def tell_of_terms(
    session: Session, actor: Actor, need: Need, acceptance: TermsAcceptance, *, now: datetime
) -> None:
    """The other side: the enterprise, or the institutes towards which it accepted, which may be all."""
    if acceptance.side == INSTITUTE:
        others = telling.enterprise_of(session, need)
    elif acceptance.institute_id is None:
        others = invited(session, need)
    else:
        others = institutes(session, acceptance.institute_id)
    telling.tell(session, actor, need, "terms_accepted", f"terms:{acceptance.id}", others, now=now)


def tell_of_message(
    session: Session, actor: Actor, need: Need, sending: str, institute_id: UUID, *, now: datetime
) -> None:
    """The two sides of the thread but the one that wrote, once a day: a conversation is no alarm."""
    day = local_date(now).isoformat()
    for name in {ENTERPRISE, INSTITUTE} - {sending}:
        others, key = (
            side(session, need, name, institute_id),
            f"message:{need.id}:{institute_id}:{name}:{day}",
        )
        telling.tell(session, actor, need, "message_sent", key, others, now=now)
