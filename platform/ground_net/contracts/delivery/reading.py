"""What others ask about milestones by their id, whoever asks: no more of a milestone than the answer leaves."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ground_net.contracts.delivery.models import Milestone


def contract_of_milestone(session: Session, milestone_id: UUID) -> UUID | None:
    """The contract that the milestone belongs to; None where there is no such milestone."""
    return session.scalar(select(Milestone.contract_id).where(Milestone.id == milestone_id))


def is_accepted(session: Session, milestone_id: UUID | None) -> bool:
    """Whether the buyer has accepted it; no for one that does not exist."""
    return session.scalar(select(Milestone.accepted_at).where(Milestone.id == milestone_id)) is not None
