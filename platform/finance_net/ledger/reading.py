"""Reading the ledger: funds, envelopes with what lies below them, holds and transfers. What has expired counts as released."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.errors import NotFound
from backbone.pages import Page, read_page
from finance_net.ledger.models import Envelope, Fund, Hold, Transfer, TransferLeg, balances_of
from finance_net.ledger.permissions import require_reader
from finance_net.ledger.steps import Bucket


@dataclass(frozen=True)
class Standing:
    """An envelope and what lies in its buckets at an instant."""

    envelope: Envelope
    balances: Mapping[Bucket, int]


def standings(session: Session, fund_id: UUID, *, below: UUID | None = None, now: datetime) -> list[Standing]:
    """The fund's envelopes, those above first, or one of them with all below it."""
    leaf = select(Hold.open_fen, func.unnest(Envelope.path).label("id")).join(
        Envelope, Envelope.id == Hold.envelope_id
    )
    expired = leaf.where(Hold.fund_id == fund_id, Hold.open_fen > 0, Hold.expires_at <= now).subquery()
    released = (
        select(expired.c.id, func.sum(expired.c.open_fen).label("fen")).group_by(expired.c.id).subquery()
    )
    rows = select(Envelope, func.coalesce(released.c.fen, 0)).outerjoin(
        released, released.c.id == Envelope.id
    )
    rows = rows.where(Envelope.fund_id == fund_id).order_by(Envelope.depth, Envelope.key, Envelope.id)
    if below is not None:
        rows = rows.where(Envelope.path.contains([below]))
    return [Standing(envelope, _without(balances_of(envelope), int(fen))) for envelope, fen in
            session.execute(rows, execution_options={"populate_existing": True})]  # fmt: skip


def _without(balances: dict[Bucket, int], expired_fen: int) -> dict[Bucket, int]:
    balances[Bucket.RESERVED] -= expired_fen
    balances[Bucket.AVAILABLE] += expired_fen
    return balances


def read_fund(session: Session, actor: Actor, fund_id: UUID) -> Fund:
    """Raises Forbidden, NotFound."""
    require_reader(actor)
    fund = session.get(Fund, fund_id)
    if fund is None:
        raise NotFound()
    return fund


def list_funds(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[Fund]:
    """A page of the funds; raises Forbidden."""
    require_reader(actor)
    return read_page(session, select(Fund), asked, {"key": Fund.key}, Fund.id)


def fund_view(session: Session, fund: Fund, now: datetime) -> dict[str, Any]:
    """The fund with the balances of its own envelope."""
    return {"fund": fund, "whole": standings(session, fund.id, now=now)[0]}


def envelope_view(session: Session, actor: Actor, envelope_id: UUID, now: datetime) -> dict[str, Any]:
    """An envelope, and every one below it; raises Forbidden, NotFound."""
    require_reader(actor)
    envelope = session.get(Envelope, envelope_id)
    if envelope is None:
        raise NotFound()
    own, *parts = standings(session, envelope.fund_id, below=envelope.id, now=now)
    return {"envelope": own.envelope, "balances": own.balances, "parts": parts}


def list_holds(
    session: Session, actor: Actor, envelope_id: UUID, asked: Mapping[str, Any], now: datetime
) -> Page[dict[str, Any]]:
    """A page of what is held in an envelope and below it, what is over left out unless asked; raises Forbidden, NotFound."""
    require_reader(actor)
    envelope = session.get(Envelope, envelope_id)
    if envelope is None:
        raise NotFound()
    is_over = (Hold.open_fen == 0) | func.coalesce(Hold.expires_at <= now, False)
    query = select(Hold, is_over).join(Envelope, Envelope.id == Hold.envelope_id)
    query = query.where(Hold.fund_id == envelope.fund_id, Envelope.path.contains([envelope.id]))
    query = query if asked["with_closed"] else query.where(~is_over)
    if asked.get("bucket"):
        query = query.where(Hold.bucket == asked["bucket"])
    return read_page(session, query, asked, {"opened_at": Hold.opened_at}, Hold.id, _hold_view)


def _hold_view(hold: Hold, is_over: bool) -> dict[str, Any]:
    left = 0 if is_over else hold.open_fen
    return {name: getattr(hold, name) for name in (
        "id", "fund_id", "envelope_id", "bucket", "amount_fen", "home_id", "expires_at", "opened_at"
    )} | {"open_fen": left}  # fmt: skip


def list_transfers(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[Transfer]:
    """A page of transfers, the latest first unless asked otherwise; raises Forbidden."""
    require_reader(actor)
    query = select(Transfer)
    for name in ("fund_id", "kind", "hold_id"):
        if asked.get(name):
            query = query.where(getattr(Transfer, name) == asked[name])
    if asked.get("envelope_id"):
        touched = select(TransferLeg.transfer_id).where(TransferLeg.envelope_id == asked["envelope_id"])
        query = query.where(Transfer.id.in_(touched))
    return read_page(session, query, asked, {"recorded_at": Transfer.recorded_at}, Transfer.id)


def read_transfer(session: Session, actor: Actor, transfer_id: UUID) -> dict[str, Any]:
    """The transfer with its legs, those above first; raises Forbidden, NotFound."""
    require_reader(actor)
    transfer = session.get(Transfer, transfer_id)
    if transfer is None:
        raise NotFound()
    place = case({id_: at for at, id_ in enumerate(transfer.touches)}, value=TransferLeg.envelope_id)
    legs = select(TransferLeg).where(TransferLeg.transfer_id == transfer.id).order_by(place)
    return {"transfer": transfer, "legs": list(session.scalars(legs))}
