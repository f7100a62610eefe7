"""How many needs an institute works on at once, and how many it can still take."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.db import new_id
from backbone.directory.service import institute_named
from backbone.errors import Forbidden
from sky_net.assignments.models import InstituteQuota
from sky_net.assignments.permissions import may_read_quota, may_set_quotas
from sky_net.invitations.models import Invitation
from sky_net.invitations.states import LIFE, OPEN_TO_INSTITUTES
from sky_net.needs.models import Need, NeedTransition

ORDINARY = 10
"""Needs at once for an institute about which nobody has said otherwise."""
STANDING = (LIFE.initial, LIFE.after("accept"))
"""Invitations that an institute still has to see to, while their need is open."""


@dataclass(frozen=True)
class Quota:
    """`needs` at once, of which it is asked about or works on `taken`; `set_at` is None for the ordinary quota."""

    institute_id: UUID
    needs: int
    taken: int
    set_at: datetime | None

    @property
    def room(self) -> int:
        """How many more it can take."""
        return max(self.needs - self.taken, 0)


def set_quota(session: Session, actor: Actor, institute_id: UUID, needs: int, *, now: datetime) -> Quota:
    """Say how many needs an institute works on at once; the next batch heeds it. Raises Forbidden, NotFound."""
    if not may_set_quotas(actor):
        raise Forbidden()
    institute_named(session, institute_id)
    row = {"needs": needs, "updated_at": now, "set_by": actor.account_id}
    first = {"id": new_id(), "institute_id": institute_id, "version": 1, "created_at": now}
    # One statement: two who set it at once wait for each other, and the later one holds.
    session.execute(
        insert(InstituteQuota)
        .values(first | row)
        .on_conflict_do_update(
            index_elements=["institute_id"], set_=row | {"version": InstituteQuota.version + 1}
        )
    )
    set_now = session.scalars(
        select(InstituteQuota).where(InstituteQuota.institute_id == institute_id),
        execution_options={"populate_existing": True},
    ).one()
    audit.record(
        session, actor, "set_quota", set_now, now=now, after={"institute_id": institute_id, "needs": needs}
    )
    return quotas_of(session, [institute_id])[institute_id]


def show_quota(session: Session, actor: Actor, institute_id: UUID) -> Quota:
    """The quota of an institute, for itself and whoever is in office; raises Forbidden, NotFound."""
    if not may_read_quota(actor, institute_id):
        raise Forbidden()
    institute_named(session, institute_id)
    return quotas_of(session, [institute_id])[institute_id]


def quotas_of(session: Session, institutes: Collection[UUID], ordinary: int = ORDINARY) -> dict[UUID, Quota]:
    """The quotas of these institutes, in two queries."""
    rows = session.scalars(select(InstituteQuota).where(InstituteQuota.institute_id.in_(institutes)))
    known = {row.institute_id: row for row in rows}
    taken = _taken(session, institutes)
    return {
        each: Quota(
            each,
            known[each].needs if each in known else ordinary,
            taken.get(each, 0),
            known[each].updated_at if each in known else None,
        )
        for each in institutes
    }


def takes_a_place(as_of: datetime | None = None) -> ColumnElement[bool]:
    """Whether an invitation, joined with its need, counts in the quota now; or counted at an instant gone by."""
    if as_of is None:
        return and_(Invitation.state.in_(STANDING), Need.state.in_(OPEN_TO_INSTITUTES))
    stood = or_(Invitation.state.in_(STANDING), Invitation.answered_at > as_of)
    steps = (NeedTransition.need_id == Need.id, NeedTransition.occurred_at <= as_of)
    last = select(NeedTransition.to_state).where(*steps).order_by(NeedTransition.id.desc()).limit(1)
    state = func.coalesce(last.scalar_subquery(), Need.state)
    return and_(Invitation.created_at <= as_of, stood, state.in_(OPEN_TO_INSTITUTES))


def _taken(session: Session, institutes: Collection[UUID]) -> dict[UUID, int]:
    query = (
        select(Invitation.institute_id, func.count())
        .join(Need, Need.id == Invitation.need_id)
        .where(Invitation.institute_id.in_(institutes), takes_a_place())
        .group_by(Invitation.institute_id)
    )
    return {institute_id: count for institute_id, count in session.execute(query)}
