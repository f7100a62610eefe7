"""The roster of duties: who may keep it, whom it takes, and that nobody stands in it twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from backbone.actor import PROVINCE, Role
from backbone.errors import Forbidden, Invalid, NotFound
from sky_net.reminders.duties import appoint, list_duties, relieve
from sky_net.reminders.errors import AlreadyOnDuty
from tests.factories.identity import an_account, an_actor, zone
from tests.factories.notices import a_duty

ASKED = {"sort": "appointed_at", "limit": 20}


def entry(account, level="supervisor", zone_code="420100"):
    return {"zone_code": zone_code, "level": level, "account_id": account.id}


@pytest.fixture
def chief(session):
    return an_actor(session, (Role.ADMINISTRATOR, PROVINCE))


@pytest.fixture
def officer(session):
    return an_account(session, (Role.OPERATOR, zone()))


def test_an_operator_is_put_on_duty_listed_by_name_and_relieved(session, clock, chief, officer):
    duty = appoint(session, chief, entry(officer), now=clock.now())
    [listed] = list_duties(session, chief, ASKED).items
    assert (listed["id"], listed["name"], listed["level"]) == (duty["id"], officer.name, "supervisor")
    for _ in range(2):
        assert relieve(session, chief, duty["id"], now=clock.now())["relieved_at"] == clock.now()
    assert list_duties(session, chief, ASKED).items == []
    assert appoint(session, chief, entry(officer), now=clock.now())["id"] != duty["id"]


def test_nobody_stands_in_it_twice(session, clock, chief, officer):
    first = appoint(session, chief, entry(officer), now=clock.now())
    with pytest.raises(AlreadyOnDuty) as refused:
        appoint(session, chief, entry(officer), now=clock.now())
    assert refused.value.data["id"] == first["id"]
    assert appoint(session, chief, entry(officer, "zone_lead"), now=clock.now())


def test_nor_when_two_appoint_at_once(committed_database, clock):
    with committed_database.transaction() as session:
        chief = an_actor(session, (Role.ADMINISTRATOR, PROVINCE))
        wanted = entry(an_account(session, (Role.OPERATOR, PROVINCE)))
    together = Barrier(3)

    def try_it(_):
        try:
            with committed_database.transaction() as session:
                together.wait()
                appoint(session, chief, wanted, now=clock.now())
        except AlreadyOnDuty:
            return False
        return True

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(try_it, range(3))) == [False, False, True]


@pytest.mark.parametrize(("role", "scope"), [(Role.OPERATOR, zone("420500")), (Role.AUDITOR, PROVINCE)])
def test_only_an_operator_of_the_zone_can_be_on_duty_there(session, clock, chief, role, scope):
    with pytest.raises(Invalid):
        appoint(session, chief, entry(an_account(session, (role, scope))), now=clock.now())


@pytest.mark.parametrize(
    ("role", "scope", "may"),
    [
        (Role.ADMINISTRATOR, PROVINCE, True),
        (Role.ADMINISTRATOR, zone("420100"), True),
        (Role.ADMINISTRATOR, zone("420500"), False),
        (Role.OPERATOR, PROVINCE, True),
        (Role.OPERATOR, zone("420100"), False),
        (Role.AUDITOR, PROVINCE, False),
    ],
)
def test_administrators_of_the_zone_and_operators_of_the_province_keep_it(
    session, clock, officer, role, scope, may
):
    actor = an_actor(session, (role, scope))
    if may:
        assert appoint(session, actor, entry(officer), now=clock.now())
    else:
        with pytest.raises(Forbidden):
            appoint(session, actor, entry(officer), now=clock.now())


def test_each_zone_sees_its_own_roster(session, clock, officer):
    here, away = a_duty(session, officer), a_duty(session, officer, zone_code="420500")
    local = an_actor(session, (Role.OPERATOR, zone("420100")))
    assert [duty["id"] for duty in list_duties(session, local, ASKED).items] == [here.id]
    with pytest.raises(NotFound):
        relieve(session, local, away.id, now=clock.now())
    with pytest.raises(Forbidden):
        relieve(session, local, here.id, now=clock.now())
    with pytest.raises(Forbidden):
        list_duties(session, an_actor(session, (Role.BROKER, zone())), ASKED)
