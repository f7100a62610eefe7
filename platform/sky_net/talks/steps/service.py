"""Open next steps, per need and for the asker's own side, and marking them done."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session, lazyload, selectinload

from backbone import audit
from backbone.actor import Actor, Role
from backbone.clock import local_date
from backbone.directory.permissions import zones_of
from backbone.errors import Forbidden, NotFound
from backbone.fields import LATEST
from backbone.pages import Page, read_page
from sky_net.invitations.parties import institutes_of, own_institute, poster, zone_operator
from sky_net.needs.life_cycle import lock_need
from sky_net.needs.models import Need
from sky_net.needs.permissions import FULL, INVITED, readable
from sky_net.needs.reading import read_need
from sky_net.talks.models import Contact
from sky_net.talks.states import STANDING
from sky_net.talks.steps.models import NextStep

CAN_COMPLETE: Mapping[str, Callable[[Actor, Need, UUID], bool]] = {
    "enterprise": poster, "institute": own_institute, "platform": zone_operator,
}  # fmt: skip
PERSONAL = frozenset({"what", "owner_name"})


class OpenStep:
    """A step not done yet, and whether its day is over."""

    def __init__(self, step: NextStep, today: date) -> None:
        self._step = step
        self.is_overdue = step.due_on is not None and step.due_on < today

    def __getattr__(self, name: str) -> Any:
        return getattr(self._step, name)


def keep_steps(session: Session, contact: Contact, told: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Put the steps of a talk on record with it, in the order in which they were told."""
    for number, step in enumerate(told):
        session.add(
            NextStep(
                talk_id=contact.id, need_id=contact.need_id, institute_id=contact.institute_id, number=number,
                created_at=now, updated_at=now, **step,
            )
        )  # fmt: skip
    session.flush()
    session.refresh(contact, ["steps"])


def list_steps(
    session: Session, actor: Actor, need_id: UUID, asked: Mapping[str, Any], *, now: datetime
) -> Page[OpenStep]:
    """What is still to do about this need, of the talks that the actor may read; raises NotFound."""
    read_need(session, actor, need_id)
    return _open(session, asked, now, NextStep.need_id == need_id, _told_to(actor))


def list_own_steps(
    session: Session, actor: Actor, asked: Mapping[str, Any], *, now: datetime
) -> Page[OpenStep]:
    """What the actor's own side still owes, over all needs."""
    return _open(session, asked, now, _owed_by(actor), _told_to(actor))


def complete_step(session: Session, actor: Actor, step_id: UUID, *, now: datetime) -> NextStep:
    """The side that owes it, or the operator, says that it is done; twice is once. Raises NotFound, Forbidden."""
    query = select(NextStep, Need).join(Need, Need.id == NextStep.need_id)
    found = query.where(NextStep.id == step_id, _told_to(actor)).options(lazyload("*"))
    row = session.execute(found).first()
    if row is None:
        raise NotFound()
    step: NextStep = row[0]
    need = lock_need(session, step.need_id)
    session.refresh(step, with_for_update=True)
    may = CAN_COMPLETE[step.side](actor, need, step.institute_id) or zone_operator(actor, need)
    if not may:
        raise Forbidden()
    if step.done_at is None:
        step.done_at = step.updated_at = now
        step.done_by = actor.account_id
        session.flush()
        audit.record(session, actor, "complete_step", step, now=now, after={"done_at": now})
    return step


def _open(
    session: Session, asked: Mapping[str, Any], now: datetime, *wanted: ColumnElement[bool]
) -> Page[OpenStep]:
    query = (
        select(NextStep).join(Need, Need.id == NextStep.need_id).join(Contact, Contact.id == NextStep.talk_id)
    )
    query = query.where(NextStep.done_at.is_(None), Contact.state.in_(STANDING), *wanted)
    query = query.options(selectinload(NextStep.persons), selectinload(NextStep.need))
    sorts = {"due_on": func.coalesce(NextStep.due_on, LATEST)}
    page = read_page(session, query, asked, sorts, NextStep.id)
    return Page([OpenStep(step, local_date(now)) for step in page.items], page.next_cursor)


def _told_to(actor: Actor) -> ColumnElement[bool]:
    """Steps of talks that the actor may read: all for who reads the whole need, an institute its own once it is bound."""
    shown = or_(Need.nda_required.is_(False), readable(actor, FULL, INVITED))
    own = and_(NextStep.institute_id.in_(institutes_of(actor)), readable(actor), shown)
    return or_(readable(actor, FULL), own)


def _owed_by(actor: Actor) -> ColumnElement[bool]:
    zones = zones_of(actor, Role.OPERATOR)
    ours = NextStep.side == "platform"
    return or_(
        false(),
        and_(
            NextStep.side == "enterprise", Need.enterprise_id.in_(actor.organisations(Role.ENTERPRISE_MEMBER))
        ),
        and_(NextStep.side == "institute", NextStep.institute_id.in_(institutes_of(actor))),
        ours if zones is None else and_(ours, Need.zone_code.in_(zones)),
    )
