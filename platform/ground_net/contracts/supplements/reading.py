"""Seeing the supplements of a contract: whoever reads all of it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.errors import NotFound
from ground_net.contracts.models import Contract
from ground_net.contracts.permissions import readable_in_full
from ground_net.contracts.reading import contract_for
from ground_net.contracts.supplements.models import Supplement


def list_supplements(session: Session, actor: Actor, contract_id: UUID) -> Sequence[Supplement]:
    """All of the contract in the order of their record, struck ones too; raises NotFound."""
    return supplements_of(session, contract_for(session, actor, contract_id))


def supplements_of(session: Session, contract: Contract) -> Sequence[Supplement]:
    """All of the contract in the order of their record, as they are now."""
    query = select(Supplement).where(Supplement.contract_id == contract.id).order_by(Supplement.position)
    return session.scalars(query, execution_options={"populate_existing": True}).all()


def readable_supplement(session: Session, actor: Actor, supplement_id: UUID) -> Supplement:
    """The supplement for whoever reads all of its contract; raises NotFound."""
    query = select(Supplement).join(Contract, Contract.id == Supplement.contract_id)
    found = session.scalar(query.where(Supplement.id == supplement_id, readable_in_full(actor)))
    if found is None:
        raise NotFound()
    return found
