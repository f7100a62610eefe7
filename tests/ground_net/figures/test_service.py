from datetime import UTC, datetime

import pytest

from backbone.actor import PROVINCE, Role, actor_with
from backbone.directory.regions import regions_within
from backbone.errors import Forbidden, Invalid
from ground_net.figures.service import report_ground_net
from ground_net.figures.words import FIGURES
from tests.factories.ground import a_figure_target
from tests.factories.identity import zone
from tests.factories.leads import at_node
from tests.factories.mined import a_mined_world
from tests.ground_net.figures.recount import day_of, in_year, recount

NOW = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
CHIEF = actor_with((Role.AUDITOR, PROVINCE))
ADDS_UP = ("leads", "decided", "needs_mined", "confirmed", "matched", "contracted", "cooperations", "amount_fen",
           "technology_fen", "received_fen", "withheld", "events")  # fmt: skip


def report(session, by, actor=CHIEF, **asked):
    return report_ground_net(session, actor, {"by": by} | asked, now=NOW)


def told(tally):
    return tally.figures | {"funnel": [step["count"] for step in tally.funnel]}


def rows_of(found):
    return {(row.head.key, row.head.scope): told(row.tally) for row in found.rows}


def counted(world, wanted, zones=None, events=True):
    """Recounted, of the leads and events of 2026 that `wanted` says yes to."""
    leads = [lead for lead in world.leads if in_year(day_of(lead.happened_at)) and wanted(lead)]
    held = sum(in_year(event.held_on) and wanted(event) for event in world.events)
    return recount(world, leads, held if events else None, zones)


@pytest.fixture(params=[1, 2, 3])
def world(session, request):
    return a_mined_world(session, request.param)


def below(world, node):
    found, ids = [node], {node.id}
    while new := [each for each in world.nodes if each.parent_id in ids and each.id not in ids]:
        found += new
        ids |= {each.id for each in new}
    return {each.key for each in found}


def test_every_figure_of_every_row_equals_a_recount(session, world):
    by_node = rows_of(report(session, "node"))
    for node in world.nodes:
        keys = below(world, node)
        assert by_node[node.key, "whole"] == counted(world, lambda row, keys=keys: row.node_key in keys)
        if len(keys) > 1:
            assert by_node[node.key, "alone"] == counted(world, lambda row, key=node.key: row.node_key == key)
    by_zone = rows_of(report(session, "zone"))
    for (area, scope), figures in by_zone.items():
        inside = regions_within(area) if scope == "whole" else {area}
        assert figures == counted(world, lambda row, inside=inside: row.zone_code in inside)
    by_month = rows_of(report(session, "month"))
    assert len(by_month) == 12
    for (month, _), figures in by_month.items():
        number = int(month[-2:])
        leads = [
            lead for lead in world.leads if in_year(day := day_of(lead.happened_at)) and day.month == number
        ]
        held = sum(in_year(event.held_on) and event.held_on.month == number for event in world.events)
        assert figures == recount(world, leads, held)
    by_centre = rows_of(report(session, "centre"))
    for centre, linked in world.centres.items():
        mined = counted(
            world, lambda row, linked=linked: getattr(row, "need_id", None) in linked, events=False
        )
        assert by_centre[str(centre.id), None] == mined
    assert told(report(session, "zone").total) == counted(world, lambda row: True)


def test_zones_add_up_to_the_province_and_nodes_to_what_stands_above_them(session, world):
    found = rows_of(report(session, "zone"))
    zones = {key: figures for key, figures in found.items() if key[0].startswith("42")}
    inner = [
        figures for (area, scope), figures in zones.items()
        if (area, scope) in {("420000", "alone"), ("420100", "whole"), ("420200", "whole")}
    ]  # fmt: skip
    for name in ADDS_UP:
        assert sum(figures[name] for figures in inner) == zones["420000", "whole"][name]
    nodes = rows_of(report(session, "node"))
    for node in world.nodes:
        inside = [each for each in world.nodes if each.parent_id == node.id]
        if inside:
            parts = [nodes[node.key, "alone"], *(nodes[each.key, "whole"] for each in inside)]
            assert [sum(part[name] for part in parts) for name in ADDS_UP] == [
                nodes[node.key, "whole"][name] for name in ADDS_UP
            ]
    tops = [nodes[node.key, "whole"] for node in world.nodes if node.parent_id is None]
    total = told(report(session, "node").total)
    assert all(sum(top[name] for top in tops) == total[name] for name in ADDS_UP)


