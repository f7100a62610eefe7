"""Which of some needs somebody may know of, for features above that keep their ids."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from sky_net.needs.models import Need
from sky_net.needs.permissions import readable


def known_among(session: Session, actor: Actor, need_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of `need_ids` that exist for the actor, in whatever view."""
    if not need_ids:
        return frozenset()
    return frozenset(session.scalars(select(Need.id).where(Need.id.in_(need_ids), readable(actor))))
