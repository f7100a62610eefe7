"""Another key: what the older one sealed is sealed anew, in batches, and then the older one can go."""

import threading

import pytest
from sqlalchemy.orm import Session

from backbone import encryption, idempotency
from backbone.clock import FrozenClock
from backbone.db import Database
from backbone.directory.models import Enterprise
from backbone.encryption import Keyring, Unopened
from backbone.people import rotating
from backbone.people.rotating import count_outdated, opens_what_is_stored, reseal_some
from tests.conftest import PERSONAL_DATA_KEY
from tests.factories.directory import an_enterprise
from tests.factories.identity import an_account
from tests.factories.notices import SECRET, an_endpoint

NEWER = "2:the key that comes after"


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch):
    """Make this setting the process's keys, for one test."""

    def configure(setting: str) -> None:
        monkeypatch.setattr(encryption, "_keyring", [Keyring.parse(setting)])

    return configure


@pytest.fixture
def rows(session: Session) -> list[Enterprise]:
    return [an_enterprise(session, contact_name=f"何{n}", contact_phone=None) for n in range(5)]


def reseal_all(session: Session) -> list[int]:
    done = []
    while made := reseal_some(session):
        done.append(made)
    return done


def test_everything_is_sealed_anew_in_batches_and_the_older_key_can_go(
    session: Session, rows: list[Enterprise], use, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(rotating, "BATCH", 2)
    use(f"{NEWER},1:{PERSONAL_DATA_KEY}")
    assert count_outdated(session) == 5
    assert reseal_all(session) == [2, 2, 1]
    assert count_outdated(session) == 0
    use(NEWER)
    session.expire_all()
    assert [row.contact_name for row in rows] == [f"何{n}" for n in range(5)]


def test_while_both_keys_are_named_everything_reads(session: Session, rows: list[Enterprise], use):
    use(f"{NEWER},1:{PERSONAL_DATA_KEY}")
    rows[0].contact_name = "新何"
    session.flush()
    session.expire_all()
    assert [row.contact_name for row in rows[:2]] == ["新何", "何1"]
    assert count_outdated(session) == 4


def test_rows_are_found_by_digest_before_and_after(session: Session, rows: list[Enterprise], use):
    before = [row.persons[0].name_digest for row in rows]
    use(f"{NEWER},1:{PERSONAL_DATA_KEY}")
    reseal_all(session)
    session.expire_all()
    assert [row.persons[0].name_digest for row in rows] == before


def test_kept_answers_are_sealed_anew_too(session: Session, clock: FrozenClock, use):
    account = an_account(session)
    sealed_with_the_old = {
        "account_id": account.id,
        "key": "k",
        "wanted": "w",
        "now": clock.now(),
        "authority": "a",
    }
    idempotency.claim(session, **sealed_with_the_old)
    idempotency.keep(session, account.id, "k", idempotency.Kept(201, {}, b"{}"))
    use(f"{NEWER},1:{PERSONAL_DATA_KEY}")
    reseal_all(session)
    use(NEWER)
    session.expire_all()
    assert idempotency.claim(session, **sealed_with_the_old) == idempotency.Kept(201, {}, b"{}")


def test_without_the_older_key_nothing_is_changed_and_the_start_refuses(
    session: Session, rows: list[Enterprise], use
):
    assert opens_what_is_stored(session)
    use(NEWER)
    session.expire_all()
    assert not opens_what_is_stored(session)
    with pytest.raises(Unopened):
        reseal_some(session)


def test_an_empty_platform_opens_with_any_key(session: Session, use):
    use(NEWER)
    assert opens_what_is_stored(session)


def test_an_edit_under_way_and_a_rotation_lose_nothing_of_each_other(committed_database: Database, use):
    with committed_database.transaction() as session:
        made = an_enterprise(session, contact_name="何测试", contact_phone="1")
    use(f"{NEWER},1:{PERSONAL_DATA_KEY}")
    resealed: list[int] = []

    def rotate() -> None:
        with committed_database.transaction() as session:
            resealed.append(reseal_some(session))

    other = threading.Thread(target=rotate)
    with committed_database.transaction() as session:
        session.get_one(Enterprise, made.id).contact_phone = "2"
        session.flush()
        other.start()
        other.join(0.5)
        assert other.is_alive()  # it waits for the row
    other.join()
    use(NEWER)
    with committed_database.transaction() as session:
        assert resealed == [1]
        assert session.get_one(Enterprise, made.id).contact == {"name": "何测试", "phone": "2", "email": None}


def test_the_secret_of_a_webhook_is_sealed_anew_with_them(session: Session, use):
    endpoint = an_endpoint(session)
    use(f"{NEWER},1:{PERSONAL_DATA_KEY}")
    assert count_outdated(session) == 1
    assert reseal_all(session) == [1]
    use(NEWER)
    session.expire_all()
    assert endpoint.secret == SECRET
