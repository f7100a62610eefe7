import pytest

from backbone.actor import PROVINCE, Role, Scope, ScopeKind, actor_with
from backbone.directory.models import Enterprise
from backbone.directory.permissions import (
    CAN_AMEND,
    CAN_READ_CONTACT_OF_ENTERPRISE,
    CAN_READ_CONTACT_OF_INSTITUTE,
    CAN_READ_ENTERPRISE,
    CAN_REGISTER,
    allows,
    has_zone,
    visible_enterprises,
    zones_of,
)  # fmt: skip
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.identity import of, zone

WUHAN, DONGHU, HUANGSHI = "420100", "420100-donghu", "420200"


def test_a_zone_reaches_down_but_not_up_or_aside():
    actor = actor_with((Role.OPERATOR, zone(WUHAN)))
    assert zones_of(actor, Role.OPERATOR) == {WUHAN, DONGHU}
    assert [has_zone(actor, code, Role.OPERATOR) for code in (WUHAN, DONGHU, HUANGSHI, "420000")] == [
        True,
        True,
        False,
        False,
    ]


def test_the_zone_of_the_province_and_the_province_itself_reach_everything():
    assert DONGHU in zones_of(actor_with((Role.OPERATOR, zone("420000"))), Role.OPERATOR)
    assert zones_of(actor_with((Role.OPERATOR, PROVINCE)), Role.OPERATOR) is None


def test_only_the_roles_asked_for_count():
    actor = actor_with((Role.BROKER, zone(WUHAN)), (Role.OPERATOR, zone(HUANGSHI)))
    assert zones_of(actor, Role.OPERATOR) == {HUANGSHI}
    assert zones_of(actor, Role.AUDITOR) == frozenset()
    assert zones_of(actor_with(), Role.OPERATOR) == frozenset()


def test_several_zones_add_up():
    actor = actor_with((Role.OPERATOR, zone(DONGHU)), (Role.OPERATOR, zone(HUANGSHI)))
    assert zones_of(actor, Role.OPERATOR) == {DONGHU, HUANGSHI}


WHO = {
    "member": lambda row: (Role.ENTERPRISE_MEMBER, of(row)),
    "own zone": lambda row: (Role.OPERATOR, zone(WUHAN)),
    "zone inside": lambda row: (Role.OPERATOR, zone(DONGHU)),
    "other zone": lambda row: (Role.OPERATOR, zone(HUANGSHI)),
    "province": lambda row: (Role.OPERATOR, PROVINCE),
    "auditor": lambda row: (Role.AUDITOR, zone(WUHAN)),
    "administrator": lambda row: (Role.ADMINISTRATOR, PROVINCE),
    "administrator of a zone": lambda row: (Role.ADMINISTRATOR, zone(WUHAN)),
    "broker": lambda row: (Role.BROKER, zone(WUHAN)),
    "node": lambda row: (Role.OPERATOR, Scope(ScopeKind.NODE, WUHAN)),
    "auditor within": lambda row: (Role.AUDITOR, of(row)),
    "broker within": lambda row: (Role.BROKER, of(row)),
}
TABLE = {
    "member": (False, True, True), "own zone": (True, True, True), "zone inside": (False, False, False),
    "other zone": (False, False, False), "province": (True, True, True), "auditor": (False, True, False),
    "administrator": (True, True, True), "administrator of a zone": (False, False, False),
    "broker": (False, False, False), "node": (False, False, False),
    "auditor within": (False, True, False), "broker within": (False, True, False),
}  # fmt: skip


@pytest.mark.parametrize("who", WHO)
def test_the_table_says_who_registers_reads_and_amends(session, who):
    row = an_enterprise(session, region_code=WUHAN)
    actor = actor_with(WHO[who](row))
    assert (
        tuple(allows(rules, actor, row) for rules in (CAN_REGISTER, CAN_READ_ENTERPRISE, CAN_AMEND))
        == TABLE[who]
    )


MAY_RING = {
    "member": (True, True), "own zone": (True, True), "zone inside": (False, True), "other zone": (False, True),
    "province": (True, True), "auditor": (False, False), "administrator": (True, True),
    "administrator of a zone": (False, False), "broker": (False, True), "node": (False, True),
    "auditor within": (True, True), "broker within": (True, True),
}  # fmt: skip


@pytest.mark.parametrize("who", WHO)
def test_the_table_says_who_reads_phone_and_address_of_a_contact(session, who):
    """An enterprise's contact is its own; a transfer office is there to be rung by whoever brings a need."""
    tables = ((an_enterprise, CAN_READ_CONTACT_OF_ENTERPRISE), (an_institute, CAN_READ_CONTACT_OF_INSTITUTE))
    rows = [(make(session, region_code=WUHAN), rules) for make, rules in tables]
    assert tuple(allows(rules, actor_with(WHO[who](row)), row) for row, rules in rows) == MAY_RING[who]


@pytest.mark.parametrize("who", WHO)
def test_the_list_shows_exactly_what_the_table_lets_read(session, who):
    rows = [an_enterprise(session, region_code=code) for code in (WUHAN, DONGHU, HUANGSHI)]
    actor = actor_with(WHO[who](rows[0]))
    listed = {row.id for row in session.scalars(visible_enterprises(actor))}
    assert listed == {row.id for row in session.query(Enterprise) if allows(CAN_READ_ENTERPRISE, actor, row)}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ENTERPRISE_MEMBER])
def test_within_an_institute_its_members_and_transfer_office_alone_amend_it(session, role):
    institute = an_institute(session)
    amends = allows(CAN_AMEND, actor_with((role, of(institute))), institute)
    assert amends == (role in (Role.INSTITUTE_MEMBER, Role.TRANSFER_OFFICE))


def test_a_member_of_an_institute_knows_no_enterprise_by_that(session):
    an_enterprise(session)
    actor = actor_with((Role.INSTITUTE_MEMBER, of(an_institute(session))))
    assert session.scalars(visible_enterprises(actor)).all() == []
