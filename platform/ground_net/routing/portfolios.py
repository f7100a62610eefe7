"""All that a broker has in hand, and handing all of it over: every need finds somebody, or none leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone.absences.models import Absence
from backbone.absences.service import deputies_for, leave_ahead
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.errors import DomainError, Forbidden
from ground_net.brokers.models import Broker
from ground_net.brokers.permissions import may_keep, may_read_record
from ground_net.brokers.service import broker_named
from ground_net.contracts.models import Contract
from ground_net.contracts.states import ANNULLED
from ground_net.leads.models import Lead
from ground_net.leads.states import OPEN as OPEN_LEADS
from ground_net.routing.errors import NobodyFits
from ground_net.routing.models import Handover
from ground_net.routing.permissions import handable
from ground_net.routing.service import is_standing, offer
from ground_net.routing.states import OFFERED
from ground_net.routing.suggesting import choice_for
from sky_net.needs.models import Need
from sky_net.needs.owning import loads_of
from sky_net.needs.permissions import readable
from sky_net.needs.states import OPEN
from sky_net.sla import service as sla
from sky_net.sla.clocks import ClockReading, ClockState

DEPUTY, SUGGESTED = WAYS = ("deputy", "suggested")
"""To whoever stands in today or from the next leave on, or each need to whom `suggestRoute` names first."""
LEAVE = "leave"


@dataclass(frozen=True)
class NeedInHand:
    """An open need, when the next of its promises is due, whether one was broken, and to whom it is offered."""

    need: Need
    due_at: datetime | None
    is_overdue: bool
    offered_to: UUID | None


@dataclass(frozen=True)
class Portfolio:
    """`load` counts all open needs, also those that the reader may not know of; `leave` is today's or the next."""

    broker: Broker
    needs: Sequence[NeedInHand]
    load: int
    open_leads: int
    credited_contracts: int
    leave: Absence | None

    @property
    def overdue(self) -> int:
        """Of the needs shown."""
        return sum(each.is_overdue for each in self.needs)


def show_portfolio(session: Session, actor: Actor, broker_id: UUID, *, now: datetime) -> Portfolio:
    """What a broker has in hand, for the broker and those in office for a zone that they serve; raises NotFound, Forbidden."""
    broker = broker_named(session, broker_id)
    if not may_read_record(actor, broker):
        raise Forbidden()
    known = (
        select(Need)
        .where(Need.owner_id == broker.account_id, Need.state.in_(OPEN), readable(actor))
        .order_by(Need.id)
    )
    needs = session.scalars(known).all()
    clocks = sla.readings(session, [need.id for need in needs], now=now) if needs else {}
    offered = _offers(session, needs, now)
    leads = (
        select(func.count())
        .select_from(Lead)
        .where(Lead.owner_id == broker.account_id, Lead.state.in_(OPEN_LEADS))
    )
    credited = (Contract.credited_to == broker.account_id, Contract.state.not_in(ANNULLED))
    contracts = select(func.count()).select_from(Contract).where(*credited)
    return Portfolio(
        broker, [_in_hand(need, clocks.get(need.id, ()), offered.get(need.id)) for need in needs],
        loads_of(session, [broker.account_id])[broker.account_id], session.scalar(leads) or 0,
        session.scalar(contracts) or 0, leave_ahead(session, broker.account_id, local_date(now)),
    )  # fmt: skip


def hand_portfolio(
    session: Session, actor: Actor, broker_id: UUID, *, to: str, now: datetime
) -> list[Handover]:
    """Offer every open need of a broker that the actor may hand over, but for those on offer already; all or none.

    Raises NotFound, Forbidden, NobodyFits.
    """
    broker = broker_named(session, broker_id)
    if not may_keep(actor, broker):
        raise Forbidden()
    standing = select(Handover.need_id).where(Handover.state == OFFERED, Handover.due_at > now)
    owned = select(Need).where(
        Need.owner_id == broker.account_id, Need.state.in_(OPEN), handable(actor), Need.id.not_in(standing)
    )
    # Always in the order of the ids: of two who hand over the same needs one waits, and never each for the other.
    needs = session.scalars(owned.order_by(Need.id).with_for_update(of=Need)).all()
    deputy = _deputy(session, broker.account_id, now) if to == DEPUTY else None
    handed, left = [], []
    for need in needs:
        receiver = deputy if to == DEPUTY else _first(session, need, now)
        made = receiver and _offered(session, actor, need, receiver, now)
        handed += [made] if made else []
        left += [] if made else [need.number]
    if left:
        raise NobodyFits(count=len(left), numbers=left)
    return handed


def _offered(session: Session, actor: Actor, need: Need, receiver: UUID, now: datetime) -> Handover | None:
    """None where the receiver cannot take it; the caller then refuses the whole, and nothing stays written."""
    try:
        return offer(session, actor, need, receiver, LEAVE, now=now)
    except DomainError:
        return None


def _first(session: Session, need: Need, now: datetime) -> UUID | None:
    # Asked anew for each need: those just offered count against the room of whoever is to take them.
    fits = choice_for(session, need, now=now).fits
    return fits[0].account_id if fits else None


def _deputy(session: Session, account_id: UUID, now: datetime) -> UUID | None:
    leave = leave_ahead(session, account_id, local_date(now))
    if leave is None:
        return None
    reader = deputies_for(session, [leave.deputy_id], local_date(now))[leave.deputy_id]
    return None if reader == account_id else reader


def _offers(session: Session, needs: Sequence[Need], now: datetime) -> Mapping[UUID, UUID]:
    offers = select(Handover).where(
        Handover.need_id.in_([need.id for need in needs]), Handover.state == OFFERED
    )
    return {each.need_id: each.to_id for each in session.scalars(offers) if is_standing(each, now)}


def _in_hand(need: Need, clocks: Sequence[ClockReading], offered_to: UUID | None) -> NeedInHand:
    due = [clock.due_at for clock in clocks if clock.due_at and clock.stopped_at is None]
    return NeedInHand(need, min(due, default=None), any(_is_breached(clock) for clock in clocks), offered_to)


def _is_breached(clock: ClockReading) -> bool:
    return clock.stopped_at is None and clock.state is ClockState.BREACHED
