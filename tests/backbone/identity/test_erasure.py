"""An erased account is nobody's: no login, no token, no role; and the last administrator cannot go."""

import threading
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import PROVINCE, SYSTEM, Role
from backbone.audit import AuditEvent
from backbone.clock import FrozenClock
from backbone.db import Database
from backbone.errors import Unauthenticated
from backbone.identity import erasure, service
from backbone.identity.errors import WrongCredentials
from backbone.identity.models import Account, Membership, Token
from backbone.people.erasing import erase
from backbone.people.errors import LastAdministrator
from backbone.people.finding import Asked
from backbone.people.normal import ERASED
from sanwang import features
from tests.factories.identity import an_account, an_actor, headers_of

PASSWORD = "a-password-of-tests"


def erase_login(session: Session, login: str, clock: FrozenClock) -> Any:
    return erase(session, SYSTEM, Asked("login", login), reason="本人申请 9", now=clock.now())


def test_the_handler_is_registered_with_the_features():
    assert erasure in features.JOBS


def test_neither_password_nor_token_serves_any_more(session: Session, clock: FrozenClock):
    office = an_actor(session, (Role.ADMINISTRATOR, PROVINCE))
    service.open_account(session, office, login="leaving", name="离任", password=PASSWORD, now=clock.now())
    _, secret = service.issue_token(session, login="leaving", password=PASSWORD, days=1, now=clock.now())
    erase_login(session, "leaving", clock)
    with pytest.raises(WrongCredentials):
        service.issue_token(session, login="leaving", password=PASSWORD, days=1, now=clock.now())
    with pytest.raises(Unauthenticated):
        service.authenticate(session, secret, clock.now())


def test_roles_and_tokens_end_at_that_instant_each_with_its_event(session: Session, clock: FrozenClock):
    account = an_account(session, (Role.BROKER, PROVINCE), (Role.AUDITOR, PROVINCE), login="two-roles")
    headers_of(session, account)
    erase_login(session, "two-roles", clock)
    ended = session.scalars(select(Membership.ended_at).where(Membership.account_id == account.id)).all()
    revoked = session.scalars(select(Token.revoked_at).where(Token.account_id == account.id)).all()
    assert [*ended, *revoked] == [clock.now()] * 3
    actions = session.scalars(select(AuditEvent.action).where(AuditEvent.occurred_at == clock.now())).all()
    assert sorted(actions) == ["end_membership", "end_membership", "erase_person", "revoke_token"]


def test_a_role_that_ended_before_keeps_its_own_end(session: Session, clock: FrozenClock):
    account = an_account(session, (Role.BROKER, PROVINCE), login="long-gone")
    row = session.scalars(select(Membership).where(Membership.account_id == account.id)).one()
    row.ended_at = row.granted_at
    session.flush()
    erase_login(session, "long-gone", clock)
    session.expire_all()
    assert row.ended_at == row.granted_at


def test_the_account_is_shown_as_erased_and_its_login_is_free(session: Session, clock: FrozenClock):
    office = an_actor(session, (Role.ADMINISTRATOR, PROVINCE))
    account = an_account(session, login="reused", name="原主")
    erase_login(session, "reused", clock)
    session.expire_all()
    shown = service.show_account(session, office, account.id)
    assert (shown.login, shown.name, shown.memberships) == (ERASED, ERASED, [])
    later = service.open_account(
        session, office, login="reused", name="后来", password=PASSWORD, now=clock.now()
    )
    assert later.id != account.id
    assert service.account_of(session, "reused") is later


def test_the_last_administrator_is_refused_and_nothing_is_erased(session: Session, clock: FrozenClock):
    account = an_account(session, (Role.ADMINISTRATOR, PROVINCE), login="only-one", name="唯一")
    with pytest.raises(LastAdministrator), session.begin_nested():
        erase_login(session, "only-one", clock)
    session.expire_all()
    assert (account.login, account.name) == ("only-one", "唯一")
    an_account(session, (Role.ADMINISTRATOR, PROVINCE))
    assert erase_login(session, "only-one", clock).erased == 1


def test_of_the_last_two_administrators_erased_at_once_one_stays(
    committed_database: Database, clock: FrozenClock
):
    with committed_database.transaction() as session:
        for login in ("first", "second"):
            an_account(session, (Role.ADMINISTRATOR, PROVINCE), login=login, name=login)
    together, outcomes = threading.Barrier(2), []

    def attempt(login: str) -> None:
        try:
            with committed_database.transaction() as session:
                together.wait()
                erase_login(session, login, clock)
            outcomes.append("erased")
        except LastAdministrator:
            outcomes.append("refused")

    threads = [threading.Thread(target=attempt, args=(login,)) for login in ("first", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["erased", "refused"]
    with committed_database.transaction() as session:
        living = select(Account).join(Membership).where(Membership.ended_at.is_(None))
        assert len(session.scalars(living).all()) == 1
