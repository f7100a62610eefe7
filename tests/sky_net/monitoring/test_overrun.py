"""The over-run report hands out every minute over, once."""

from datetime import UTC, date, datetime

import pytest

from backbone.actor import PROVINCE, Role
from backbone.directory.regions import regions_within
from backbone.errors import Forbidden, Invalid
from sky_net.monitoring import overrun
from sky_net.monitoring.overrun import report_overrun
from sky_net.sla.attribution import MINUTE
from sky_net.sla.calendar import published_calendar
from sky_net.sla.clocks import ClockState, read_clock
from sky_net.sla.policy import policy_on
from tests.factories.identity import an_actor, zone
from tests.factories.monitoring import LATEST, a_world
from tests.sky_net.monitoring.recount import log_of

pytestmark = pytest.mark.slow  # recounts of whole worlds

YEAR = {"from_on": date(2026, 1, 1), "to_on": date(2027, 3, 31), "by": "kind"}


def operator(session, scope=PROVINCE):
    return an_actor(session, (Role.OPERATOR, scope))


def recount(world, needs, as_of=LATEST):
    """(clocks, minutes) over, by replay."""
    clocks = minutes = 0
    for need in needs:
        log = log_of(world, need, as_of)
        policy = policy_on(date(2026, 1, 1))
        for stage in policy.stages.values() if log else ():
            reading = read_clock(log, stage, policy.pauses, published_calendar(), as_of)
            if reading.state is ClockState.BREACHED:
                clocks, minutes = clocks + 1, minutes + reading.over // MINUTE
    return clocks, minutes


@pytest.mark.parametrize("by", ["kind", "organisation"])
def test_the_parts_add_up_to_what_a_replay_of_every_log_gives(session, by):
    world = a_world(session, 12, needs=60)
    for as_of in (None, datetime(2026, 4, 2, 2, 0, tzinfo=UTC)):
        asked = YEAR | {"by": by} | ({"as_of": as_of} if as_of else {})
        report = report_overrun(session, operator(session), asked, now=LATEST)
        assert (report.clocks, report.minutes) == recount(world, world.needs, as_of or LATEST)
        assert sum(row.minutes for row in report.rows) == report.minutes
        assert sum(row.share or 0 for row in report.rows) == pytest.approx(1, abs=0.001)


def test_organisations_are_named_and_make_up_their_kind(session):
    a_world(session, 14, needs=60)
    kinds = {
        row.kind: row.minutes for row in report_overrun(session, operator(session), YEAR, now=LATEST).rows
    }
    rows = report_overrun(session, operator(session), YEAR | {"by": "organisation"}, now=LATEST).rows
    assert set(kinds) == {"platform", "institute", "enterprise"}
    for kind, minutes in kinds.items():
        assert sum(row.minutes for row in rows if row.kind == kind) == minutes
    assert all(row.label.zh.startswith(("测试院所", "测试企业")) for row in rows if row.organisation_id)
    assert [row.minutes for row in rows] == sorted((row.minutes for row in rows), reverse=True)


def test_an_operator_of_a_zone_is_told_of_that_zone_alone(session):
    world = a_world(session, 15, needs=60)
    own = [need for need in world.needs if need.zone_code in regions_within("420100")]
    report = report_overrun(session, operator(session, zone("420100")), YEAR, now=LATEST)
    assert (report.clocks, report.minutes) == recount(world, own)
    with pytest.raises(Forbidden):
        report_overrun(session, an_actor(session, (Role.BROKER, zone())), YEAR, now=LATEST)


def test_too_much_at_once_is_refused_with_advice(session, monkeypatch):
    a_world(session, 16, needs=20)
    monkeypatch.setattr(overrun, "MOST_REPLAYED", 3)
    with pytest.raises(Invalid):
        report_overrun(session, operator(session), YEAR, now=LATEST)


def test_nothing_over_is_nothing_to_share(session):
    report = report_overrun(session, operator(session), YEAR, now=LATEST)
    assert (report.clocks, report.minutes, report.rows) == (0, 0, [])
