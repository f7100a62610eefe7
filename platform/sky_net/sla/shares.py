"""Over-runs by party, read from the logs: of one need for whoever shows it, of many for the reports."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sky_net.sla.attribution import Holding, OverRun, Party, attribute, over_run
from sky_net.sla.calendars.in_use import calendar_of
from sky_net.sla.event_log import cancelled_from
from sky_net.sla.logs import logs_until
from sky_net.sla.models import SlaClock, SlaEvent
from sky_net.sla.parties import PLATFORM
from sky_net.sla.projection import policy_of, start_of
from sky_net.sla.refusals import spoken
from sky_net.sla.silenced import silent_subjects

SUBJECTS_AT_ONCE = 500
ClockKey = tuple[UUID, str]
"""Subject and stage of a promise clock."""


def shares_of(session: Session, need_id: UUID, *, now: datetime) -> dict[str, dict[Party, int]]:
    """By stage, the minutes of its over-run by party; nothing of a stage that is not overdue."""
    found = _shares(session, [need_id], now)
    return {stage: held for (_, stage), held in found.items()}


def overrun_shares(
    session: Session, keys: Collection[ClockKey], as_of: datetime
) -> dict[ClockKey, dict[Party, int]]:
    """The same of these clocks, as known at `as_of`."""
    subjects, found = sorted({subject for subject, _ in keys}), {}
    for first in range(0, len(subjects), SUBJECTS_AT_ONCE):
        found.update(_shares(session, subjects[first : first + SUBJECTS_AT_ONCE], as_of))
    return {key: found[key] for key in keys if key in found}


def _shares(session: Session, subjects: Sequence[UUID], as_of: datetime) -> dict[ClockKey, dict[Party, int]]:
    silent = silent_subjects(session, as_of, subjects)
    holdings = _holdings(session, subjects, silent, as_of)
    found = {}
    for events in logs_until(session, subjects, as_of):
        subject = events[0].subject_id
        for stage, over in _over_runs(session, events, silent.get(subject), as_of):
            found[subject, stage] = attribute(over, holdings.get(subject, ()))
    return found


def _over_runs(
    session: Session, events: Sequence[SlaEvent], silent_since: datetime | None, as_of: datetime
) -> Iterator[tuple[str, OverRun]]:
    start = start_of(events)
    if start is None or start.party != PLATFORM:
        return
    with spoken():
        calendar = calendar_of(session, events)
        log, policy = [event.pure for event in events], policy_of(events)
        if silent_since is not None:
            log = cancelled_from(log, silent_since, as_of)
        for name, stage in policy.stages.items():
            over = over_run(log, stage, policy.pauses, calendar, as_of)
            if over is not None:
                yield name, over


def _holdings(
    session: Session, subjects: Sequence[UUID], silent: Mapping[UUID, datetime], as_of: datetime
) -> Mapping[UUID, list[Holding]]:
    """When the parties' own clocks about these subjects were open, as far as it is known at `as_of`."""
    ended_at = func.least(SlaClock.stopped_at, SlaClock.cancelled_at)
    about = (SlaClock.about_id.in_(subjects), SlaClock.started_at <= as_of)
    query = select(
        SlaClock.id,
        SlaClock.about_id,
        SlaClock.party,
        SlaClock.organisation_id,
        SlaClock.started_at,
        ended_at,
    )
    found: dict[UUID, list[Holding]] = defaultdict(list)
    for clock_id, about_id, party, organisation_id, opened_at, closed_at in session.execute(
        query.where(*about)
    ):
        silent_since = silent.get(about_id)
        if silent_since is not None:
            closed_at = max(opened_at, min(closed_at or silent_since, silent_since))
        found[about_id].append(Holding(clock_id, Party(party, organisation_id), opened_at, closed_at))
    return found
