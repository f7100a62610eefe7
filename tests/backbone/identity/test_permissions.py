import pytest

from backbone.actor import PROVINCE, Role, Scope, ScopeKind, actor_with
from backbone.identity.permissions import may_grant, may_open_accounts
from tests.factories.identity import zone

SOME_ORGANISATION = Scope(ScopeKind.ORGANISATION, "01a20830-6a35-7290-9892-ce11616c8308")
ADMINISTRATOR = actor_with((Role.ADMINISTRATOR, PROVINCE))
OPERATOR = actor_with((Role.OPERATOR, zone("420100")))


@pytest.mark.parametrize(("held", "may"), [
    ((Role.ADMINISTRATOR, PROVINCE), True), ((Role.ADMINISTRATOR, zone()), False), ((Role.OPERATOR, zone()), True),
    ((Role.OPERATOR, PROVINCE), True), ((Role.BROKER, PROVINCE), False), ((Role.AUDITOR, PROVINCE), False),
    ((Role.TRANSFER_OFFICE, SOME_ORGANISATION), False),
])  # fmt: skip
def test_administrators_and_operators_open_accounts(held, may):
    assert may_open_accounts(actor_with(held)) is may


@pytest.mark.parametrize("role", Role)
def test_an_administrator_grants_every_role(role):
    assert may_grant(ADMINISTRATOR, role, PROVINCE, None)


@pytest.mark.parametrize("role", Role)
def test_a_zones_operator_grants_only_membership_in_organisations(role):
    member = role in {Role.ENTERPRISE_MEMBER, Role.INSTITUTE_MEMBER, Role.TRANSFER_OFFICE}
    assert may_grant(OPERATOR, role, SOME_ORGANISATION, "420100") is member
    for scope, region in ((PROVINCE, None), (zone("420100"), "420100"), (zone("420200"), "420200")):
        assert not may_grant(OPERATOR, role, scope, region)


@pytest.mark.parametrize("role", Role)
def test_a_zones_operator_makes_nobody_but_collectors_in_its_nodes(role):
    node = Scope(ScopeKind.NODE, "HB-HS-03")
    assert may_grant(OPERATOR, role, node, "420100") is (role is Role.COLLECTOR)
    assert not may_grant(OPERATOR, role, node, "420200")
    assert not may_grant(OPERATOR, role, node, None)


@pytest.mark.parametrize(
    ("region", "may"), [("420100", True), ("420100-donghu", True), ("420200", False), (None, False)]
)
def test_a_zones_operator_grants_only_within_the_zone(region, may):
    assert may_grant(OPERATOR, Role.ENTERPRISE_MEMBER, SOME_ORGANISATION, region) is may
