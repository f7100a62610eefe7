"""How an institute has answered so far: what a broker wants to know before it is asked again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.directory.service import institute_named
from backbone.errors import Forbidden
from sky_net.achievements.models import Achievement
from sky_net.achievements.reading import offered_achievements
from sky_net.invitations.models import Invitation
from sky_net.proposals.models import Proposal
from sky_net.proposals.permissions import may_read_record


@dataclass(frozen=True)
class ResponseRecord:
    """Counts over all time; the median is of elapsed time from invitation to answer, None before the first answer."""

    institute_id: UUID
    achievements_offered: int
    invitations: Sequence[Mapping[str, Any]]
    proposals: Sequence[Mapping[str, Any]]
    median_answer_minutes: int | None


def response_record(session: Session, actor: Actor, institute_id: UUID, *, now: datetime) -> ResponseRecord:
    """The institute's record; raises NotFound, and Forbidden for competitors: counts would tell of their offers."""
    institute = institute_named(session, institute_id)
    if not may_read_record(actor, institute.id):
        raise Forbidden()
    offered = offered_achievements(now=now).where(Achievement.institute_id == institute_id).subquery()
    return ResponseRecord(
        institute_id,
        session.scalar(select(func.count()).select_from(offered)) or 0,
        _by_state(session, Invitation, Invitation.institute_id == institute_id),
        # A draft is the institute's own until its transfer office releases it.
        _by_state(
            session, Proposal, Proposal.institute_id == institute_id, Proposal.released_at.is_not(None)
        ),
        _median_minutes(session, institute_id),
    )


def _by_state(session: Session, kind: type[Invitation] | type[Proposal], *of: Any) -> list[dict[str, Any]]:
    counted = select(kind.state, func.count()).where(*of).group_by(kind.state).order_by(kind.state)
    return [{"state": state, "count": count} for state, count in session.execute(counted)]


def _median_minutes(session: Session, institute_id: UUID) -> int | None:
    took = func.extract("epoch", Invitation.answered_at - Invitation.created_at)
    median = func.percentile_cont(0.5).within_group(took)
    answered = Invitation.institute_id == institute_id, Invitation.answered_at.is_not(None)
    seconds = session.scalar(select(median).where(*answered))
    return None if seconds is None else int(seconds) // 60
