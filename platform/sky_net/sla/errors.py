"""What the response clock refuses to compute, each with a stable code and a sentence in both languages.

They are plain ``ValueError``s because the clock is a pure core: which HTTP status or exit code one becomes is
decided by whoever calls it.
"""

from datetime import date, datetime, timedelta
from typing import ClassVar

from backbone.notices.stages import stage_word
from sky_net.sla.state_words import STATE_WORDS


class ClockRefusal(ValueError):
    """Base of every refusal: ``code`` for machines, ``zh`` and ``en`` for people; ``str()`` shows both."""

    code: ClassVar[str] = "clock_refusal"

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}")
        self.zh = zh
        self.en = en


class CalendarNotPublished(ClockRefusal):
    """A date before the first published year, or more than 366 days past the last one."""

    code = "calendar_not_published"

    def __init__(self, on: date | str, first: date, last: date) -> None:
        super().__init__(
            f"{on} 不在工作日历可用范围内({first} 至 {last})。请先载入该年度放假安排。",
            f"{on} is outside the working calendar ({first} to {last}). Load that year's notice first.",
        )
        self.on, self.first, self.last = on, first, last


class CalendarWithoutWorkdays(ClockRefusal):
    """No working minute is left in the reachable days, so no deadline exists."""

    code = "calendar_without_workdays"

    def __init__(self, after: date) -> None:
        super().__init__(
            f"工作日历在 {after} 之后没有任何工作时间,无法计算期限。请检查日历的工作日与作息。",
            f"The calendar has no working time after {after}: no deadline exists. Check its days and hours.",
        )
        self.after = after


class CalendarInvalid(ClockRefusal):
    """A calendar row or a notice that contradicts itself (overlapping hours, a gap between years)."""

    code = "calendar_invalid"


class CalendarUnknown(ClockRefusal):
    """A calendar that has no such name and is no file that can be read."""

    code = "calendar_unknown"

    def __init__(self, wanted: str, known: tuple[str, ...]) -> None:
        super().__init__(
            f"没有工作日历“{wanted}”,也没有可读的同名文件。可用:{'、'.join(known)},或放假通知文件。",
            f"There is no calendar '{wanted}' and no readable file of that name. Known: {', '.join(known)}, or a notice.",
        )
        self.wanted = wanted


class PolicyInvalid(ClockRefusal):
    """The policy file says something impossible; ``where`` is the path inside the file."""

    code = "policy_invalid"

    def __init__(self, where: str, zh: str, en: str) -> None:
        super().__init__(f"策略 {where}:{zh}", f"Policy {where}: {en}")
        self.where = where


class PolicyNotInForce(ClockRefusal):
    """No policy version covers the date."""

    code = "policy_not_in_force"

    def __init__(self, on: date) -> None:
        super().__init__(f"{on} 没有生效的响应时限策略。", f"No response policy is in force on {on}.")
        self.on = on


class NoSuchClock(ClockRefusal):
    """The subject has no clock of this stage."""

    code = "no_such_clock"

    def __init__(self, stage: str) -> None:
        word = stage_word(stage)
        super().__init__(f"没有“{word.zh}”时钟。", f"There is no clock for “{word}”.")
        self.stage = stage


class NothingToWaive(ClockRefusal):
    """A clock that is not breached, or excused already: nobody is excused in advance."""

    code = "nothing_to_waive"

    def __init__(self, stage: str, state: str) -> None:
        word, stands, breached = stage_word(stage), STATE_WORDS[state], STATE_WORDS["breached"]
        super().__init__(
            f"“{word.zh}”时钟为“{stands.zh}”，不是“{breached.zh}”，无须豁免。",
            f"The clock for “{word}” is “{stands}” and not “{breached}”: there is nothing to excuse.",
        )
        self.stage, self.state = stage, state


class PolicyUnknown(ClockRefusal):
    """No shipped policy has this name."""

    code = "policy_unknown"

    def __init__(self, version: str, known: list[str]) -> None:
        super().__init__(
            f"没有名为 {version} 的策略,可用:{'、'.join(known)}。",
            f"There is no policy called {version}; there are {', '.join(known)}.",
        )
        self.version = version


