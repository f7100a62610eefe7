"""The proof: everything that the ledger keeps follows from its transfers, and those are as they were written.

The chain shows that no transfer was changed, removed or added. Each transfer says what its legs must be; the legs add up
to the balances, and to sound ones after each of them; holds follow from the transfers too, and add up to the same.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from backbone.chain.heads import Head
from backbone.chain.verification import Verdict, count_links, verify
from finance_net.ledger.models import CHAIN, Envelope, Transfer
from finance_net.ledger.steps import HOLDS, STEPS, STORED, Bucket, Step

AT_ONCE = 20_000
MOST_FINDINGS = 20
FEN = tuple(f"{bucket}_fen" for bucket in Bucket)
STORED_FEN = tuple(f"{bucket}_fen" for bucket in STORED)
BEFORE_ALL = UUID(int=0)


@dataclass(frozen=True)
class Found:
    """A row that is not as it was written (with its place in the chain), or that does not follow from the transfers."""

    what: str
    row_id: UUID | None
    position: int | None = None


@dataclass(frozen=True)
class Proof:
    """What was looked at and what is wrong with it; nothing means intact."""

    chain: Verdict
    transfers: int
    envelopes: int
    differences: list[Found] = field(default_factory=list)

    @property
    def is_intact(self) -> bool:
        """Whether the ledger is what its transfers say, and those what was written."""
        return not self.findings

    @property
    def findings(self) -> list[Found]:
        """All that is wrong, the chain's first."""
        broken = [Found(str(each.wrong), each.row_id, each.position) for each in self.chain.findings]
        return broken + self.differences


def _row(step: Step) -> str:
    """What a transfer of this step does to each bucket, to its hold and to the commitment behind that: times the amount, the rest."""
    amount, rest = step.deltas(1), step.deltas(0, 1)
    source = step.of_source(1), step.of_source(0, 1)
    home = step.of_home(1), step.of_home(0, 1)
    figures = [*(amount[bucket] for bucket in Bucket), *(rest[bucket] for bucket in Bucket), *source, *home]
    return f"('{step.kind}', '{step.of or ''}', '{step.opens or ''}', {', '.join(map(str, figures))})"


_NAMES = ", ".join(
    (
        "kind",
        "bucket",
        "opens",
        *(f"{name}_amount" for name in FEN),
        *(f"{name}_rest" for name in FEN),
        "source_amount",
        "source_rest",
        "home_amount",
        "home_rest",
    )
)
# A limit's step is of no bucket; the steps of holds are told apart by theirs.
_STEPS = f"steps ({_NAMES}) AS (VALUES {', '.join(map(_row, STEPS.values()))})"
_OF = "JOIN steps ON steps.kind = transfer.kind AND steps.bucket = coalesce(transfer.bucket, '')"
_EXPECTED = ", ".join(
    f"touched.sign * (transfer.amount_fen * {name}_amount + transfer.rest_fen * {name}_rest)" for name in FEN
)


def _of_fund(table: str) -> str:
    """The condition that a row is of the fund that is asked for, or that none is."""
    return f"(CAST(:fund_id AS uuid) IS NULL OR {table}.fund_id = :fund_id)"


