"""Withdrawn and posted again: which earlier need a new one continues, if any.

Within the policy's days after the withdrawal, of the same enterprise, and nearly the same in title and problem. Each
withdrawn need is continued once; the new one takes over the first instant of the whole chain.
"""

from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ARRAY, Integer, bindparam, exists, select
from sqlalchemy.orm import Session, aliased

from backbone.clock import local_date
from sky_net.needs import duplicates
from sky_net.needs.models import Need, NeedTransition
from sky_net.sla.calendar import shanghai_date
from sky_net.sla.policy import policy_on

_LATER = aliased(Need)
WITHDRAWN = (
    select(Need.id, Need.title, Need.problem, NeedTransition.occurred_at)
    .join(NeedTransition, NeedTransition.need_id == Need.id)
    .where(
        Need.enterprise_id == bindparam("enterprise_id"), Need.state == "withdrawn", Need.submitted_at.is_not(None),
        Need.id != bindparam("id"), Need.signature.overlap(bindparam("signature", type_=ARRAY(Integer))),
        NeedTransition.action == "withdraw", NeedTransition.occurred_at > bindparam("since"),
        ~exists().where(_LATER.inherits_id == Need.id),
    )
    .order_by(NeedTransition.occurred_at.desc())
)  # fmt: skip
"""By `enterprise_id`, `signature`, `id` of the new need, `since`: what it may continue. Made once, as every submission asks."""


class Said(Protocol):
    """The words by which two needs are compared."""

    title: Any
    problem: Any


def continued_by(session: Session, need: Need, *, now: datetime) -> Need | None:
    """The withdrawn need that this one continues, locked so that no other continues it too; None for a new one.

    The caller writes its id into `inherits_id` in the same transaction.
    """
    window = timedelta(days=policy_on(shanghai_date(now)).repost_within_days)
    asked = {
        "enterprise_id": need.enterprise_id, "id": need.id, "signature": need.signature,
        "since": now - window - timedelta(days=1),
    }  # fmt: skip
    session.flush()
    candidates = session.connection().execute(WITHDRAWN, asked).all()
    own = duplicates.trigrams(_text(need))
    for earlier in candidates:
        if local_date(now) - local_date(earlier.occurred_at) > window:
            continue
        near = duplicates.similarity(own, duplicates.trigrams(_text(earlier))) >= duplicates.NEAR
        if near and (claimed := _claimed(session, earlier.id)) is not None:
            return claimed
    return None


def _claimed(session: Session, earlier_id: UUID) -> Need | None:
    """The earlier need, locked; None where another was quicker to continue it."""
    earlier = session.get_one(Need, earlier_id, with_for_update=True, populate_existing=True)
    is_continued = session.scalar(select(Need.id).where(Need.inherits_id == earlier.id)) is not None
    return None if is_continued else earlier


def _text(need: Said) -> str:
    return f"{need.title}\n{need.problem or ''}"
