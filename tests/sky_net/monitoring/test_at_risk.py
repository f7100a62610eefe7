"""The at-risk list: the open clocks at risk or overdue of the own zones, most urgent first, with what to do."""

from datetime import UTC, datetime, timedelta

import pytest

from backbone.actor import PROVINCE, SYSTEM, Role
from backbone.errors import Forbidden
from sky_net.monitoring.at_risk import list_at_risk, minutes_left
from sky_net.sla import stops
from sky_net.sla.clocks import ClockReading, ClockState
from sky_net.sla.phases import shown_state
from sky_net.sla.service import open_promise_clocks, readings
from tests.factories.identity import an_account, an_actor, zone
from tests.factories.monitoring import a_world
from tests.factories.needs import a_need
from tests.factories.sla import a_confirmation, a_contact, a_subject

ASKED = {"sort": "due_at", "limit": 100}
NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)


def operator(session, scope=PROVINCE):
    return an_actor(session, (Role.OPERATOR, scope))


def opened_need(session, at, **values):
    need = a_need(session, submitted_at=at, **{"state": "submitted", **values})
    subject = a_subject(id=need.id, number=need.number, zone_code=need.zone_code)
    open_promise_clocks(session, SYSTEM, subject, now=at)
    return need


@pytest.mark.parametrize(
    "at", [datetime(2026, 3, 2, 4, 0, tzinfo=UTC), datetime(2026, 5, 6, 4, 0, tzinfo=UTC)]
)
def test_the_list_is_that_of_a_replay_of_every_log(session, at):
    world = a_world(session, 41, needs=60)
    known = [need.id for need in world.needs if max(event.recorded_at for event in world.logs[need.id]) <= at]
    page = list_at_risk(session, operator(session), ASKED, now=at)
    read = readings(session, known, now=at)
    expected = {
        (subject, reading.stage): minutes_left(reading)
        for subject, found in read.items()
        for reading in found
        if shown_state(reading) in ("at_risk", "breached") and reading.stopped_at is None
    }
    told = {
        (entry.need_id, entry.stage): entry.left_minutes for entry in page.items if entry.need_id in known
    }
    assert told == expected
    due = [entry.reading.due_at for entry in page.items if entry.need_id in known]
    assert due == sorted(due)


def test_it_says_what_is_left_whose_it_is_and_what_to_do(session):
    owner = an_account(session, name="王运营")
    late = opened_need(session, NOW - timedelta(days=4), owner_id=owner.id)
    soon = opened_need(session, datetime(2026, 3, 9, 1, 0, tzinfo=UTC))
    now = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)  # 16:00: ninety minutes before the close
    page = list_at_risk(session, operator(session), ASKED, now=now)
    first, last = page.items[0], next(entry for entry in page.items if entry.need_id == soon.id)
    assert (first.need_id, first.need_number, first.stage) == (late.id, late.number, "confirm")
    assert first.left_minutes < 0
    assert (first.owner.label.zh, first.owner.key) == ("王运营", str(owner.id))
    assert (last.left_minutes, last.reading.state) == (90, ClockState.RUNNING)
    assert last.owner.key is None
    assert (last.action.code, last.action.label.zh) == ("decide", "确认、退回或不予受理")


def test_what_is_answered_is_not_on_it_and_what_awaits_agreement_asks_for_that(session):
    need = opened_need(session, NOW - timedelta(days=8), state="communicating")
    stops.stop(session, SYSTEM, need.id, a_confirmation(NOW), now=NOW)
    before = {entry.stage for entry in list_at_risk(session, operator(session), ASKED, now=NOW).items}
    assert before == {"communicate"}
    later = NOW + timedelta(days=11)
    stops.stop(session, SYSTEM, need.id, a_contact(later), now=later)
    entries = {
        entry.stage: entry for entry in list_at_risk(session, operator(session), ASKED, now=later).items
    }
    assert entries["communicate"].action.code == "have_talk_agreed"
    assert entries["propose"].action.code == "chase_proposal"
    much_later = later + timedelta(days=10)
    assert {
        entry.stage for entry in list_at_risk(session, operator(session), ASKED, now=much_later).items
    } == {"propose"}


def test_an_operator_sees_the_own_zone_alone_and_can_look_for_one_owner(session):
    owner = an_account(session)
    here = opened_need(session, NOW - timedelta(days=8), zone_code="420100", owner_id=owner.id)
    there = opened_need(session, NOW - timedelta(days=8), zone_code="420500")
    shown = {
        entry.need_id
        for entry in list_at_risk(session, operator(session, zone("420100")), ASKED, now=NOW).items
    }
    assert shown == {here.id}
    everything = {entry.need_id for entry in list_at_risk(session, operator(session), ASKED, now=NOW).items}
    assert everything == {here.id, there.id}
    owned = list_at_risk(session, operator(session), ASKED | {"owner_id": owner.id}, now=NOW)
    assert {entry.need_id for entry in owned.items} == {here.id}
    with pytest.raises(Forbidden):
        list_at_risk(session, an_actor(session, (Role.BROKER, PROVINCE)), ASKED, now=NOW)


def test_pages_part_the_list(session):
    for hours in range(5):
        opened_need(session, NOW - timedelta(days=8, hours=hours))
    whole = [
        (entry.need_id, entry.stage)
        for entry in list_at_risk(session, operator(session), ASKED, now=NOW).items
    ]
    found, cursor, actor = [], None, operator(session)
    while True:
        page = list_at_risk(session, actor, {"sort": "due_at", "limit": 3, "cursor": cursor}, now=NOW)
        found += [(entry.need_id, entry.stage) for entry in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == whole


def test_minutes_are_whole_ones_on_both_sides_of_the_deadline():
    left = ClockReading("confirm", ClockState.RUNNING, remaining=timedelta(minutes=5, seconds=59))
    over = ClockReading("confirm", ClockState.BREACHED, over=timedelta(minutes=5, seconds=59))
    assert (minutes_left(left), minutes_left(over)) == (5, -5)
