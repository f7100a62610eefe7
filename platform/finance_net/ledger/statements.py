"""The two statements of every transfer: a look at what it concerns, and the booking, which writes everything or nothing.

The booking locks the envelopes in the order of their depth, the fund's own first, then the holds; so no two transfers
wait for each other in a ring, and whoever has the first may look for and take any other row of the fund. Only then does
it compare what is there with what is asked. One statement, because its locks then last no longer than the commit behind
it: where every transfer of a fund changes the fund's own row, that time is the throughput.
"""

from sqlalchemy import Table, TextClause, text

from backbone.audit import AuditEvent
from finance_net.ledger.models import Transfer
from finance_net.ledger.steps import STORED, Bucket

FEN = [f"{bucket}_fen" for bucket in Bucket]
STORED_FEN = [f"{bucket}_fen" for bucket in STORED]


def _values(table: Table, prefix: str) -> tuple[str, str]:
    """(columns, parameters) of a row to be inserted; a trigger sets the transaction's mark, and nothing was before."""
    names = [column.name for column in table.columns if column.name not in ("written_xid", "before")]
    return ", ".join(names), ", ".join(f":{prefix}{name}" for name in names)


def _short(statement: str) -> TextClause:
    """Without blanks: psycopg translates a statement anew each time that has over 4,096 characters or 50 parameters."""
    return text(" ".join(statement.split()))


# The lock on the id keeps a twin waiting: the booking begins after it, and sees the transfer that the twin made.
_LOOK = """
SELECT pg_advisory_xact_lock(:lock) AS mine, nextval('fund_transfer_number_seq') AS number,
       envelope.id AS envelope_id, envelope.fund_id, envelope.path, envelope.title, envelope.is_partitioned,
       known.id AS known_id, {hold}
FROM {frm} LEFT JOIN fund_transfers AS known ON known.id = :id WHERE {where}
"""
LOOK_AT_ENVELOPE = text(
    _LOOK.format(
        hold="NULL AS hold_id, NULL AS bucket, 0 AS amount_fen, 0 AS open_fen, NULL AS home_id, NULL AS expires_at",
        frm="fund_envelopes AS envelope", where="envelope.id = :envelope_id",
    )
)  # fmt: skip
LOOK_AT_HOLD = text(
    _LOOK.format(
        hold="hold.id AS hold_id, hold.bucket, hold.amount_fen, hold.open_fen, hold.home_id, hold.expires_at",
        frm="fund_holds AS hold JOIN fund_envelopes AS envelope ON envelope.id = hold.envelope_id",
        where="hold.id = :hold_id",
    )
)  # fmt: skip


def _booking() -> TextClause:
    transfer, event = (
        _values(kind.__table__, prefix)  # type: ignore[arg-type]  # mapped classes have tables
        for kind, prefix in ((Transfer, ""), (AuditEvent, "a_"))
    )
    # Signs are numeric, so that a sum beyond 64 bits is compared and refused instead of being an error.
    legs = ", ".join(f"sign * :{bucket} AS {bucket}_fen" for bucket in Bucket)
    stand = ", ".join(f"locked.{name} + legs.{name} AS {name}" for name in STORED_FEN)
    fen = ", ".join(STORED_FEN)
    return _short(f"""
WITH locked AS (
    SELECT id, depth, title, {fen} FROM fund_envelopes
    WHERE id = ANY (CAST(:locks AS uuid[])) ORDER BY depth, id FOR UPDATE
), held AS (
    SELECT id, open_fen + delta AS open_fen, amount_fen, is_whole
    FROM (SELECT count(*) FROM locked) AS first,
        unnest(CAST(:holds AS uuid[]), CAST(:deltas AS bigint[]), CAST(:wholes AS boolean[])) AS drawn (id, delta, is_whole)
    JOIN fund_holds AS hold USING (id) WHERE first.count > 0 FOR UPDATE OF hold
), legs AS (
    SELECT id, {legs} FROM unnest(CAST(:touches AS uuid[]), CAST(:signs AS numeric[])) AS touched (id, sign)
), stand AS (
    SELECT id, {stand} FROM legs JOIN locked USING (id)
), verdict AS (
    SELECT (SELECT bool_and(
               least({fen}) >= 0 AND recovered_fen <= paid_fen
               AND limit_fen - reserved_fen - committed_fen - approved_fen >= paid_fen - recovered_fen
           ) FROM stand) AS fits,
           cardinality(CAST(:holds AS uuid[])) = (
               SELECT count(*) FROM held WHERE open_fen BETWEEN 0 AND amount_fen AND (open_fen = 0 OR NOT is_whole)
           ) AS holds,
           EXISTS (SELECT FROM fund_transfers WHERE id = :id) AS known
), agreed AS (
    SELECT FROM verdict WHERE fits AND holds AND NOT known
), moved AS (
    UPDATE fund_envelopes AS envelope SET ({fen}, version) = ROW (stand.{fen.replace(", ", ", stand.")}, version + 1)
    FROM stand, agreed WHERE envelope.id = stand.id RETURNING envelope.id, version
), booked AS (
    INSERT INTO fund_transfers ({transfer[0]}) SELECT {transfer[1]} FROM agreed
), booked_legs AS (
    INSERT INTO fund_transfer_legs (transfer_id, envelope_id, ordinal, {", ".join(FEN)})
    SELECT :id, id, version, {", ".join(FEN)} FROM moved JOIN legs USING (id)
), drawn AS (
    UPDATE fund_holds AS hold SET open_fen = held.open_fen FROM held, agreed WHERE hold.id = held.id
), opened AS (
    INSERT INTO fund_holds (id, fund_id, envelope_id, bucket, amount_fen, open_fen, home_id, expires_at, opened_at)
    SELECT :id, :fund_id, :envelope_id, :opens, :amount_fen, :amount_fen, :home_id, :expires_at, :recorded_at
    FROM agreed WHERE CAST(:opens AS text) IS NOT NULL
), worded AS (
    INSERT INTO fund_transfer_reasons (transfer_id, reason) SELECT :id, :reason FROM agreed
), noted AS (
    INSERT INTO audit_events ({event[0]}) SELECT {event[1]} FROM agreed
)
SELECT fits, holds, known, (SELECT count(*) FROM moved) AS moved,
    CASE WHEN NOT fits THEN (SELECT json_agg(locked ORDER BY depth, id) FROM locked) END AS stood
FROM verdict
""")  # noqa: S608  # made of the names of our own columns


BOOK = _booking()
