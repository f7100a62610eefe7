"""What became of a verdict, as lines of the proof card: revisions that moved a deadline, and waivers."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from backbone.errors import Bilingual
from sky_net.sla.corrections import effective
from sky_net.sla.event_log import EventKind
from sky_net.sla.models import SlaEvent
from sky_net.sla.proof_lines import ProofLine
from sky_net.sla.proof_words import moment

_BECAUSE = {
    EventKind.CALENDAR_REVISED.value: ("calendar", Bilingual("工作日历", "working calendar")),
    EventKind.POLICY_CHANGED.value: ("policy", Bilingual("时限策略", "response policy")),
}


def remarks(events: Sequence[SlaEvent], stage: str, now: datetime) -> list[ProofLine]:
    """The lines of one clock for what was recorded by `now`, in order; a struck event has none."""
    standing = {event.seq for event in effective(event.pure for event in events)}
    told = (event for event in events if event.seq in standing and event.recorded_at <= now)
    return [line for event in told for line in _lines(event, stage)]


def _lines(event: SlaEvent, stage: str) -> Iterator[ProofLine]:
    at = moment(event.recorded_at)
    if event.kind == EventKind.WAIVE and event.stage == stage:
        said = Bilingual(
            f"{at.zh}豁免超时（理由代码 {event.reason}），不计入按时率",
            f"Over-run excused on {at} (reason {event.reason}); it counts in no rate",
        )
        yield ProofLine("waived", said, on=event.recorded_at)
    if event.kind in _BECAUSE:
        yield from _revised(event, stage, at)


def _revised(event: SlaEvent, stage: str, at: Bilingual) -> Iterator[ProofLine]:
    evidence = event.evidence or {}
    key, what = _BECAUSE[event.kind]
    before = evidence.get("before", {}).get(stage)
    was_due = (
        None
        if before is None or before["due_at"] is None
        else moment(datetime.fromisoformat(before["due_at"]), at_end=True)
    )
    said = Bilingual(
        f"{at.zh}改按{what.zh} {evidence.get(key)}" + (f"：原期限 {was_due.zh}" if was_due else ""),
        f"Read under {what} {evidence.get(key)} from {at}" + (f"; it was due {was_due}" if was_due else ""),
    )  # fmt: skip
    if stage in event.pure.kept:
        said = Bilingual(
            f"{said.zh}；当时已超时，修订后仍计超时", f"{said}; it was breached then and stays so"
        )
    elif stage in event.pure.settled:
        said = Bilingual(f"{said.zh}；当时已按时办结，仍计按时", f"{said}; it was met then and stays so")
    yield ProofLine("revised", said, on=event.recorded_at)
