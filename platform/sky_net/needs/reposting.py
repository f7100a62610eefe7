"""Withdrawn and posted again: which earlier need a new one continues, if any.

Within the policy's days after the withdrawal, of the same enterprise, and nearly the same in title and problem. Each
withdrawn need is continued once; the new one takes over the first instant of the whole chain.
"""

from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from backbone.clock import local_date
from sky_net.needs import duplicates
from sky_net.needs.models import Need, NeedTransition
from sky_net.sla.calendar import shanghai_date
from sky_net.sla.policy import policy_on

_LATER = aliased(
    Need
)  # once, as every submission asks: an alias takes longer to make than the statement to run


def continued_by(session: Session, need: Need, *, now: datetime) -> Need | None:
    """The withdrawn need that this one continues, locked so that no other continues it too; None for a new one.

    The caller writes its id into `inherits_id` in the same transaction.
    """
    window = timedelta(days=policy_on(shanghai_date(now)).repost_within_days)
    candidates = (
        select(Need, NeedTransition.occurred_at)
        .join(NeedTransition, NeedTransition.need_id == Need.id)
        .where(
            Need.enterprise_id == need.enterprise_id, Need.state == "withdrawn", Need.submitted_at.is_not(None),
            Need.id != need.id, Need.signature.overlap(need.signature), NeedTransition.action == "withdraw",
            NeedTransition.occurred_at > now - window - timedelta(days=1),
            ~exists().where(_LATER.inherits_id == Need.id),
        )
        .order_by(NeedTransition.occurred_at.desc())
    )  # fmt: skip
    own = duplicates.trigrams(_text(need))
    for earlier, withdrawn_at in session.execute(candidates):
        if local_date(now) - local_date(withdrawn_at) > window:
            continue
        near = duplicates.similarity(own, duplicates.trigrams(_text(earlier))) >= duplicates.NEAR
        if near and _claimed(session, earlier):
            return earlier
    return None


def _claimed(session: Session, earlier: Need) -> bool:
    """Lock the earlier need; False where another was quicker to continue it."""
    session.refresh(earlier, with_for_update=True)
    return session.scalar(select(Need.id).where(Need.inherits_id == earlier.id)) is None


def _text(need: Need) -> str:
    return f"{need.title}\n{need.problem or ''}"