def test_an_operator_is_told_of_the_own_zone_and_no_amount_of_contracts_elsewhere(session, world):
    operator = actor_with((Role.OPERATOR, zone("420100")))
    zones = regions_within("420100")
    found = report(session, "zone", operator)
    assert told(found.total) == counted(world, lambda row: row.zone_code in zones, zones)
    assert {row.head.key for row in found.rows} <= zones


def test_a_collector_is_told_of_the_own_node_without_amounts(session, world):
    node = world.nodes[0]
    found = report(session, "node", actor_with((Role.COLLECTOR, at_node(node))))
    mine = counted(world, lambda row: row.node_key == node.key, zones=())
    assert {row.head.key for row in found.rows} == {node.key}
    assert told(found.total) == mine
    assert mine["amount_fen"] == 0


def test_a_collector_over_a_zone_is_told_of_its_nodes_without_amounts(session, world):
    own = {node.key for node in world.nodes if node.region_code in regions_within("420100")}
    found = report(session, "node", actor_with((Role.COLLECTOR, zone("420100"))))
    assert {row.head.key for row in found.rows} == own
    assert told(found.total) == counted(world, lambda row: row.node_key in own, zones=())
    assert [
        row.head.key for row in report(session, "zone", actor_with((Role.COLLECTOR, zone("420100")))).rows
    ] == []
    with pytest.raises(Forbidden):
        report(session, "node", actor_with((Role.REGISTRAR, zone("420100"))))


def test_a_part_of_the_province_is_counted_as_it_is_asked_for(session, world):
    found = report(session, "zone", within=["420200"])
    assert told(found.total) == counted(world, lambda row: row.zone_code == "420200")
    assert {row.head.key for row in found.rows} <= {"420200"}


def test_a_target_stands_beside_what_is_all_seen_of_its_year_alone(session):
    a_mined_world(session, 4)
    a_figure_target(session, "420200", value=10_000)
    latest = a_figure_target(session, "420200", value=0)
    a_figure_target(session, "420200", figure="matching_rate", value=100)
    a_figure_target(session, "420200", year=2025)
    [row] = [row for row in report(session, "zone").rows if row.head.key == "420200"]
    [events, rate] = sorted(row.targets, key=lambda each: each.target.figure)
    assert (events.target, events.value, events.met) == (latest, row.tally.events, True)
    assert (rate.value, rate.met) == (
        pytest.approx(100 * row.tally.figure("matching_rate"), abs=0.006),
        False,
    )
    assert rate.value > 1, "a target of 80 and a share of 0.85 side by side say that it was missed"
    parted = report(session, "zone", from_on=datetime(2026, 2, 1, tzinfo=UTC).date())
    assert all(line.targets == [] for line in parted.rows)


def test_the_target_of_a_region_where_nothing_was_heard_is_shown_as_missed(session):
    a_figure_target(session, "420300")
    a_figure_target(session, "420300", figure="valid_share", value=50)
    [row] = report(session, "zone").rows
    assert {each.target.figure: (each.value, each.met) for each in row.targets} == {
        "events": (0, False), "valid_share": (None, None),
    }  # fmt: skip


def test_who_reports_on_nothing_is_refused_and_days_in_the_wrong_order_too(session):
    for role in (Role.BROKER, Role.REGISTRAR):
        with pytest.raises(Forbidden):
            report(session, "zone", actor_with((role, zone())))
    with pytest.raises(Invalid):
        report(session, "zone", from_on=NOW.date(), to_on=NOW.date().replace(day=1, month=1))


def test_the_answer_says_what_every_figure_means(session):
    found = report(session, "centre")
    assert [figure.key for figure in found.definitions] == list(FIGURES)
    assert all(figure.definition.zh and str(figure.definition) for figure in found.definitions)
