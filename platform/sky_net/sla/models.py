"""The log of the response clocks and the rows that lists are read from."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backbone.chain.models import Chained, chain_over
from backbone.db import AppendOnly, Base, Identified
from sky_net.sla.event import MET
from sky_net.sla.event_log import Event, EventKind
from sky_net.sla.parties import PARTIES, PLATFORM
from sky_net.sla.schedule import CallKind

_NAMED = (EventKind.PAUSE, EventKind.RESUME)


def _among(column: str, words: Iterable[str]) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class SlaEvent(Chained, Base):
    """What happened to the clocks of one subject, never changed afterwards: a correction is another event, whose
    evidence says which one it `corrects` and what that one is `moved_to`. A revision's names the `calendar` or `policy`
    from then on, and the stages `kept` breached.

    `stage` None speaks of all clocks of the subject, all of which bind `party`. `evidence` holds references and digests, no personal data.
    `reason` is a code; for a pause it is also its name, which the resume that closes it repeats. A repeated
    `idempotency_key` is the same event; it is None where nothing can repeat it.
    """

    __tablename__ = "sla_events"
    __table_args__ = (
        UniqueConstraint("subject_id", "seq"),
        UniqueConstraint("subject_id", "idempotency_key"),
        _among("kind", EventKind),
        _among("party", PARTIES),
        CheckConstraint("occurred_at <= recorded_at", name="not_from_the_future"),
        CheckConstraint(
            "kind <> 'stop' OR (stage IS NOT NULL AND evidence IS NOT NULL)", name="stop_has_evidence"
        ),
        CheckConstraint("kind NOT IN ('pause', 'resume') OR reason IS NOT NULL", name="pause_has_reason"),
        Index(None, "written_xid", "id"),
    )

    subject_id: Mapped[UUID]
    seq: Mapped[int]
    stage: Mapped[str | None]
    kind: Mapped[str]
    party: Mapped[str] = mapped_column(default=PLATFORM)
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    holds_from: Mapped[datetime | None]
    actor_id: Mapped[UUID | None]
    reason: Mapped[str | None]
    evidence: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    idempotency_key: Mapped[str | None]

    @property
    def pure(self) -> Event:
        """The event as the clocks are computed from it."""
        kind, said = EventKind(self.kind), self.evidence or {}
        pause = self.reason or "" if kind in _NAMED else ""
        moved_to = said.get("moved_to")
        return Event(
            self.seq, self.stage, kind, self.occurred_at, self.recorded_at, self.holds_from, pause,
            said.get("corrects"), moved_to and datetime.fromisoformat(moved_to), tuple(said.get("kept", ())),
            tuple(said.get("settled", ())), said.get("outcome", MET),
        )  # fmt: skip


EVENTS = chain_over("sla_events", SlaEvent)


class ClockReason(Identified, Base):
    """What somebody wrote about an event of the log, where it can be erased: the log itself keeps codes and digests."""

    __tablename__ = "clock_reasons"

    event_id: Mapped[UUID] = mapped_column(unique=True)
    words: Mapped[str]
    written_at: Mapped[datetime]


class SlaClock(Base):
    """One clock, as far as it is known from the log: a projection that `projection.rebuild` can make anew.

    The state is not stored: `phase_states[i]` holds from `phase_starts[i]` on until the next one, if nothing more is
    recorded, so that any later instant reads its own state without anybody having run. The other columns say why.
    `due_at` counts an open pause at the longest it may last; `stopped_at` and `stop_holds_from` are those of the stop
    that holds first. `look_at` is when somebody is to be called about the clock next; whoever has called moves it on, and
    a rebuild sets it back to the first call, which is then found to have been made. A party's own clock names the subject it
    is `about_id` and the organisation it binds. `silent_from` is since when an enterprise that leaves this clock running counts
    as silent, `heeds_silence_from` from when on that ends the clocks of this subject: see `silenced`. `budget_minutes` and
    `paused_minutes` are working time, for reports. What is None in a row that an earlier release wrote is made good by `projection.refresh`.
    """

    __tablename__ = "sla_clocks"
    __table_args__ = (
        UniqueConstraint("subject_id", "stage", "party"),
        CheckConstraint(
            "cardinality(phase_starts) = cardinality(phase_states) AND cardinality(phase_starts) > 0",
            name="phases",
        ),
        _among("party", PARTIES),
        Index(None, "zone_code", "due_at"),
        Index(None, "due_at"),
        Index(None, "recorded_at"),
        # What is open is little beside what was ever opened.
        Index("ix_sla_clocks_open", "stop_holds_from", postgresql_where=text("cancelled_at IS NULL")),
        Index("ix_sla_clocks_look_at", "look_at", postgresql_where=text("look_at IS NOT NULL")),
        Index("ix_sla_clocks_about", "about_id", postgresql_where=text("about_id IS NOT NULL")),
        Index(
            "ix_sla_clocks_silent",
            "about_id",
            "silent_from",
            postgresql_where=text("silent_from IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID]
    subject_number: Mapped[str]
    zone_code: Mapped[str]
    stage: Mapped[str]
    party: Mapped[str]
    about_id: Mapped[UUID | None]
    organisation_id: Mapped[UUID | None]
    policy_version: Mapped[str]
    calendar_version: Mapped[str]
    last_seq: Mapped[int]
    recorded_at: Mapped[datetime]
    started_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    provisional: Mapped[bool]
    at_risk_at: Mapped[datetime | None]
    budget_minutes: Mapped[int | None]
    paused_minutes: Mapped[int | None]
    paused_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    stop_holds_from: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    silent_from: Mapped[datetime | None]
    heeds_silence_from: Mapped[datetime | None]
    look_at: Mapped[datetime | None]
    phase_starts: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)))
    phase_states: Mapped[list[str]]


class ClockCall(AppendOnly, Identified, Base):
    """Somebody was called about a clock: at most once for each kind, cycle and level, however many workers look.

    `due_at` is the deadline as it was then. To whom the call went stand in the notices, whose keys begin with its id.
    """

    __tablename__ = "clock_calls"
    __table_args__ = (
        UniqueConstraint("clock_id", "kind", "cycle", "level"),
        _among("kind", CallKind),
        Index(None, "subject_id"),
    )

    clock_id: Mapped[UUID]
    subject_id: Mapped[UUID]
    kind: Mapped[str]
    level: Mapped[int]
    cycle: Mapped[int]
    stood_from: Mapped[datetime]
    due_at: Mapped[datetime | None]
    called_at: Mapped[datetime]
