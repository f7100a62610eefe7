"""Another version of the policy: deadlines move, what was breached or answered in time stays so."""

from datetime import datetime

import pytest
from sqlalchemy import select

from backbone.actor import SYSTEM
from backbone.clock import SHANGHAI
from sky_net.sla import service, stops
from sky_net.sla.clocks import ClockState
from sky_net.sla.errors import PolicyUnknown
from sky_net.sla.models import SlaClock
from sky_net.sla.revisions import revise_policy
from tests.factories.sla import LONGER, a_confirmation, a_longer_policy, opened


def at(day, hour=9):
    return datetime(2026, 3, day, hour, 0, tzinfo=SHANGHAI)


@pytest.fixture
def longer(monkeypatch):
    return a_longer_policy(monkeypatch)


def readings(session, subject, now):
    return {one.stage: one for one in service.readings(session, [subject.id], now=now)[subject.id]}


@pytest.mark.usefixtures("longer")
def test_open_clocks_are_read_under_the_version_that_their_log_names(session):
    subject = opened(session, now=at(10, 11))
    moves = revise_policy(session, SYSTEM, LONGER, None, now=at(10, 12))
    assert {move.stage for move in moves} == {"confirm", "communicate", "propose"}
    assert readings(session, subject, at(10, 13))["confirm"].due_at == at(12, 17).replace(minute=30)
    assert set(session.scalars(select(SlaClock.policy_version))) == {LONGER}
    assert revise_policy(session, SYSTEM, LONGER, None, now=at(10, 14)) == []


@pytest.mark.usefixtures("longer")
def test_a_breach_stays_one_and_what_was_answered_in_time_too(session):
    late, early = opened(session, now=at(10, 11)), opened(session, now=at(10, 11))
    stops.stop(session, SYSTEM, early.id, a_confirmation(at(11, 10)), now=at(11, 10))
    revise_policy(session, SYSTEM, LONGER, None, now=at(12, 10))
    breached, met = (readings(session, one, at(12, 11))["confirm"] for one in (late, early))
    assert (breached.state, breached.kept_breached) == (ClockState.BREACHED, True)
    assert met.state is ClockState.MET
    assert {breached.due_at, met.due_at} == {at(12, 17).replace(minute=30)}


@pytest.mark.usefixtures("longer")
def test_another_zone_keeps_its_policy(session):
    opened(session, now=at(10, 11), zone_code="420500")
    assert revise_policy(session, SYSTEM, LONGER, {"420100"}, now=at(10, 12)) == []


def test_a_version_that_was_never_shipped_is_refused_by_name(session):
    with pytest.raises(PolicyUnknown, match="nope"):
        revise_policy(session, SYSTEM, "nope", None, now=at(10, 12))
