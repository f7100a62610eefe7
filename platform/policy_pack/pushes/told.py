"""What enterprises were told of policies before."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from policy_pack.pushes.models import PolicyNews
from policy_pack.pushes.news import CLOSING, LOST, OPEN, Told
from policy_pack.subjects.service import Subject


def told_before(session: Session, enterprise_ids: Collection[UUID]) -> dict[tuple[Subject, UUID], Told]:
    """By subject and policy, the last word on whether it may apply; nothing for whoever was never told that it may."""
    latest = func.array_agg(
        aggregate_order_by(PolicyNews.kind, PolicyNews.told_at.desc(), PolicyNews.id.desc())
    )
    lost = func.count().filter(PolicyNews.kind == LOST)
    of = (PolicyNews.enterprise_id, PolicyNews.matter_id, PolicyNews.policy_id)
    words = PolicyNews.kind.in_((OPEN, CLOSING, LOST))
    query = select(*of, latest, lost).where(PolicyNews.enterprise_id.in_(enterprise_ids), words).group_by(*of)
    return {
        ((enterprise_id, matter_id), policy_id): Told(kinds[0] != LOST, times)
        for enterprise_id, matter_id, policy_id, kinds, times in session.execute(query)
    }
