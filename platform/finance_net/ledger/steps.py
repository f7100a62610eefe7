"""What a transfer does to the buckets of an envelope, as one table: services, constraints and the proof read it. Pure.

Every fen of an envelope's limit lies in one bucket. `available` is what is left; a reservation becomes a commitment,
of which tranches are approved and paid. What was recovered is counted beside what was paid, so that both stay known:

    limit = available + reserved + committed + approved + paid - recovered

holds before and after every step, so that the legs of a transfer add up to zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Bucket(StrEnum):
    """Where money of an envelope lies; `limit` and `recovered` are the sides that the others are held against."""

    LIMIT = "limit"
    AVAILABLE = "available"
    RESERVED = "reserved"
    COMMITTED = "committed"
    APPROVED = "approved"
    PAID = "paid"
    RECOVERED = "recovered"


class Kind(StrEnum):
    """The kinds of transfer."""

    RESERVE = "reserve"
    COMMIT = "commit"
    APPROVE_TRANCHE = "approve_tranche"
    PAY = "pay"
    VOID = "void"
    EXPIRE = "expire"
    RECOVER = "recover"
    REVERSE_PAYMENT = "reverse_payment"
    REVERSE_RECOVERY = "reverse_recovery"
    RAISE_LIMIT = "raise_limit"
    LOWER_LIMIT = "lower_limit"
    ADJUST = "adjust"


STORED: tuple[Bucket, ...] = tuple(bucket for bucket in Bucket if bucket is not Bucket.AVAILABLE)
"""What an envelope's row keeps; what is available follows from it."""
CONTRA = frozenset({Bucket.LIMIT, Bucket.RECOVERED})
HOLDS = (Bucket.RESERVED, Bucket.COMMITTED, Bucket.APPROVED, Bucket.PAID)
"""Buckets whose money is kept by holds: one for each reservation, commitment, tranche and payment."""
TWO_PEOPLE = frozenset(Kind) - {Kind.RESERVE, Kind.APPROVE_TRANCHE, Kind.VOID, Kind.EXPIRE}
"""What one person alone never does."""
Signs = Mapping[Bucket, int]


@dataclass(frozen=True)
class Step:
    """One row of the table.

    `of` is the bucket of the hold it draws from, None where it draws from what is available. `moves` says per bucket how
    often the amount counts, `returns` the same for the rest of a hold that is resolved by less than it holds. `opens`
    is the bucket of the hold that it makes. What `resolves` a hold ends it, and happens to it once.
    """

    kind: Kind
    of: Bucket | None
    moves: Signs
    returns: Signs = field(default_factory=dict)
    opens: Bucket | None = None
    resolves: bool = False

    def deltas(self, amount: int, rest: int = 0) -> dict[Bucket, int]:
        """By how much each bucket changes, in fen."""
        return {
            bucket: amount * self.moves.get(bucket, 0) + rest * self.returns.get(bucket, 0)
            for bucket in Bucket
        }

    def of_source(self, amount: int, rest: int = 0) -> int:
        """By how much the hold that it draws from changes; a payment's hold is what of it was not recovered."""
        deltas = self.deltas(amount, rest)
        if self.of is None:
            return 0
        return deltas[self.of] - (deltas[Bucket.RECOVERED] if self.of is Bucket.PAID else 0)

    def of_home(self, amount: int, rest: int = 0) -> int:
        """By how much the commitment behind a tranche or a payment changes: what comes back to it."""
        goes_home = self.of in (Bucket.APPROVED, Bucket.PAID)
        return self.deltas(amount, rest)[Bucket.COMMITTED] if goes_home else 0


def _moved(frm: Bucket, to: Bucket) -> Signs:
    """The amount leaves one bucket for another; coming to a side that is held against, it grows there."""
    return MappingProxyType({frm: 1 if frm in CONTRA else -1, to: -1 if to in CONTRA else 1})


def _steps() -> tuple[Step, ...]:
    limit, available, reserved, committed, approved, paid, recovered = Bucket
    return (
        Step(Kind.RESERVE, None, _moved(available, reserved), opens=reserved),
        Step(Kind.COMMIT, reserved, _moved(reserved, committed), _moved(reserved, available), committed, resolves=True),
        Step(Kind.APPROVE_TRANCHE, committed, _moved(committed, approved), opens=approved),
        Step(Kind.PAY, approved, _moved(approved, paid), _moved(approved, committed), paid, resolves=True),
        Step(Kind.VOID, reserved, _moved(reserved, available), resolves=True),
        Step(Kind.VOID, committed, _moved(committed, available)),
        Step(Kind.VOID, approved, _moved(approved, committed), resolves=True),
        Step(Kind.EXPIRE, reserved, _moved(reserved, available), resolves=True),
        Step(Kind.RECOVER, paid, _moved(recovered, available)),
        Step(Kind.REVERSE_PAYMENT, paid, _moved(paid, committed)),
        Step(Kind.REVERSE_RECOVERY, paid, _moved(available, recovered)),
        Step(Kind.RAISE_LIMIT, None, _moved(limit, available)),
        Step(Kind.LOWER_LIMIT, None, _moved(available, limit)),
        # Of the envelope that receives; the one that gives has the contrary.
        Step(Kind.ADJUST, None, _moved(limit, available)),
    )  # fmt: skip


STEPS: Mapping[tuple[Kind, Bucket | None], Step] = MappingProxyType({(step.kind, step.of): step for step in _steps()})  # fmt: skip


def after(frm: Mapping[Bucket, int], deltas: Mapping[Bucket, int]) -> dict[Bucket, int]:
    """The balances after a step."""
    return {bucket: frm[bucket] + deltas[bucket] for bucket in Bucket}


def is_sound(balances: Mapping[Bucket, int]) -> bool:
    """Whether an envelope may stand like this: nothing negative, nothing over its limit, no more recovered than paid."""
    return min(balances.values()) >= 0 and balances[Bucket.RECOVERED] <= balances[Bucket.PAID]
