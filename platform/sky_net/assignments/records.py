"""How institutes have answered and what they work on, for the search: see `matching.records`.

Replies count as in the compliance report of institutes, work as in their quotas. Nothing of it is stored anywhere.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from backbone.directory.models import Institute
from sky_net.assignments.models import InstituteQuota
from sky_net.assignments.quotas import ORDINARY, takes_a_place
from sky_net.invitations.models import Invitation
from sky_net.matching.features import Record
from sky_net.matching.records import WINDOW, reader
from sky_net.monitoring.models import is_past_due, state_column
from sky_net.monitoring.states import MET, MISSED, RUNNING
from sky_net.needs.models import Need
from sky_net.sla.parties import INSTITUTE
from sky_net.sla.reporting import stored_clocks


@reader
def read_records(
    session: Session, institutes: Collection[UUID], at: datetime, *, is_past: bool = False
) -> dict[UUID, Record]:
    """The records of these institutes, by one query; see `matching.records.Reader`.

    A clock that a silent enterprise has ended counts as it stands until a job has set it aside.
    """
    rows = session.execute(_records(institutes, at, at if is_past else None))
    return {institute_id: Record(*counts) for institute_id, *counts in rows}


def _records(
    institutes: Collection[UUID], at: datetime, as_of: datetime | None
) -> Select[UUID, int, int, int, int]:
    """Institute, replies in time, replies due, needs taken, quota: one row for each, whether it was ever invited or not."""
    clocks = stored_clocks(INSTITUTE, at)
    fell_due = and_(clocks.c.due_at >= at - WINDOW, clocks.c.due_at < at)
    state = state_column(clocks)
    was_kept = and_(fell_due, state == MET)
    counts = and_(fell_due, or_(state.in_((MET, MISSED)), and_(state == RUNNING, is_past_due(clocks))))
    return (
        select(
            Institute.id, func.count().filter(was_kept), func.count().filter(counts),
            func.count().filter(takes_a_place(as_of)), func.coalesce(func.max(InstituteQuota.needs), ORDINARY),
        )
        .outerjoin(InstituteQuota, InstituteQuota.institute_id == Institute.id)
        .outerjoin(Invitation, Invitation.institute_id == Institute.id)
        .outerjoin(Need, Need.id == Invitation.need_id)
        .outerjoin(clocks.rows, clocks.c.subject_id == Invitation.id)
        .where(Institute.id.in_(institutes))
        .group_by(Institute.id)
    )  # fmt: skip
