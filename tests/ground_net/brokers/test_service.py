import pytest
from sqlalchemy import event

from backbone.actor import PROVINCE, Role
from backbone.errors import Forbidden, Invalid
from backbone.identity.models import Membership
from backbone.identity.service import actor_of
from ground_net.brokers import service
from ground_net.brokers.errors import BrokerEntered
from tests.factories.ground import a_broker
from tests.factories.identity import an_account, an_actor, zone
from tests.factories.needs import a_need

PROFILE = {"industries": ["opto"], "languages": ["zh", "de"], "zones": ["420100"], "capacity": 5}
ASKED = {"sort": "created_at", "limit": 20, "address": "x"}


@pytest.fixture
def broker(session):
    return an_actor(session, (Role.BROKER, zone()))


@pytest.fixture
def operator(session):
    return an_actor(session, (Role.OPERATOR, zone()))


def test_a_broker_enters_the_own_profile_and_an_operator_of_the_zone_anothers(
    session, broker, operator, clock
):
    shown = service.enter_broker(session, broker, PROFILE, now=clock.now())
    assert (shown.row.account_id, shown.name, shown.load) == (broker.account_id, "测试账号", 0)
    other = an_account(session, (Role.BROKER, zone()))
    assert (
        service.enter_broker(session, operator, {**PROFILE, "account_id": other.id}, now=clock.now()).load
        == 0
    )
    with pytest.raises(BrokerEntered):
        service.enter_broker(session, broker, PROFILE, now=clock.now())


def test_one_serves_only_zones_in_which_one_is_a_broker(session, broker, operator, clock):
    for actor, values in (
        (broker, {**PROFILE, "zones": ["420100", "420200"]}), (operator, PROFILE), (operator, {**PROFILE, "account_id": operator.account_id}),
    ):  # fmt: skip
        with pytest.raises(Invalid):
            service.enter_broker(session, actor, values, now=clock.now())
    row = service.enter_broker(session, broker, PROFILE, now=clock.now()).row
    with pytest.raises(Invalid):
        service.amend_broker(session, broker, row, {"zones": ["420200"]}, now=clock.now())


def test_a_profile_is_kept_by_the_broker_and_the_zone(session, broker, operator, clock):
    row = a_broker(session)
    assert service.amend_broker(session, operator, row, {"capacity": 3}, now=clock.now()).row.capacity == 3
    for stranger in (broker, an_actor(session, (Role.OPERATOR, zone("420200")))):
        with pytest.raises(Forbidden):
            service.amend_broker(session, stranger, row, {"capacity": 4}, now=clock.now())
        entry = {**PROFILE, "account_id": an_account(session, (Role.BROKER, zone())).id}
        with pytest.raises(Forbidden):
            service.enter_broker(session, stranger, entry, now=clock.now())


def test_load_and_record_are_the_brokers_and_of_those_in_office(session, operator):
    row = a_broker(session)
    a_need(session, state="matched", owner_id=row.account_id)
    a_need(session, state="contracted", owner_id=row.account_id)
    itself = actor_of(session, row.account_id)
    for actor in (itself, operator, an_actor(session, (Role.AUDITOR, PROVINCE))):
        assert service.show_broker(session, actor, row.id).load == 1
        record = service.show_record(session, actor, row.id).needs
        assert (record.owned, record.open, record.contracted) == (2, 1, 1)
    for stranger in (
        an_actor(session, (Role.OPERATOR, zone("420200"))),
        an_actor(session, (Role.BROKER, zone())),
    ):
        assert service.show_broker(session, stranger, row.id).load is None
        with pytest.raises(Forbidden):
            service.show_record(session, stranger, row.id)


def test_the_loads_of_a_list_take_one_query_however_long_it_is(session, operator):
    def statements():
        seen = []
        listen = ("before_cursor_execute", lambda *given: seen.append(given[2]))
        event.listen(session.get_bind(), *listen)
        service.list_brokers(session, operator, ASKED)
        event.remove(session.get_bind(), *listen)
        return len(seen)

    a_broker(session)
    one = statements()
    for _ in range(5):
        a_need(session, state="matched", owner_id=a_broker(session).account_id)
    assert statements() == one
    assert [each.load for each in service.list_brokers(session, operator, ASKED).items] == [0, 1, 1, 1, 1, 1]


def test_brokers_are_found_by_what_they_know_while_they_are_brokers(session, operator, clock):
    optics, other = (
        a_broker(session),
        a_broker(session, industries=["nev"], languages=["ja"], zones=["420200"], tech_fields=["电池"]),
    )

    def found(**asked):
        return {shown.row.id for shown in service.list_brokers(session, operator, {**ASKED, **asked}).items}

    assert found() == {optics.id, other.id}
    assert (
        found(industry=["opto", "ai"])
        == found(tech_field="激光焊接")
        == found(language=["en"])
        == {optics.id}
    )
    assert found(region=["420200"]) == {other.id}
    assert found(region=["420000"]) == {optics.id, other.id}
    session.query(Membership).filter_by(account_id=other.account_id).one().ended_at = clock.now()
    session.flush()
    assert found() == {optics.id}
