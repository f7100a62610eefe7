"""What contracts tell the packages above them; published in the same transaction, after the write."""

from dataclasses import dataclass
from datetime import datetime

from backbone.actor import Actor
from ground_net.contracts.models import Contract


@dataclass(frozen=True)
class ContractEvent:
    """Something has happened to a contract."""

    contract: Contract
    actor: Actor
    now: datetime


class ContractSigned(ContractEvent):
    """It was put on record; `credited_to` names the broker who matched, if there is one."""


class ContractCancelled(ContractEvent):
    """It was never signed as it was recorded: what was counted of it counts no more."""


class ContractTerminated(ContractEvent):
    """It ended before it was accepted: it counts as no success any more."""


class ContractRegistered(ContractEvent):
    """The station has registered it."""


class ContractClosed(ContractEvent):
    """Performed, accepted and settled."""


@dataclass(frozen=True)
class ReceiptRecorded(ContractEvent):
    """Cash was received, or a receipt reversed: `amount_fen` and `technology_fen` are negative then."""

    amount_fen: int
    technology_fen: int
