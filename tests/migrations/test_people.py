"""What stood in clear in the records' columns is carried into sealed rows and back, with nothing lost."""

import json
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from backbone import migrate
from backbone.actor import PROVINCE, SYSTEM, Role
from backbone.clock import FrozenClock
from backbone.db import Database, new_id
from backbone.directory.models import Enterprise, Institute
from backbone.idempotency import IdempotencyKey, Kept, claim
from backbone.identity import service as identity
from backbone.identity.models import Account
from backbone.people.erasing import erase
from backbone.people.finding import Asked, find
from backbone.people.normal import ERASED
from sky_net.achievements.models import Achievement
from sky_net.needs.models import Need
from sky_net.talks.models import Contact
from tests.conftest import DIGEST_KEY, PERSONAL_DATA_KEY
from tests.factories.achievements import an_achievement
from tests.factories.identity import an_account
from tests.factories.invitations import an_exchange, an_invitation
from tests.factories.talks import a_contact

BEFORE = "0004-1"
PEOPLE = [{"name": "测试甲", "side": "enterprise"}, {"name": "测试乙", "side": "institute"}]
COLUMNS = {
    "accounts": "login, name",
    "enterprises": "contact_name, contact_phone, contact_email",
    "institutes": "contact_name, contact_phone, contact_email",
    "achievements": "contact_name, contact_phone, contact_email",
    "needs": "contact_name, contact_phone, contact_email, decision_owner, collector",
    "contacts": "people",
}


@pytest.fixture
def _keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv("DIGEST_KEY", DIGEST_KEY)
    monkeypatch.setenv("PERSONAL_DATA_KEY", PERSONAL_DATA_KEY)


@pytest.fixture
def filled(committed_database: Database, clock: FrozenClock) -> Database:
    """A platform with people in every place."""
    with committed_database.transaction() as session:
        exchange = an_exchange(
            session, decision_owner="决策测试", collector=None, contact_email="jia@example.test"
        )
        an_achievement(session, institute=exchange.institute)
        an_invitation(session, exchange.need, exchange.institute, state="accepted")
        a_contact(exchange, people=PEOPLE)
        an_account(session, (Role.ADMINISTRATOR, PROVINCE), login="carried", name="搬迁测试")
        keep(session, clock)
    return committed_database


def keep(session: Session, clock: FrozenClock) -> None:
    claim(session, new_id(), "k", "hmac:x", clock.now(), authority="a")


def in_clear(database: Database) -> dict[str, list[Any]]:
    with database.engine.connect() as connection:
        return {
            table: [
                tuple(row) for row in connection.execute(text(f"select {columns} from {table} order by id"))
            ]
            for table, columns in COLUMNS.items()
        }


def opened(database: Database) -> dict[str, list[Any]]:
    kinds = {"accounts": Account, "enterprises": Enterprise, "institutes": Institute, "achievements": Achievement,
             "needs": Need, "contacts": Contact}  # fmt: skip
    with database.transaction() as session:
        return {
            table: [
                tuple(getattr(row, name) for name in columns.split(", "))
                for row in session.query(kinds[table]).order_by(kinds[table].id)
            ]
            for table, columns in COLUMNS.items()
        }


@pytest.mark.usefixtures("_keys")
def test_everything_is_carried_down_and_up_again(filled: Database, owner: Database):
    stood = opened(filled)
    assert stood["contacts"] == [(PEOPLE,)]
    migrate.downgrade(owner.url, BEFORE)
    assert in_clear(owner) == stood
    migrate.upgrade(owner.url)
    assert opened(filled) == stood
    migrate.check(owner.url)


@pytest.mark.slow
@pytest.mark.usefixtures("_keys")
def test_what_is_carried_up_is_found_by_digest_and_logs_in(filled: Database, owner: Database):
    migrate.downgrade(owner.url, BEFORE)
    migrate.upgrade(owner.url)
    with filled.transaction() as session:
        account = identity.account_of(session, "carried")
        assert account is not None
        assert account.name == "搬迁测试"
        assert len(find(session, Asked("email", "JIA@example.test", exact=True))) == 1


@pytest.mark.slow
@pytest.mark.usefixtures("_keys")
def test_answers_kept_in_clear_are_sealed_and_still_given(
    committed_database: Database, clock: FrozenClock, owner: Database
):
    account_id, plain = new_id(), "ab" * 32
    migrate.downgrade(owner.url, BEFORE)
    row = {
        "id": account_id,
        "hash": plain,
        "now": clock.now(),
        "body": b'{"contact": "13800000000"}',
        "headers": json.dumps({}),
    }
    with owner.engine.begin() as connection:
        connection.execute(
            text(
                "insert into idempotency_keys (account_id, key, request_hash, authority, created_at, status, headers, body)"
                " values (:id, 'k', :hash, 'a', :now, 201, :headers, :body)"
            ),
            row,
        )
    migrate.upgrade(owner.url)
    with committed_database.transaction() as session:
        kept = session.get_one(IdempotencyKey, (account_id, "k"))
        assert b"13800000000" not in kept.body
        assert kept.request_hash.startswith("hmac:")
        assert claim(session, account_id, "k", kept.request_hash, clock.now(), authority="a") == Kept(
            201, {}, row["body"]
        )


@pytest.mark.usefixtures("_keys")
def test_who_was_erased_is_still_so_after_going_down_and_up(
    filled: Database, clock: FrozenClock, owner: Database
):
    with filled.transaction() as session:
        an_account(session, (Role.ADMINISTRATOR, PROVINCE), login="staying")
        erase(session, SYSTEM, Asked("login", "carried"), reason="本人申请", now=clock.now())
    migrate.downgrade(owner.url, BEFORE)
    logins = [login for login, _ in in_clear(owner)["accounts"]]
    assert "carried" not in logins
    assert any(login.startswith(ERASED) for login in logins)


@pytest.mark.slow
def test_with_people_and_without_keys_nothing_is_changed(
    filled: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Any, owner: Database
):
    monkeypatch.setenv("DIGEST_KEY", DIGEST_KEY)
    monkeypatch.setenv("PERSONAL_DATA_KEY", PERSONAL_DATA_KEY)
    migrate.downgrade(owner.url, BEFORE)
    stood = in_clear(owner)
    for name in ("PERSONAL_DATA_KEY", "DIGEST_KEY"):
        with monkeypatch.context() as without:
            without.setenv(name, "short")
            with pytest.raises(SystemExit, match="nothing was changed"):
                migrate.upgrade(owner.url)
        assert in_clear(owner) == stood
    migrate.upgrade(owner.url)
    assert migrate.is_current(filled.url)


@pytest.mark.slow
def test_an_empty_platform_asks_for_no_key(
    committed_database: Database, monkeypatch: pytest.MonkeyPatch, owner: Database
):
    monkeypatch.delenv("PERSONAL_DATA_KEY", raising=False)
    migrate.downgrade(owner.url, BEFORE)
    migrate.upgrade(owner.url)
    migrate.check(owner.url)
