"""The proof card: why a deadline falls where it falls, in an order that a person can follow with a calendar in hand.

The card is made from the same course that gives the deadline and ends with it. What its lines count less what they
take out is the budget, so that anybody can add it up.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from backbone.errors import Bilingual
from sky_net.sla.calendar import WorkCalendar, shanghai_date
from sky_net.sla.policy import PausePolicy, ResponsePolicy, StagePolicy
from sky_net.sla.prefix import MICROSECOND
from sky_net.sla.proof_days import day_lines
from sky_net.sla.proof_lines import CIVIL_CODE, ProofLine
from sky_net.sla.proof_pauses import GrantedPause, StatedPause, granted, pause_lines
from sky_net.sla.proof_words import hours_of, minutes_of, moment, on_date
from sky_net.sla.working_time import Course, DayEnds, Pause

SUBMITTED = Bilingual("首次提交", "First submission")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Proof:
    """One clock to be explained. `limits` None applies no maxima; `until` is now, or when the clock was halted.

    `began` says what opened it: the first submission, an invitation, a question. `remarks` are what became of its verdict:
    revisions and waivers.
    """

    stage: StagePolicy
    policy: ResponsePolicy
    calendar: WorkCalendar
    started_at: datetime
    until: datetime
    pauses: Sequence[StatedPause] = ()
    gaps: Sequence[Pause] = ()
    limits: PausePolicy | None = None
    began: Bilingual = SUBMITTED
    remarks: Sequence[ProofLine] = ()

    @cached_property
    def granted(self) -> list[GrantedPause]:
        """What of each pause stops the clock."""
        return granted(self.pauses, self.limits, self.calendar, self.until)

    @cached_property
    def course(self) -> Course:
        """The clock itself."""
        kept = [each.kept for each in self.granted if each.kept is not None]
        return Course(self.calendar, self.started_at, (*kept, *self.gaps), self.stage.count_start_day)

    @cached_property
    def budget(self) -> timedelta:
        """Working time of the stage."""
        return self.course.budget(self.stage.days)

    @cached_property
    def due_at(self) -> datetime | None:
        """The deadline, None while a pause without end hides it. Raises CalendarNotPublished, CalendarWithoutWorkdays."""
        return self.course.due(self.budget, self.stage.day_ends)

    @property
    def provisional(self) -> bool:
        """Whether the deadline lies past the published dates."""
        return self.due_at is not None and self.calendar.is_provisional(self.due_at)

    def lines(self) -> list[ProofLine]:
        """The card; its last line is the deadline, or what hides it."""
        return list(self._lines())

    @property
    def card(self) -> list[ProofLine]:
        """`lines`, as an answer reads them."""
        return self.lines()

    @property
    def _edge(self) -> datetime:
        """Where counting ends: when the budget is used up, which a day that ends at midnight outlasts."""
        return self.course.due(self.budget) or self.until

    def _lines(self) -> Iterator[ProofLine]:
        yield self._began()
        yield self._start_day()
        first = shanghai_date(self.started_at) + (timedelta(0) if self.stage.count_start_day else _DAY)
        yield from day_lines(self.calendar, first, self.course.opening, self._edge)
        yield from pause_lines(self.granted, self.gaps, self.calendar, self.course.opening, self._edge)
        yield self._calendar()
        yield self._policy()
        yield from self.remarks
        if self.provisional:
            yield self._provisional()
        yield self._hidden() if self.due_at is None else self._due(self.due_at)

    def _began(self) -> ProofLine:
        at, days = moment(self.started_at), self.stage.days
        said = Bilingual(
            f"{self.began.zh}：{at.zh}；时限 {days} 个工作日",
            f"{self.began}: {at}; {days} working day{'s' if days > 1 else ''} allowed",
        )
        return ProofLine("began", said, on=self.started_at)

    def _start_day(self) -> ProofLine:
        on = on_date(shanghai_date(self.started_at))
        if self.stage.count_start_day:
            said = Bilingual(
                f"{on.zh}为开始的当日，按策略计入", f"{on} is the start day and counts by the policy"
            )
            return ProofLine("start_day_counts", said, on=self.started_at, source=self.policy.version)
        said = Bilingual(f"{on.zh}为开始的当日，不计入", f"{on} is the start day and does not count")
        source = f"{CIVIL_CODE}第二百零一条"
        return ProofLine("start_day_excluded", said, on=self.started_at, source=source)

    def _calendar(self) -> ProofLine:
        calendar, hours = self.calendar, hours_of(self.calendar.hours)
        said = Bilingual(
            f"工作日历 {calendar.version}，放假安排公布至 {calendar.horizon}；作息 {hours.zh}",
            f"Working calendar {calendar.version}, published to {calendar.horizon}; hours {hours}",
        )
        last = shanghai_date(max(self._edge, self.started_at) - MICROSECOND)
        days = calendar.days(shanghai_date(self.started_at), max(last, shanghai_date(self.started_at)))
        papers = dict.fromkeys(day.source for day in days if day.source)
        return ProofLine("calendar", said, source="；".join(papers))

    def _policy(self) -> ProofLine:
        said = Bilingual(
            f"时限策略 {self.policy.version}，自 {self.policy.valid_from} 起施行",
            f"Response policy {self.policy.version}, in force from {self.policy.valid_from}",
        )
        return ProofLine("policy", said, source="；".join(self.policy.references))

    def _provisional(self) -> ProofLine:
        horizon = self.calendar.horizon
        said = Bilingual(
            f"期限在已公布的放假安排（{horizon}）之后，为暂定：其后按周一至周五计、不预设节假日，公布后重新计算",
            f"The deadline lies past the published holidays ({horizon}) and is provisional: Monday to Friday count and no"
            " holiday is assumed until the notice is loaded",
        )
        return ProofLine("provisional", said, on=self.due_at)

    def _due(self, due_at: datetime) -> ProofLine:
        at, minutes, days = moment(due_at, at_end=True), minutes_of(self.budget), self.stage.days
        taken = minutes_of(self.course.paused(self._edge))
        ends = Bilingual("停止业务活动的时间为截止时间", "a day ends with business")
        if self.stage.day_ends is DayEnds.MIDNIGHT:
            ends = Bilingual("截止时间为当日二十四时", "the last day ends at midnight")
        elif taken:
            ends = Bilingual(f"因扣除 {taken} 分钟顺延至此", f"moved on by the {taken} minutes taken out")
        said = Bilingual(
            f"期限：{at.zh}，至此用满 {days} 个工作日（{minutes} 分钟）；{ends.zh}",
            f"Due: {at}, when {days} working day{'s' if days > 1 else ''} ({minutes} minutes) are used up; {ends}",
        )
        return ProofLine("due", said, on=due_at, source=f"{CIVIL_CODE}第二百零三条")

    def _hidden(self) -> ProofLine:
        left = minutes_of(self.budget - self.course.elapsed(self._edge))
        said = Bilingual(
            f"暂停中，期限待定：恢复后尚余 {left} 分钟", f"Paused: no deadline yet, {left} minutes are left"
        )
        return ProofLine("paused", said, on=self.until, worked=None)


__all__ = ["SUBMITTED", "Proof", "ProofLine", "StatedPause"]
