"""How far needs have come, for features above that keep their ids. Asks nobody's permission: for sums, never to be shown."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, func, literal, select
from sqlalchemy.orm import Session

from sky_net.needs.models import Need, NeedTransition

CONTACT = "communicating"


@dataclass(frozen=True)
class Outcome:
    """Every state that a need entered, its first submission, and when the parties were first put in touch."""

    entered: frozenset[str]
    submitted_at: datetime | None
    contacted_at: datetime | None


def outcomes_of(session: Session, need_ids: Collection[UUID]) -> Mapping[UUID, Outcome]:
    """The outcome of each of these needs, drafts too; one statement."""
    if not need_ids:
        return {}
    contact = func.min(NeedTransition.occurred_at).filter(NeedTransition.to_state == CONTACT)
    entered = func.array_agg(NeedTransition.to_state.distinct()).filter(NeedTransition.id.is_not(None))
    query = (
        select(Need.id, Need.submitted_at, contact, entered)
        .join(NeedTransition, NeedTransition.need_id == Need.id, isouter=True)
        .where(Need.id == any_(literal(list(need_ids), ARRAY(Uuid()))))
        .group_by(Need.id)
    )
    return {
        need_id: Outcome(frozenset(states or ()), submitted_at, contacted_at)
        for need_id, submitted_at, contacted_at, states in session.execute(query)
    }
