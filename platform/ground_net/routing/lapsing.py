"""Offers that nobody answered in time: written down, and said to the giver, who still answers for the need."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import SYSTEM
from ground_net.routing.models import Handover
from ground_net.routing.service import lapse
from ground_net.routing.states import OFFERED
from sky_net.needs.models import Need

AT_ONCE = 200


def overdue(session: Session, *, now: datetime) -> Sequence[UUID]:
    """The needs of at most AT_ONCE such offers, the longest overdue first."""
    late = select(Handover.need_id).where(Handover.state == OFFERED, Handover.due_at <= now)
    return session.scalars(late.order_by(Handover.due_at, Handover.id).limit(AT_ONCE)).all()


def lapse_overdue(session: Session, *, now: datetime) -> int:
    """Let a round of offers lapse; returns how many, 0 when none is left or all are in other hands at this moment.

    The need is locked before its offer, as everywhere; whoever is answering or handing it on at this moment goes first, and
    the next round looks again.
    """
    lapsed = 0
    for need_id in sorted(overdue(session, now=now)):
        need = session.scalar(
            select(Need).where(Need.id == need_id).with_for_update(of=Need, skip_locked=True)
        )
        if need is None:
            continue
        open_offer = select(Handover).where(Handover.need_id == need_id, Handover.state == OFFERED)
        handover = session.scalar(open_offer.with_for_update().execution_options(populate_existing=True))
        if handover is not None and handover.due_at <= now:
            lapse(session, SYSTEM, need, handover, now=now)
            lapsed += 1
    return lapsed
