"""Reservations that have run out: they count as released at once, and are written so when somebody needs the money."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import TextClause, select, text
from sqlalchemy.orm import Session

from backbone.actor import SYSTEM
from backbone.clock import local_date
from backbone.db import new_id
from finance_net.ledger.asking import Asked
from finance_net.ledger.booking import Draw, Place, book, booking_of
from finance_net.ledger.models import Envelope, Hold
from finance_net.ledger.steps import STEPS, Bucket, Kind

REASON = "预留到期 / the reservation expired"
STEP = STEPS[Kind.EXPIRE, Bucket.RESERVED]
AT_ONCE = 500


def _expired(where: str) -> TextClause:
    return text(f"""
SELECT nextval('fund_transfer_number_seq') AS number, hold.id, hold.open_fen, hold.expires_at, envelope.path
FROM fund_holds AS hold JOIN fund_envelopes AS envelope ON envelope.id = hold.envelope_id
WHERE hold.fund_id = :fund_id AND hold.open_fen > 0 AND hold.expires_at <= :now AND {where}
ORDER BY hold.expires_at, hold.id LIMIT :at_once FOR UPDATE OF hold
""")  # noqa: S608  # one of two constants


ANYWHERE, BELOW = _expired("true"), _expired("envelope.path && CAST(:below AS uuid[])")


def release_expired(
    session: Session,
    fund_id: UUID,
    *,
    below: Collection[UUID] | None = None,
    at_once: int = AT_ONCE,
    now: datetime,
) -> int:
    """Write what has expired in the fund, or within any of the envelopes `below`; returns how many reservations.

    The caller holds the lock of the fund's own envelope (`lock_fund`, or a booking that was refused).
    """
    asked = {"fund_id": fund_id, "now": now, "at_once": at_once}
    rows = session.execute(
        *((ANYWHERE, asked) if below is None else (BELOW, asked | {"below": list(below)}))
    ).all()
    for row in rows:
        booking = booking_of(
            Asked(new_id(), Kind.EXPIRE, REASON, hold_id=row.id), STEP, Place.along(fund_id, row.path),
            number=row.number, amount_fen=row.open_fen, effective_on=local_date(row.expires_at), actor_id=None,
            draws=[Draw(row.id, -row.open_fen, is_whole=True)], now=now,
        )  # fmt: skip
        if not book(session, SYSTEM, booking, now=now).is_booked:
            raise AssertionError(
                f"the expired reservation {row.id} could not be released under the fund's lock"
            )
    return len(rows)


def lock_fund(session: Session, fund_id: UUID) -> Envelope:
    """The fund's own envelope, locked: whoever has it may take any row of the fund. Raises NoResultFound."""
    own = select(Envelope).where(Envelope.fund_id == fund_id, Envelope.depth == 0)
    return session.scalars(own.with_for_update(), execution_options={"populate_existing": True}).one()


def funds_with_expired(session: Session, now: datetime) -> list[UUID]:
    """Funds in which a reservation has run out and nobody has written it."""
    expired = Hold.open_fen > 0, Hold.expires_at <= now
    return list(session.scalars(select(Hold.fund_id).where(*expired).distinct().order_by(Hold.fund_id)))
