"""Response clocks for tests: opened subjects, evidence that carries each stop, and random logs that hold together.

subject = opened(session, now=clock.now(), zone_code="420500")
stops.stop(session, SYSTEM, subject.id, a_contact(clock.now()), now=clock.now())
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from backbone.actor import SYSTEM, Actor
from sky_net.sla import policy as policies
from sky_net.sla import service
from sky_net.sla.calendar import published_calendar, shanghai_date
from sky_net.sla.clocks import read_clock
from sky_net.sla.errors import ClockRefusal
from sky_net.sla.event_log import Event, EventKind
from sky_net.sla.models import SlaEvent
from sky_net.sla.phases import outlook
from sky_net.sla.policy import STAGES, ResponsePolicy, policy_on
from sky_net.sla.service import Subject
from sky_net.sla.silence import silence_ends_at
from sky_net.sla.stop_table import ConfirmEvidence, ContactEvidence, ProposalEvidence

LONGER = "response-2-6-16.test"


def a_longer_policy(monkeypatch: Any) -> ResponsePolicy:
    """A second shipped version, LONGER, that nobody is under by date, with a day more for each stage."""
    [shipped] = policies.shipped_policies()
    text = policies._POLICY_FILE.read_text("utf-8").replace(shipped.version, LONGER)
    for stage, days in (("confirm", 1), ("communicate", 5), ("propose", 15)):
        text = text.replace(f"{stage}: {{days: {days},", f"{stage}: {{days: {days + 1},")
    [made] = policies.load_policies(text)
    monkeypatch.setattr(policies, "shipped_policies", lambda: (shipped, made))
    return made


_numbers = count(900_001)
SOMEBODY = UUID("01900000-0000-7000-8000-000000000001")


def a_subject(**values: Any) -> Subject:
    """A subject in Wuhan that nobody has submitted yet."""
    defaults: dict[str, Any] = {
        "id": uuid4(),
        "number": f"XQ-2026-{next(_numbers):06d}",
        "zone_code": "420100",
    }
    return Subject(**defaults | values)


def opened(session: Session, *, now: datetime, actor: Actor = SYSTEM, **values: Any) -> Subject:
    """A subject whose three promise clocks started at `now`."""
    subject = a_subject(**values)
    service.open_promise_clocks(session, actor, subject, now=now)
    return subject


def a_confirmation(now: datetime, **values: Any) -> ConfirmEvidence:
    """A confirmation with everything that the stop table asks for."""
    defaults: dict[str, Any] = {
        "confirmed_by": SOMEBODY, "industry": "opto", "complexity": "ordinary", "owner_id": SOMEBODY,
        "enterprise_told_at": now,
    }  # fmt: skip
    return ConfirmEvidence(**defaults | values)


def a_contact(now: datetime, **values: Any) -> ContactEvidence:
    """A call between both sides, put on record at `now`, that the enterprise has not yet spoken about."""
    defaults: dict[str, Any] = {
        "contact_id": uuid4(), "happened_on": date(2026, 3, 10), "kind": "call", "enterprise_people": 1,
        "institute_people": 1, "result": "双方认可技术路线", "next_step": "下周送样",
        "agreed_by_silence_at": silence_ends_at(policy_on(shanghai_date(now)), now),
    }  # fmt: skip
    return ContactEvidence(**defaults | values)


def a_proposal(now: datetime, **values: Any) -> ProposalEvidence:
    """A released proposal with everything that the stop table asks for."""
    defaults: dict[str, Any] = {
        "proposal_id": uuid4(), "released_by": SOMEBODY, "released_at": now, "unanswered_musts": (), "has_plan": True,
        "has_time": True, "has_price": True, "has_ip_terms": True, "readable_by_enterprise": True,
    }  # fmt: skip
    return ProposalEvidence(**defaults | values)


def a_log(random: Random, longest: int = 9) -> list[Event]:
    """A random log that does not contradict itself, some of its stops backdated, some holding only later."""
    now = datetime(2026, random.randint(1, 6), random.randint(1, 28), 1, 20, tzinfo=UTC)
    now += timedelta(minutes=random.randint(0, 900))
    log = [Event(1, None, EventKind.START, now, now)]
    for _ in range(random.randint(0, longest)):
        now += timedelta(minutes=random.choice((0, 7, 55, 430, 1500, 4000, 9000, 21000)))
        longer = [*log, _an_event(random, len(log) + 1, log, now)]
        if _holds_together(longer):
            log = longer
    return log


def an_instant_after(random: Random, log: Iterable[Event]) -> datetime:
    """An instant at which somebody may read the clocks of this log: from its last recording on."""
    last = max(event.recorded_at for event in log)
    return last + timedelta(microseconds=random.choice((0, 1, random.randint(0, 70 * 86_400_000_000))))


def stored(session: Session, log: Iterable[Event], subject: Subject) -> None:
    """Write a log as it is, past the verbs that would refuse its stops."""
    about = {"number": subject.number, "zone_code": subject.zone_code}
    rows = [
        SlaEvent(
            subject_id=subject.id, seq=event.seq, stage=event.stage, kind=event.kind, occurred_at=event.occurred_at,
            recorded_at=event.recorded_at, holds_from=event.holds_from, reason=event.pause or None,
            evidence=about | _told(event),
        )
        for event in log
    ]  # fmt: skip
    for row in rows:
        row.stamp()
    session.add_all(rows)
    session.flush()


def _told(event: Event) -> dict[str, Any]:
    told: dict[str, Any] = {
        "kept": list(event.kept),
        "settled": list(event.settled),
    }
    if event.corrects is not None:
        told |= {"corrects": event.corrects, "moved_to": event.moved_to and event.moved_to.isoformat()}
    return told


def _an_event(random: Random, seq: int, log: list[Event], now: datetime) -> Event:
    kind = random.choice((*(kind for kind in EventKind if kind is not EventKind.START), EventKind.STOP))
    stage = random.choice((None, *STAGES))
    if kind is EventKind.CORRECTION:
        wrong = random.choice(log)
        moved = None if wrong.kind is EventKind.CORRECTION else random.choice((None, wrong.occurred_at, now))
        return Event(seq, None, kind, now, now, corrects=wrong.seq, moved_to=moved)
    if kind is EventKind.WAIVE:
        return Event(seq, random.choice(STAGES), kind, now, now)
    if kind in (EventKind.POLICY_CHANGED, EventKind.CALENDAR_REVISED):
        policy = policy_on(date(2026, 1, 1))
        read = {name: _state_of(log, each, policy, now) for name, each in policy.stages.items()}
        kept = tuple(name for name, state in read.items() if state in ("breached", "waived"))
        settled = tuple(name for name, state in read.items() if state in ("met", "no_solution"))
        return Event(seq, None, kind, now, now, kept=kept, settled=settled)
    if kind is EventKind.RESUME and (pauses := [event for event in log if event.kind is EventKind.PAUSE]):
        ended = random.choice(pauses)
        return Event(seq, ended.stage, kind, now, now, pause=ended.pause)
    if kind in (EventKind.PAUSE, EventKind.RESUME):
        return Event(seq, stage, kind, now, now, pause=random.choice(("return", "park")))
    if kind is EventKind.STOP:
        occurred = random.choice((now, now, log[-1].occurred_at))
        silence = timedelta(minutes=random.choice((0, 1, 600, 2900, 12000)))
        return Event(seq, random.choice(STAGES), kind, occurred, now, random.choice((None, now + silence)))
    return Event(seq, stage, kind, now, now)


def _state_of(log: list[Event], stage: Any, policy: Any, now: datetime) -> str:
    return str(read_clock(log, stage, policy.pauses, published_calendar(), now).state)


def _holds_together(log: list[Event]) -> bool:
    policy = policy_on(date(2026, 1, 1))
    try:
        for stage in policy.stages.values():
            outlook(log, stage, policy.pauses, published_calendar())
    except ClockRefusal:
        return False
    return True
