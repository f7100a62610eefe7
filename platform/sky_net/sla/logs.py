"""Reading the logs of many subjects at once."""

from collections.abc import Collection
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sky_net.sla.models import SlaEvent


def logs_until(session: Session, subject_ids: Collection[UUID], as_of: datetime) -> list[list[SlaEvent]]:
    """The events of each subject recorded by `as_of`, in order; none for a subject that had none."""
    query = select(SlaEvent).where(SlaEvent.subject_id.in_(subject_ids), SlaEvent.recorded_at <= as_of)
    events = session.scalars(query.order_by(SlaEvent.subject_id, SlaEvent.seq))
    return [list(own) for _, own in groupby(events, key=attrgetter("subject_id"))]