class NaiveInstant(ClockRefusal):
    """An instant without an offset: guessing one would move a deadline by hours."""

    code = "naive_instant"

    def __init__(self, at: datetime) -> None:
        super().__init__(f"时间 {at.isoformat()} 缺少时区。", f"{at.isoformat()} has no UTC offset.")
        self.at = at


class BudgetInvalid(ClockRefusal):
    """A budget below one working day, or a negative working time."""

    code = "budget_invalid"

    def __init__(self, budget: int | timedelta) -> None:
        super().__init__(
            f"时限 {budget} 无效:至少为 1 个工作日。",
            f"A budget of {budget} is none: one working day at least.",
        )
        self.budget = budget


class PauseEndsBeforeItStarts(ClockRefusal):
    """A pause whose end lies before its start, as an interval or as a pair of events."""

    code = "pause_ends_before_it_starts"

    def __init__(self, start: datetime, end: datetime) -> None:
        super().__init__(
            f"暂停的结束 {end.isoformat()} 早于开始 {start.isoformat()}。",
            f"The pause ends at {end.isoformat()}, before it starts at {start.isoformat()}.",
        )
        self.start, self.end = start, end


class LogInvalid(ClockRefusal):
    """An event that cannot follow the ones before it; ``seq`` names it."""

    code = "log_invalid"
    zh_reason: ClassVar[str] = "与此前的记录不符"
    en_reason: ClassVar[str] = "cannot follow the events before it"

    def __init__(self, seq: int, at: datetime) -> None:
        super().__init__(
            f"第 {seq} 条记录({at.isoformat()}){self.zh_reason}。",
            f"Event {seq} ({at.isoformat()}) {self.en_reason}.",
        )
        self.seq, self.at = seq, at


class StartedTwice(LogInvalid):
    """A clock is never reset, so it has one start."""

    code = "started_twice"
    zh_reason = "重复启动:时钟自首次提交起算,不得重置"
    en_reason = "starts the clock again: it runs from the first submission and is never reset"


class EventBeforeStart(LogInvalid):
    """A pause, resume, cancel or reopen before the clock started."""

    code = "event_before_start"
    zh_reason = "发生在时钟启动之前"
    en_reason = "happens before the clock starts"


class StopBeforeStart(EventBeforeStart):
    """A stop before the clock started."""

    code = "stop_before_start"
    zh_reason = "在时钟启动之前停止时钟"
    en_reason = "stops the clock before it starts"


class ResumeWithoutPause(LogInvalid):
    """A resume although nothing was paused."""

    code = "resume_without_pause"
    zh_reason = "恢复计时,但此前没有暂停"
    en_reason = "resumes a clock that was not paused"


class PausedTwice(LogInvalid):
    """The same pause is opened again before it was resumed."""

    code = "paused_twice"
    zh_reason = "再次暂停,但同一暂停尚未恢复"
    en_reason = "opens a pause that is already open"


class ReopenWithoutStop(LogInvalid):
    """A reopen of a clock that was neither stopped nor cancelled."""

    code = "reopen_without_stop"
    zh_reason = "重新开启时钟,但此前没有停止或取消"
    en_reason = "reopens a clock that was neither stopped nor cancelled"


class CorrectionInvalid(LogInvalid):
    """A correction of an event that is not there, of a start that would vanish, or a correction moved in time."""

    code = "correction_invalid"
    zh_reason = "更正的对象不存在,或不能这样更正(起算不能撤销,更正只能撤销不能改期,日历与策略的修订不能更正)"
    en_reason = "corrects what is not there, or in a way that cannot be: a start is moved and not struck, a correction struck and not moved, a revision neither"


class EventFromTheFuture(LogInvalid):
    """Recorded before it happened: the log holds facts, not plans."""

    code = "event_from_the_future"
    zh_reason = "的发生时间晚于登记时间"
    en_reason = "was recorded before it happened"


class RepeatedSeq(LogInvalid):
    """Two events carry the same sequence number, so their order would be arbitrary."""

    code = "repeated_seq"
    zh_reason = "的序号与另一条记录重复"
    en_reason = "has the sequence number of another event"
