import pytest
from marshmallow import ValidationError
from sqlalchemy.exc import IntegrityError

from backbone.actor import PROVINCE, Role
from backbone.errors import Forbidden, NotFound
from ground_net.providers import schemas, service
from ground_net.providers.errors import ProviderClosed
from tests.factories.directory import an_enterprise
from tests.factories.ground import a_provider
from tests.factories.identity import an_actor, of, zone

ENTRY = {
    "name": "测试中试平台", "kinds": ["pilot_line", "proof_of_concept"], "region_code": "420100", "industries": ["opto"],
    "services": [{"name": "晶圆键合中试", "unit": "批", "price_kind": "on_request"}], "contact": {"name": "窗口", "phone": "027-1"},
    "qualifications": [{"name": "CNAS 认可", "valid_until_on": "2027-12-31"}], "capacity": "每月 30 批",
}  # fmt: skip
ASKED = {"sort": "name", "limit": 20, "address": "x"}


@pytest.fixture
def operator(session):
    return an_actor(session, (Role.OPERATOR, zone()))


def test_an_operator_keeps_the_providers_of_the_own_region(session, operator, clock):
    provider = service.register_provider(session, operator, ENTRY, now=clock.now())
    assert provider.contact == {"name": "窗口", "phone": "027-1", "email": None}
    service.amend_provider(session, operator, provider, {"capacity": "每月 40 批"}, now=clock.now())
    for act in (
        lambda: service.register_provider(
            session, operator, ENTRY | {"region_code": "420200"}, now=clock.now()
        ),
        lambda: service.amend_provider(
            session, operator, provider, {"region_code": "420200"}, now=clock.now()
        ),
        lambda: service.close_provider(
            session, an_actor(session, (Role.BROKER, PROVINCE)), provider.id, now=clock.now()
        ),
    ):
        with pytest.raises(Forbidden):
            act()
    assert provider.region_code == "420100"
    with pytest.raises(NotFound):
        service.close_provider(session, operator, operator.account_id, now=clock.now())


def test_what_is_not_said_of_a_provider_stands_in_no_way(session, operator, clock):
    bare = {name: ENTRY[name] for name in ("name", "kinds", "region_code")}
    provider = service.register_provider(session, operator, bare, now=clock.now())
    assert (provider.services, provider.qualifications, provider.industries) == ([], [], [])


def test_a_provider_that_left_is_neither_listed_nor_amended(session, operator, clock):
    provider = a_provider(session)
    service.close_provider(session, operator, provider.id, now=clock.now())
    assert service.close_provider(session, operator, provider.id, now=clock.now()).closed_at == clock.now()
    assert service.list_providers(session, ASKED).items == []
    with pytest.raises(ProviderClosed):
        service.amend_provider(session, operator, provider, {"capacity": "x"}, now=clock.now())


def test_the_directory_is_searched_by_kind_region_industry_and_words(session, operator, clock):
    pilot = service.register_provider(session, operator, ENTRY, now=clock.now())
    lab = a_provider(session, region_code="420200", industries=["nev"])

    def found(**asked):
        return {provider.id for provider in service.list_providers(session, {**ASKED, **asked}).items}

    assert found() == {pilot.id, lab.id}
    assert (
        found(kind=["proof_of_concept"])
        == found(industry=["opto"])
        == found(q="晶圆")
        == found(q="cnas")
        == {pilot.id}
    )
    assert found(q="cszspt") == {pilot.id}, "by the initials of its name"
    assert found(kind=["testing", "incubator"]) == found(region=["420200"]) == found(q="高低温") == {lab.id}
    assert found(region=["420000"], q="nobody") == set()


def test_the_contact_is_for_those_who_would_ask(session, operator):
    provider = a_provider(session)
    member = an_actor(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session))))
    assert service.may_read_contact(member, provider)
    assert service.may_read_contact(operator, provider)
    assert not service.may_read_contact(an_actor(session, (Role.COLLECTOR, zone())), provider)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"services": [{"name": "x", "price_kind": "published"}]}, "services"),
        ({"services": [{"name": "x", "price_kind": "on_request", "price": "300 元"}]}, "services"),
        ({"qualifications": [{"name": "x", "valid_from_on": "2027-01-01", "valid_until_on": "2026-01-01"}]}, "qualifications"),
        ({"kinds": []}, "kinds"), ({"kinds": ["casino"]}, "kinds"), ({"kinds": ["testing", "testing"]}, "kinds"),
        ({"region_code": "999999"}, "region_code"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(changed, field):
    with pytest.raises(ValidationError) as refused:
        schemas.ProviderEntry().load(ENTRY | changed)
    assert list(refused.value.messages) == [field]


def test_a_provider_of_no_kind_cannot_be_stored(session):
    with pytest.raises(IntegrityError, match="ck_service_providers_kinds"):
        a_provider(session, kinds=[])
