"""Changing the terms of a contract that is locked, by a supplement or by striking one: what may change, and the change itself."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backbone.clock import local_date
from ground_net.contracts.errors import AmountBelowReceipts, ContractFiled
from ground_net.contracts.models import Contract, ContractParty
from ground_net.contracts.rules import number_on
from ground_net.contracts.vocabulary import REGISTRATION_STATES
from sky_net.sla.calendars.working_days import working_days_after

TERMS = (
    "kind", "title", "signed_on", "valid_from", "valid_to", "amount_fen", "technology_fen", "equipment_fen", "ip_ownership",
    "ip_words", "ip_use_rights", "payment_plan", "related_to_transfer", "technology_kind", "ownership_transferred",
    "licence_years",
)  # fmt: skip
PERSONAL = frozenset({"title", "ip_words", "ip_use_rights"})
"""What the two agreed: confidential, so never in clear in the history."""
AS_FILED = frozenset({"kind", "amount_fen", "technology_fen"})
"""What the registrar looks at."""
FIXED = ("filed", "registered")
"""Registrations below which that does not change."""


def require_changeable(contract: Contract, wanted: Mapping[str, Any], changed: Collection[str]) -> None:
    """Whether the contract may say `wanted` (all of TERMS), of which `changed` is new; raises ContractFiled, AmountBelowReceipts."""
    refuse_filed(contract, AS_FILED.intersection(changed))
    parts = (
        (contract.received_fen, wanted["amount_fen"]),
        (contract.received_technology_fen, wanted["technology_fen"]),
        (contract.received_fen - contract.received_technology_fen, wanted["equipment_fen"]),
    )
    if any(received > held for received, held in parts):
        raise AmountBelowReceipts(
            received_fen=contract.received_fen, received_technology_fen=contract.received_technology_fen,
            amount_fen=wanted["amount_fen"], technology_fen=wanted["technology_fen"],
        )  # fmt: skip


def refuse_filed(contract: Contract, fields: Collection[str]) -> None:
    """Raise ContractFiled where any of these would change below the registrar's hands."""
    if fields and contract.registration_state in FIXED:
        raise ContractFiled(
            stands=REGISTRATION_STATES[contract.registration_state], registration=contract.registration_state,
            fields=", ".join(sorted(fields)),
        )  # fmt: skip


def rewrite(session: Session, contract: Contract, values: Mapping[str, Any]) -> None:
    """Write these columns, and `parties` where they are given: [{organisation, duties, share_basis_points}]."""
    for name, value in values.items():
        if name != "parties":
            setattr(contract, name, value)
    if "parties" in values:
        contract.parties.clear()
        session.flush()  # their places are free for the new ones
        contract.parties = rows_of(values["parties"])


def rows_of(parties: Sequence[Mapping[str, Any]]) -> list[ContractParty]:
    """Further parties in their order."""
    return [ContractParty(position=place, **each) for place, each in enumerate(parties)]


def disputable_until(session: Session, zone_code: str, now: datetime) -> datetime:
    """Until when what is put on record now can be disputed."""
    days = number_on("dispute_days", local_date(now)).value
    return working_days_after(session, zone_code, now, days)
