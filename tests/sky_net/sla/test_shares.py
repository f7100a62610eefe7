"""Over-runs by party as read from the logs of needs and of the clocks about them."""

from datetime import timedelta
from uuid import uuid4

from backbone.actor import SYSTEM
from sky_net.sla import service
from sky_net.sla.attribution import MINUTE, OURS, Party
from sky_net.sla.clocks import ClockState
from sky_net.sla.parties import INSTITUTE
from sky_net.sla.service import Subject
from sky_net.sla.shares import overrun_shares, shares_of
from tests.factories.directory import an_institute
from tests.factories.monitoring import LATEST, a_world
from tests.factories.sla import opened


def test_on_a_single_need_the_shares_of_each_stage_add_up_to_what_its_clock_shows(session, clock):
    institute = an_institute(session)
    need = opened(session, now=clock.now())
    asked = Subject(uuid4(), need.number, need.zone_code, INSTITUTE, need.id, institute.id)
    service.open_party_clock(session, SYSTEM, asked, now=clock.now() + timedelta(days=2))
    now = clock.now() + timedelta(days=6)
    shares = shares_of(session, need.id, now=now)
    assert set(shares) == {"confirm"}
    read = {reading.stage: reading for reading in service.readings(session, [need.id], now=now)[need.id]}
    assert sum(shares["confirm"].values()) == read["confirm"].over // MINUTE
    assert shares["confirm"][Party(INSTITUTE, institute.id)] > 0
    assert shares["confirm"][OURS] > 0


def test_nothing_is_shared_out_of_what_is_not_overdue_or_unknown(session, clock):
    need = opened(session, now=clock.now())
    assert shares_of(session, need.id, now=clock.now()) == {}
    assert shares_of(session, uuid4(), now=clock.now()) == {}


def test_of_a_whole_world_every_breached_clock_is_shared_out_exactly(session):
    world = a_world(session, 23, needs=50)
    read = service.readings(session, [need.id for need in world.needs], now=LATEST)
    breached = {
        (subject, reading.stage): reading.over // MINUTE
        for subject, readings in read.items()
        for reading in readings
        if reading.state is ClockState.BREACHED
    }
    found = overrun_shares(session, breached, LATEST)
    assert {key: sum(held.values()) for key, held in found.items()} == breached
    assert {party.kind for held in found.values() for party in held} >= {
        "platform",
        "institute",
        "enterprise",
    }
