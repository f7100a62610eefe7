"""References of money that came back, whatever it was booked as: each is that of one movement."""

import zlib
from collections.abc import Iterable, Sequence

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from finance_net.awards.clawbacks.models import Clawback, Recovery
from finance_net.awards.payments.models import Payment

LOCK = 7_033
ONE_BY_ONE = text(
    "SELECT pg_advisory_xact_lock(:lock, key) FROM (SELECT unnest(CAST(:keys AS int[])) AS key ORDER BY key) AS wanted"
)


def hold_references(session: Session, refs: Iterable[str]) -> None:
    """Of two who book a reference at once the other comes after, and finds it known. Held until the transaction ends."""
    keys = sorted({zlib.crc32(ref.encode()) - 2**31 for ref in refs})
    if keys:
        session.execute(ONE_BY_ONE, {"lock": LOCK, "keys": keys})


def owners_of(session: Session, refs: Sequence[str]) -> dict[str, str]:
    """Whose each known reference is: a payment that came back, or a clawback of which something was recovered."""
    returned = select(Payment.return_ref, Payment.reference).where(Payment.return_ref.in_(refs))
    recovered = (
        select(Recovery.bank_ref, Clawback.number)
        .join(Clawback, Clawback.id == Recovery.clawback_id)
        .where(Recovery.bank_ref.in_(refs), Recovery.withdrawn_at.is_(None))
    )
    rows = [*session.execute(returned).all(), *session.execute(recovered).all()]
    return {str(ref): owner for ref, owner in rows}
