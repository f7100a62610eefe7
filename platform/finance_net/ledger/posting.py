"""One transfer along the path of an envelope: looked at, checked, booked; money is released only when it is needed."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import events
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.days import refuse_future
from backbone.errors import Bilingual, Contended, NotFound
from finance_net.ledger.asking import Asked, require_amount
from finance_net.ledger.booking import Booking, Draw, Outcome, Place, Short, book, booking_of
from finance_net.ledger.errors import (
    BookedToParts,
    EnvelopeExceeded,
    HoldClosed,
    HoldExceeded,
    HoldExpired,
    NotYet,
    RecoveredFrom,
    SecondPersonNeeded,
    TransferIdReused,
    WrongHold,
)
from finance_net.ledger.expiring import release_expired
from finance_net.ledger.models import Transfer
from finance_net.ledger.permissions import require_manager
from finance_net.ledger.statements import LOOK_AT_ENVELOPE, LOOK_AT_HOLD
from finance_net.ledger.steps import STEPS, TWO_PEOPLE, Bucket, Kind

TRIES = 5
ALL_OF_THEM = 100_000
HOLD_WORDS = {
    Bucket.RESERVED: Bilingual("预留", "reservation"),
    Bucket.COMMITTED: Bilingual("承付", "commitment"),
    Bucket.APPROVED: Bilingual("拨付批次", "tranche"),
    Bucket.PAID: Bilingual("付款", "payment"),
}
ENVELOPE = Bilingual("额度", "envelope")


@dataclass(frozen=True)
class TransferPosted:
    """Money has moved; told in the transaction that moved it."""

    transfer: Transfer


def post(session: Session, actor: Actor, asked: Asked, *, approver: Actor | None, now: datetime) -> Transfer:
    """Carry it out and return it; the same request again returns what was carried out then.

    Raises Forbidden, SecondPersonNeeded, NotFound, TransferIdReused, BadAmount, NotYet, BookedToParts, WrongHold, HoldExpired,
    HoldClosed, HoldExceeded, RecoveredFrom, EnvelopeExceeded, Contended.
    """
    require_two(asked.kind, actor, approver)
    for _ in range(TRIES):
        seen = _look(session, asked)
        if seen.known_id is not None:
            return stored(session, asked)
        booking = _booking(session, seen, asked, actor, approver, now)
        outcome = book(session, actor, booking, now=now)
        if outcome.is_booked:
            return told(session, booking)
        require_room(session, booking, outcome, now=now)
    raise Contended(tries=TRIES)


def require_two(kind: Kind, actor: Actor, approver: Actor | None) -> None:
    """Raise Forbidden for who may not move money, SecondPersonNeeded where one person would do it alone."""
    require_manager(actor)
    if kind not in TWO_PEOPLE:
        return
    if approver is None or approver.account_id in (None, actor.account_id):
        raise SecondPersonNeeded(kind=str(kind))
    require_manager(approver)


def stored(session: Session, asked: Asked) -> Transfer:
    """The transfer of this id, if it was made by the same request; raises TransferIdReused."""
    known = session.get_one(Transfer, asked.id)
    if known.request_hash != asked.request_hash:
        raise TransferIdReused(id=asked.id, number=known.number, kind=known.kind, amount_fen=known.amount_fen)
    return known


def require_room(
    session: Session, booking: Booking, outcome: Outcome, *, refusal: type[EnvelopeExceeded] = EnvelopeExceeded, now: datetime
) -> None:  # fmt: skip
    """Return if it is worth trying again: money was released meanwhile, or what was looked at has changed.

    The refused booking has left the fund's lock with us, so that a second look stays true. Raises `refusal`.
    """
    if outcome.is_known or not outcome.holds_fit:
        return
    short = [each.id for each in outcome.short]
    if not release_expired(session, booking.transfer.fund_id, below=short, at_once=ALL_OF_THEM, now=now):
        raise refusal(**exceeded(outcome.short, booking))


def exceeded(short: Sequence[Short], booking: Booking) -> dict[str, Any]:
    """The numbers of the envelope that has least left, the lower one of two."""
    least = min(reversed(short), key=lambda each: each.balances[Bucket.AVAILABLE])
    return shortage(least, booking.transfer.amount_fen)


def shortage(of: Short, asked_fen: int) -> dict[str, Any]:
    """What a refusal says of an envelope that has less left than is asked."""
    limit, available = (of.balances[bucket] for bucket in (Bucket.LIMIT, Bucket.AVAILABLE))
    return {
        "envelope": of.title, "envelope_id": of.id, "limit_fen": limit, "available_fen": available,
        "used_fen": limit - available, "asked_fen": asked_fen, "short_fen": asked_fen - available,
        "wanted_fen": limit - asked_fen,
    }  # fmt: skip


def foresee(session: Session, actor: Actor, asked: Asked, *, now: datetime) -> None:
    """Raise what `post` would raise, as far as the hold itself shows it by now."""
    _booking(session, _look(session, asked), asked, actor, None, now)


def told(session: Session, booking: Booking) -> Transfer:
    """The transfer, after whoever wants to know was told."""
    events.publish(session, TransferPosted(booking.transfer))
    return booking.transfer


def lock_number(transfer_id: UUID) -> int:
    """The advisory lock that two requests of one id queue at; two ids may share one, and wait a moment for nothing."""
    return zlib.crc32(b"fund_transfers" + transfer_id.bytes)


def _look(session: Session, asked: Asked) -> Any:
    one = {"id": asked.id, "lock": lock_number(asked.id)}
    if asked.hold_id is None:
        row = session.connection().execute(LOOK_AT_ENVELOPE, one | {"envelope_id": asked.envelope_id}).first()
    else:
        row = session.connection().execute(LOOK_AT_HOLD, one | {"hold_id": asked.hold_id}).first()
    if row is None:
        raise NotFound()
    return row


def _booking(
    session: Session, seen: Any, asked: Asked, actor: Actor, approver: Actor | None, now: datetime
) -> Booking:
    bucket = Bucket(seen.bucket) if seen.bucket else None
    step = STEPS.get((asked.kind, bucket))
    if step is None:
        raise WrongHold(what=HOLD_WORDS[bucket] if bucket else ENVELOPE, action=str(asked.kind))
    amount = (
        _amount_of_hold(session, seen, asked, bucket, now)
        if bucket
        else _amount_of_envelope(seen, asked, now)
    )
    rest = seen.open_fen - amount if step.resolves else 0
    draws = []
    if asked.hold_id is not None:
        is_whole = step.resolves or asked.amount_fen is None
        draws = [Draw(asked.hold_id, step.of_source(amount, rest), is_whole)]
        if seen.home_id and (back := step.of_home(amount, rest)):
            draws.append(Draw(seen.home_id, back))
    return booking_of(
        asked, step, Place.along(seen.fund_id, seen.path), number=seen.number, amount_fen=amount, rest_fen=rest,
        effective_on=effective_day(asked, now), actor_id=actor.account_id,
        approver_id=approver.account_id if approver else None, draws=draws,
        home_id=asked.hold_id if step.opens is Bucket.APPROVED else seen.home_id, now=now,
    )  # fmt: skip


def _amount_of_envelope(seen: Any, asked: Asked, now: datetime) -> int:
    if seen.is_partitioned:
        raise BookedToParts(envelope=seen.title, envelope_id=seen.envelope_id)
    if asked.expires_at is not None and asked.expires_at <= now:
        problem = Bilingual("到期时刻应在此刻之后", "It must expire later than now")
        raise NotYet.field("expires_at", problem)
    return require_amount(asked.amount_fen)


def _amount_of_hold(session: Session, seen: Any, asked: Asked, bucket: Bucket, now: datetime) -> int:
    given = None if asked.amount_fen is None else require_amount(asked.amount_fen)
    what = HOLD_WORDS[bucket]
    if asked.kind is Kind.REVERSE_RECOVERY:
        return require_amount(given)
    if bucket is Bucket.RESERVED and _has_expired(session, seen, now):
        raise HoldExpired(open_fen=seen.amount_fen, expires_at=seen.expires_at.isoformat())
    if not seen.open_fen:
        raise HoldClosed(what=what, amount_fen=seen.amount_fen)
    if asked.kind is Kind.REVERSE_PAYMENT and seen.open_fen != seen.amount_fen:
        raise RecoveredFrom(amount_fen=seen.amount_fen, open_fen=seen.open_fen)
    if given is not None and given > seen.open_fen:
        raise HoldExceeded(what=what, open_fen=seen.open_fen, asked_fen=given)
    return seen.open_fen if given is None else given


def _has_expired(session: Session, seen: Any, now: datetime) -> bool:
    """Said alike whether its release was written or not; one that was used or voided in time has not expired."""
    if seen.expires_at is None or seen.expires_at > now:
        return False
    released = select(Transfer.id).where(Transfer.hold_id == seen.hold_id, Transfer.kind == Kind.EXPIRE)
    return seen.open_fen > 0 or session.scalar(released) is not None


def effective_day(asked: Asked, now: datetime) -> date:
    """The day on which it counts: today unless an earlier one is asked for; raises NotYet."""
    today = local_date(now)
    refuse_future("effective_on", asked.effective_on, today, NotYet)
    return asked.effective_on or today
