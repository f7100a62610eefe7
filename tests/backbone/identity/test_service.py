import hashlib
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from backbone.actor import PROVINCE, Actor, Held, Role
from backbone.audit import AuditEvent
from backbone.errors import Forbidden, NotFound, Unauthenticated
from backbone.identity import service
from backbone.identity.errors import LoginTaken, WrongCredentials
from backbone.identity.models import Token
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.identity import MADE_AT, an_account, an_actor, of, zone

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
PASSWORD = "测试密码-至少有十二位长"
FIRST_PAGE = {"sort": "-created_at", "limit": 20}


@pytest.fixture
def administrator(session):
    return an_actor(session, (Role.ADMINISTRATOR, PROVINCE))


@pytest.fixture
def operator(session):
    return an_actor(session, (Role.OPERATOR, zone("420100")))


def actions(session):
    return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


# --- tokens ---


def test_a_token_becomes_the_actor_with_everything_that_is_held(session):
    institute = an_institute(session)
    account = an_account(
        session, (Role.BROKER, PROVINCE), (Role.TRANSFER_OFFICE, of(institute)), name="张测试"
    )
    token, secret = service.issue_token_for(session, account, days=30, now=NOW)
    actor = service.authenticate(session, secret, NOW)
    assert actor == Actor(
        account.id,
        "",
        frozenset({Held(Role.BROKER, PROVINCE), Held(Role.TRANSFER_OFFICE, of(institute))}),
        token.id,
        True,
    )
    assert actor.organisations(Role.TRANSFER_OFFICE) == {institute.id}


def test_an_account_without_roles_is_still_somebody(session):
    account = an_account(session)
    _, secret = service.issue_token_for(session, account, days=1, now=NOW)
    assert service.authenticate(session, secret, NOW).held == frozenset()


def test_only_the_hash_of_a_token_is_stored(session):
    token, secret = service.issue_token_for(session, an_account(session), days=1, now=NOW)
    assert secret.startswith("sw_")
    assert len(secret) > 40
    assert token.secret_hash == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in str(session.execute(select(Token.__table__)).all())


@pytest.mark.parametrize("token", ["", "sw_", "sw_" + "a" * 43, "\udcff", "令牌", "x" * 100_000])
def test_an_unknown_token_is_nobody(session, token):
    service.issue_token_for(session, an_account(session), days=1, now=NOW)
    with pytest.raises(Unauthenticated):
        service.authenticate(session, token, NOW)


def test_a_token_ends_at_its_very_instant(session):
    _, secret = service.issue_token_for(session, an_account(session), days=2, now=NOW)
    ends = NOW + timedelta(days=2)
    assert service.authenticate(session, secret, ends - timedelta(microseconds=1))
    with pytest.raises(Unauthenticated):
        service.authenticate(session, secret, ends)


def test_a_revoked_token_is_nobody_at_once_and_revoking_twice_changes_nothing(session):
    account = an_account(session)
    token, secret = service.issue_token_for(session, account, days=1, now=NOW)
    _, other = service.issue_token_for(session, account, days=1, now=NOW)
    actor = service.authenticate(session, secret, NOW)
    service.revoke_token(session, actor, token.id, now=NOW)
    service.revoke_token(session, actor, token.id, now=NOW + timedelta(hours=1))
    session.flush()
    assert token.revoked_at == NOW
    assert actions(session).count("revoke_token") == 1
    with pytest.raises(Unauthenticated):
        service.authenticate(session, secret, NOW)
    assert service.authenticate(session, other, NOW)


def test_nobody_revokes_or_lists_the_tokens_of_others(session, administrator):
    token, _ = service.issue_token_for(session, an_account(session), days=1, now=NOW)
    for token_id in (token.id, uuid4()):
        with pytest.raises(NotFound):
            service.revoke_token(session, administrator, token_id, now=NOW)
    assert service.list_tokens(session, administrator, FIRST_PAGE, now=NOW).items == []


def test_the_list_shows_what_still_works_newest_first(session):
    account = an_account(session)
    first, secret = service.issue_token_for(session, account, days=3, now=NOW)
    second, _ = service.issue_token_for(session, account, days=3, now=NOW)
    expired, _ = service.issue_token_for(session, account, days=1, now=NOW)
    actor, later = service.authenticate(session, secret, NOW), NOW + timedelta(days=2)
    assert list(service.list_tokens(session, actor, FIRST_PAGE, now=NOW).items) == [expired, second, first]
    service.revoke_token(session, actor, second.id, now=NOW)
    assert list(service.list_tokens(session, actor, FIRST_PAGE, now=later).items) == [first]


