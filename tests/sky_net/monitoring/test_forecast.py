"""The forecast from the platform's own log: what it is made from, what it leaves out, and who is shown it."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import numpy as np
import pytest
from sqlalchemy import select

from backbone.actor import PROVINCE, Role
from backbone.errors import Forbidden
from sky_net.monitoring import breach_model, past
from sky_net.monitoring.forecast import forecast_breaches, next_working_days
from sky_net.monitoring.past import breaks, read_past
from sky_net.needs.models import Need
from sky_net.sla import projection
from sky_net.sla.calendar import published_calendar
from sky_net.sla.event_log import Event, EventKind
from sky_net.sla.reporting import clocks_of
from sky_net.sla.service import readings
from tests.factories.directory import an_enterprise
from tests.factories.identity import an_account, an_actor, zone
from tests.factories.monitoring import a_world
from tests.factories.needs import a_need
from tests.factories.sla import a_subject, stored

NOW = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
CALENDAR = published_calendar()


def operator(session, scope=PROVINCE):
    return an_actor(session, (Role.OPERATOR, scope))


def a_history(session, needs=120, days=90, seed=1):
    """Needs of the last months, most answered in time, whose owners differ in pace."""
    random, enterprise = Random(seed), an_enterprise(session)
    far = an_enterprise(session, region_code="420500")
    owners = [an_account(session).id for _ in range(3)]
    for number in range(needs):
        at = NOW - timedelta(days=random.uniform(0.1, days))
        owner = random.randrange(3)
        place = random.choice([enterprise, far])
        need = a_need(
            session,
            place,
            zone_code=place.region_code,
            submitted_at=at,
            state="confirmed",
            owner_id=owners[owner],
        )
        log = [Event(1, None, EventKind.START, at, at)]
        for stage, usual in (("confirm", 20), ("communicate", 100), ("propose", 350)):
            stop = at + timedelta(hours=usual * random.uniform(0.3, 1.2 + owner / 2))
            if stop < NOW:
                log.append(Event(len(log) + 1, stage, EventKind.STOP, stop, stop))
        if number % 17 == 0:
            log.append(Event(len(log) + 1, None, EventKind.CANCEL, NOW, NOW))
        stored(
            session,
            sorted(log, key=lambda event: event.recorded_at),
            a_subject(id=need.id, number=need.number, zone_code=place.region_code),
        )
    projection.rebuild(session)


def test_with_enough_history_every_open_clock_of_the_next_ten_working_days_gets_a_probability(
    session, monkeypatch
):
    a_history(session)
    forecast = forecast_breaches(session, operator(session), {}, now=NOW)
    assert (forecast.model, forecast.enough_history, forecast.as_of) == ("logistic", True, NOW)
    assert forecast.history >= forecast.needed
    assert forecast.fitted_from is not None
    assert forecast.fitted_from < forecast.fitted_to <= NOW.date()
    days = next_working_days(CALENDAR, NOW)
    ids = session.scalars(select(Need.id)).all()
    expected = {
        (subject, reading.stage)
        for subject, found in readings(session, ids, now=NOW).items()
        for reading in found
        if reading.state.value == "running" and reading.due_at and reading.due_at.date() in days
    }
    assert {(clock.need_id, clock.stage) for clock in forecast.clocks} == expected
    assert expected
    assert all(0 < clock.probability < 1 for clock in forecast.clocks)


def test_the_days_are_those_of_the_clocks(session):
    a_history(session)
    forecast = forecast_breaches(session, operator(session), {}, now=NOW)
    assert [day.on for day in forecast.days] == next_working_days(CALENDAR, NOW)
    assert sum(day.clocks for day in forecast.days) == len(forecast.clocks)
    total = sum(clock.probability for clock in forecast.clocks)
    assert sum(day.expected for day in forecast.days) == pytest.approx(total, abs=0.1)
    for day in forecast.days:
        assert day.low <= day.expected + 1
        assert day.expected - 1 <= day.high <= day.clocks


def test_too_little_history_is_said_and_the_rate_so_far_is_given(session):
    a_history(session, needs=20)
    forecast = forecast_breaches(session, operator(session), {}, now=NOW)
    assert (forecast.model, forecast.enough_history) == ("base_rate", False)
    assert f"{forecast.history} / {forecast.needed}" in forecast.note.zh
    assert f"{forecast.history} of {forecast.needed}" in forecast.note
    by_stage = {(clock.stage, clock.probability) for clock in forecast.clocks}
    assert len(by_stage) == len({stage for stage, _ in by_stage}), (
        "one rate per stage, and nothing invented beyond it"
    )


def test_with_nothing_to_go_by_nothing_is_said(session):
    forecast = forecast_breaches(session, operator(session), {}, now=NOW)
    assert (forecast.model, forecast.history, forecast.clocks) == (None, 0, [])
    assert (forecast.fitted_from, forecast.fitted_to) == (None, None)
    at = NOW - timedelta(minutes=1)
    need = a_need(session, submitted_at=at, state="submitted")
    stored(session, [Event(1, None, EventKind.START, at, at)], a_subject(id=need.id, number=need.number))
    projection.rebuild(session)
    forecast = forecast_breaches(session, operator(session), {}, now=NOW)
    assert {clock.probability for clock in forecast.clocks} == {None}
    assert {(day.expected, day.low) for day in forecast.days if day.clocks} == {(None, None)}


def test_an_operator_of_a_zone_is_shown_its_clocks_alone_with_the_same_probabilities(session):
    a_history(session)
    everything = {
        (c.need_id, c.stage): c.probability
        for c in forecast_breaches(session, operator(session), {}, now=NOW).clocks
    }
    own = forecast_breaches(session, operator(session, zone("420500")), {}, now=NOW).clocks
    assert {clock.zone_code for clock in own} == {"420500"}
    assert 0 < len(own) < len(everything)
    for clock in own:
        assert everything[clock.need_id, clock.stage] == pytest.approx(clock.probability)
    filtered = forecast_breaches(
        session, operator(session), {"zone": ["420500"], "stage": ["propose"]}, now=NOW
    )
    assert {(clock.zone_code, clock.stage) for clock in filtered.clocks} <= {("420500", "propose")}
    with pytest.raises(Forbidden):
        forecast_breaches(session, an_actor(session, (Role.BROKER, PROVINCE)), {}, now=NOW)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_past_in_working_days_says_of_every_clock_whether_it_was_breached_as_its_reading_does(
    session, seed
):
    world, at = a_world(session, seed, needs=50), datetime(2026, 7, 1, 3, 0, tzinfo=UTC)
    read = read_past(session, clocks_of(session, "platform", None, at), CALENDAR)
    states = readings(session, [need.id for need in world.needs], now=at)
    known = {need.id for need in world.needs if max(event.recorded_at for event in world.logs[need.id]) <= at}
    compared = 0
    for row, breached, is_known in zip(
        read.rows, read.history.breached, read.history.known(read.at), strict=True
    ):
        reading = next(each for each in states[row.subject_id] if each.stage == row.stage)
        if row.subject_id in known and is_known and reading.awaiting_until is None:
            assert (reading.state.value in ("breached", "waived")) == breached
            compared += 1
    assert compared > 10


def test_working_days_are_those_of_the_calendar_one_by_one(session):
    random = Random(4)
    instants = [
        datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=random.randrange(500_000)) for _ in range(200)
    ]
    at_once = past._days(np.array([at.timestamp() for at in instants]), CALENDAR)
    for at, days in zip(instants, at_once, strict=True):
        worked = CALENDAR.worked.before(CALENDAR.wall_within(at)) / 1e6
        assert days == pytest.approx(worked / CALENDAR.standard_day.total_seconds())


def test_long_breaks_are_the_golden_weeks_and_not_the_weekends():
    found = breaks(CALENDAR)
    days = CALENDAR.worked.day_through
    before_golden_week = CALENDAR.worked.days.index((date(2025, 9, 30) - date(1970, 1, 1)).days)
    assert days[before_golden_week] / 1e6 / CALENDAR.standard_day.total_seconds() in found
    assert len(found) < 0.05 * len(days)


def test_the_next_ten_working_days_step_over_holidays():
    days = next_working_days(CALENDAR, datetime(2026, 2, 13, 2, 0, tzinfo=UTC))
    assert days[:3] == [date(2026, 2, 13), date(2026, 2, 14), date(2026, 2, 24)]
    assert len(days) == int(breach_model.HORIZON)
