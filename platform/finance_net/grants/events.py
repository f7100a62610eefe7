"""What grants tell the features above them, in the same transaction."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backbone.actor import Actor


@dataclass(frozen=True)
class Share:
    """What of an award is one enterprise's, in fen."""

    enterprise_id: UUID
    share_fen: int


@dataclass(frozen=True)
class Granted:
    """One application that was awarded. `hold_id` is its commitment in the ledger."""

    application_id: UUID
    number: str
    round_id: UUID
    selection_id: UUID
    announcement_id: UUID
    fund_id: UUID
    amount_fen: int
    hold_id: UUID
    shares: tuple[Share, ...]
    receipt_id: UUID
    policy_version_id: UUID


@dataclass(frozen=True)
class GrantsDecided:
    """An announcement was decided: its money is committed."""

    grants: tuple[Granted, ...]
    actor: Actor
    now: datetime
