"""The slow and plain way: every need's log replayed with the pure core, one after the other, and counted by hand."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from backbone.clock import SHANGHAI
from backbone.directory.regions import REGIONS, ancestors
from sky_net.needs.models import Need
from sky_net.sla.calendar import published_calendar
from sky_net.sla.clocks import read_clock
from sky_net.sla.corrections import effective
from sky_net.sla.event_log import Event, EventKind, cancelled_from, replay
from sky_net.sla.phases import expectation
from sky_net.sla.policy import STAGES, ResponsePolicy, StagePolicy, policy_on
from sky_net.sla.working_time import due
from tests.factories.monitoring import World

CALENDAR = published_calendar()
END = datetime.combine(CALENDAR.last, time(), SHANGHAI)


@dataclass
class Counted:
    """One clock as the recount sees it."""

    need: Need
    stage: str
    state: str
    due_at: datetime
    is_past_due: bool
    is_unanswered: bool
    hours: float | None
    budget: int
    paused: int


def log_of(world: World, need: Need, as_of: datetime) -> list[Event]:
    """What was on record at `as_of`, ended by the enterprise's silence where that had come by then."""
    log = [event for event in world.logs[need.id] if event.recorded_at <= as_of]
    asked_at, ended_at = world.asked[need.id]
    if not log or asked_at > as_of or (ended_at is not None and ended_at <= as_of):
        return log
    policy = policy_on(date(2026, 1, 1))
    since = due(CALENDAR, asked_at, policy.parties.enterprise_silent_days)
    state = replay(log, STAGES[-1], as_of)
    taken_up = [
        event.occurred_at
        for event in effective(log)
        if event.kind in (EventKind.START, EventKind.REOPEN)
        or (event.kind is EventKind.RESUME and event.pause == "park")
        if event.stage in (None, STAGES[-1])
    ]
    halted = state.stops or state.cancelled_at is not None or (None, "park") in state.open
    if halted or since is None or not max(taken_up) < since < as_of:
        return log
    return cancelled_from(log, since, as_of)


def clocks(world: World, as_of: datetime) -> Iterable[Counted]:
    """Every clock that had a deadline, as known at `as_of`."""
    for need in world.needs:
        log = log_of(world, need, as_of)
        policy = policy_on(world.logs[need.id][0].occurred_at.astimezone(SHANGHAI).date())
        for stage in policy.stages.values():
            reading = read_clock(log, stage, policy.pauses, CALENDAR, as_of)
            final = read_clock(log, stage, policy.pauses, CALENDAR, END) if log else reading
            if final.started_at is None:
                continue
            played = replay(log, stage.name, as_of)
            due_at = due_of(log, stage, policy, as_of)
            if due_at is None:
                continue
            held = [stop for stop in played.stops if stop.holds(as_of)]
            first = min(held, key=lambda stop: (stop.holds_from or stop.occurred_at, stop.seq), default=None)
            hours = None if first is None else (first.occurred_at - final.started_at).total_seconds() / 3600
            yield Counted(
                need, stage.name, reading.state.value, due_at, due_at < as_of,
                first is None and played.cancelled_at is None, hours, *(each.total_seconds() // 60 for each in (final.budget, final.paused)),
            )  # fmt: skip


def due_of(log: list[Event], stage: StagePolicy, policy: ResponsePolicy, as_of: datetime) -> datetime | None:
    """The deadline; of a clock that was halted in a pause, the one that its longest pause would have left it."""
    final = read_clock(log, stage, policy.pauses, CALENDAR, END)
    if final.due_at is not None:
        return final.due_at
    open_still = expectation(replay(log, stage.name, as_of), stage, policy.pauses, CALENDAR)
    return open_still and open_still.due_at


def quantile(values: list[float], at: float) -> float | None:
    """Interpolated, to two digits."""
    if not values:
        return None
    ordered, place = sorted(values), at * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return round(ordered[low] * (1 - (place - low)) + ordered[high] * (place - low), 2)


def tally(found: list[Counted], world: World, as_of: datetime) -> dict[str, Any]:
    """The row of the report, by hand."""
    states = Counter(each.state for each in found)
    past_due = sum(each.state == "running" and each.is_past_due for each in found)
    judged = states["met"] + states["breached"] + past_due
    hours = [each.hours for each in found if each.hours is not None]
    needs = {each.need.id for each in found}
    budget, paused = sum(each.budget for each in found), sum(each.paused for each in found)
    return {
        "clocks": len(found),
        "needs": len(needs),
        "states": {state: count for state, count in states.items() if count},
        "past_due": past_due,
        "unanswered": sum(each.state == "breached" and each.is_unanswered for each in found),
        "compliance": states["met"] / judged if judged else None,
        "paused_share": paused / (budget + paused) if budget else None,
        "returns": sum(
            step.action == "return" and step.occurred_at <= as_of
            for need in needs
            for step in world.steps[need]
        ),
        "median_hours": quantile(hours, 0.5),
        "p90_hours": quantile(hours, 0.9),
    }


Keys = Callable[[Counted], Iterable[Any]]


def zones_of(each: Counted) -> Iterable[str]:
    """Every area that a clock counts in: the regions around its own, and its own alone where others lie inside it."""
    code = each.need.zone_code
    yield from (f"{area}/whole" for area in ancestors(code, REGIONS))
    if any(region.within == code for region in REGIONS.values()):
        yield f"{code}/alone"


def by(found: Iterable[Counted], keys: Keys, world: World, as_of: datetime) -> dict[Any, dict[str, Any]]:
    """The rows of a report."""
    groups: dict[Any, list[Counted]] = defaultdict(list)
    for each in found:
        for key in keys(each):
            groups[key].append(each)
    return {key: tally(group, world, as_of) for key, group in groups.items()}


KEYS: dict[str, Callable[[World], Keys]] = {
    "stage": lambda world: lambda each: [each.stage],
    "operator": lambda world: lambda each: [each.need.owner_id],
    "institute": lambda world: lambda each: world.invited[each.need.id],
    "zone": lambda world: zones_of,
    "industry": lambda world: lambda each: [each.need.industry],
    "month": lambda world: lambda each: [each.due_at.astimezone(SHANGHAI).strftime("%Y-%m")],
}


def ids(found: Iterable[Counted]) -> set[UUID]:
    """The needs."""
    return {each.need.id for each in found}
