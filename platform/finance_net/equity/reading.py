"""Seeing deals, and taking hold of them: locked and for managers alone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload

from backbone import audit
from backbone.actor import Actor
from backbone.errors import Forbidden, NotFound
from backbone.pages import Page, read_page
from finance_net.equity import errors
from finance_net.equity.committees.models import Condition, Meeting, Vote
from finance_net.equity.models import PERSONAL, CapitalCall, Deal, DealEntry, DiligenceItem
from finance_net.equity.permissions import is_manager, readable
from finance_net.ledger.expiring import lock_fund
from finance_net.ledger.orders.models import FundOrder
from finance_net.ledger.orders.states import REFUSED

Part = TypeVar("Part", DiligenceItem, Condition, DealEntry)


def read_deal(session: Session, actor: Actor, deal_id: UUID) -> Deal:
    """Raises NotFound, alike for what is missing and what is hidden."""
    query = select(Deal).where(Deal.id == deal_id, readable(actor)).options(lazyload("*"))
    deal = session.scalars(query).first()
    if deal is None:
        raise NotFound()
    return deal


def deal_for(session: Session, actor: Actor, deal_id: UUID, *, moves_money: bool = False) -> Deal:
    """The deal, locked, for a fund manager; raises NotFound, and Forbidden for who may only read it.

    With `moves_money` the fund's lock is taken first, as the ledger's transfers do.
    """
    deal = read_deal(session, actor, deal_id)
    if not is_manager(actor):
        raise Forbidden()
    if moves_money:
        lock_fund(session, deal.fund_id)
    session.refresh(deal, with_for_update=True)
    return deal


def part_for(
    session: Session, actor: Actor, kind: type[Part], part_id: UUID, *, moves_money: bool = False
) -> tuple[Part, Deal]:
    """A row that belongs to a deal, and the deal, both locked; raises as `deal_for`."""
    query = select(kind, Deal).join(Deal, Deal.id == kind.deal_id).options(lazyload("*"))
    query = query.where(kind.id == part_id, readable(actor))
    row = session.execute(query).first()
    if row is None:
        raise NotFound()
    deal = deal_for(session, actor, row[1].id, moves_money=moves_money)
    session.refresh(row[0], with_for_update=True)
    return row[0], deal


def list_deals(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[Deal]:
    """A page of the deals that the actor may read."""
    query = select(Deal).where(readable(actor))
    for name in ("fund_id", "enterprise_id", "state"):
        if asked.get(name):
            query = query.where(getattr(Deal, name) == asked[name])
    return read_page(session, query, asked, {"created_at": Deal.created_at}, Deal.id)


def deal_view(session: Session, deal: Deal) -> dict[str, Any]:
    """The deal with everything that hangs on it, each in its order."""
    position = deal.position
    return {
        "deal": deal,
        "position": position,
        "diligence": _of(session, DiligenceItem, deal, DiligenceItem.ordinal),
        "meetings": meetings_of(session, deal.id),
        "conditions": _of(session, Condition, deal, Condition.id),
        "calls": _of(session, CapitalCall, deal, CapitalCall.ordinal),
        "entries": _of(session, DealEntry, deal, DealEntry.id),
    }


def meetings_of(session: Session, deal_id: UUID) -> list[dict[str, Any]]:
    """The meetings about a deal, each with its votes."""
    meetings = session.scalars(
        select(Meeting).where(Meeting.deal_id == deal_id).order_by(Meeting.ordinal)
    ).all()
    cast = select(Vote).where(Vote.meeting_id.in_([each.id for each in meetings])).order_by(Vote.id)
    votes: dict[UUID, list[Vote]] = {}
    for vote in session.scalars(cast):
        votes.setdefault(vote.meeting_id, []).append(vote)
    return [{"meeting": each, "votes": votes.get(each.id, [])} for each in meetings]


def require_no_agreement(session: Session, deal: Deal) -> None:
    """Raise AgreementPending, or AgreementRefused where its second person has said no and its money is still reserved."""
    if deal.reservation_id is None:
        return
    state = session.scalar(select(FundOrder.state).where(FundOrder.id == deal.order_id))
    if state in REFUSED:
        raise errors.AgreementRefused(number=deal.number, reservation_id=deal.reservation_id)
    raise errors.AgreementPending(number=deal.number, order_id=deal.order_id)


def open_calls(session: Session, deal: Deal) -> str:
    """The numbers of the deal's calls that are not settled, as a sentence names them."""
    called = select(CapitalCall.ordinal).where(CapitalCall.deal_id == deal.id, CapitalCall.state == "called")
    return ", ".join(map(str, session.scalars(called.order_by(CapitalCall.ordinal))))


def write(
    session: Session, actor: Actor, row: Any, action: str, values: Mapping[str, Any], *, now: datetime
) -> None:
    """Change a row, and leave its audit event."""
    before, after = audit.changes(row, values)
    for name, value in values.items():
        setattr(row, name, value)
    row.updated_at = now
    session.flush()
    audit.record(session, actor, action, row, now=now, before=before, after=after, personal=PERSONAL)


def add(
    session: Session, actor: Actor, row: Any, action: str, told: Mapping[str, Any], *, now: datetime
) -> None:
    """Store a new row, and leave its audit event."""
    row.created_at = row.updated_at = now
    session.add(row)
    session.flush()
    audit.record(session, actor, action, row, now=now, after=told, personal=PERSONAL)


def _of(session: Session, kind: Any, deal: Deal, order: Any) -> Sequence[Any]:
    return session.scalars(select(kind).where(kind.deal_id == deal.id).order_by(order)).all()