LEGS = text(f"""
WITH {_STEPS}, transfer AS (
    SELECT * FROM fund_transfers WHERE id > :last AND {_of_fund("fund_transfers")} ORDER BY id LIMIT :at_once
), wrong AS (
    SELECT DISTINCT transfer.id FROM transfer {_OF}
    CROSS JOIN unnest(transfer.touches, transfer.signs) AS touched (id, sign)
    LEFT JOIN fund_transfer_legs AS leg ON leg.transfer_id = transfer.id AND leg.envelope_id = touched.id
    WHERE ({", ".join(f"leg.{name}" for name in FEN)}) IS DISTINCT FROM ({_EXPECTED})
)
SELECT max(transfer.id::text)::uuid AS last, count(*) AS looked_at, (SELECT array_agg(id) FROM wrong) AS wrong FROM transfer
""")  # noqa: S608  # made of our own names and of constants, as are those below
UNASKED = text(f"""
SELECT leg.transfer_id AS id FROM fund_transfer_legs AS leg JOIN fund_transfers AS transfer ON transfer.id = leg.transfer_id
WHERE leg.envelope_id <> ALL (transfer.touches) AND {_of_fund("transfer")} LIMIT :most
""")  # noqa: S608
BALANCES = text(f"""
WITH running AS (
    SELECT envelope_id, ordinal, row_number() OVER told AS place,
           {", ".join(f"sum(fund_transfer_legs.{name}) OVER told AS {name}" for name in FEN)}
    FROM fund_transfer_legs JOIN fund_envelopes AS own ON own.id = envelope_id WHERE {_of_fund("own")}
    WINDOW told AS (PARTITION BY envelope_id ORDER BY ordinal)
), seen AS (
    SELECT envelope_id AS id, max(ordinal) AS version,
           bool_and(ordinal = place AND least({", ".join(FEN)}) >= 0 AND recovered_fen <= paid_fen) AS sound
    FROM running GROUP BY envelope_id
), last AS (
    SELECT running.* FROM running JOIN seen ON seen.id = running.envelope_id AND seen.version = running.ordinal
)
SELECT envelope.id FROM fund_envelopes AS envelope LEFT JOIN seen USING (id)
LEFT JOIN last ON last.envelope_id = envelope.id
WHERE {_of_fund("envelope")} AND (coalesce(NOT seen.sound, false) OR envelope.version <> coalesce(seen.version, 0)
   OR ({", ".join(f"envelope.{name}" for name in STORED_FEN)})
      IS DISTINCT FROM ({", ".join(f"coalesce(last.{name}, 0)" for name in STORED_FEN)}))
LIMIT :most
""")  # noqa: S608
PARTS = text(f"""
SELECT whole.id FROM fund_envelopes AS whole LEFT JOIN fund_envelopes AS part ON part.parent_id = whole.id
WHERE whole.is_partitioned AND {_of_fund("whole")} GROUP BY whole.id
HAVING {" OR ".join(f"whole.{name} <> coalesce(sum(part.{name}), 0)" for name in STORED_FEN[1:])}
    OR whole.limit_fen < coalesce(sum(part.limit_fen), 0)
LIMIT :most
""")  # noqa: S608
HOLD_SUMS = text(f"""
WITH {_STEPS}, moved AS (
    SELECT transfer.hold_id AS id, transfer.amount_fen * source_amount + transfer.rest_fen * source_rest AS fen
    FROM fund_transfers AS transfer {_OF} WHERE transfer.hold_id IS NOT NULL
    UNION ALL
    SELECT source.home_id, transfer.amount_fen * home_amount + transfer.rest_fen * home_rest
    FROM fund_transfers AS transfer {_OF} JOIN fund_holds AS source ON source.id = transfer.hold_id
    WHERE source.home_id IS NOT NULL
), sums AS (
    SELECT id, sum(fen) AS fen FROM moved GROUP BY id
), made AS (
    SELECT transfer.*, steps.opens FROM fund_transfers AS transfer {_OF} WHERE steps.opens <> ''
)
SELECT coalesce(made.id, hold.id) AS id FROM made FULL JOIN fund_holds AS hold ON hold.id = made.id LEFT JOIN sums ON sums.id = hold.id
WHERE ({_of_fund("made")} OR {_of_fund("hold")}) AND ((hold.amount_fen, hold.bucket, hold.open_fen, hold.envelope_id, hold.fund_id) IS DISTINCT FROM
      (made.amount_fen, made.opens, made.amount_fen + coalesce(sums.fen, 0), made.envelope_id, made.fund_id)
   OR hold.expires_at IS DISTINCT FROM made.expires_at)
LIMIT :most
""")  # noqa: S608
HELD_BELOW = text(f"""
WITH held AS (
    SELECT around.id, {", ".join(f"sum(hold.open_fen) FILTER (WHERE hold.bucket = '{bucket}') AS {bucket}_fen" for bucket in HOLDS)}
    FROM fund_holds AS hold JOIN fund_envelopes AS own ON own.id = hold.envelope_id CROSS JOIN unnest(own.path) AS around (id)
    GROUP BY around.id
)
SELECT envelope.id FROM fund_envelopes AS envelope LEFT JOIN held USING (id)
WHERE {_of_fund("envelope")} AND (envelope.reserved_fen, envelope.committed_fen, envelope.approved_fen, envelope.paid_fen - envelope.recovered_fen)
      IS DISTINCT FROM ({", ".join(f"coalesce(held.{bucket}_fen, 0)" for bucket in HOLDS)}) LIMIT :most
""")  # noqa: S608
SUMS = (
    ("legs_unasked", UNASKED), ("balances", BALANCES), ("parts", PARTS), ("holds", HOLD_SUMS), ("held_below", HELD_BELOW),
)  # fmt: skip


def prove(
    session: Session, heads: Iterable[Head] = (), *, fund_id: UUID | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Proof:  # fmt: skip
    """Go through the ledger, or one fund of it and the chain that all share; `progress` is told how many further links and transfers were looked at.

    The caller's transaction should be REPEATABLE READ, so that all of it is of one instant.
    """
    chain = verify(session, CHAIN, heads, progress=progress)
    transfers = 0
    differences: list[Found] = []
    for looked_at, wrong in _legs(session, fund_id):
        transfers += looked_at
        differences += [Found("legs", each) for each in wrong]
        progress(looked_at)
    for what, statement in SUMS:
        found = session.scalars(statement, {"most": MOST_FINDINGS, "fund_id": fund_id})
        differences += [Found(what, each) for each in found]
    of_fund = () if fund_id is None else (Envelope.fund_id == fund_id,)
    envelopes = session.scalar(select(func.count()).select_from(Envelope).where(*of_fund)) or 0
    return Proof(chain, transfers, envelopes, differences[:MOST_FINDINGS])


def count_steps(session: Session, fund_id: UUID | None = None) -> int:
    """How much `progress` will be told of, all in all."""
    of_fund = () if fund_id is None else (Transfer.fund_id == fund_id,)
    transfers = session.scalar(select(func.count()).select_from(Transfer).where(*of_fund)) or 0
    return count_links(session, CHAIN) + transfers


def _legs(session: Session, fund_id: UUID | None) -> Iterator[tuple[int, list[UUID]]]:
    last: Any = BEFORE_ALL
    while True:
        row = session.execute(LEGS, {"last": last, "at_once": AT_ONCE, "fund_id": fund_id}).one()
        if row.looked_at:
            yield row.looked_at, row.wrong or []
        if row.looked_at < AT_ONCE:
            return
        last = row.last
