"""Seeing the supplements of a contract: whoever reads all of it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from ground_net.contracts.models import Contract
from ground_net.contracts.reading import contract_for
from ground_net.contracts.supplements.models import Supplement


def list_supplements(session: Session, actor: Actor, contract_id: UUID) -> Sequence[Supplement]:
    """All of the contract in the order of their record, struck ones too; raises NotFound."""
    return supplements_of(session, contract_for(session, actor, contract_id))


def supplements_of(session: Session, contract: Contract) -> Sequence[Supplement]:
    """All of the contract in the order of their record, as they are now."""
    query = select(Supplement).where(Supplement.contract_id == contract.id).order_by(Supplement.position)
    return session.scalars(query, execution_options={"populate_existing": True}).all()
