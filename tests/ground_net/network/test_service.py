"""Opening, amending, moving and closing nodes."""

from datetime import date

import pytest
from sqlalchemy import func, select

from backbone.actor import PROVINCE, Role, Scope, ScopeKind
from backbone.audit import AuditEvent
from backbone.errors import Bilingual, Forbidden, Invalid, NotFound
from backbone.identity.memberships import grant_membership
from ground_net.network import keeping, service
from ground_net.network.errors import (
    BeyondOperation,
    NetworkRefused,
    NodeCycle,
    NodeIsClosed,
    NodeKeyTaken,
    NodeStillNeeded,
)
from ground_net.network.models import NetworkNode
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.identity import an_account, an_actor, zone
from tests.factories.network import a_hub, a_node

HUANGSHI = "420200"


@pytest.fixture
def operator(session):
    return an_actor(session, (Role.OPERATOR, zone("420100")))


@pytest.fixture
def province(session):
    return an_actor(session, (Role.OPERATOR, PROVINCE))


def entry(key="HB-WH-01", **values):
    return {"key": key, "kind": "node", "name": "测试园区节点", "region_code": "420100", **values}


def count(session, kind=NetworkNode):
    return session.scalar(select(func.count()).select_from(kind))


def test_a_zones_operator_opens_nodes_of_the_zone_below_a_hub_that_serves_it(session, operator, clock):
    a_hub(session, key="HB", region_code="420000")
    node = service.open_node(session, operator, entry(parent="HB", park="光谷"), now=clock.now())
    assert (node.parent.key, node.park, node.closed_at) == ("HB", "光谷", None)
    assert session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == node.id)).all() == [
        "open_node"
    ]


def test_neither_a_node_of_another_zone_nor_one_below_another_zones_hub(session, operator, clock):
    a_hub(session, key="HB-HS", region_code=HUANGSHI)
    for values in (entry(region_code=HUANGSHI, parent="HB-HS"), entry(parent="HB-HS")):
        with pytest.raises(BeyondOperation):
            service.open_node(session, operator, values, now=clock.now())
    with pytest.raises(Forbidden):
        service.open_node(session, an_actor(session, (Role.COLLECTOR, zone())), entry(), now=clock.now())


def test_a_key_is_never_given_twice(session, operator, clock):
    a_hub(session, key="HB-WH", closed_at=clock.now(), closing_reason="撤并")
    with pytest.raises(NodeKeyTaken):
        service.open_node(session, operator, entry("HB-WH", kind="hub"), now=clock.now())


def test_a_host_is_one_of_the_directory_that_the_operator_may_know(session, operator, clock):
    a_hub(session, key="HB")
    own, foreign = an_enterprise(session), an_enterprise(session, region_code=HUANGSHI)
    node = service.open_node(
        session, operator, entry(parent="HB", host_enterprise_id=own.id), now=clock.now()
    )
    assert node.host == {"enterprise_id": own.id, "institute_id": None, "name": own.name}
    with pytest.raises(NetworkRefused) as refused:
        service.open_node(
            session, operator, entry("B", parent="HB", host_enterprise_id=foreign.id), now=clock.now()
        )
    assert refused.value.data["errors"][0]["field"] == "host_enterprise_id"


def test_a_pattern_is_loaded_whole_and_a_second_time_adds_only_what_is_new(session, province, clock):
    rows = [
        entry("HB-HS-01-01", kind="station", parent="HB-HS-01", region_code=HUANGSHI),
        entry("HB-HS-01", parent="HB-HS", region_code=HUANGSHI),
        entry("HB-HS", kind="hub", region_code=HUANGSHI, nodes_planned=6),
    ]
    assert len(service.load_network(session, province, rows, now=clock.now())) == 3
    more = [*rows, entry("HB-HS-02", parent="HB-HS", region_code=HUANGSHI)]
    assert [node.key for node in service.load_network(session, province, more, now=clock.now())] == [
        "HB-HS-02"
    ]
    assert count(session) == 4
    assert count(session, AuditEvent) == 4


def test_a_pattern_with_faults_leaves_nothing(session, province, clock):
    rows = [
        entry("HB", kind="hub", region_code="420000"),
        entry("X", parent="NOWHERE"),
        entry("HB", parent="HB"),
    ]
    with pytest.raises(NetworkRefused) as refused:
        service.load_network(session, province, rows, now=clock.now())
    assert [each["field"] for each in refused.value.data["errors"]] == ["nodes.1.parent", "nodes.2.key"]
    assert all(isinstance(each["problem"], Bilingual) for each in refused.value.data["errors"])
    assert count(session) == count(session, AuditEvent) == 0


def test_one_row_beyond_the_zone_refuses_the_whole_pattern(session, operator, clock):
    rows = [entry("HB-WH", kind="hub"), entry("HB-HS", kind="hub", region_code=HUANGSHI)]
    with pytest.raises(BeyondOperation):
        service.load_network(session, operator, rows, now=clock.now())
    assert count(session) == 0


def test_what_is_said_of_a_node_is_amended_and_an_hour_later_still_true(session, operator, clock):
    node = a_node(session)
    institute = an_institute(session)
    values = {"park": "新园区", "host_institute_id": institute.id, "opened_on": date(2026, 1, 1)}
    service.amend_node(session, operator, node, values, now=clock.now())
    assert (node.park, node.host["name"]) == ("新园区", institute.name)
    assert service.amend_node(session, operator, node, values, now=clock.now()) is node
    assert count(session, AuditEvent) == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"nodes_planned": 8}, "nodes_planned"), ({"opened_on": date(2027, 1, 1)}, "opened_on"),
        ({"host_organisation": "另一单位"}, "host_organisation"),
    ],
)  # fmt: skip
def test_an_amendment_is_checked_like_an_entry(session, operator, clock, values, field):
    node = a_node(session, host_institute_id=an_institute(session).id)
    with pytest.raises(Invalid) as refused:
        service.amend_node(session, operator, node, values, now=clock.now())
    assert [each["field"] for each in refused.value.data["errors"]] == [field]


