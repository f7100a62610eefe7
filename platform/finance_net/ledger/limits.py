"""Changing what an envelope may hold, and moving a limit from one envelope to another of the same fund (调剂)."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.db import new_id
from backbone.errors import Contended, NotFound
from finance_net.ledger.asking import Asked, require_amount
from finance_net.ledger.booking import Booking, Place, book, booking_of
from finance_net.ledger.errors import (
    CrossLedger,
    EnvelopeExceeded,
    LimitBelowUse,
    NothingToChange,
    PartsExceedWhole,
    SameEnvelope,
)
from finance_net.ledger.expiring import lock_fund
from finance_net.ledger.models import NUMBERS, Envelope, Fund, Transfer
from finance_net.ledger.posting import (
    TRIES,
    effective_day,
    lock_number,
    require_room,
    require_two,
    stored,
    told,
)
from finance_net.ledger.steps import STEPS, Kind


def change_limit(
    session: Session, actor: Actor, envelope_id: UUID, limit_fen: int, *, approver: Actor, reason: str,
    effective_on: date | None = None, transfer_id: UUID | None = None, now: datetime,
) -> Transfer:  # fmt: skip
    """Give an envelope another limit, none below what is used in it.

    Raises Forbidden, SecondPersonNeeded, NotFound, BadAmount, LimitBelowUse, PartsExceedWhole, NothingToChange.
    """
    require_two(Kind.RAISE_LIMIT, actor, approver)
    require_amount(limit_fen, least=0)
    envelope = envelope_of(session, envelope_id)
    asked = Asked(
        transfer_id or new_id(), Kind.RAISE_LIMIT, reason, envelope_id=envelope_id, limit_fen=limit_fen,
        effective_on=effective_on,
    )  # fmt: skip

    def booking() -> Booking:
        session.refresh(envelope)
        by = limit_fen - envelope.limit_fen
        if by == 0:
            raise NothingToChange(envelope=envelope.title, limit_fen=limit_fen)
        _require_parts_within(session, envelope, by)
        kind = Kind.RAISE_LIMIT if by > 0 else Kind.LOWER_LIMIT
        return _booking(session, asked, kind, abs(by), {envelope.id: 1}, envelope, actor, approver, now)

    return _carried_out(session, actor, asked, envelope.fund_id, booking, LimitBelowUse, now)


def adjust(
    session: Session, actor: Actor, giver_id: UUID, receiver_id: UUID, amount_fen: int, *, approver: Actor, reason: str,
    effective_on: date | None = None, transfer_id: UUID | None = None, now: datetime,
) -> Transfer:  # fmt: skip
    """Move a part of one envelope's limit to another.

    Raises Forbidden, SecondPersonNeeded, NotFound, BadAmount, SameEnvelope, CrossLedger, EnvelopeExceeded, PartsExceedWhole.
    """
    require_two(Kind.ADJUST, actor, approver)
    require_amount(amount_fen)
    giver, receiver = envelope_of(session, giver_id), envelope_of(session, receiver_id)
    require_one_ledger(session, giver, receiver)
    asked = Asked(
        transfer_id or new_id(), Kind.ADJUST, reason, envelope_id=receiver_id, giver_id=giver_id, amount_fen=amount_fen,
        effective_on=effective_on,
    )  # fmt: skip

    def booking() -> Booking:
        for each in (giver, receiver):
            session.refresh(each)
        require_amount(receiver.limit_fen + amount_fen)
        _require_parts_within(session, receiver, amount_fen, giver)
        _require_parts_within(session, giver, -amount_fen, receiver)
        counts = {giver.id: -1, receiver.id: 1}
        return _booking(session, asked, Kind.ADJUST, amount_fen, counts, receiver, actor, approver, now)

    return _carried_out(session, actor, asked, giver.fund_id, booking, EnvelopeExceeded, now)


def envelope_of(session: Session, envelope_id: UUID) -> Envelope:
    """The envelope; raises NotFound."""
    envelope = session.get(Envelope, envelope_id)
    if envelope is None:
        raise NotFound()
    return envelope


def require_one_ledger(session: Session, giver: Envelope, receiver: Envelope) -> None:
    """Raise SameEnvelope or CrossLedger where a limit cannot move from one to the other."""
    if giver.id == receiver.id:
        raise SameEnvelope(envelope_id=giver.id)
    if giver.fund_id != receiver.fund_id:
        keys = [session.get_one(Fund, each.fund_id).key for each in (giver, receiver)]
        raise CrossLedger(
            giver=giver.title, receiver=receiver.title, giving_fund=keys[0], receiving_fund=keys[1]
        )


def _carried_out(
    session: Session, actor: Actor, asked: Asked, fund_id: UUID, booking: Callable[[], Booking],
    refusal: type[EnvelopeExceeded], now: datetime,
) -> Transfer:  # fmt: skip
    """Under the fund's lock, because what other limits come to is read before."""
    session.execute(select(func.pg_advisory_xact_lock(lock_number(asked.id))))
    lock_fund(session, fund_id)
    if session.scalar(select(Transfer.id).where(Transfer.id == asked.id)):
        return stored(session, asked)
    for _ in range(TRIES):
        wanted = booking()
        outcome = book(session, actor, wanted, now=now)
        if outcome.is_booked:
            return told(session, wanted)
        require_room(session, wanted, outcome, refusal=refusal, now=now)
    raise Contended(tries=TRIES)


def _booking(
    session: Session, asked: Asked, kind: Kind, amount_fen: int, counts: dict[UUID, int], of: Envelope, actor: Actor,
    approver: Actor, now: datetime,
) -> Booking:  # fmt: skip
    """The fund's own envelope is touched too, if only by counting: whoever planned on the fund as it was is told so."""
    root_id = of.path[0]
    touched = {root_id: 0} | counts
    place = Place(of.fund_id, of.id, root_id, list(touched), list(touched.values()))
    return booking_of(
        asked, STEPS[kind, None], place, number=session.scalars(select(NUMBERS.next_value())).one(), amount_fen=amount_fen,
        effective_on=effective_day(asked, now), actor_id=actor.account_id, approver_id=approver.account_id, now=now,
    )  # fmt: skip


def _require_parts_within(
    session: Session, envelope: Envelope, by: int, other: Envelope | None = None
) -> None:
    """Raise PartsExceedWhole if the envelope, `by` larger, is no longer held by the one around it, or holds its parts no more.

    `other` gives or receives the same amount.
    """
    outer = session.get(Envelope, envelope.parent_id) if envelope.parent_id else None
    moved_within = other is not None and outer is not None and other.parent_id == outer.id
    if by > 0 and outer is not None and outer.is_partitioned and not moved_within:
        session.refresh(outer)
        gives = by if other is not None and other.id == outer.id else 0
        _compare(outer, outer.limit_fen - gives, _parts_of(session, outer) + by)
    if by < 0 and envelope.is_partitioned:
        inner = -by if other is not None and other.parent_id == envelope.id else 0
        _compare(envelope, envelope.limit_fen + by, _parts_of(session, envelope) + inner)


def _compare(whole: Envelope, limit_fen: int, parts_fen: int) -> None:
    if parts_fen > limit_fen:
        raise PartsExceedWhole(
            envelope=whole.title, envelope_id=whole.id, limit_fen=limit_fen, parts_fen=parts_fen
        )


def _parts_of(session: Session, whole: Envelope) -> int:
    total = select(func.coalesce(func.sum(Envelope.limit_fen), 0)).where(Envelope.parent_id == whole.id)
    return int(session.scalar(total) or 0)
