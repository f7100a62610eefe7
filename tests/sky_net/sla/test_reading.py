"""Lists say the same as a replay at every instant, and show everybody only the own zones."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from backbone.actor import PROVINCE, SYSTEM, Role
from backbone.errors import Forbidden, Invalid
from sky_net.sla import projection, service, stops
from sky_net.sla.calendar import published_calendar
from sky_net.sla.clocks import read_clocks
from sky_net.sla.models import SlaClock
from sky_net.sla.phases import SHOWN_STATES, shown_state
from sky_net.sla.policy import STAGES, policy_on
from sky_net.sla.reading import list_clocks, state_at
from tests.factories.identity import an_actor, zone
from tests.factories.sla import a_confirmation, a_contact, a_log, a_subject, an_instant_after, opened, stored

ASKED = {"sort": "due_at", "limit": 100}


@pytest.mark.parametrize("seed", range(4))
def test_sql_and_replay_give_every_clock_the_same_state_at_any_instant(session, seed):
    random = Random(seed)
    logs = {}
    for _ in range(20):
        subject = a_subject()
        logs[subject.id] = a_log(random)
        stored(session, logs[subject.id], subject)
    projection.rebuild(session)
    policy = policy_on(logs[subject.id][0].occurred_at.date())
    edges = session.scalars(select(SlaClock.phase_starts)).all()
    instants = [an_instant_after(random, log) for log in logs.values()]
    instants += [
        edge + timedelta(microseconds=random.choice((-1, 0, 1))) for starts in edges for edge in starts
    ]
    for now in random.sample(instants, 25):
        shown = session.execute(select(SlaClock.subject_id, SlaClock.stage, state_at(now))).all()
        assert len(shown) == 20 * 3
        for subject_id, stage, state in shown:
            log = logs[subject_id]
            if now >= max(event.recorded_at for event in log):
                assert state == shown_state(read_clocks(log, policy, published_calendar(), now)[stage])


@pytest.mark.parametrize("seed", range(3))
def test_the_states_part_the_list_and_each_entry_shows_the_state_it_was_found_by(session, seed):
    random = Random(seed)
    logs = [a_log(random) for _ in range(25)]
    for log in logs:
        stored(session, log, a_subject())
    projection.rebuild(session)
    now = max(an_instant_after(random, log) for log in logs)
    operator = an_actor(session, (Role.OPERATOR, PROVINCE))
    found = set()
    for state in SHOWN_STATES:
        page = list_clocks(session, operator, ASKED | {"state": [state]}, now=now)
        assert {shown_state(entry.reading) for entry in page.items} <= {state}
        assert not found & {entry.id for entry in page.items}
        found |= {entry.id for entry in page.items}
    assert found == set(session.scalars(select(SlaClock.id)))


def test_before_the_last_event_a_row_shows_its_first_phase(session, clock):
    subject = opened(session, now=clock.now())
    query = select(state_at(clock.now() - timedelta(seconds=1))).where(SlaClock.subject_id == subject.id)
    assert set(session.scalars(query)) == {"running"}


def test_a_breach_shows_without_any_job_having_run(session, clock):
    operator = an_actor(session, (Role.OPERATOR, zone()))
    opened(session, now=clock.now())
    clock.advance(days=2)
    page = list_clocks(session, operator, ASKED | {"state": ["breached"]}, now=clock.now())
    assert [entry.reading.stage for entry in page.items] == ["confirm"]
    assert page.items[0].reading.over > timedelta(0)


def test_an_operator_sees_the_own_zones_and_all_they_contain(session, clock):
    for code in ("420100", "420100-donghu", "420500"):
        opened(session, now=clock.now(), zone_code=code)
    operator = an_actor(session, (Role.OPERATOR, zone("420100")))
    seen = list_clocks(session, operator, ASKED, now=clock.now())
    assert {entry.zone_code for entry in seen.items} == {"420100", "420100-donghu"}
    elsewhere = list_clocks(session, operator, ASKED | {"zone": ["420500"]}, now=clock.now())
    assert elsewhere.items == []


def test_a_corridor_shows_the_clocks_of_its_cities_within_the_own_zones_alone(session, clock):
    for code in ("420100-donghu", "420500", "420800", "outside-gba"):
        opened(session, now=clock.now(), zone_code=code)
    province = an_actor(session, (Role.OPERATOR, PROVINCE))
    wuhan = an_actor(session, (Role.OPERATOR, zone("420100")))

    def zones(actor, *areas):
        page = list_clocks(session, actor, ASKED | {"zone": list(areas)}, now=clock.now())
        return {entry.zone_code for entry in page.items}

    assert zones(province, "new-materials-corridor") == {"420500", "420800"}
    assert zones(province, "auto-corridor", "outside") == {"420100-donghu", "outside-gba"}
    assert zones(wuhan, "auto-corridor", "new-materials-corridor") == {"420100-donghu"}


def test_the_zones_of_the_province_add_up_to_all_clocks(session, clock):
    for code in ("420100", "420100-donghu", "420500", "421000"):
        opened(session, now=clock.now(), zone_code=code)
    operator = an_actor(session, (Role.OPERATOR, PROVINCE))
    whole = list_clocks(session, operator, ASKED, now=clock.now())
    parts = [
        len(list_clocks(session, operator, ASKED | {"zone": [code]}, now=clock.now()).items)
        for code in ("420100", "420500", "421000")
    ]
    assert (len(whole.items), parts) == (12, [6, 3, 3])


@pytest.mark.parametrize(
    ("role", "scope", "count"),
    [(Role.AUDITOR, PROVINCE, 3), (Role.AUDITOR, zone("420100"), 3), (Role.OPERATOR, zone("420500"), 0)],
)
def test_auditors_watch_too_within_their_scope(session, clock, role, scope, count):
    opened(session, now=clock.now())
    page = list_clocks(session, an_actor(session, (role, scope)), ASKED, now=clock.now())
    assert len(page.items) == count


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.OPERATOR, Role.AUDITOR)])
def test_nobody_else_watches_zones(session, clock, role):
    with pytest.raises(Forbidden):
        list_clocks(session, an_actor(session, (role, PROVINCE)), ASKED, now=clock.now())


def test_stage_and_state_filter_together(session, clock):
    operator = an_actor(session, (Role.OPERATOR, zone()))
    met, open_ = opened(session, now=clock.now()), opened(session, now=clock.now())
    stops.stop(session, SYSTEM, met.id, a_confirmation(clock.now()), now=clock.now())
    page = list_clocks(
        session, operator, ASKED | {"stage": ["confirm"], "state": ["running"]}, now=clock.now()
    )
    assert [entry.subject_number for entry in page.items] == [open_.number]


def test_pages_follow_each_other_by_deadline_without_gap_or_repetition(session, clock):
    operator = an_actor(session, (Role.OPERATOR, zone()))
    for _ in range(4):
        opened(session, now=clock.now())
        clock.advance(days=1)
    asked, seen = {"sort": "due_at", "limit": 5}, []
    while True:
        page = list_clocks(session, operator, asked, now=clock.now())
        seen += page.items
        if page.next_cursor is None:
            break
        asked = asked | {"cursor": page.next_cursor}
    assert len({entry.id for entry in seen}) == len(seen) == 12
    assert [entry.reading.due_at for entry in seen] == sorted(entry.reading.due_at for entry in seen)


def test_a_cursor_of_another_filter_is_refused(session, clock):
    operator = an_actor(session, (Role.OPERATOR, zone()))
    opened(session, now=clock.now())
    page = list_clocks(session, operator, {"sort": "due_at", "limit": 1}, now=clock.now())
    with pytest.raises(Invalid):
        list_clocks(
            session, operator, {"sort": "started_at", "limit": 1, "cursor": page.next_cursor}, now=clock.now()
        )


def test_paused_clocks_sort_by_the_deadline_behind_the_longest_pause(session, clock):
    operator = an_actor(session, (Role.OPERATOR, zone()))
    paused, running = opened(session, now=clock.now()), opened(session, now=clock.now())
    service.pause(session, SYSTEM, paused.id, "return", now=clock.now())
    page = list_clocks(session, operator, ASKED | {"stage": ["confirm"]}, now=clock.now())
    assert [entry.subject_id for entry in page.items] == [running.id, paused.id]
    assert page.items[1].reading.due_at is None


def test_readings_of_several_subjects_keep_their_order_of_stages(session, clock):
    subjects = [opened(session, now=clock.now()) for _ in range(3)]
    stops.stop(
        session, SYSTEM, subjects[1].id, a_contact(clock.now(), agreed_at=clock.now()), now=clock.now()
    )
    read = service.readings(session, [subject.id for subject in subjects], now=clock.now())
    assert [tuple(reading.stage for reading in read[subject.id]) for subject in subjects] == [STAGES] * 3
    assert [read[subject.id][1].state for subject in subjects] == ["running", "met", "running"]
