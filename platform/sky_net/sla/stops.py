"""The only code that writes a stop, by the stop table.

A dispute writes a reopening, a correction is another event; nothing is ever edited.
"""

import dataclasses
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from sky_net.sla.errors import ReopenWithoutStop
from sky_net.sla.event_log import EventKind, replay
from sky_net.sla.log import Entry, Log, append, lock_log
from sky_net.sla.models import SlaEvent
from sky_net.sla.refusals import StopRefused, spoken
from sky_net.sla.stop_table import (
    TABLE,
    ConfirmEvidence,
    ContactEvidence,
    Evidence,
    InvitationEvidence,
    LeadEvidence,
    ProposalEvidence,
    ReplyEvidence,
    missing,
)


def stop(session: Session, actor: Actor, subject_id: UUID, evidence: Evidence, *, now: datetime) -> SlaEvent:
    """Stop the clock that this evidence answers; the same evidence twice is one stop.

    A contact stops the clock as of its record, holding from agreement or silence on; told again with `agreed_at`, the
    same contact holds from that earlier instant. Raises StopRefused, ClocksNotOpen.
    """
    row = TABLE[type(evidence)]
    if lacking := missing(evidence, now):
        raise StopRefused(row.stage, lacking)
    log = lock_log(session, subject_id)
    reference = str(row.reference(evidence))
    earlier = [event for event in _standing(log, row.stage) if _reference(event) == reference]
    holds_from = row.holds_from(evidence)
    for event in earlier:
        if event.holds_from is None or (holds_from is not None and event.holds_from <= holds_from):
            return event
    entry = Entry(
        EventKind.STOP, row.stage, occurred_at=min((event.occurred_at for event in earlier), default=None),
        holds_from=holds_from, evidence={"type": type(evidence).__name__, "reference": reference, **_facts(evidence)},
    )  # fmt: skip
    return append(session, actor, log, [entry], now=now)[0]


def reopen(
    session: Session,
    actor: Actor,
    subject_id: UUID,
    stage: str,
    reference: UUID,
    *,
    reason: str = "disputed",
    now: datetime,
) -> None:
    """Undo the stop that this record gave: the clock runs on from the time it had used up.

    Other evidence that stands for the stage stops it again at once, and a subject cancelled since stays cancelled.
    Raises ClockRefused (reopen_without_stop) when no stop of this record stands, ClocksNotOpen.
    """
    log = lock_log(session, subject_id)
    standing = _standing(log, stage)
    undone = [event for event in standing if _reference(event) == str(reference)]
    if not undone:
        with spoken():
            raise ReopenWithoutStop(log.events[-1].seq + 1, now)
    evidence = {"reference": str(reference), "undoes": [event.seq for event in undone]}
    entries = [Entry(EventKind.REOPEN, stage, reason=reason, evidence=evidence)]
    for event in standing:
        if event not in undone:
            entries.append(_restated(event, stage))
    if replay(log.pure, stage, log.time(now)).cancelled_at is not None:
        entries.append(Entry(EventKind.CANCEL, stage, reason="cancelled_before"))
    append(session, actor, log, entries, now=now)


def _restated(event: SlaEvent, stage: str) -> Entry:
    return Entry(
        EventKind.STOP, stage, reason="still_stands", holds_from=event.holds_from, evidence=event.evidence
    )


def _standing(log: Log, stage: str) -> list[SlaEvent]:
    """The stops of the stage that no reopening undid."""
    standing: list[SlaEvent] = []
    for event in log.standing:
        if event.stage == stage and event.kind == EventKind.REOPEN:
            standing.clear()
        elif event.stage == stage and event.kind == EventKind.STOP:
            standing.append(event)
    return standing


def _reference(event: SlaEvent) -> str:
    return str((event.evidence or {}).get("reference"))


def _facts(evidence: Evidence) -> dict[str, Any]:
    return dict(_kept(evidence))


def _kept(evidence: Evidence) -> Iterator[tuple[str, Any]]:
    """The evidence as the log keeps it: what people wrote only as a digest, since the log is never erased."""
    for field in dataclasses.fields(evidence):
        value = getattr(evidence, field.name)
        if value is not None and field.name in ("result", "next_step"):
            value = audit.digest(value)
        elif isinstance(value, datetime | date):
            value = value.isoformat()
        elif isinstance(value, tuple):
            value = list(value)
        elif isinstance(value, UUID):
            value = str(value)
        yield field.name, value


__all__ = [
    "ConfirmEvidence", "ContactEvidence", "Evidence", "InvitationEvidence", "LeadEvidence", "ProposalEvidence",
    "ReplyEvidence", "reopen", "stop",
]  # fmt: skip
