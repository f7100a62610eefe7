"""Calling about clocks, by notices: one transaction for each round of clocks, whoever runs it and however late."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.notices.service import Notice, has_webhooks, notify_each
from sky_net.needs.reading import read_in_full
from sky_net.reminders.recipients import roster_for
from sky_net.sla import calls
from sky_net.sla.calls import Standing
from sky_net.sla.schedule import Call, CallKind

NOTICE_KINDS = {
    CallKind.REMINDER: "clock_reminder",
    CallKind.ESCALATION: "clock_escalated",
    CallKind.BREACH: "clock_breached",
}


def call_about_clocks(session: Session, *, now: datetime) -> int:
    """One round: claim clocks whose time has come, make the calls that stand and were not made; returns how many clocks."""
    claimed = calls.claim(session, now=now)
    made = calls.make_calls(session, claimed, now=now)
    if made:
        roster = roster_for(session, [standing for _, standing, _ in made])
        others: list[UUID | None] = [None] if has_webhooks(session) else []
        notices = [
            notice
            for call_id, standing, call in made
            for notice in _notices(call_id, standing, call, [*roster.called(standing, call), *others])
        ]
        notify_each(session, notices, now=now)
    return len(claimed)


def list_calls(session: Session, actor: Actor, need_id: UUID) -> list[dict[str, object]]:
    """Who was called about this need, by level and when; for those who read it in full. Raises NotFound."""
    return calls.calls_about(session, read_in_full(session, actor, need_id).id)


def _notices(
    call_id: UUID, standing: Standing, call: Call, called: Sequence[UUID | None]
) -> Iterator[Notice]:
    """What one call says to each; None among the `called` is for other systems."""
    due_at = standing.reading.due_at
    told = {
        "stage": standing.reading.stage, "party": standing.party, "level": call.level,
        "due_at": due_at and due_at.isoformat(), "remaining_minutes": standing.reading.remaining // timedelta(minutes=1),
    }  # fmt: skip
    about = (standing.about_id or standing.subject_id, standing.subject_number, standing.zone_code)
    for account_id in called:
        key = str(call_id) if account_id is None else f"{call_id}:{account_id}"
        yield Notice(key, account_id, NOTICE_KINDS[call.kind], *about, told)
