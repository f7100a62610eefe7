"""What stopped the clock: each pause as it was recorded, how much of it counts, and the working time that it took out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from backbone.errors import Bilingual
from sky_net.sla.calendar import WorkCalendar
from sky_net.sla.pause_limits import within_limits
from sky_net.sla.policy import PausePolicy
from sky_net.sla.prefix import MICROSECOND
from sky_net.sla.proof_lines import ProofLine
from sky_net.sla.proof_words import minutes_of, moment
from sky_net.sla.working_time import Pause, Span, union

_NOT_NAMED = Bilingual("未注明", "not stated")


@dataclass(frozen=True, slots=True)
class StatedPause:
    """A pause as recorded: why, and by whom, in the words of whoever asks for the card."""

    pause: Pause
    reason: Bilingual = _NOT_NAMED
    by: Bilingual = _NOT_NAMED


@dataclass(frozen=True, slots=True)
class GrantedPause:
    """What of a stated pause stops the clock: None where nothing does. `limit` names the maximum that ended it early."""

    stated: StatedPause
    kept: Pause | None
    limit: Bilingual | None


def granted(
    stated: Sequence[StatedPause], limits: PausePolicy | None, calendar: WorkCalendar, until: datetime
) -> list[GrantedPause]:
    """The pauses in order of their start under these maxima; None grants each as it stands.

    Says pause by pause what `within_limits` decides for all of them together.
    """
    in_order = sorted(stated, key=lambda each: each.pause.start)
    if limits is None:
        return [GrantedPause(each, each.pause, None) for each in in_order]
    alone = PausePolicy(limits.max_days_each, limits.max_days_each)
    together = within_limits((each.pause for each in in_order), limits, calendar, until)
    found = []
    for each in in_order:
        own = within_limits([each.pause], alone, calendar, until)[0]
        kept = _shared(own, together)
        limit = None if own == each.pause else _maximum(limits.max_days_each, "单次", "one pause")
        if kept != own:
            limit = _maximum(limits.max_days_total, "累计", "all pauses together")
        found.append(GrantedPause(each, kept, limit))
    return found


def pause_lines(
    pauses: Iterable[GrantedPause],
    gaps: Iterable[Pause],
    calendar: WorkCalendar,
    opening: datetime,
    edge: datetime,
) -> Iterator[ProofLine]:
    """A line for each pause and each gap with the working time it took out between `opening` and `edge`.

    A minute that two of them cover is taken out once, by the earlier: the lines add up to their union.
    """
    taken = _Taken(calendar, opening, edge)
    for each in pauses:
        yield _pause_line(each, taken)
        if each.limit is not None:
            yield _limit_line(each, each.limit)
    for gap in sorted(gaps, key=lambda gap: gap.start):
        yield _gap_line(gap, taken)


class _Taken:
    """Working time that earlier lines have taken out already."""

    def __init__(self, calendar: WorkCalendar, opening: datetime, edge: datetime) -> None:
        self.edge = edge
        self._calendar = calendar
        self._from, self._to = self._worked(opening), self._worked(max(opening, edge))
        self._spans: tuple[Span, ...] = ()
        self._total = 0

    def line(self, code: str, pause: Pause, kept: Pause | None, say: Bilingual) -> ProofLine:
        """The line of a pause, in which `say` may name {stretch} and {effect}."""
        micros = 0 if kept is None else self._take(kept)
        worked = micros * MICROSECOND
        minutes = minutes_of(worked)
        effect = Bilingual(f"扣除 {minutes} 分钟", f"{minutes} minutes taken out")
        if not micros:
            effect = Bilingual("不影响期限", "moves nothing")
        said = say.format(stretch=_stretch(pause), effect=effect)
        return ProofLine(code, said, starts=pause.start, ends=pause.end, worked=worked)

    def _take(self, kept: Pause) -> int:
        starts = self._within(self._worked(kept.start))
        ends = self._to if kept.end is None else self._within(self._worked(kept.end))
        self._spans = union((*self._spans, (starts, max(starts, ends))))
        before, self._total = self._total, sum(end - start for start, end in self._spans)
        return self._total - before

    def _within(self, worked: int) -> int:
        return min(max(worked, self._from), self._to)

    def _worked(self, at: datetime) -> int:
        return self._calendar.worked.before(self._calendar.wall_within(at))


def _pause_line(each: GrantedPause, taken: _Taken) -> ProofLine:
    stated = each.stated
    say = Bilingual(
        f"暂停（{stated.reason.zh}；{stated.by.zh}）：{{stretch}}，{{effect}}",
        f"Pause ({stated.reason}; {stated.by}): {{stretch}}, {{effect}}",
    )
    return taken.line("pause", stated.pause, each.kept, say)


def _limit_line(each: GrantedPause, limit: Bilingual) -> ProofLine:
    kept = each.kept
    if kept is None or kept.end is None:
        said = Bilingual(f"已满{limit.zh}，该暂停不停止计时", f"{limit} used up: this pause stops nothing")
        return ProofLine("pause_limit", said, on=each.stated.pause.start)
    at = moment(kept.end, at_end=True)
    said = Bilingual(
        f"至 {at.zh} 满{limit.zh}，此后时钟自动恢复", f"{limit} reached at {at}: the clock runs on from there"
    )
    return ProofLine("pause_limit", said, on=kept.end)


def _gap_line(gap: Pause, taken: _Taken) -> ProofLine:
    say = Bilingual(
        "办结至重新开启之间不计：{stretch}，{effect}",
        "Between the answer and its reopening nothing counts: {stretch}, {effect}",
    )
    return taken.line("reopened", gap, gap, say)


def _stretch(pause: Pause) -> Bilingual:
    start = moment(pause.start)
    if pause.end is None:
        return Bilingual(f"{start.zh} 起，尚未恢复", f"from {start}, still open")
    end = moment(pause.end, at_end=pause.end > pause.start)
    return Bilingual(f"{start.zh} 至 {end.zh}", f"{start} to {end}")


def _shared(own: Pause, together: Iterable[Pause]) -> Pause | None:
    """The part of a pause that the granted ones cover: whole, its beginning, or nothing."""
    for one in together:
        if one.start <= own.start and (one.end is None or own.start <= one.end):
            ends = [end for end in (own.end, one.end) if end is not None]
            kept = Pause(own.start, min(ends, default=None))
            return None if kept.end == own.start != own.end else kept
    return None


def _maximum(days: int, zh: str, en: str) -> Bilingual:
    return Bilingual(f"{zh}上限 {days} 个工作日", f"the maximum of {days} working days for {en}")


__all__ = ["GrantedPause", "StatedPause", "granted", "pause_lines"]
