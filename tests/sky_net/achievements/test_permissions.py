from datetime import date

import pytest
from sqlalchemy import select

from backbone.actor import PROVINCE, SYSTEM, Role, actor_with
from sky_net.achievements import permissions
from sky_net.achievements.models import Achievement
from sky_net.achievements.permissions import (
    CAN_AMEND,
    CAN_HIDE,
    CAN_PUBLISH,
    CAN_READ_FULL,
    CAN_RECONFIRM,
    CAN_WITHDRAW,
    allows,
    is_offered,
    may_read,
    may_register,
    offered,
    readable,
)  # fmt: skip
from tests.factories.achievements import an_achievement
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.identity import of, zone

TODAY = date(2026, 3, 10)
WHO = {
    "member": lambda row, s: (Role.INSTITUTE_MEMBER, of_institute(row)),
    "transfer office": lambda row, s: (Role.TRANSFER_OFFICE, of_institute(row)),
    "zone operator": lambda row, s: (Role.OPERATOR, zone("420100")),
    "province operator": lambda row, s: (Role.OPERATOR, PROVINCE),
    "other zone operator": lambda row, s: (Role.OPERATOR, zone("420200")),
    "other institute": lambda row, s: (Role.TRANSFER_OFFICE, of(an_institute(s))),
    "enterprise": lambda row, s: (Role.ENTERPRISE_MEMBER, of(an_enterprise(s))),
    "broker": lambda row, s: (Role.BROKER, PROVINCE),
    "auditor": lambda row, s: (Role.AUDITOR, PROVINCE),
    "wrong role in the institute": lambda row, s: (Role.ENTERPRISE_MEMBER, of_institute(row)),
}
OWN, OPERATOR, NOBODY = (
    (True, True, True, True, True, True),
    (True, False, False, False, True, True),
    (False,) * 6,
)
TABLE = {
    "member": OWN, "transfer office": OWN, "zone operator": OPERATOR, "province operator": OPERATOR,
    "other zone operator": NOBODY, "other institute": NOBODY, "enterprise": NOBODY, "broker": NOBODY, "auditor": NOBODY,
    "wrong role in the institute": NOBODY,
}  # fmt: skip
LIVES = {
    "on offer": {}, "hidden": {"state": "hidden"}, "withdrawn": {"state": "withdrawn"}, "internal": {"secrecy": "internal"},
    "expired": {"valid_until_on": date(2026, 3, 9)}, "on its last day": {"valid_until_on": TODAY},
}  # fmt: skip


def of_institute(row):
    from types import SimpleNamespace

    return of(SimpleNamespace(id=row.institute_id))


@pytest.mark.parametrize("who", WHO)
def test_the_table_says_who_reads_all_amends_confirms_withdraws_hides_and_publishes(session, who):
    row = an_achievement(session)
    actor = actor_with(WHO[who](row, session))
    rules = (CAN_READ_FULL, CAN_AMEND, CAN_RECONFIRM, CAN_WITHDRAW, CAN_HIDE, CAN_PUBLISH)
    assert tuple(allows(rule, actor, row) for rule in rules) == TABLE[who]
    assert may_register(actor, row.institute_id) is (TABLE[who] is OWN)


@pytest.mark.parametrize("life", LIVES)
def test_only_what_is_visible_open_and_current_is_on_offer(session, life):
    row = an_achievement(session, **LIVES[life])
    on_offer = life in {"on offer", "on its last day"}
    assert is_offered(row, TODAY) is on_offer
    assert session.scalars(select(Achievement).where(offered(TODAY))).all() == ([row] if on_offer else [])


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("life", LIVES)
def test_sql_and_python_agree_on_who_may_read_what(session, who, life):
    row = an_achievement(session, **LIVES[life])
    actor = actor_with(WHO[who](row, session))
    expected = life in {"on offer", "on its last day"} or TABLE[who] is not NOBODY
    assert may_read(actor, row, TODAY) is expected
    assert bool(session.scalars(select(Achievement).where(readable(actor, TODAY))).all()) is expected


def test_jobs_read_what_is_on_offer(session):
    row = an_achievement(session)
    an_achievement(session, state="hidden")
    assert session.scalars(select(Achievement).where(readable(SYSTEM, TODAY))).all() == [row]


def test_operators_of_a_zone_are_those_of_the_institutes_zone_not_of_the_offers_region(session):
    row = an_achievement(session, zone_code="420100", region_code="420200")
    assert permissions.is_operator_of(actor_with((Role.OPERATOR, zone("420100"))), row)
    assert not permissions.is_operator_of(actor_with((Role.OPERATOR, zone("420200"))), row)
