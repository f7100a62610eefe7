"""Asking for a transfer that takes two people, and deciding about it: approving carries it out."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.db import new_id
from backbone.errors import NotFound
from backbone.identity.service import actor_of
from finance_net.ledger import limits, service
from finance_net.ledger.claims import require_by_hand
from finance_net.ledger.errors import SecondPersonNeeded
from finance_net.ledger.models import Hold, Transfer
from finance_net.ledger.orders import foreseeing
from finance_net.ledger.orders.errors import OrderIdReused, ProposerGone
from finance_net.ledger.orders.models import FundOrder
from finance_net.ledger.orders.states import FIRST, after
from finance_net.ledger.permissions import CAN_ACT, require_manager
from finance_net.ledger.steps import Kind

PERSONAL = frozenset({"reason", "note"})
SAID = ("action", "envelope_id", "giver_id", "hold_id", "reverses_id", "amount_fen", "limit_fen", "reason", "effective_on")  # fmt: skip


def propose_draw(
    session: Session, actor: Actor, kind: Kind, hold_id: UUID, said: Mapping[str, Any], *, now: datetime
) -> FundOrder:
    """Ask to commit a reservation, to pay a tranche or to recover of a payment; raises what carrying it out would."""
    require_manager(actor)
    hold = session.get(Hold, hold_id)
    if hold is None:
        raise NotFound()
    require_by_hand(session, actor, hold_id)
    return _proposed(
        session, actor, hold.fund_id, {"action": str(kind), "hold_id": hold_id} | dict(said), now
    )


def propose_limit(
    session: Session, actor: Actor, envelope_id: UUID, said: Mapping[str, Any], *, now: datetime
) -> FundOrder:
    """Ask for another limit of an envelope; raises what carrying it out would."""
    require_manager(actor)
    envelope = limits.envelope_of(session, envelope_id)
    return _proposed(
        session,
        actor,
        envelope.fund_id,
        {"action": "change_limit", "envelope_id": envelope_id} | dict(said),
        now,
    )


def propose_adjustment(
    session: Session, actor: Actor, envelope_id: UUID, said: Mapping[str, Any], *, now: datetime
) -> FundOrder:
    """Ask to move a part of another envelope's limit to this one; raises what carrying it out would."""
    require_manager(actor)
    envelope = limits.envelope_of(session, envelope_id)
    return _proposed(
        session, actor, envelope.fund_id, {"action": "adjust", "envelope_id": envelope_id} | dict(said), now
    )


def propose_reversal(
    session: Session, actor: Actor, transfer_id: UUID, said: Mapping[str, Any], *, now: datetime
) -> FundOrder:
    """Ask to take back a payment or a recovery; raises what carrying it out would."""
    require_manager(actor)
    transfer = session.get(Transfer, transfer_id)
    if transfer is None:
        raise NotFound()
    require_by_hand(session, actor, transfer_id)
    return _proposed(
        session, actor, transfer.fund_id, {"action": "reverse", "reverses_id": transfer_id} | dict(said), now
    )


def approve_order(session: Session, actor: Actor, order_id: UUID, *, now: datetime) -> Transfer:
    """Carry it out; raises NotFound, StateConflict, SecondPersonNeeded, ProposerGone, and what stands in its way."""
    order = _decided(session, actor, order_id, "approve", None, now)
    proposer = actor_of(session, order.proposed_by)
    if proposer is None or not proposer.holds_for_province(*CAN_ACT):
        raise ProposerGone()
    common = {"reason": order.reason, "effective_on": order.effective_on, "transfer_id": order.id, "now": now}
    return CARRIED_OUT[order.action](session, proposer, order, {"approver": actor} | common)


def decline_order(session: Session, actor: Actor, order_id: UUID, *, note: str, now: datetime) -> FundOrder:
    """Refuse it, or withdraw what one has asked for oneself; raises NotFound, StateConflict."""
    require_manager(actor)
    order = session.get(FundOrder, order_id)
    is_own = order is not None and order.proposed_by == actor.account_id
    return _decided(session, actor, order_id, "withdraw" if is_own else "decline", note, now)


def _proposed(
    session: Session, actor: Actor, fund_id: UUID, said: Mapping[str, Any], now: datetime
) -> FundOrder:
    values = {name: said.get(name) for name in SAID}
    key = said.get("id") or new_id()
    known = session.get(FundOrder, key)
    if known is not None:
        if any(getattr(known, name) != value for name, value in values.items()):
            raise OrderIdReused(id=key, action=known.action)
        return known
    order = FundOrder(
        id=key,
        fund_id=fund_id,
        state=FIRST,
        proposed_by=actor.account_id,
        created_at=now,
        updated_at=now,
        **values,
    )
    foreseeing.refuse_what_cannot_be(session, actor, order, now=now)
    session.add(order)
    session.flush()
    told = {name: value for name, value in values.items() if value is not None}
    audit.record(session, actor, f"propose_{order.action}", order, now=now, after=told, personal=PERSONAL)
    return order


def _decided(
    session: Session, actor: Actor, order_id: UUID, action: str, note: str | None, now: datetime
) -> FundOrder:
    require_manager(actor)
    order = session.get(FundOrder, order_id, with_for_update=True, populate_existing=True)
    if order is None:
        raise NotFound()
    state = after(order.state, action)
    if action == "approve" and order.proposed_by == actor.account_id:
        raise SecondPersonNeeded(kind=order.action)
    order.state, order.decided_by, order.decided_at, order.note, order.updated_at = (
        state,
        actor.account_id,
        now,
        note,
        now,
    )
    session.flush()
    audit.record(
        session,
        actor,
        f"{action}_order",
        order,
        now=now,
        after={"state": state, "note": note},
        personal=PERSONAL,
    )
    return order


Carry = Callable[[Session, Actor, FundOrder, dict[str, Any]], Transfer]


def _draw(verb: Callable[..., Transfer]) -> Carry:
    return lambda session, actor, order, how: verb(session, actor, order.hold_id, order.amount_fen, **how)


CARRIED_OUT: Mapping[str, Carry] = {
    "commit": _draw(service.commit),
    "pay": _draw(service.pay),
    "recover": _draw(service.recover),
    "reverse": lambda session, actor, order, how: service.reverse(
        session, actor, _id(order.reverses_id), **how
    ),
    "change_limit": lambda session, actor, order, how: limits.change_limit(
        session, actor, _id(order.envelope_id), order.limit_fen or 0, **how
    ),
    "adjust": lambda session, actor, order, how: limits.adjust(
        session, actor, _id(order.giver_id), _id(order.envelope_id), order.amount_fen or 0, **how
    ),
}


def _id(value: UUID | None) -> UUID:
    """An id that an order of this action has."""
    if value is None:
        raise AssertionError("an order without what it is about was kept")
    return value
