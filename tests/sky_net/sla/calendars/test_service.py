"""Loading notices: what they make of calendars and of the clocks that run under them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from backbone.actor import PROVINCE, SYSTEM, Role, actor_with
from backbone.audit import AuditEvent
from backbone.clock import SHANGHAI
from backbone.errors import Forbidden
from sky_net.sla import projection, service, stops
from sky_net.sla.calendar import Origin, published_calendar
from sky_net.sla.calendars.errors import CalendarNameTaken, NoticeRefused
from sky_net.sla.calendars.in_use import calendar_for, calendar_named
from sky_net.sla.calendars.models import EVERYWHERE, CalendarVersion, StoredDay
from sky_net.sla.calendars.service import load_notice, load_text
from sky_net.sla.clocks import ClockState
from sky_net.sla.event_log import EventKind
from sky_net.sla.models import SlaClock, SlaEvent
from sky_net.sla.reading import events_of
from sky_net.sla.refusals import CalendarMissing
from sky_net.sla.revisions import ClocksRevised, revise_calendars
from tests.factories.calendars import a_notice, a_text, an_order
from tests.factories.identity import an_actor, zone
from tests.factories.sla import a_confirmation, opened

CHIEF = actor_with((Role.ADMINISTRATOR, PROVINCE))
WUHAN, DONGHU, HUANGSHI = "420100", "420100-donghu", "420200"
LATE_2026 = datetime(2026, 12, 24, 10, 0, tzinfo=SHANGHAI)


def load(session, notice, now, key=EVERYWHERE, actor=CHIEF):
    return load_notice(session, actor, notice, key=key, now=now)


def readings(session, subject, now):
    return {
        reading.stage: reading for reading in service.readings(session, [subject.id], now=now)[subject.id]
    }


def at(day, hour=9, minute=0):
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


def test_without_anything_loaded_every_zone_has_the_published_calendar(session):
    assert calendar_for(session, WUHAN) is published_calendar()


def test_a_years_notice_makes_provisional_deadlines_final(session, clock):
    subject = opened(session, now=LATE_2026)
    before = readings(session, subject, LATE_2026)["propose"]
    assert before.provisional
    loaded = load(session, a_notice(), LATE_2026 + timedelta(hours=1))
    after = readings(session, subject, LATE_2026 + timedelta(hours=2))["propose"]
    assert (after.provisional, after.due_at > before.due_at - timedelta(days=9)) == (False, True)
    assert {move.stage for move in loaded.moves} >= {"propose"}
    row = session.scalars(select(SlaClock).where(SlaClock.stage == "propose")).one()
    assert (row.due_at, row.provisional) == (after.due_at, False)
    assert calendar_for(session, WUHAN).horizon == date(2027, 12, 31)


def test_a_holiday_in_the_notice_moves_the_deadline_behind_it(session):
    subject = opened(session, now=LATE_2026)
    off = [{"date": f"2027-01-{day:02d}", "kind": "holiday", "name": "测试假"} for day in range(4, 9)]
    before = readings(session, subject, LATE_2026)["propose"].due_at
    load(session, a_notice(off), LATE_2026)
    assert readings(session, subject, LATE_2026)["propose"].due_at == before + timedelta(days=7)


def test_the_same_text_twice_changes_nothing(session, clock):
    assert load(session, a_notice(), clock.now()).version is not None
    assert load(session, a_notice(), clock.now()).version is None
    assert session.scalar(select(func.count()).select_from(CalendarVersion)) == 1


def test_a_typhoon_day_holds_in_its_city_with_all_it_contains_and_nowhere_else(session):
    here, inside, away = (
        opened(session, now=at(10, 11), zone_code=code) for code in (WUHAN, DONGHU, HUANGSHI)
    )
    load(session, an_order("2026-03-11"), at(10, 20), key=WUHAN)
    due = [readings(session, subject, at(10, 21))["confirm"].due_at for subject in (here, inside, away)]
    assert due == [at(12, 17, 30), at(12, 17, 30), at(11, 17, 30)]
    assert calendar_for(session, DONGHU).day(date(2026, 3, 11)).origin is Origin.LOCAL_OVERRIDE
    assert calendar_for(session, HUANGSHI) is published_calendar()


def test_a_year_for_all_reaches_a_city_that_has_an_order_of_its_own(session, clock):
    load(session, an_order("2026-03-11"), clock.now(), key=WUHAN)
    load(session, a_notice(), clock.now())
    wuhan = calendar_for(session, WUHAN)
    assert wuhan.horizon == date(2027, 12, 31)
    assert not wuhan.day(date(2027, 1, 1)).is_workday
    assert not wuhan.day(date(2026, 3, 11)).is_workday


def test_a_second_order_keeps_the_first(session, clock):
    for on in ("2026-03-11", "2026-03-18"):
        load(session, an_order(on), clock.now(), key=WUHAN)
    wuhan = calendar_for(session, WUHAN)
    assert [wuhan.day(date(2026, 3, day)).is_workday for day in (11, 18, 12)] == [False, False, True]
    numbers = session.scalars(select(CalendarVersion.number).order_by(CalendarVersion.number)).all()
    assert numbers == [1, 2]


def test_only_what_differs_is_stored_and_every_date_of_a_loaded_year(session, clock):
    load(session, an_order("2026-03-11"), clock.now(), key=WUHAN)
    assert session.scalar(select(func.count()).select_from(StoredDay)) == 1
    load(session, a_notice(), clock.now())
    assert session.scalar(select(func.count()).select_from(StoredDay)) == 1 + 365


def test_what_was_breached_stays_so_and_only_a_waiver_excuses_it(session):
    subject = opened(session, now=at(10, 11))
    loaded = load(session, an_order("2026-03-11"), at(12, 9), key=WUHAN)
    confirm = readings(session, subject, at(12, 10))["confirm"]
    assert (confirm.state, confirm.kept_breached, confirm.due_at) == (
        ClockState.BREACHED,
        True,
        at(12, 17, 30),
    )
    [move] = [move for move in loaded.moves if move.stage == "confirm"]
    assert (move.state_before, move.state_after, move.kept_breached) == ("breached", "breached", True)
    service.waive(session, SYSTEM, subject.id, "confirm", "force_majeure", "台风停工", now=at(12, 11))
    assert readings(session, subject, at(12, 12))["confirm"].state is ClockState.WAIVED


def test_what_was_answered_keeps_the_calendar_it_was_read_under(session):
    subject = opened(session, now=at(10, 11))
    stops.stop(session, SYSTEM, subject.id, a_confirmation(at(11, 10)), now=at(11, 10))
    service.cancel(session, SYSTEM, subject.id, "withdraw", now=at(11, 11))
    assert load(session, an_order("2026-03-12"), at(11, 12), key=WUHAN).moves == []
    kinds = session.scalars(select(SlaEvent.kind).where(SlaEvent.subject_id == subject.id)).all()
    assert EventKind.CALENDAR_REVISED not in kinds


def test_a_verdict_can_be_computed_again_under_the_calendar_that_the_log_names(session):
    subject = opened(session, now=at(10, 11))
    load(session, an_order("2026-03-11"), at(10, 20), key=WUHAN)
    load(session, an_order("2026-03-12"), at(10, 21), key=WUHAN)
    events = session.scalars(
        select(SlaEvent).where(SlaEvent.subject_id == subject.id).order_by(SlaEvent.seq)
    ).all()
    named = [event.evidence["calendar"] for event in events]
    due = [
        projection.project(events[: seq + 1], calendar_named(session, name))[0]["due_at"]
        for seq, name in enumerate(named)
    ]
    assert due == [at(11, 17, 30), at(12, 17, 30), at(13, 17, 30)]
    assert events[1].evidence["before"]["confirm"]["due_at"] == at(11, 17, 30).astimezone(UTC).isoformat()


def test_a_rebuild_after_revisions_gives_the_very_same_rows(session):
    for _ in range(3):
        opened(session, now=at(10, 11))
    load(session, an_order("2026-03-11"), at(10, 20), key=WUHAN)
    columns = [column for column in SlaClock.__table__.columns]
    before = session.execute(select(*columns).order_by(SlaClock.id)).all()
    projection.rebuild(session)
    assert session.execute(select(*columns).order_by(SlaClock.id)).all() == before


def test_a_load_leaves_one_audit_event_with_its_figures(session):
    for _ in range(3):
        opened(session, now=at(10, 11))
    known = session.scalar(select(func.count()).select_from(AuditEvent))
    loaded = load(session, an_order("2026-03-11"), at(10, 20), key=WUHAN)
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == known + 1
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "load_calendar")).one()
    assert event.after["moved"] == len(loaded.moves) == 9
    assert event.after["sha256"] == loaded.version.sha256


def test_a_new_release_of_the_published_calendar_is_a_revision_like_any_other(session):
    subject = opened(session, now=at(10, 11))
    projection.rebuild(session, published_calendar().with_rows([], "older"))
    session.expire_all()
    revise_calendars(session, SYSTEM, None, now=at(12, 9))
    session.expire_all()
    assert set(session.scalars(select(SlaClock.calendar_version))) == {published_calendar().version}
    assert readings(session, subject, at(12, 10))["confirm"].state is ClockState.BREACHED
    assert revise_calendars(session, SYSTEM, None, now=at(12, 9)) == []


def test_those_above_are_told_what_moved(session, monkeypatch):
    told = []
    monkeypatch.setattr("backbone.events.publish", lambda session, event: told.append(event))
    opened(session, now=at(10, 11))
    load(session, an_order("2026-03-11"), at(10, 20), key=WUHAN)
    [event] = [one for one in told if isinstance(one, ClocksRevised)]
    assert len(event.moves) == 3


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (a_text([], year=2028), "2028"),
        (a_text([{"date": f"2027-{month:02d}-01", "to": f"2027-{month:02d}-28", "kind": "holiday"} for month in range(1, 13)]
                + [{"date": f"2027-{month:02d}-{day}", "kind": "holiday"} for month in range(1, 13)
                   for day in (29, 30, 31) if month != 2 and (month, day) not in ((4, 31), (6, 31), (9, 31), (11, 31))]), "没有任何工作时间"),
    ],
)  # fmt: skip
def test_a_gap_or_a_year_without_a_workday_is_refused_and_nothing_is_written(session, clock, text, says):
    with pytest.raises(CalendarMissing) as refused, session.begin_nested():
        load_text(session, CHIEF, text, now=clock.now())
    assert says in refused.value.sentence().zh
    assert session.scalar(select(func.count()).select_from(CalendarVersion)) == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("not: [a notice", "YAML"),
        (a_text([{"date": "2027-01-01", "kind": "party"}]), "kind"),
        (
            a_text([{"date": "2027-01-01", "kind": "holiday"}, {"date": "2027-01-01", "kind": "holiday"}]),
            "2027-01-01",
        ),
        (a_text([{"date": "2026-03-01", "kind": "holiday"}]), "2026-12-01"),
        (a_text([{"date": "2027-03-01", "kind": "open", "hours": ["13:00-12:00"]}], year=None), "hours"),
    ],
)
def test_a_text_that_is_no_notice_is_refused_by_line_and_field(session, clock, text, says):
    with pytest.raises(NoticeRefused) as refused:
        load_text(session, CHIEF, text, now=clock.now())
    [error] = refused.value.data["errors"]
    assert says in error["problem"].zh + str(error["problem"])


def test_another_text_under_a_known_name_is_refused(session, clock):
    load(session, a_notice(version="state-council-2027"), clock.now())
    with pytest.raises(CalendarNameTaken):
        load(session, a_notice([], year=None, version="state-council-2027"), clock.now())


@pytest.mark.parametrize(
    ("role", "scope", "key", "may"),
    [
        (Role.OPERATOR, PROVINCE, EVERYWHERE, True),
        (Role.OPERATOR, zone(WUHAN), EVERYWHERE, False),
        (Role.OPERATOR, zone(WUHAN), WUHAN, False),
        (Role.ADMINISTRATOR, zone(WUHAN), WUHAN, True),
        (Role.ADMINISTRATOR, zone(WUHAN), HUANGSHI, False),
        (Role.AUDITOR, PROVINCE, EVERYWHERE, False),
    ],
)
def test_the_province_loads_for_all_and_a_zones_administrator_for_the_zone(
    session, clock, role, scope, key, may
):
    actor = an_actor(session, (role, scope))
    if may:
        assert load(session, an_order("2026-03-11"), clock.now(), key=key, actor=actor).version
    else:
        with pytest.raises(Forbidden):
            load(session, an_order("2026-03-11"), clock.now(), key=key, actor=actor)


def test_two_loads_at_once_follow_each_other(committed_database, clock):
    together = Barrier(2)

    def try_it(on):
        with committed_database.transaction() as session:
            together.wait()
            return load(session, an_order(on), clock.now(), key=WUHAN).version.number

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(try_it, ("2026-03-11", "2026-03-12"))) == [1, 2]
    with committed_database.transaction() as session:
        wuhan = calendar_for(session, WUHAN)
        assert not any(wuhan.day(date(2026, 3, day)).is_workday for day in (11, 12))


def test_a_submission_beside_a_load_ends_under_the_new_calendar_or_is_revised_to_it(committed_database):
    """Whichever comes first, every clock names the calendar that its zone has in the end, once refreshed."""
    together = Barrier(3)

    def submit(number):
        with committed_database.transaction() as session:
            together.wait()
            opened(session, now=at(10, 11))

    def load_it():
        with committed_database.transaction() as session:
            together.wait()
            load(session, an_order("2026-03-11"), at(10, 12), key=WUHAN)

    with ThreadPoolExecutor(3) as pool:
        for ended in [pool.submit(submit, 1), pool.submit(submit, 2), pool.submit(load_it)]:
            ended.result()
    with committed_database.transaction() as session:
        revise_calendars(session, SYSTEM, None, now=at(10, 13))
    with committed_database.transaction() as session:
        wanted = calendar_for(session, WUHAN).version
        assert set(session.scalars(select(SlaClock.calendar_version))) == {wanted}
        due = session.scalars(select(SlaClock.due_at).where(SlaClock.stage == "confirm")).all()
        assert set(due) == {at(12, 17, 30)}


def test_a_stage_answered_in_time_stays_met_while_the_others_are_revised(session):
    friday = datetime(2026, 3, 13, 10, 0, tzinfo=SHANGHAI)
    subject = opened(session, now=friday)
    stops.stop(session, SYSTEM, subject.id, a_confirmation(at(16, 10)), now=at(16, 10))
    row = {"date": "2026-03-14", "kind": "open", "name": "补班"}
    loaded = load(session, a_notice([row], year=None, source="测试令"), at(16, 11), key=WUHAN)
    assert readings(session, subject, at(16, 12))["confirm"].state is ClockState.MET
    assert "breached" not in {move.state_after for move in loaded.moves}


def test_the_log_shows_what_a_revision_did_to_each_stage(session):
    subject = opened(session, now=at(10, 11))
    load(session, an_order("2026-03-11"), at(10, 20), key=WUHAN)
    start, revised = events_of(session, subject.id)
    assert start["moves"] == []
    moves = {
        move["stage"]: (move["due_before"], move["due_after"], move["state_before"])
        for move in revised["moves"]
    }
    assert moves["confirm"] == (at(11, 17, 30), at(12, 17, 30), "running")
    assert set(moves) == {"confirm", "communicate", "propose"}
