"""What the response clock refuses its callers, said as the platform says it.

The pure core raises plain errors of its own (`sky_net.sla.errors`); `spoken` turns them into these.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from backbone.errors import Bilingual, Conflict
from backbone.notices.stages import stage_word
from backbone.word_lists import enumerated
from sky_net.sla.errors import (
    CalendarInvalid,
    CalendarNotPublished,
    CalendarWithoutWorkdays,
    ClockRefusal,
    PolicyNotInForce,
)


class ClockRefused(Conflict):
    """An event that cannot follow what the log holds, such as a resume without a pause; `refusal` says which."""

    code = "clock_refused"
    title = Bilingual("响应时钟不接受这条记录", "The response clock does not take this event")
    detail = Bilingual("{what}", "{what}")
    advice = Bilingual(
        "时钟已有的记录见 listClockEvents",
        "listClockEvents shows what the clock has taken",
    )

    def __init__(self, refusal: ClockRefusal) -> None:
        super().__init__(what=Bilingual(refusal.zh, refusal.en), refusal=refusal.code)


class CalendarMissing(ClockRefused):
    """The working calendar does not reach the date, or knows no working time there: no deadline can be computed."""

    code = "calendar_not_published"
    title = Bilingual("工作日历未覆盖该日期", "The working calendar does not cover the date")
    advice = Bilingual(
        "请运维人员载入该年度放假安排后重试", "Ask operations to load that year's notice, then retry"
    )


class PolicyMissing(ClockRefused):
    """No response policy was in force on the day of the first submission."""

    code = "policy_not_in_force"
    title = Bilingual("没有生效的响应时限策略", "No response policy is in force")
    advice = Bilingual("请运维人员检查策略的生效日期", "Ask operations to check the policy's dates")


_SPOKEN: tuple[tuple[type[ClockRefusal], type[ClockRefused]], ...] = (
    (CalendarNotPublished, CalendarMissing),
    (CalendarWithoutWorkdays, CalendarMissing),
    (CalendarInvalid, CalendarMissing),
    (PolicyNotInForce, PolicyMissing),
    (ClockRefusal, ClockRefused),
)
"""First match wins."""


class ClocksNotOpen(Conflict):
    """The subject was never submitted, so nothing runs that could be paused or stopped."""

    code = "clocks_not_open"
    title = Bilingual("响应时钟尚未启动", "The response clocks are not open")
    detail = Bilingual(
        "时钟自首次提交起算，此前不能操作",
        "They run from the first submission; before it nothing can be done",
    )
    advice = Bilingual("先提交需求（submitNeed）", "Submit the need first (submitNeed)")

    def __init__(self, subject_id: UUID) -> None:
        super().__init__(subject_id=str(subject_id))


class StopRefused(Conflict):
    """The evidence does not carry the stop; `missing` names every condition of the stop table that does not hold."""

    code = "stop_refused"
    title = Bilingual("证据不足，时钟不能停", "The evidence does not stop the clock")
    detail = Bilingual("“{stage}”时钟还缺：{sentences}", "The clock for “{stage}” still lacks: {sentences}")
    advice = Bilingual("补齐 missing 所列各项后重试", "Make good what missing lists, then retry")

    def __init__(self, stage: str, missing: Sequence[tuple[str, Bilingual]]) -> None:
        sentences = enumerated((sentence for _, sentence in missing), zh="；", en="; ")
        named = [{"condition": code, "sentence": sentence} for code, sentence in missing]
        super().__init__(stage=stage, missing=named, sentences=sentences)

    def _told(self) -> dict[str, object]:
        return super()._told() | {"stage": stage_word(self.data["stage"])}


@contextmanager
def spoken() -> Iterator[None]:
    """Raise what the pure core refuses inside the block as a domain error."""
    try:
        yield
    except ClockRefusal as refusal:
        spoken_by = next(said for kind, said in _SPOKEN if isinstance(refusal, kind))
        raise spoken_by(refusal) from refusal
