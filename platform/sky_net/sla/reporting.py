"""What reports read of the clocks: all of them as one relation, as it was known at any instant.

A row of `sla_clocks` that nothing was recorded for since says by itself what it showed then. The others are made anew
from the events recorded by then, by the same projection, so that a report of last month can be had again. Whose need
it is and who answers for it are not part of the log: reports join them as they are today.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Select,
    Subquery,
    bindparam,
    case,
    column,
    distinct,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from backbone.errors import Bilingual, Invalid
from sky_net.sla.calendars.in_use import calendar_of
from sky_net.sla.logs import logs_until
from sky_net.sla.models import SlaClock
from sky_net.sla.projection import project
from sky_net.sla.silenced import ended_rows, silent_subjects

MOST_REPLAYED = 20_000
TOO_MANY = Bilingual(
    "该时点之后已有 {changed} 件事项的时钟变化，最多可回溯 {most} 条：请取较近的时点",
    "The clocks of {changed} subjects have changed since, and at most {most} are replayed: ask for a later instant",
)
_COLUMNS = (
    "id", "subject_id", "subject_number", "zone_code", "stage", "party", "about_id", "organisation_id", "started_at", "due_at", "stopped_at",
    "stop_holds_from", "cancelled_at", "silent_from", "heeds_silence_from", "budget_minutes", "paused_minutes", "phase_starts", "phase_states",
)  # fmt: skip


@dataclass(frozen=True)
class Clocks:
    """The clocks of one party as known at `as_of`: `rows` has the columns of `sla_clocks` that tell when and how long."""

    rows: Subquery
    as_of: datetime

    @property
    def c(self) -> Any:
        """Its columns."""
        return self.rows.c

    @property
    def need_id(self) -> ColumnElement[UUID]:
        """The need that a clock is of, or about."""
        found: ColumnElement[UUID] = func.coalesce(self.c.about_id, self.c.subject_id)
        return found

    @property
    def state(self) -> ColumnElement[str]:
        """The state shown at `as_of`, as one of `phases.SHOWN_STATES`."""
        begun = func.width_bucket(literal(self.as_of, DateTime(timezone=True)), self.c.phase_starts)
        shown: ColumnElement[str] = self.c.phase_states[func.greatest(begun, 1)]
        return shown

    @property
    def answered_at(self) -> ColumnElement[datetime | None]:
        """When the stop that held first by `as_of` was given; null while none holds."""
        held: ColumnElement[datetime | None] = case((self.c.stop_holds_from <= self.as_of, self.c.stopped_at))
        return held


def clocks_of(session: Session, party: str | None, as_of: datetime | None, now: datetime) -> Clocks:
    """A party's clocks (all for None) as known at `as_of`, now where it is None; raises Invalid where that is too far back."""
    at = now if as_of is None else as_of
    rows = select(*(getattr(SlaClock, name) for name in _COLUMNS))
    replayed = [] if as_of is None else _replayed(session, as_of)
    if as_of is not None:
        rows = rows.where(SlaClock.recorded_at <= as_of)
    rows = _beside(rows, replayed)
    ended = ended_rows(session, silent_subjects(session, at, clocks=rows.subquery("known")), at)
    if ended:
        left = rows.subquery("left")
        rows = _beside(select(left).where(left.c.id.not_in(row["id"] for row in ended)), ended)
    known = rows.subquery("clocks")
    if party is not None:
        known = select(known).where(known.c.party == party).subquery("clocks")
    return Clocks(known, at)


def stored_clocks(party: str, at: datetime) -> Clocks:
    """A party's clocks as their rows stand, without a session: one that a silence has ended shows it once a job has said so."""
    return Clocks(select(SlaClock).where(SlaClock.party == party).subquery("stored"), at)


def _beside(rows: Any, others: list[dict[str, Any]]) -> Any:
    return union_all(rows, _as_relation(others)) if others else rows


def _replayed(session: Session, as_of: datetime) -> list[dict[str, Any]]:
    """The rows that have changed since, as they were."""
    since = (SlaClock.recorded_at > as_of,)
    changed = session.scalar(select(func.count(distinct(SlaClock.subject_id))).where(*since)) or 0
    if changed > MOST_REPLAYED:
        raise Invalid.field("as_of", TOO_MANY.format(changed=changed, most=MOST_REPLAYED))
    keys = {
        (row.subject_id, row.stage)
        for row in session.execute(select(SlaClock.subject_id, SlaClock.stage).where(*since))
    }
    rows = [
        row
        for events in logs_until(session, {subject for subject, _ in keys}, as_of)
        for row in project(events, calendar_of(session, events))
    ]
    return [row for row in rows if (row["subject_id"], row["stage"]) in keys]


def _as_relation(rows: list[dict[str, Any]]) -> Select[Any]:
    told = json.dumps([{name: row[name] for name in _COLUMNS} for row in rows], default=_spelled)
    columns = [column(name, SlaClock.__table__.columns[name].type) for name in _COLUMNS]
    relation = func.jsonb_to_recordset(bindparam(None, json.loads(told), type_=JSONB)).table_valued(*columns)
    derived = relation.render_derived(name="replayed", with_types=True)
    return select(*(derived.c[name] for name in _COLUMNS))


def _spelled(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