def test_the_right_password_gives_a_token_and_leaves_an_event_of_that_account(session, administrator):
    account = service.open_account(
        session, administrator, login="zhang", name="张测试", password=PASSWORD, now=NOW
    )
    token, secret = service.issue_token(
        session, login="zhang", password=PASSWORD, may_write=False, days=7, now=NOW
    )
    assert (token.expires_at, token.may_write) == (NOW + timedelta(days=7), False)
    assert service.authenticate(session, secret, NOW).may_write is False
    session.flush()
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "issue_token")).one()
    assert (event.actor_id, event.token_id) == (account.id, token.id)


@pytest.mark.parametrize(
    ("login", "password"), [("zhang", "错误的密码-至少有十二位长"), ("nobody", PASSWORD), ("Zhang", PASSWORD)]
)
def test_a_wrong_login_and_a_wrong_password_are_refused_alike(session, administrator, login, password):
    service.open_account(session, administrator, login="zhang", name="张测试", password=PASSWORD, now=NOW)
    with pytest.raises(WrongCredentials) as refused:
        service.issue_token(session, login=login, password=password, days=1, now=NOW)
    assert refused.value.data == {}


# --- accounts ---


def test_opening_an_account_keeps_name_and_login_out_of_the_history(session, operator):
    account = service.open_account(
        session, operator, login="zhang", name="张测试", password=PASSWORD, now=NOW
    )
    session.flush()
    assert account.password_hash != PASSWORD
    event = session.scalars(select(AuditEvent).where(AuditEvent.subject_id == account.id)).one()
    assert set(event.after) == {"login", "name"}
    assert all(value.startswith("hmac:") for value in event.after.values())


def test_a_taken_login_is_a_conflict_and_the_transaction_lives_on(session, administrator):
    for login in ("zhang", "li"):
        service.open_account(session, administrator, login=login, name="甲", password=PASSWORD, now=NOW)
    with pytest.raises(LoginTaken):
        service.open_account(session, administrator, login="zhang", name="乙", password=PASSWORD, now=NOW)
    found = [service.account_of(session, login) for login in ("zhang", "li", "wang")]
    assert [account and account.name for account in found] == ["甲", "甲", None]


@pytest.mark.parametrize("held", [(), ((Role.AUDITOR, PROVINCE),), ((Role.ADMINISTRATOR, zone()),)])
def test_others_open_no_accounts(session, held):
    with pytest.raises(Forbidden):
        service.open_account(
            session, an_actor(session, *held), login="x", name="x", password=PASSWORD, now=NOW
        )


def test_an_account_is_shown_to_itself_and_to_administrators_alone(session, administrator, operator):
    account = an_account(session, (Role.BROKER, zone()))
    own = Actor(account.id, account.name)
    assert service.show_account(session, own, account.id) is account
    assert service.show_account(session, administrator, account.id).memberships[0].role == "broker"
    for actor, account_id in ((operator, account.id), (own, operator.account_id), (administrator, uuid4())):
        with pytest.raises(NotFound):
            service.show_account(session, actor, account_id)


def test_demo_accounts_are_noticed(session):
    an_account(session)
    assert service.has_demo_accounts(session) is False
    an_account(session, is_demo=True)
    assert service.has_demo_accounts(session) is True


def test_a_token_narrowed_to_a_role_carries_that_role_alone(session):
    account = an_account(session, (Role.OPERATOR, zone()), (Role.AUDITOR, PROVINCE))
    _, secret = service.issue_token_for(session, account, roles=[Role.AUDITOR], days=1, now=MADE_AT)
    actor = service.authenticate(session, secret, MADE_AT)
    assert {held.role for held in actor.held} == {Role.AUDITOR}


def test_a_token_narrowed_to_a_role_that_was_never_held_carries_nothing(session):
    account = an_account(session, (Role.OPERATOR, zone()))
    _, secret = service.issue_token_for(session, account, roles=[Role.ADMINISTRATOR], days=1, now=MADE_AT)
    assert service.authenticate(session, secret, MADE_AT).held == frozenset()


def test_an_operator_sees_the_account_just_opened_and_the_members_of_the_zone_alone(session):
    operator = an_actor(session, (Role.OPERATOR, zone("420100")))
    inside, outside = (
        an_enterprise(session, region_code="420100"),
        an_enterprise(session, region_code="420200"),
    )
    fresh = an_account(session)
    member = an_account(session, (Role.ENTERPRISE_MEMBER, of(inside)))
    stranger = an_account(session, (Role.ENTERPRISE_MEMBER, of(outside)))
    administrator = an_account(session, (Role.ADMINISTRATOR, PROVINCE))
    assert [service.show_account(session, operator, each.id).id for each in (fresh, member)] == [
        fresh.id,
        member.id,
    ]
    for hidden in (stranger, administrator):
        with pytest.raises(NotFound):
            service.show_account(session, operator, hidden.id)
