"""The funnel counts every need once at each step that it has reached or passed."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.actor import PROVINCE, Role
from backbone.directory.regions import regions_within
from backbone.errors import Forbidden
from sky_net.monitoring.funnel import STEPS, place_of, report_funnel, steps_of
from sky_net.needs.states import STATES
from sky_net.sla.calendar import shanghai_date
from tests.factories.identity import an_actor, zone
from tests.factories.monitoring import LATEST, a_world

pytestmark = pytest.mark.slow  # recounts of whole worlds

YEAR = {"from_on": date(2026, 1, 1), "to_on": date(2026, 12, 31), "by": []}


def operator(session, scope=PROVINCE):
    return an_actor(session, (Role.OPERATOR, scope))


def recount(world, needs, as_of=LATEST):
    """One need after the other, one step after the other."""
    counts = dict.fromkeys(STEPS, 0)
    for need in needs:
        seen = {step.to_state for step in world.steps[need.id] if step.occurred_at <= as_of}
        places = [place for state in seen if (place := place_of(state)) is not None]
        for place, state in enumerate(STEPS):
            counts[state] += bool(places) and max(places) >= place
    return counts


def told(steps):
    return {step.state: step.needs for step in steps}


@pytest.mark.parametrize("seed", [2, 4])
def test_it_equals_a_recount_of_the_steps(session, seed):
    world, actor = a_world(session, seed, needs=80), operator(session)
    assert told(report_funnel(session, actor, YEAR, now=LATEST).total) == recount(world, world.needs)
    months = report_funnel(session, actor, YEAR | {"by": ["month", "industry"]}, now=LATEST)
    for line in months.rows:
        month, industry = (part.key for part in line.group)
        own = [
            need for need in world.needs
            if f"{shanghai_date(need.submitted_at):%Y-%m}" == month and need.industry == industry
        ]  # fmt: skip
        assert told(line.steps) == recount(world, own)
    assert sum(line.steps[0].needs for line in months.rows) == months.total[0].needs


def test_of_an_instant_gone_by_later_steps_are_not_counted(session):
    world, as_of = a_world(session, 6, needs=60), datetime(2026, 4, 1, tzinfo=UTC)
    report = report_funnel(session, operator(session), YEAR | {"as_of": as_of}, now=LATEST)
    assert told(report.total) == recount(world, world.needs, as_of)


def test_zones_add_up_and_an_operator_of_one_sees_it_alone(session):
    world = a_world(session, 8, needs=60)
    report = report_funnel(session, operator(session), YEAR | {"by": ["zone"]}, now=LATEST)
    rows = {(line.group[0].key, line.group[0].scope): told(line.steps) for line in report.rows}
    tops = [
        counts for (code, scope), counts in rows.items() if scope == "whole" and code in ("420000", "outside")
    ]
    assert {state: sum(counts[state] for counts in tops) for state in STEPS} == told(report.total)
    own = [need for need in world.needs if need.zone_code in regions_within("420100")]
    of_wuhan = report_funnel(session, operator(session, zone("420100")), YEAR | {"by": ["zone"]}, now=LATEST)
    assert told(of_wuhan.total) == recount(world, own)
    assert {line.group[0].key for line in of_wuhan.rows} <= regions_within("420100")


def test_nobody_else_is_told(session):
    with pytest.raises(Forbidden):
        report_funnel(session, an_actor(session, (Role.ENTERPRISE_MEMBER, PROVINCE)), YEAR, now=LATEST)


@given(st.dictionaries(st.integers(0, len(STEPS) - 1), st.integers(0, 99)))
def test_a_funnel_only_narrows_and_its_conversions_multiply_to_the_whole(furthest):
    steps = steps_of(furthest)
    counts = [step.needs for step in steps]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == sum(furthest.values())
    for before, step in pairwise(steps):
        assert (step.conversion is None) == (before.needs == 0)
        if step.conversion is not None:
            assert step.conversion == pytest.approx(step.needs / before.needs, abs=0.00005)


def test_every_state_is_a_step_or_says_nothing_of_progress():
    assert {state for state in STATES if place_of(state) is None} == {
        "draft", "returned", "rejected", "withdrawn", "expired", "parked", "silent", "suspended", "unsolved",
    }  # fmt: skip
    assert place_of("accepted") == place_of("selected") == len(STEPS) - 1
