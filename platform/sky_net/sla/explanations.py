"""Proof cards and what-ifs of stored logs. Who may ask is decided by the feature whose subject it is."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.errors import Bilingual, NotFound
from sky_net.sla.calendars.in_use import calendar_of
from sky_net.sla.event_log import Event, cancelled_from
from sky_net.sla.explaining import Foretold, PauseWords, proof_of, what_if
from sky_net.sla.models import SlaEvent
from sky_net.sla.parties import ENTERPRISE, INSTITUTE, NODE, PLATFORM, stages_of
from sky_net.sla.projection import policy_of, start_of
from sky_net.sla.proof import SUBMITTED, Proof
from sky_net.sla.proof_remarks import remarks
from sky_net.sla.refusals import spoken

BEGAN: Mapping[str, Bilingual] = MappingProxyType({
    PLATFORM: SUBMITTED,
    INSTITUTE: Bilingual("发出邀请", "Invited"),
    ENTERPRISE: Bilingual("提问或退回", "Asked or returned"),
    NODE: Bilingual("收到线索", "Lead received"),
})  # fmt: skip
"""What opened the clock of each party."""


def explain(
    session: Session,
    subject_id: UUID,
    stage: str,
    words: PauseWords,
    *,
    cancelled_at: datetime | None = None,
    now: datetime,
) -> Proof:
    """The card of one clock of a subject; raises NotFound where there is no such clock, or not yet.

    `cancelled_at`: read as cancelled then, although no job has written that yet; `foretell` likewise.
    """
    events = _log(session, subject_id)
    start = start_of(events)
    if start is None:
        raise NotFound()
    policy = policy_of(events)
    limit = stages_of(policy, start.party).get(stage)
    if limit is None:
        raise NotFound()
    log = _pure(events, cancelled_at, now)
    with spoken():
        calendar, told = calendar_of(session, events), remarks(events, stage, now)
        card = proof_of(log, limit, policy, calendar, now, words, BEGAN[start.party], told)
    if card is None:
        raise NotFound()
    return card


def foretell(
    session: Session,
    subject_id: UUID,
    answered_at: datetime,
    *,
    is_set_aside: bool,
    cancelled_at: datetime | None = None,
    now: datetime,
) -> list[Foretold]:
    """Each clock of a subject, now and if the answer came then; none before its start.

    `is_set_aside` says that the answer would take the subject up again. Raises ClockRefusal for an answer before what
    it answers, or past the calendar.
    """
    events = _log(session, subject_id)
    start = start_of(events)
    if start is None:
        return []
    policy, calendar = policy_of(events), calendar_of(session, events)
    log = _pure(events, cancelled_at, now)
    return [
        what_if(log, stage, policy, calendar, answered_at, now, is_set_aside=is_set_aside)
        for stage in stages_of(policy, start.party).values()
    ]


def _pure(events: Sequence[SlaEvent], cancelled_at: datetime | None, now: datetime) -> list[Event]:
    log = [event.pure for event in events]
    return log if cancelled_at is None else cancelled_from(log, cancelled_at, now)


def _log(session: Session, subject_id: UUID) -> list[SlaEvent]:
    query = select(SlaEvent).where(SlaEvent.subject_id == subject_id).order_by(SlaEvent.seq)
    return list(session.scalars(query))
