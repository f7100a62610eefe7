"""Consenting, handing over, answering and withdrawing. Whether the bank is late is decided when somebody looks."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, selectinload

from backbone import audit
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.directory.models import Enterprise
from backbone.errors import Forbidden, NotFound
from backbone.pages import Page, read_page
from finance_net.credit.errors import ConsentMissing, WrongBankAnswer
from finance_net.credit.handovers import states
from finance_net.credit.handovers.models import NUMBERS, PERSONAL, CreditHandover
from finance_net.credit.handovers.telling import members, tell
from finance_net.credit.permissions import enterprise_read_by, is_manager, readable, speaks_for
from finance_net.ledger.permissions import CAN_READ
from finance_net.ledger.telling import both, managers
from sky_net.needs.reading import read_need
from sky_net.sla.calendars.working_days import working_days_after


def ask_credit(
    session: Session, actor: Actor, enterprise_id: UUID, said: Mapping[str, Any], *, now: datetime
) -> dict[str, Any]:
    """The enterprise consents to its case going to a bank; raises NotFound, Forbidden, ConsentMissing."""
    enterprise = enterprise_read_by(session, actor, enterprise_id)
    if not speaks_for(actor, enterprise.id):
        raise Forbidden()
    if not said["consents"]:
        raise ConsentMissing()
    if said["need_id"] and read_need(session, actor, said["need_id"]).need.enterprise_id != enterprise.id:
        raise NotFound()
    number = f"DK-{local_date(now).year}-{session.scalar(select(NUMBERS.next_value())):06d}"
    told = {name: said[name] for name in ("product_key", "need_id", "wish")} | {
        "enterprise_id": enterprise.id,
        "number": number,
    }
    row = CreditHandover(
        state=states.CONSENTED, consented_by=actor.account_id, created_at=now, updated_at=now, **told
    )
    session.add(row)
    session.flush()
    audit.record(session, actor, "ask_credit", row, now=now, after=told, personal=PERSONAL)
    tell(session, row, "credit_asked", str(row.id), managers(session), now=now)
    return _shown(actor, row, now)


def hand_over_credit(
    session: Session, actor: Actor, credit_id: UUID, *, bank: str, answer_days: int, now: datetime
) -> dict[str, Any]:
    """Give it to a bank, which has so many working days; one that did not answer in time may be followed by another.

    Raises NotFound, Forbidden, StateConflict, CalendarNotPublished.
    """
    row = _taken(session, actor, credit_id, "hand_over", now=now)
    asked = {
        "state": states.ASKED, "bank": bank, "answer_days": answer_days, "asked_at": now, "asked_by": actor.account_id,
        "due_at": _close_of(session, row, answer_days, now),
    }  # fmt: skip
    shown = _written(session, actor, row, "hand_over_credit", asked, now)
    tell(session, row, "credit_handed", f"{row.id}:{now}", members(session, row), now=now)
    return shown


def answer_credit(
    session: Session, actor: Actor, credit_id: UUID, *, is_taken: bool, banker: str, said_on: date, words: str, now: datetime
) -> dict[str, Any]:  # fmt: skip
    """Put on record what the bank said, who said it and when. Raises NotFound, Forbidden, StateConflict (also once it has
    lapsed), WrongBankAnswer.
    """
    row = _taken(session, actor, credit_id, "answer", now=now)
    today, asked_on = local_date(now), local_date(row.asked_at or now)
    if not asked_on <= said_on <= today:
        raise WrongBankAnswer(
            said_on=said_on.isoformat(), asked_on=asked_on.isoformat(), today=today.isoformat()
        )
    answer = {
        "state": states.TAKEN if is_taken else states.DECLINED, "banker": banker, "said_on": said_on, "words": words,
        "recorded_by": actor.account_id,
    }  # fmt: skip
    shown = _written(session, actor, row, "answer_credit", answer, now)
    stands = both(states.STATES[row.state])
    tell(session, row, "credit_answered", str(row.id), members(session, row), stands=stands, now=now)
    return shown


def withdraw_credit(session: Session, actor: Actor, credit_id: UUID, *, now: datetime) -> dict[str, Any]:
    """The enterprise takes its consent back, until the bank has answered; raises NotFound, Forbidden, StateConflict."""
    row = _taken(session, actor, credit_id, "withdraw", now=now)
    shown = _written(session, actor, row, "withdraw_credit", {"state": states.WITHDRAWN}, now)
    tell(session, row, "credit_withdrawn", str(row.id), managers(session), now=now)
    return shown


def list_handovers(
    session: Session, actor: Actor, asked: Mapping[str, Any], *, now: datetime
) -> Page[dict[str, Any]]:
    """A page of the hand-overs that the actor may read."""
    query = select(CreditHandover).where(readable(actor, _OWN)).options(selectinload(CreditHandover.persons))
    if asked.get("enterprise_id"):
        query = query.where(CreditHandover.enterprise_id == asked["enterprise_id"])
    if asked.get("state"):
        query = query.where(*_in_state(asked["state"], now))
    page = read_page(session, query, asked, {"created_at": CreditHandover.created_at}, CreditHandover.id)
    return Page([_shown(actor, row, now) for row in page.items], page.next_cursor)


_OWN: ColumnElement[UUID] = CreditHandover.__table__.c.enterprise_id


def _in_state(state: str, now: datetime) -> list[ColumnElement[bool]]:
    """`states.state_at` in SQL."""
    if state == states.LAPSED:
        return [CreditHandover.state == states.ASKED, CreditHandover.due_at <= now]
    if state == states.ASKED:
        return [CreditHandover.state == states.ASKED, CreditHandover.due_at > now]
    return [CreditHandover.state == state]


def _taken(session: Session, actor: Actor, credit_id: UUID, action: str, *, now: datetime) -> CreditHandover:
    """The row, locked, for who may do this to it."""
    found = (
        select(CreditHandover).where(CreditHandover.id == credit_id, readable(actor, _OWN)).with_for_update()
    )
    row = session.scalars(found, execution_options={"populate_existing": True}).first()
    if row is None:
        raise NotFound()
    if not (speaks_for(actor, row.enterprise_id) if action == "withdraw" else is_manager(actor)):
        raise Forbidden()
    states.require(action, states.state_at(row.state, row.due_at, now))
    return row


def _close_of(session: Session, row: CreditHandover, days: int, now: datetime) -> datetime:
    """The close of the n-th working day after today, by the calendar of the enterprise's zone."""
    enterprise = session.get_one(Enterprise, row.enterprise_id)
    return working_days_after(session, enterprise.region_code, now, days)


def _written(
    session: Session, actor: Actor, row: CreditHandover, action: str, values: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    before, after = audit.changes(row, values)
    for name, value in values.items():
        setattr(row, name, value)
    row.updated_at = now
    session.flush()
    audit.record(session, actor, action, row, now=now, before=before, after=after, personal=PERSONAL)
    return _shown(actor, row, now)


def _shown(actor: Actor, row: CreditHandover, now: datetime) -> dict[str, Any]:
    columns = {column.name: getattr(row, column.name) for column in CreditHandover.__table__.columns}
    banker = row.banker if actor.holds_for_province(*CAN_READ) else None
    return columns | {"state": states.state_at(row.state, row.due_at, now), "banker": banker}