def test_a_node_is_handed_to_another_zone_only_by_who_runs_both(session, operator, province, clock):
    node = a_node(session)
    with pytest.raises(BeyondOperation):
        service.amend_node(session, operator, node, {"region_code": HUANGSHI}, now=clock.now())
    service.amend_node(session, province, node, {"region_code": HUANGSHI}, now=clock.now())
    with pytest.raises(Forbidden):
        service.amend_node(session, operator, node, {"park": "x"}, now=clock.now())


def test_a_node_moves_with_all_below_it(session, operator, clock):
    old, new = a_hub(session), a_hub(session)
    node = a_node(session, old)
    station = a_node(session, node, kind="station")
    service.move_node(session, operator, node.id, new.key, now=clock.now())
    assert (node.parent_id, station.parent_id) == (new.id, node.id)


def test_a_move_below_itself_is_refused_with_the_circle(session, operator, clock):
    top = a_hub(session, key="A")
    middle = a_hub(session, key="B", parent_id=top.id)
    low = a_hub(session, key="C", parent_id=middle.id)
    for parent, path in ((low, "A → C → B → A"), (top, "A → A")):
        with pytest.raises(NodeCycle) as refused:
            service.move_node(session, operator, top.id, parent.key, now=clock.now())
        assert path in str(refused.value)
    assert top.parent_id is None


def test_a_move_to_an_unknown_closed_or_unfit_parent_is_refused(session, operator, province, clock):
    node, closed = a_node(session), a_hub(session, closed_at=clock.now(), closing_reason="撤并")
    station = a_node(session, kind="station")
    for parent, refusal in (
        ("NOWHERE", Invalid), (closed.key, NodeIsClosed), (station.key, Invalid), (None, Invalid),
        (a_hub(session, region_code=HUANGSHI).key, BeyondOperation),
    ):  # fmt: skip
        with pytest.raises(refusal):
            service.move_node(session, operator, node.id, parent, now=clock.now())
    hub = a_hub(session, parent_id=a_hub(session).id)
    assert service.move_node(session, province, hub.id, None, now=clock.now()).parent_id is None


def test_a_node_with_open_nodes_below_it_is_not_closed(session, operator, clock):
    hub = a_hub(session)
    node = a_node(session, hub)
    with pytest.raises(NodeStillNeeded) as refused:
        service.close_node(session, operator, hub.id, reason="撤并", now=clock.now())
    assert refused.value.data["kept"] == [{"what": "open_nodes", "count": 1}]
    assert "1" in refused.value.sentence().zh
    assert "1 open node(s) below it" in refused.value.sentence()
    service.close_node(session, operator, node.id, reason="撤并", now=clock.now())
    assert (
        service.close_node(session, operator, hub.id, reason="撤并", now=clock.now()).closed_at == clock.now()
    )


def test_whatever_a_feature_above_counts_keeps_a_node_open(session, operator, clock, monkeypatch):
    readers = dict(keeping._readers)
    monkeypatch.setattr(keeping, "_readers", readers)
    keeping.keeps_open("open_leads", Bilingual("未办结的线索", "open lead(s)"))(lambda session, node_id: 3)
    with pytest.raises(NodeStillNeeded) as refused:
        service.close_node(session, operator, a_node(session).id, reason="撤并", now=clock.now())
    assert refused.value.data["kept"] == [{"what": "open_leads", "count": 3}]
    assert "未办结的线索 3 项" in refused.value.sentence().zh


def test_closing_ends_the_roles_held_in_the_node_and_happens_once(session, operator, clock):
    node, account = a_node(session), an_account(session)
    scope = Scope(ScopeKind.NODE, node.key)
    membership = grant_membership(session, operator, account.id, Role.COLLECTOR, scope, now=clock.now())
    service.close_node(session, operator, node.id, reason="撤并", now=clock.now())
    assert membership.ended_at == clock.now()
    closed_at = node.closed_at
    clock.advance(days=1)
    assert (
        service.close_node(session, operator, node.id, reason="再次", now=clock.now()).closed_at == closed_at
    )
    with pytest.raises(NodeIsClosed):
        service.amend_node(session, operator, node, {"park": "x"}, now=clock.now())
    with pytest.raises(NodeIsClosed):
        service.move_node(session, operator, node.id, None, now=clock.now())


def test_only_who_runs_the_zone_moves_and_closes(session, clock):
    node, stranger = a_node(session), an_actor(session, (Role.OPERATOR, zone(HUANGSHI)))
    with pytest.raises(Forbidden):
        service.move_node(session, stranger, node.id, None, now=clock.now())
    with pytest.raises(Forbidden):
        service.close_node(session, stranger, node.id, reason="x", now=clock.now())


def test_an_open_node_is_held_by_key_or_id(session, clock):
    node = a_node(session)
    assert service.require_open_node(session, node.key) is service.require_open_node(session, node.id) is node
    node.closed_at, node.closing_reason = clock.now(), "撤并"
    session.flush()
    with pytest.raises(NodeIsClosed):
        service.require_open_node(session, node.key)
    with pytest.raises(NotFound):
        service.require_open_node(session, "NOWHERE")
