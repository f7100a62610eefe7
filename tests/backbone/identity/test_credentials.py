"""Setting passwords: one's own, another's, and what a password that another knows is good for."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from backbone import db
from backbone.actor import PROVINCE, Role
from backbone.audit import AuditEvent
from backbone.clock import local_date
from backbone.errors import NotFound
from backbone.identity import credentials, service
from backbone.identity.errors import PersonIsErased, WrongCredentials
from backbone.identity.models import Account, Membership, Token
from backbone.identity.passwords import hash_password
from backbone.notices.models import Notice
from tests.factories.directory import an_enterprise
from tests.factories.identity import (
    administrator,
    an_account,
    an_actor,
    headers_of,
    of,
    operator,
    zone,
)
from tests.factories.notices import an_absence

FORMER = "former password of the test"
NEXT = "next password of the test"
GIVEN = "given password of the test"


@pytest.fixture(scope="module")
def hashed():
    return hash_password(FORMER)


@pytest.fixture
def account(session, hashed):
    return an_account(session, login="zhang", password_hash=hashed)


def log_in(client, password, login="zhang"):
    return client.post("/api/tokens", json={"login": login, "password": password})


def change(client, password, new_password, login="zhang"):
    said = {"login": login, "password": password, "new_password": new_password}
    return client.post("/api/passwords", json=said)


def reset(client, headers, account_id, password=GIVEN):
    return client.post(f"/api/accounts/{account_id}/password", json={"password": password}, headers=headers)


def told(session, account):
    mine = select(Notice.kind).where(Notice.recipient_id == account.id).order_by(Notice.created_at, Notice.id)
    return session.scalars(mine).all()


def test_the_holder_changes_it_and_every_token_ends(client, session, account):
    headers = headers_of(session, account)
    assert change(client, FORMER, NEXT).status_code == 200
    assert client.get("/api/me", headers=headers).status_code == 401
    assert log_in(client, FORMER).json["code"] == "wrong_credentials"
    assert log_in(client, NEXT).status_code == 201
    assert told(session, account) == ["password_changed"]


@pytest.mark.parametrize(("login", "password"), [("zhang", "wrong"), ("nobody", FORMER)])
def test_who_does_not_know_the_present_one_changes_nothing(client, session, account, login, password):
    headers = headers_of(session, account)
    assert change(client, password, NEXT, login).json["code"] == "wrong_credentials"
    assert client.get("/api/me", headers=headers).status_code == 200
    assert log_in(client, FORMER).status_code == 201
    assert told(session, account) == []


@pytest.mark.parametrize("new_password", ["eleven sign", FORMER])
def test_a_short_or_the_same_password_is_refused_at_its_field(client, account, new_password):
    refused = change(client, FORMER, new_password)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "new_password")
    assert log_in(client, FORMER).status_code == 201


def test_guessing_by_changing_spends_the_budget_of_logging_in(client, account):
    for _ in range(10):
        assert change(client, "wrong", NEXT).status_code == 401
    assert log_in(client, FORMER).json["code"] == "too_many_attempts"
    assert change(client, FORMER, NEXT).json["code"] == "too_many_attempts"


def test_a_password_that_another_gave_only_serves_to_set_an_own_one(client, session, account):
    headers = headers_of(session, account)
    given = reset(client, administrator(session), account.id)
    assert given.status_code == 200
    assert given.json["password_given_at"] is not None
    assert client.get("/api/me", headers=headers).status_code == 401
    assert log_in(client, FORMER).json["code"] == "wrong_credentials"
    waiting = log_in(client, GIVEN)
    assert (waiting.status_code, waiting.json["code"]) == (409, "password_known_to_another")
    assert "changePassword" in waiting.json["advice"]
    assert change(client, GIVEN, NEXT).json["password_given_at"] is None
    assert log_in(client, NEXT).status_code == 201
    assert told(session, account) == ["password_reset", "password_changed"]


def test_a_password_that_another_gave_lapses(client, session, account, clock):
    reset(client, administrator(session), account.id)
    clock.instant = clock.now() + credentials.GIVEN_FOR - timedelta(seconds=1)
    assert change(client, GIVEN, GIVEN).status_code == 422
    clock.instant = clock.now() + timedelta(seconds=1)
    lapsed = change(client, GIVEN, NEXT)
    assert (lapsed.status_code, lapsed.json["code"]) == (409, "password_lapsed")
    assert log_in(client, GIVEN).status_code == 409
    reset(client, administrator(session), account.id)
    assert change(client, GIVEN, NEXT).status_code == 200


def test_an_operator_resets_for_the_members_of_the_own_zone_alone(client, session):
    enterprise = an_enterprise(session, region_code="420100")
    member = an_account(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
    broker = an_account(session, (Role.ENTERPRISE_MEMBER, of(enterprise)), (Role.BROKER, zone("420100")))
    assert reset(client, operator(session, zone("420500")), member.id).status_code == 404
    assert reset(client, operator(session, zone("420100")), broker.id).status_code == 404
    assert reset(client, operator(session, zone("420100")), member.id).status_code == 200


def test_a_role_granted_meanwhile_is_not_taken_over_with_the_account(committed_database, clock, monkeypatch):
    with committed_database.transaction() as session:
        enterprise = an_enterprise(session, region_code="420100")
        member = an_account(session, (Role.ENTERPRISE_MEMBER, of(enterprise)), password_hash="as it was").id
        helper = an_actor(session, (Role.OPERATOR, zone("420100")))
    administers = credentials.administers

    def granted_after_the_first_look(session, actor, account_id, **how):
        may = administers(session, actor, account_id)
        if may:
            with committed_database.transaction() as other:
                of_the_province = {"scope_kind": "province", "scope_id": None, "granted_at": clock.now()}
                other.add(Membership(account_id=account_id, role=Role.FUND_MANAGER, **of_the_province))
        return may

    monkeypatch.setattr(credentials, "administers", granted_after_the_first_look)
    with pytest.raises(NotFound), committed_database.transaction() as session:
        credentials.reset_password(session, helper, member, GIVEN, now=clock.now())
    with committed_database.transaction() as session:
        assert session.get_one(Account, member).password_hash == "as it was"


def test_nobody_resets_the_own_password(client, session, account):
    chief = an_account(session, (Role.ADMINISTRATOR, PROVINCE))
    refused = reset(client, headers_of(session, chief), chief.id)
    assert (refused.status_code, refused.json["code"]) == (403, "own_password")
    assert reset(client, headers_of(session, account), account.id).json["code"] == "forbidden"


def test_the_account_of_an_erased_person_is_given_no_password(session, clock):
    gone = an_account(session)
    for person in gone.persons:
        session.delete(person)
    session.flush()
    session.expire_all()
    with pytest.raises(PersonIsErased):
        credentials.reset_password(
            session, an_actor(session, (Role.ADMINISTRATOR, PROVINCE)), gone.id, GIVEN, now=clock.now()
        )


def test_the_holder_is_told_while_a_deputy_stands_in(client, session, account, clock):
    today = local_date(clock.now())
    an_absence(session, account, an_account(session), from_on=today, to_on=today)
    reset(client, administrator(session), account.id)
    assert told(session, account) == ["password_reset"]


def test_no_password_and_no_hash_reaches_the_audit(client, session, account):
    reset(client, administrator(session), account.id)
    change(client, GIVEN, NEXT)
    about = select(AuditEvent).where(AuditEvent.subject_id == account.id).order_by(AuditEvent.occurred_at)
    events = session.scalars(about).all()
    assert {event.action for event in events} >= {"reset_password", "change_password"}
    assert all(event.before is None and event.after is None for event in events)


def test_a_login_by_the_former_password_does_not_outlive_the_change(
    committed_database, clock, hashed, monkeypatch
):
    """It looked at the former password before the change, and comes to its lock after it."""
    db.bind(committed_database)
    with committed_database.transaction() as session:
        account_id = an_account(session, login="zhang", password_hash=hashed).id
    looked, changed = Barrier(2), Barrier(2)
    is_password = service.is_password

    def slowly(password, stored):
        fits = is_password(password, stored)
        if password == FORMER and not looked.broken:
            looked.wait(60)
            changed.wait(60)
        return fits

    def log_in_slowly():
        with committed_database.transaction() as session:
            service.issue_token(session, login="zhang", password=FORMER, days=1, now=clock.now())

    monkeypatch.setattr(service, "is_password", slowly)
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(log_in_slowly)
        looked.wait(60)
        looked.abort()
        with committed_database.transaction() as session:
            account = session.get_one(Account, account_id)
            office = an_actor(session, (Role.ADMINISTRATOR, PROVINCE))
            service.hold_account(session, account)
            credentials.reset(session, office, account, GIVEN, now=clock.now())
        changed.wait(60)
        with pytest.raises(WrongCredentials):
            late.result(60)
    with committed_database.transaction() as session:
        living = (
            select(func.count())
            .select_from(Token)
            .where(Token.revoked_at.is_(None), Token.account_id == account_id)
        )
        assert session.scalar(living) == 0
