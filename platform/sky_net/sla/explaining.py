"""From the log of a subject to its proof cards, and to what they would say if an answer came.

Both read the log exactly as `clocks.read_clock` does, so that a card can never explain another deadline than the one
that is shown; a property holds the two together.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from backbone.errors import Bilingual
from sky_net.sla.calendar import WorkCalendar
from sky_net.sla.clocks import ClockReading, read_clock
from sky_net.sla.corrections import effective
from sky_net.sla.errors import PauseEndsBeforeItStarts
from sky_net.sla.event_log import Event, EventKind, Replay, replay
from sky_net.sla.phases import outlook
from sky_net.sla.policy import ResponsePolicy, StagePolicy
from sky_net.sla.prefix import fixed
from sky_net.sla.proof import SUBMITTED, Proof
from sky_net.sla.proof_lines import ProofLine
from sky_net.sla.proof_pauses import StatedPause
from sky_net.sla.proof_words import moment
from sky_net.sla.working_time import Pause

PauseWords = Callable[[str], tuple[Bilingual, Bilingual]]
"""From the name of a pause to its reason and by whom, as whoever keeps the subject calls them."""


@dataclass(frozen=True, slots=True)
class Foretold:
    """One clock as it stands and as it would if the answer came: `now` is read now, `then` at the answer.

    `latest_due_at` is the deadline if no answer ever comes and its pauses last as long as they may, None past the
    calendar. Both readings are the same for a clock that no answer moves. `set_aside_from` is the instant from which the
    subject is set aside without an answer, where that comes before any latest deadline.
    """

    now: ClockReading
    then: ClockReading
    latest_due_at: datetime | None
    set_aside_from: datetime | None = None

    def unless_set_aside(self, since: datetime | None) -> "Foretold":
        """The same, where silence ends the waiting at `since`: a deadline after that never comes."""
        if since is None or self.latest_due_at is None or self.latest_due_at <= since:
            return self
        return replace(self, latest_due_at=None, set_aside_from=since)

    def said(self, answered_at: datetime) -> Bilingual:
        """The whole of it as a sentence."""
        then, at = self.then.due_at, moment(answered_at)
        if self.then == self.now or then is None:
            due = "—" if self.now.due_at is None else moment(self.now.due_at, at_end=True)
            return Bilingual("答复不影响期限：{due}", "No answer moves its deadline: {due}").format(due=due)
        said = Bilingual("若于 {at} 答复，期限为 {due}", "If the answer comes on {at} it is due {due}")
        if self.then.provisional:
            said = Bilingual(f"{said.zh}（暂定）", f"{said} (provisional)")
        if then < answered_at:
            said = Bilingual(f"{said.zh}，届时已超时", f"{said}, which will have passed")
        if self.now.due_at is None and self.latest_due_at is not None:
            said = Bilingual(
                f"{said.zh}；一直不答复则为 {{latest}}", f"{said}; without any answer {{latest}}"
            )
        if self.now.due_at is None and self.set_aside_from is not None:
            said = Bilingual(
                f"{said.zh}；一直不答复则自 {{latest}} 起搁置",
                f"{said}; without any answer it is set aside from {{latest}}",
            )
        last = self.latest_due_at or self.set_aside_from
        latest = moment(last, at_end=True) if last else ""
        return said.format(at=at, due=moment(then, at_end=True), latest=latest)


def proof_of(
    events: Sequence[Event],
    stage: StagePolicy,
    policy: ResponsePolicy,
    calendar: WorkCalendar,
    now: datetime,
    words: PauseWords,
    began: Bilingual = SUBMITTED,
    remarks: Sequence[ProofLine] = (),
) -> Proof | None:
    """The card of one clock as of `now`; None before its start. Raises ClockRefusal."""
    log = replay(events, stage.name, now)
    if log.started_at is None:
        return None
    halted_at = _halted_at(log, now)
    return Proof(
        stage=stage,
        policy=policy,
        calendar=calendar,
        started_at=log.started_at,
        until=halted_at or now,
        pauses=_pauses(events, stage, log, halted_at, words),
        gaps=log.gaps,
        limits=policy.pauses,
        began=began,
        remarks=remarks,
    )


def _pauses(
    events: Sequence[Event], stage: StagePolicy, log: Replay, halted_at: datetime | None, words: PauseWords
) -> list[StatedPause]:
    """The pauses that stop the clock, by name; what began once it was halted is not its affair."""
    names = {
        event.occurred_at: event.pause
        for event in sorted(effective(events), key=lambda event: event.seq)
        if event.kind is EventKind.PAUSE and event.stage in (None, stage.name)
    }
    begun = (pause for pause in log.every_pause() if halted_at is None or pause.start < halted_at)
    return [_stated(pause, names, words) for pause in begun]


def what_if(
    events: Sequence[Event],
    stage: StagePolicy,
    policy: ResponsePolicy,
    calendar: WorkCalendar,
    answered_at: datetime,
    now: datetime,
    *,
    is_set_aside: bool = False,
) -> Foretold:
    """One clock, now and if every open pause ended at `answered_at`; with `is_set_aside` its cancellation, too.

    The answer is appended to the log as the platform would append it, so that the maxima of pauses and what was met
    before hold as they would. Raises PauseEndsBeforeItStarts for an answer before what it answers, CalendarNotPublished.
    """
    answered_at, now = fixed(answered_at), fixed(now)
    present = read_clock(events, stage, policy.pauses, calendar, now)
    ahead = outlook(events, stage, policy.pauses, calendar)
    log = replay(events, stage.name, now)
    answers = list(_answers(events, log, answered_at, is_set_aside))
    then = present
    if answers:
        at = max(answered_at, now)
        then = read_clock([*events, *answers], stage, policy.pauses, calendar, at)
    return Foretold(present, then, None if ahead is None else ahead.due_at)


def _answers(
    events: Sequence[Event], log: Replay, answered_at: datetime, is_set_aside: bool
) -> Iterator[Event]:
    """What the answer appends: the reopening of a clock set aside, and the end of each open pause."""
    asked_at = [*log.open.values(), *([log.cancelled_at] if is_set_aside and log.cancelled_at else [])]
    if any(answered_at < at for at in asked_at):
        raise PauseEndsBeforeItStarts(max(asked_at), answered_at)
    seq = max((event.seq for event in events), default=0)
    recorded_at = max([answered_at, *(event.recorded_at for event in events)])
    if is_set_aside and log.cancelled_at is not None:
        seq += 1
        yield Event(seq, None, EventKind.REOPEN, answered_at, recorded_at)
    for stage, name in log.open:
        seq += 1
        yield Event(seq, stage, EventKind.RESUME, answered_at, recorded_at, pause=name)


def _stated(pause: Pause, names: dict[datetime, str], words: PauseWords) -> StatedPause:
    name = names.get(pause.start)
    if name is None:
        return StatedPause(pause)
    reason, by = words(name)
    return StatedPause(pause, reason, by)


def _halted_at(log: Replay, now: datetime) -> datetime | None:
    return min((at for at in (log.stopped_at(now), log.cancelled_at) if at is not None), default=None)


__all__ = ["Foretold", "PauseWords", "proof_of", "what_if"]
