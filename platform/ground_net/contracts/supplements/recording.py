"""Keeping a supplement on record as it is written: what it changes, and where the contract stood before."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from ground_net.contracts.models import Contract
from ground_net.contracts.supplements.models import Supplement
from ground_net.contracts.supplements.undoing import CLAUSE, spelled

PARTY = ("organisation", "duties", "share_basis_points")


def record_supplement(
    session: Session, actor: Actor, contract: Contract, terms: Mapping[str, Any], side: str, *, now: datetime
) -> Supplement:
    """The supplement that will bring the contract, which is locked and not yet changed, to these terms."""
    after = _whole_clause(contract, terms)
    before = {name: _parties(contract) if name == "parties" else getattr(contract, name) for name in after}
    known = select(func.count()).where(Supplement.contract_id == contract.id)
    supplement = Supplement(
        contract_id=contract.id, position=session.scalar(known), terms_before=spelled(before), terms_after=spelled(after),
        recorded_by=actor.account_id, recorded_side=side, earlier_recorded_by=contract.recorded_by,
        earlier_recorded_side=contract.recorded_side, earlier_recorded_parties=contract.recorded_parties,
        earlier_confirmed_parties=contract.confirmed_parties, earlier_confirmed_at=contract.confirmed_at,
        earlier_confirmed_by=contract.confirmed_by, earlier_disputable_until=contract.disputable_until, created_at=now,
        updated_at=now,
    )  # fmt: skip
    session.add(supplement)
    session.flush()
    told = {"contract_id": contract.id, "position": supplement.position, "fields": sorted(after)}
    audit.record(session, actor, "record_supplement", supplement, now=now, after=told)
    return supplement


def _whole_clause(contract: Contract, terms: Mapping[str, Any]) -> dict[str, Any]:
    """A clause on intellectual property is read as a whole, whichever of its three columns changed."""
    clause = {name: getattr(contract, name) for name in CLAUSE} if CLAUSE.keys() & terms.keys() else {}
    return clause | dict(terms)


def _parties(contract: Contract) -> list[dict[str, Any]]:
    return [{name: getattr(row, name) for name in PARTY} for row in contract.parties]
