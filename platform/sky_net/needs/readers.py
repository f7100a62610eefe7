"""The institutes that a need was opened to, and which of them are shown more than its masked view."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from sky_net.needs.models import Need, NeedReader
from sky_net.needs.permissions import OFFERED, UNMASKED


def readers_of(session: Session, need_id: UUID, among: Collection[UUID]) -> frozenset[UUID]:
    """Those of the institutes that the need was opened to, bound by terms or not."""
    opened = select(NeedReader.organisation_id).where(
        NeedReader.need_id == need_id, NeedReader.organisation_id.in_(among)
    )
    return frozenset(session.scalars(opened))


def is_unmasked_to(session: Session, need_id: UUID, institute_id: UUID) -> bool:
    """Whether this institute is shown all that the enterprise wrote: opened to it, and the terms accepted if asked for."""
    shown = select(NeedReader.need_id).join(Need, Need.id == NeedReader.need_id).where(OFFERED, UNMASKED)
    pair = (NeedReader.need_id == need_id, NeedReader.organisation_id == institute_id)
    return session.scalar(shown.where(*pair)) is not None


def bind_readers(
    session: Session, actor: Actor, need: Need, institutes: Collection[UUID], *, now: datetime
) -> None:
    """Note that both sides accepted the terms; whoever was bound before stays bound since then."""
    unbound = update(NeedReader).where(
        NeedReader.need_id == need.id,
        NeedReader.organisation_id.in_(institutes),
        NeedReader.bound_at.is_(None),
    )
    for institute_id in session.scalars(unbound.values(bound_at=now).returning(NeedReader.organisation_id)):
        audit.record(
            session, actor, "bind_need_reader", need, now=now, after={"organisation_id": institute_id}
        )
