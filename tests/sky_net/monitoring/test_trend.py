"""The trend is the compliance of each month or week, empty ones included."""

from datetime import date, timedelta

import pytest

from backbone.actor import PROVINCE, Role
from backbone.clock import SHANGHAI
from sky_net.monitoring.compliance import report_compliance
from sky_net.monitoring.tally import Tally
from sky_net.monitoring.trend import report_trend
from sky_net.sla.calendar import shanghai_date
from tests.factories.identity import an_actor
from tests.factories.monitoring import LATEST, a_world
from tests.sky_net.monitoring.recount import by, clocks
from tests.sky_net.monitoring.test_compliance import assert_same

pytestmark = pytest.mark.slow  # recounts of whole worlds

YEAR = {"from_on": date(2025, 12, 1), "to_on": date(2026, 12, 31), "party": "platform"}


@pytest.mark.parametrize("size", ["month", "week"])
def test_every_point_equals_a_recount(session, size):
    world, actor = a_world(session, 9, needs=70), an_actor(session, (Role.AUDITOR, PROVINCE))
    trend = report_trend(session, actor, YEAR | {"by": size}, now=LATEST)

    def begins(at):
        on = at.astimezone(SHANGHAI).date()
        return on.replace(day=1) if size == "month" else on - timedelta(days=on.weekday())

    found = [
        each
        for each in clocks(world, LATEST)
        if date(2025, 12, 1) <= shanghai_date(each.due_at) <= date(2026, 12, 31)
    ]
    expected = by(found, lambda each: [begins(each.due_at)], world, LATEST)
    for point in trend.points:
        assert point.submitted == sum(begins(need.submitted_at) == point.begins_on for need in world.needs)
        if point.begins_on in expected:
            assert_same(point.tally, expected.pop(point.begins_on))
        else:
            assert point.tally == Tally()
    assert expected == {}
    assert len(trend.points) == (13 if size == "month" else 57)


def test_the_months_are_those_of_the_compliance_report(session):
    a_world(session, 10, needs=40)
    actor = an_actor(session, (Role.OPERATOR, PROVINCE))
    trend = report_trend(session, actor, YEAR | {"by": "month", "stage": ["confirm"]}, now=LATEST)
    report = report_compliance(session, actor, YEAR | {"by": ["month"], "stage": ["confirm"]}, now=LATEST)
    months = {line.group[0].key: line.tally for line in report.rows}
    assert {f"{point.begins_on:%Y-%m}": point.tally for point in trend.points if point.tally.clocks} == months


def test_two_centuries_by_week_are_one_answer(session):
    world, actor = a_world(session, 18, needs=20), an_actor(session, (Role.OPERATOR, PROVINCE))
    asked = {"from_on": date(1990, 1, 1), "to_on": date(2200, 12, 31), "party": "platform", "by": "week"}
    trend = report_trend(session, actor, asked, now=LATEST)
    assert len(trend.points) == 11_010
    assert sum(point.submitted for point in trend.points) == len(world.needs)
    assert sum(point.tally.clocks for point in trend.points) == len(list(clocks(world, LATEST)))
