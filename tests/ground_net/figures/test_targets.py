from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from backbone.actor import PROVINCE, Role, actor_with
from backbone.errors import Forbidden, Invalid
from ground_net.figures.models import FigureTarget
from ground_net.figures.targets import list_targets, load_published, set_target
from tests.factories.ground import a_figure_target
from tests.factories.identity import zone
from tests.factories.leads import at_node
from tests.factories.network import a_node

NOW = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
OPERATOR, CHIEF = actor_with((Role.OPERATOR, zone("420200"))), actor_with((Role.ADMINISTRATOR, PROVINCE))
SAID = {"figure": "matching_rate", "year": 2026, "value": 80, "source": "某通知"}


def set_(session, actor=OPERATOR, **more):
    return set_target(session, actor, SAID | more, now=NOW)


def listed(session, actor, **asked):
    page = list_targets(session, actor, {"sort": "-year", "limit": 50, "cursor": None} | asked)
    return {target.id for target in page.items}


def test_a_target_is_of_a_region_or_of_a_node_and_of_its_region(session):
    node = a_node(session, region_code="420200")
    assert set_(session, node_key=node.key).region_code == "420200"
    assert set_(session, region_code="420200").node_key is None


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "region_code"), ({"region_code": "420200", "node_key": "T"}, "region_code"), ({"node_key": "NOWHERE"}, "node_key"),
        ({"region_code": "420200", "value": 101}, "value"), ({"region_code": "420200", "as_of_on": date(2026, 7, 2)}, "as_of_on"),
    ],
)  # fmt: skip
def test_a_target_that_cannot_be_is_refused_by_its_field(session, said, field):
    with pytest.raises(Invalid) as refusal:
        set_(session, **said)
    assert [error["field"] for error in refusal.value.data["errors"]] == [field]


def test_an_operator_sets_those_of_the_own_zone_alone(session):
    with pytest.raises(Forbidden):
        set_(session, region_code="420100")
    with pytest.raises(Forbidden):
        set_(session, actor_with((Role.AUDITOR, PROVINCE)), region_code="420200")


def test_targets_are_listed_for_whom_their_figures_are_told(session):
    node = a_node(session, region_code="420100")
    of_node = a_figure_target(session, "420100", node_key=node.key).id
    of_city, elsewhere = (
        a_figure_target(session, "420100").id,
        a_figure_target(session, "420200", year=2025).id,
    )
    assert listed(session, CHIEF) == {of_node, of_city, elsewhere}
    assert listed(session, CHIEF, year=2025) == listed(session, CHIEF, within=["420200"]) == {elsewhere}
    assert listed(session, OPERATOR) == {elsewhere}
    assert listed(session, actor_with((Role.COLLECTOR, at_node(node)))) == {of_node}
    with pytest.raises(Forbidden):
        listed(session, actor_with((Role.BROKER, zone())))


def test_the_published_targets_are_loaded_once_with_their_source(session):
    assert (load_published(session, CHIEF, now=NOW), load_published(session, CHIEF, now=NOW)) == (4, 0)
    rows = session.scalars(select(FigureTarget)).all()
    assert {row.figure: row.value for row in rows} == {
        "needs_mined": 100, "matching_rate": 80, "events": 12, "cooperations": 50,
    }  # fmt: skip
    assert {(row.region_code, row.year) for row in rows} == {("420200", 2024)}
    assert all("27695" in row.source for row in rows)
