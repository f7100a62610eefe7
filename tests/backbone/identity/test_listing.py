from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from backbone.actor import PROVINCE, Role, Scope, ScopeKind
from backbone.errors import Forbidden
from backbone.identity.listing import list_accounts
from backbone.identity.memberships import administers
from backbone.identity.models import Account, Membership
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.identity import administrator, an_account, an_actor, of, operator, zone
from tests.factories.network import a_node

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
ASKED = {"limit": 100, "sort": "created_at"}


@pytest.fixture
def people(session):
    """One of each: members here and far, staff of nodes, people with two roles, and those whose roles have ended."""
    here, far = (
        an_enterprise(session, region_code="420100-donghu"),
        an_enterprise(session, region_code="420500"),
    )
    institute, place = an_institute(session, region_code="420100"), a_node(session, region_code="420100")
    held = {
        "member": [(Role.ENTERPRISE_MEMBER, of(here))],
        "office": [(Role.TRANSFER_OFFICE, of(institute))],
        "collector": [(Role.COLLECTOR, Scope(ScopeKind.NODE, place.key))],
        "far": [(Role.ENTERPRISE_MEMBER, of(far))],
        "both": [(Role.ENTERPRISE_MEMBER, of(here)), (Role.ENTERPRISE_MEMBER, of(far))],
        "auditor": [(Role.AUDITOR, zone("420100"))],
        "manager": [(Role.FUND_MANAGER, PROVINCE), (Role.INSTITUTE_MEMBER, of(institute))],
        "left": [(Role.INSTITUTE_MEMBER, of(institute))],
        "left_fund": [(Role.FUND_MANAGER, PROVINCE)],
        "was_far": [(Role.ENTERPRISE_MEMBER, of(here)), (Role.ENTERPRISE_MEMBER, of(far))],
        "never": [],
    }
    made = {name: an_account(session, *roles, name=f"测试{name}") for name, roles in held.items()}
    for name, count in (("left", 1), ("left_fund", 1)):
        for row in _roles(session, made[name])[:count]:
            row.ended_at = NOW
    _roles(session, made["was_far"])[1].ended_at = NOW
    session.flush()
    session.expire_all()
    return made


@pytest.mark.parametrize(
    ("role", "scope", "found"),
    [
        (Role.OPERATOR, zone("420100"), {"member", "office", "collector", "left", "was_far"}),
        (Role.OPERATOR, zone("420500"), {"far"}),
        (Role.OPERATOR, PROVINCE, {"member", "office", "collector", "far", "both", "left", "was_far"}),
        (Role.ADMINISTRATOR, PROVINCE, None),
    ],
)
def test_whoever_administers_accounts_finds_them_and_no_others(session, people, role, scope, found):
    actor = an_actor(session, (role, scope))
    listed = {account.id for account in list_accounts(session, actor, ASKED).items}
    wanted = people if found is None else found
    assert {name for name, account in people.items() if account.id in listed} == set(wanted)
    for name, account in people.items():
        assert (account.id in listed) is administers(session, actor, account.id) or name == "never"


def test_others_are_refused(session, people):
    with pytest.raises(Forbidden):
        list_accounts(session, an_actor(session, (Role.AUDITOR, PROVINCE)), ASKED)


def test_they_are_found_by_login_name_role_and_what_it_is_held_in(client, session, people):
    def found(headers, **asked):
        answer = client.get("/api/accounts", query_string=asked, headers=headers)
        return {each["id"] for each in answer.json["items"]}

    every = administrator(session)
    ids = {name: str(account.id) for name, account in people.items()}
    login = session.get_one(Account, people["far"].id).login
    assert found(every, login=login) == {ids["far"]}
    assert found(every, name="测试 far") == found(every, name="测试far") == {ids["far"]}
    assert found(every, login="nobody") == set()
    (where,) = {row.scope_id for row in _roles(session, people["far"])}
    assert found(every, scope_id=where) == {ids["far"], ids["both"]}  # what has ended finds nobody
    assert found(every, scope_id=where, role="institute_member") == set()
    assert found(every, role="collector") == {ids["collector"]}
    assert found(operator(session, zone("420100")), login=login) == set()


def _roles(session, account):
    query = select(Membership).where(Membership.account_id == account.id).order_by(Membership.id)
    return session.scalars(query).all()
