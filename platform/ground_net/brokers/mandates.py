"""Giving, confirming and ending mandates.

Either side or an operator may write one down; it counts once a member of the organisation has confirmed it, and one that a
member gives is confirmed by that.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor, Role
from backbone.clock import local_date
from backbone.directory.models import Enterprise, Institute
from backbone.directory.permissions import CAN_READ_ENTERPRISE, allows, operator_of_region
from backbone.directory.service import names_of_enterprises, names_of_institutes
from backbone.errors import Forbidden, Invalid, NotFound
from backbone.pages import Page, read_page
from backbone.references import NO_SUCH_ENTERPRISE, NO_SUCH_INSTITUTE
from ground_net.brokers.errors import MandateExcluded, MandateOver
from ground_net.brokers.models import BrokerMandate
from ground_net.brokers.permissions import is_broker_self, is_member, readable_mandates
from ground_net.brokers.service import broker_named
from ground_net.brokers.telling import tell_of_its_end, tell_of_mandate

SORTS = {"created_at": BrokerMandate.created_at, "until_on": BrokerMandate.until_on}
PROPOSED, CONFIRMED, OVER = STATES = ("proposed", "confirmed", "over")


@dataclass(frozen=True)
class Mandate:
    """A mandate with the name of the organisation; `state` is what it is today."""

    row: BrokerMandate
    organisation: str | None
    state: str


def give_mandate(
    session: Session, actor: Actor, broker_id: UUID, values: Mapping[str, Any], *, now: datetime
) -> Mandate:
    """Let a broker act for an organisation; raises NotFound, Forbidden, Invalid, MandateExcluded."""
    broker = broker_named(session, broker_id)
    mandate = BrokerMandate(
        broker_id=broker.id, proposed_by=actor.account_id, created_at=now, updated_at=now, **values
    )
    confirms = is_member(actor, mandate)
    is_side = confirms or is_broker_self(actor, broker)
    if not (is_side or actor.holds(Role.OPERATOR)):
        raise Forbidden()
    if not operator_of_region(actor, _organisation(session, actor, values)) and not is_side:
        raise Forbidden()
    if confirms:
        _refuse_excluded(session, mandate)
        mandate.confirmed_at, mandate.confirmed_by = now, actor.account_id
    session.add(mandate)
    session.flush()
    after = {"broker_id": broker.id, "confirmed": confirms, **values}
    personal = {"scope_of_work"}
    audit.record(session, actor, "give_mandate", mandate, now=now, after=after, personal=personal)
    tell_of_mandate(session, actor, mandate, broker, now=now)
    return _named(session, [mandate], local_date(now))[0]


def confirm_mandate(session: Session, actor: Actor, mandate_id: UUID, *, now: datetime) -> Mandate:
    """The organisation says yes; twice changes nothing. Raises NotFound, Forbidden, MandateOver, MandateExcluded."""
    mandate = _locked(session, actor, mandate_id)
    if not is_member(actor, mandate):
        raise Forbidden()
    if mandate.ended_at is not None:
        raise MandateOver(ended_at=mandate.ended_at.isoformat())
    if mandate.confirmed_at is None:
        _refuse_excluded(session, mandate)
        mandate.confirmed_by = actor.account_id
        _write(session, actor, mandate, "confirm_mandate", {"confirmed_at": now}, now)
        tell_of_mandate(session, actor, mandate, broker_named(session, mandate.broker_id), now=now)
    return _named(session, [mandate], local_date(now))[0]


def end_mandate(session: Session, actor: Actor, mandate_id: UUID, *, now: datetime) -> Mandate:
    """Either side ends it, or declines what was only proposed; twice changes nothing. Raises NotFound, Forbidden."""
    mandate = _locked(session, actor, mandate_id)
    broker = broker_named(session, mandate.broker_id)
    if not (is_member(actor, mandate) or is_broker_self(actor, broker)):
        raise Forbidden()
    if mandate.ended_at is None:
        _write(session, actor, mandate, "end_mandate", {"ended_at": now}, now)
        tell_of_its_end(session, actor, mandate, broker, now=now)
    return _named(session, [mandate], local_date(now))[0]


def show_mandate(session: Session, actor: Actor, mandate_id: UUID, *, now: datetime) -> Mandate:
    """A mandate, for those who may know of it; raises NotFound."""
    known = select(BrokerMandate).where(BrokerMandate.id == mandate_id, readable_mandates(actor))
    mandate = session.scalar(known)
    if mandate is None:
        raise NotFound()
    return _named(session, [mandate], local_date(now))[0]


def list_mandates(
    session: Session, actor: Actor, asked: Mapping[str, Any], *, now: datetime
) -> Page[Mandate]:
    """The mandates of which the actor may know."""
    query = select(BrokerMandate).where(readable_mandates(actor))
    for name in ("broker_id", "enterprise_id", "institute_id"):
        if asked.get(name):
            query = query.where(getattr(BrokerMandate, name) == asked[name])
    page = read_page(session, query, asked, SORTS, BrokerMandate.id)
    return Page(_named(session, page.items, local_date(now)), page.next_cursor)


def state_on(mandate: BrokerMandate, today: date) -> str:
    """Proposed, confirmed or over. One that was never confirmed is over when its days are."""
    if mandate.ended_at is not None or mandate.until_on < today:
        return OVER
    return PROPOSED if mandate.confirmed_at is None else CONFIRMED


def _organisation(session: Session, actor: Actor, values: Mapping[str, Any]) -> Enterprise | Institute:
    """What the mandate names; an enterprise of which the actor may not know is refused like one that does not exist."""
    if values.get("enterprise_id") is None:
        institute = session.get(Institute, values["institute_id"])
        if institute is None:
            raise Invalid.field("institute_id", NO_SUCH_INSTITUTE)
        return institute
    enterprise = session.get(Enterprise, values["enterprise_id"])
    if enterprise is None or not allows(CAN_READ_ENTERPRISE, actor, enterprise):
        raise Invalid.field("enterprise_id", NO_SUCH_ENTERPRISE)
    return enterprise


def _locked(session: Session, actor: Actor, mandate_id: UUID) -> BrokerMandate:
    known = select(BrokerMandate).where(BrokerMandate.id == mandate_id, readable_mandates(actor))
    mandate = session.scalar(known.with_for_update().execution_options(populate_existing=True))
    if mandate is None:
        raise NotFound()
    return mandate


def _refuse_excluded(session: Session, mandate: BrokerMandate) -> None:
    """Of the confirmed mandates of one organisation that share a day, an exclusive one is alone.

    The organisation's row is locked: of two confirmations at once the second sees the first.
    """
    kind: type[Enterprise] | type[Institute] = Enterprise if mandate.enterprise_id else Institute
    session.execute(select(kind.id).where(kind.id == mandate.organisation_id).with_for_update(key_share=True))
    column = BrokerMandate.enterprise_id if mandate.enterprise_id else BrokerMandate.institute_id
    others = select(BrokerMandate).where(
        column == mandate.organisation_id,
        BrokerMandate.broker_id != mandate.broker_id,
        BrokerMandate.confirmed_at.is_not(None),
        BrokerMandate.ended_at.is_(None),
        BrokerMandate.from_on <= mandate.until_on,
        BrokerMandate.until_on >= mandate.from_on,
    )
    if not mandate.is_exclusive:
        others = others.where(BrokerMandate.is_exclusive)
    other = session.scalar(others.order_by(BrokerMandate.id).limit(1))
    if other is not None:
        raise MandateExcluded(from_on=other.from_on.isoformat(), until_on=other.until_on.isoformat())


def _write(
    session: Session,
    actor: Actor,
    mandate: BrokerMandate,
    action: str,
    values: Mapping[str, Any],
    now: datetime,
) -> None:
    for name, value in values.items():
        setattr(mandate, name, value)
    mandate.updated_at = now
    session.flush()
    audit.record(session, actor, action, mandate, now=now, after=values)


def _named(session: Session, mandates: Collection[BrokerMandate], today: date) -> list[Mandate]:
    names = {
        **names_of_enterprises(session, {row.enterprise_id for row in mandates if row.enterprise_id}),
        **names_of_institutes(session, {row.institute_id for row in mandates if row.institute_id}),
    }
    named = {key: known.name for key, known in names.items()}
    return [
        Mandate(row, named.get(row.organisation_id) if row.organisation_id else None, state_on(row, today))
        for row in mandates
    ]
