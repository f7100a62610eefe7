"""What HTTP may say of clocks. Durations are working time in whole minutes, begun ones not counted."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from backbone.directory.fields import AreaCode, RegionCode
from backbone.fields import Choice, Flag, Identifier, Instant, Record, Schema, Several, Text, Whole
from backbone.pages import PageQuery, sort_field
from sky_net.sla.clocks import ClockState
from sky_net.sla.event_log import EventKind
from sky_net.sla.parties import EVERY_STAGE, PARTIES, PLATFORM
from sky_net.sla.phases import SHOWN_STATES, shown_state

_MINUTE = timedelta(minutes=1)


class Minutes(Whole):
    """A duration of working time."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> int | None:
        return None if value is None else value // _MINUTE


class ShownState(Choice):
    """The state of a reading in one word, at risk told apart from running."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__((ClockState.PENDING.value, *SHOWN_STATES), **kwargs)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str:
        return shown_state(obj)


class ShownWord(Choice):
    """A state that is a word already."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__((ClockState.PENDING.value, *SHOWN_STATES), **kwargs)


def _said(zh: str, en: str) -> Mapping[str, Any]:
    return {"description": f"{zh} / {en}"}


class ClockView(Schema):
    """One clock at the instant of asking."""

    stage = Choice(EVERY_STAGE)
    state = ShownState()
    started_at = Instant(
        metadata=_said("起算时刻：首次提交、发出邀请或提问", "first submission, invitation or question")
    )
    due_at = Instant(metadata=_said("期限；暂停期间无期限", "the deadline; none while paused"))
    provisional = Flag(metadata=_said("期限超出已公布的节假日安排", "past the published holidays"))
    stopped_at = Instant(metadata=_said("办结或取消时刻", "when it was answered or cancelled"))
    awaiting_until = Instant(
        metadata=_said("至此无异议则办结成立", "the answer holds unless disputed by then")
    )
    budget_minutes = Minutes(attribute="budget")
    consumed_minutes = Minutes(attribute="consumed")
    paused_minutes = Minutes(attribute="paused")
    remaining_minutes = Minutes(attribute="remaining")
    over_minutes = Minutes(attribute="over")
    kept_breached = Flag(
        metadata=_said("修订前已超时，修订后仍计超时", "breached before a revision, and so after it")
    )


class PartyClockView(Schema):
    """What an institute or the enterprise owes about a need: the clock of one invitation, question or return."""

    subject_id = Identifier(metadata=_said("邀请、提问或退回的标识", "the invitation, question or return"))
    party = Choice(PARTIES)
    organisation_id = Identifier()
    clock = Record(ClockView, attribute="reading")


class InheritedView(Schema):
    """The withdrawn need that this one continues: its clocks run from the first instant of the first of them."""

    id = Identifier()
    number = Text()
    submitted_at = Instant()


class ClocksView(Schema):
    """The promise clocks of one need, in the order in which they fall due; none before its submission."""

    items = Several(Record(ClockView))
    inherits_from = Record(InheritedView, allow_none=True)
    parties = Several(
        Record(PartyClockView),
        1000,
        metadata=_said("院所与企业各自的时钟", "the institutes' and the enterprise's own"),
    )


class RevisedView(Schema):
    """What a revision did to one stage."""

    stage = Choice(EVERY_STAGE)
    due_before = Instant()
    due_after = Instant()
    state_before = ShownWord()


class ClockEventView(Schema):
    """One line of the log; `stands` is false for what a correction struck or moved away."""

    id = Identifier()
    seq = Whole()
    kind = Choice([kind.value for kind in EventKind])
    stage = Choice(EVERY_STAGE)
    occurred_at = Instant()
    recorded_at = Instant()
    holds_from = Instant()
    actor_id = Identifier()
    reason = Text()
    words = Text(1000)
    corrects = Whole()
    moved_to = Instant()
    stands = Flag()
    calendar = Text(2000)
    policy = Text(metadata=_said("时限规则的版本", "version of the rules of the clocks"))
    kept = Several(Choice(EVERY_STAGE), len(EVERY_STAGE))
    moves = Several(Record(RevisedView), len(EVERY_STAGE))


class ClockEventsView(Schema):
    """The whole log of a need's promise clocks, in the order of recording."""

    items = Several(Record(ClockEventView), 10_000)


WAIVER_REASONS = ("force_majeure", "enterprise_caused", "institute_caused", "system_outage", "other")
CORRECTION_REASONS = ("mistaken", "late_registration", "wrong_instant", "other")


class WaiverEntry(Schema):
    """Why an over-run is excused."""

    reason_code = Choice(WAIVER_REASONS, required=True)
    message = Text(1000, required=True)


class CorrectionEntry(Schema):
    """What is wrong with an event, and when it happened instead; null strikes it."""

    moved_to = Instant(required=True, allow_none=True)
    reason_code = Choice(CORRECTION_REASONS, required=True)
    message = Text(1000, required=True)


class WatchedView(Schema):
    """A clock in the operators' list, with the number by which people know its subject."""

    id = Identifier()
    subject_id = Identifier()
    subject_number = Text()
    zone_code = RegionCode()
    party = Choice(PARTIES)
    organisation_id = Identifier()
    policy_version = Text()
    clock = Record(ClockView, attribute="reading")


class WatchQuery(PageQuery):
    """Filters of the operators' list; several values of one are alternatives."""

    sort = sort_field(["due_at", "started_at"], "due_at")
    state = Several(Choice(SHOWN_STATES), len(SHOWN_STATES), distinct=True)
    stage = Several(Choice(EVERY_STAGE), len(EVERY_STAGE), distinct=True)
    party = Several(Choice(PARTIES), len(PARTIES), distinct=True, load_default=[PLATFORM])
    zone = Several(AreaCode(), 50, distinct=True)
