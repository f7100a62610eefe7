"""A fund as it stood: by what was recorded until an instant, of what counts until a day."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.clock import local_date
from backbone.errors import Bilingual
from finance_net.ledger.errors import NotYet
from finance_net.ledger.models import Envelope
from finance_net.ledger.reading import Standing, read_fund
from finance_net.ledger.steps import Bucket

# A reservation that had run out counts as released whether or not somebody had written that by then.
REPLAY = text(f"""
WITH seen AS (
    SELECT * FROM fund_transfers WHERE fund_id = :fund_id AND recorded_at <= :at AND effective_on <= :effective_on
), expired AS (
    SELECT path.id, sum(held.amount_fen) AS fen FROM seen AS held CROSS JOIN unnest(held.touches) AS path (id)
    WHERE held.kind = 'reserve' AND held.expires_at <= :at
      AND (held.expires_at AT TIME ZONE 'Asia/Shanghai')::date <= :effective_on
      AND NOT EXISTS (SELECT FROM seen AS ended WHERE ended.hold_id = held.id)
    GROUP BY path.id
), moved AS (
    SELECT leg.envelope_id AS id, {", ".join(f"sum(leg.{bucket}_fen) AS {bucket}_fen" for bucket in Bucket)}
    FROM seen JOIN fund_transfer_legs AS leg ON leg.transfer_id = seen.id GROUP BY leg.envelope_id
)
SELECT envelope.id, coalesce(expired.fen, 0) AS expired_fen,
       {", ".join(f"coalesce(moved.{bucket}_fen, 0) AS {bucket}_fen" for bucket in Bucket)}
FROM fund_envelopes AS envelope LEFT JOIN moved USING (id) LEFT JOIN expired USING (id)
WHERE envelope.fund_id = :fund_id AND envelope.opened_at <= :at ORDER BY envelope.depth, envelope.key, envelope.id
""")  # noqa: S608  # made of the names of our own columns


def replay_fund(
    session: Session,
    actor: Actor,
    fund_id: UUID,
    *,
    at: datetime | None,
    effective_on: date | None,
    now: datetime,
) -> dict[str, Any]:
    """The fund's envelopes, those above first, by what was on record at `at` of what counts up to `effective_on`.

    Either is the present where it is not given. Raises Forbidden, NotFound, NotYet for an instant that is to come.
    """
    fund = read_fund(session, actor, fund_id)
    at = at or now
    if at > now:
        raise NotYet.field("at", Bilingual("不能晚于此刻", "Not later than now"))
    asked = {"fund_id": fund.id, "at": at, "effective_on": effective_on or local_date(at)}
    rows = session.execute(REPLAY, asked).all()
    return {"fund": fund, **asked, "standings": [_standing(session, row) for row in rows]}


def _standing(session: Session, row: Row[Any]) -> Standing:
    balances = {bucket: int(getattr(row, f"{bucket}_fen")) for bucket in Bucket}
    balances[Bucket.RESERVED] -= int(row.expired_fen)
    balances[Bucket.AVAILABLE] += int(row.expired_fen)
    return Standing(session.get_one(Envelope, row.id), balances)
