"""The compliance report is the recount of the event log, however it is cut, and at any instant."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest

from backbone.actor import PROVINCE, Role
from backbone.clock import SHANGHAI
from backbone.directory.regions import REGIONS, regions_within
from backbone.errors import Forbidden, Invalid
from sky_net.monitoring.compliance import Line, report_compliance
from sky_net.monitoring.tally import Tally
from sky_net.sla.calendar import shanghai_date
from tests.factories.identity import an_actor, zone
from tests.factories.monitoring import INDUSTRIES, LATEST, World, a_world
from tests.sky_net.monitoring.recount import KEYS, by, clocks, tally

pytestmark = pytest.mark.slow  # recounts of whole worlds

YEAR = {"from_on": date(2026, 1, 1), "to_on": date(2026, 12, 31), "party": "platform", "by": ["stage"]}


def operator(session, scope=PROVINCE):
    return an_actor(session, (Role.OPERATOR, scope))


def shown(told: Tally) -> dict[str, Any]:
    """The tally as the recount tells it, shares apart."""
    names = ("clocks", "needs", "past_due", "unanswered", "returns", "median_hours", "p90_hours")
    return {name: getattr(told, name) for name in names} | {
        "states": {state: count for state, count in told.states.items() if count}
    }


def assert_same(told: Tally, counted: dict[str, Any]) -> None:
    shares = {name: counted.pop(name) for name in ("compliance", "paused_share")}
    hours = {name: counted.pop(name) for name in ("median_hours", "p90_hours")}
    said = shown(told)
    for name, expected in hours.items():
        assert said.pop(name) == (None if expected is None else pytest.approx(expected, abs=0.011)), name
    assert said == counted
    for name, expected in shares.items():
        assert getattr(told, name) == (None if expected is None else pytest.approx(expected, abs=0.00006)), (
            name
        )
    assert sum(told.states.values()) == told.clocks


def key_of(line: Line) -> Any:
    part = line.group[0]
    if part.by == "zone":
        return f"{part.key}/{part.scope}"
    return UUID(part.key) if part.key and part.by in ("operator", "institute") else part.key


@pytest.mark.parametrize("seed", [3, pytest.param(7, marks=pytest.mark.slow)])
def test_every_breakdown_equals_a_recount_from_the_event_log(session, seed):
    world, actor = a_world(session, seed, needs=120), operator(session)
    for cut, keys in KEYS.items():
        report = report_compliance(session, actor, YEAR | {"by": [cut]}, now=LATEST)
        found = [each for each in clocks(world, LATEST) if each.due_at.astimezone(SHANGHAI).year == 2026]
        expected = by(found, keys(world), world, LATEST)
        assert {key_of(line) for line in report.rows} == set(expected), cut
        for line in report.rows:
            assert_same(line.tally, expected[key_of(line)])
        assert_same(report.total, tally(found, world, LATEST))


def test_filters_and_two_breakdowns_at_once_equal_the_recount(session):
    world, actor, random = a_world(session, 11, needs=120), operator(session), Random(11)
    every = list(clocks(world, LATEST))
    for _ in range(6):
        first, stage = (
            date(2026, random.randint(1, 6), random.randint(1, 28)),
            random.choice(["confirm", "propose"]),
        )
        last, industry = first + timedelta(days=random.randint(0, 60)), random.choice(INDUSTRIES[:2])
        asked = {"from_on": first, "to_on": last, "stage": [stage], "industry": [industry], "zone": ["420100"],
                 "party": "platform", "by": ["operator", "month"]}  # fmt: skip
        found = [
            each for each in every
            if first <= shanghai_date(each.due_at) <= last and each.stage == stage and each.need.industry == industry
            and each.need.zone_code in regions_within("420100")
        ]  # fmt: skip
        report = report_compliance(session, actor, asked, now=LATEST)
        assert_same(report.total, tally(found, world, LATEST))
        expected = by(
            found,
            lambda each: [(each.need.owner_id, each.due_at.astimezone(SHANGHAI).strftime("%Y-%m"))],
            world,
            LATEST,
        )
        told = {
            tuple(
                UUID(part.key) if part.key and part.by == "operator" else part.key for part in line.group
            ): line.tally
            for line in report.rows
        }
        assert told.keys() == expected.keys()
        for key, counted in expected.items():
            assert_same(told[key], counted)


def test_a_report_of_any_instant_gone_by_can_be_had_again(session):
    world, actor, random = a_world(session, 5, needs=60), operator(session), Random(5)
    instants = [event.recorded_at for log in world.logs.values() for event in log]
    for as_of in [*random.sample(instants, 3), datetime(2026, 3, 2, 4, 0, tzinfo=UTC)]:
        report = report_compliance(session, actor, YEAR | {"as_of": as_of, "by": ["stage"]}, now=LATEST)
        found = [each for each in clocks(world, as_of) if each.due_at.astimezone(SHANGHAI).year == 2026]
        assert report.as_of == as_of
        assert_same(report.total, tally(found, world, as_of))


def totals(lines: list[Line]) -> dict[tuple[str, str], Tally]:
    return {(line.group[0].key or "", line.group[0].scope or ""): line.tally for line in lines}


def test_the_zones_add_up_to_the_province(session):
    a_world(session, 13, needs=80)
    report = report_compliance(session, operator(session), YEAR | {"by": ["zone"]}, now=LATEST)
    rows = totals(report.rows)
    tops = [code for code, region in REGIONS.items() if region.within is None]
    for count in ("clocks", "needs", "returns", "past_due", "budget_minutes", "paused_minutes"):
        assert sum(getattr(rows.get((code, "whole"), Tally()), count) for code in tops) == getattr(
            report.total, count
        )
        for code in REGIONS:
            inner = [region.code for region in REGIONS.values() if region.within == code]
            if inner:
                parts = [rows.get((code, "alone")), *(rows.get((each, "whole")) for each in inner)]
                whole = rows.get((code, "whole"), Tally())
                assert sum(getattr(part, count) for part in parts if part) == getattr(whole, count)


def test_an_operator_of_a_zone_sees_that_zone_alone_and_all_that_lies_in_it(session):
    world = a_world(session, 17, needs=80)
    of_wuhan = operator(session, zone("420100"))
    report = report_compliance(session, of_wuhan, YEAR | {"by": ["zone"]}, now=LATEST)
    own = [
        each for each in clocks(world, LATEST)
        if each.need.zone_code in regions_within("420100") and each.due_at.astimezone(SHANGHAI).year == 2026
    ]  # fmt: skip
    assert_same(report.total, tally(own, world, LATEST))
    assert {line.group[0].key for line in report.rows} <= regions_within("420100")
    province = totals(report_compliance(session, operator(session), YEAR | {"by": ["zone"]}, now=LATEST).rows)
    for key, told in totals(report.rows).items():
        assert told == province[key], "what the zone is shown of itself is what the province is shown of it"


def test_the_own_clocks_of_the_institutes_are_reported_by_institute(session):
    world = a_world(session, 19, needs=40)
    asked = YEAR | {"by": ["institute"], "party": "institute"}
    report = report_compliance(session, operator(session), asked, now=LATEST)
    invited = [institute for own in world.invited.values() for institute in own]
    assert report.total.clocks == len(invited)
    assert {UUID(line.group[0].key or ""): line.tally.clocks for line in report.rows} == {
        each: invited.count(each) for each in set(invited)
    }


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.OPERATOR, Role.AUDITOR)])
def test_nobody_else_is_reported_to(session, role):
    if role is Role.ADMINISTRATOR:
        return
    with pytest.raises(Forbidden):
        report_compliance(session, an_actor(session, (role, zone())), YEAR, now=LATEST)


def test_without_days_it_is_the_present_month_and_nothing_lies_ahead(session):
    actor = operator(session)
    report = report_compliance(session, actor, {"by": [], "party": "platform"}, now=LATEST)
    assert (report.period.first, report.period.last) == (date(2026, 11, 1), date(2026, 11, 30))
    assert report.total == Tally()
    assert report.total.compliance is None
    for wrong in (
        {"as_of": LATEST + timedelta(seconds=1)},
        {"from_on": date(2026, 2, 2), "to_on": date(2026, 2, 1)},
    ):
        with pytest.raises(Invalid):
            report_compliance(session, actor, {"by": [], "party": "platform"} | wrong, now=LATEST)


def test_a_world_has_what_makes_the_recount_worth_something(session):
    world: World = a_world(session, 3, needs=120)
    instants = (LATEST, datetime(2026, 3, 2, 4, 0, tzinfo=UTC))
    states = {each.state for as_of in instants for each in clocks(world, as_of)}
    assert {"met", "breached", "cancelled", "running"} <= states
    assert any(each.paused for each in clocks(world, LATEST))
