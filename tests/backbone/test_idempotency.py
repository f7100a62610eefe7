import json
import threading
import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text, update

from backbone import idempotency
from backbone.actor import Role
from backbone.directory.models import Institute
from backbone.encryption import Unopened
from backbone.errors import IdempotencyConflict
from backbone.forgetting import forget_answers
from backbone.idempotency import AnswerErased, IdempotencyKey, Kept, request_hash
from backbone.identity.models import Membership
from tests.factories.identity import an_account, bearer, headers_of, zone
from tests.factories.small_app import a_small_app

pytestmark = pytest.mark.postgres

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
BODY = {"name": "幂等铭牌"}


@pytest.fixture
def client(rolled_back, clock):
    return a_small_app(rolled_back, clock).test_client()


@pytest.fixture
def headers(session):
    return bearer(session, (Role.OPERATOR, zone())) | {"Idempotency-Key": "key-1"}


def plates(session):
    return session.scalar(select(func.count()).select_from(Institute).where(Institute.name == BODY["name"]))


# --- over HTTP ---


def test_the_same_request_twice_does_its_work_once_and_answers_the_same(client, headers, session):
    first = client.post("/api/plates", json=BODY, headers=headers)
    second = client.post("/api/plates", json=BODY, headers=headers)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.data == first.data
    assert {name: second.headers[name] for name in ("Location", "ETag", "Content-Type", "Vary")} == {
        name: first.headers[name] for name in ("Location", "ETag", "Content-Type", "Vary")
    }
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert plates(session) == 1


@pytest.mark.parametrize(("path", "body"), [("/api/plates", {"name": "另一块"}), ("/api/plates?x=1", BODY)])
def test_the_same_key_with_another_request_is_409(client, headers, path, body):
    client.post("/api/plates", json=BODY, headers=headers)
    answer = client.post(path, json=body, headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "idempotency_key_reused")


def test_without_a_key_every_request_does_its_work(client, headers, session):
    del headers["Idempotency-Key"]
    for _ in range(2):
        client.post("/api/plates", json=BODY, headers=headers)
    assert plates(session) == 2


def test_keys_of_two_accounts_never_meet(client, headers, session):
    other = bearer(session, (Role.OPERATOR, zone())) | {"Idempotency-Key": "key-1"}
    client.post("/api/plates", json=BODY, headers=headers)
    assert "Idempotency-Replayed" not in client.post("/api/plates", json=BODY, headers=other).headers
    assert plates(session) == 2


def test_a_refused_request_frees_its_key_for_the_corrected_one(client, headers, session):
    assert client.post("/api/plates", json={"name": ""}, headers=headers).status_code == 422
    assert client.post("/api/plates", json=BODY, headers=headers).status_code == 201
    assert plates(session) == 1


def test_a_bad_key_is_named(client, headers):
    answer = client.post("/api/plates", json=BODY, headers=headers | {"Idempotency-Key": "x" * 201})
    assert answer.get_json()["errors"][0]["field"] == "Idempotency-Key"


def test_another_spelling_of_the_same_json_is_another_request(client, headers):
    client.post("/api/plates", data=b'{"name":"a"}', headers=headers)
    assert client.post("/api/plates", data=b'{ "name":"a"}', headers=headers).status_code == 409


def test_a_key_means_nothing_on_reading(client, headers):
    for _ in range(2):
        assert "Idempotency-Replayed" not in client.get("/api/plates", headers=headers).headers


def test_twelve_threads_with_one_key_do_the_work_once(committed_database, clock):
    app = a_small_app(committed_database, clock)
    with committed_database.transaction() as session:
        headers = bearer(session, (Role.OPERATOR, zone())) | {"Idempotency-Key": "key-1"}
    start, answers = threading.Barrier(12), []

    def post():
        start.wait(10)
        answers.append(app.test_client().post("/api/plates", json=BODY, headers=headers))

    all_at_once(post, 12)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.data for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == 11
    with committed_database.transaction() as session:
        assert plates(session) == 1


def test_an_answer_is_not_repeated_to_who_has_lost_the_role(client, session):
    account = an_account(session, (Role.OPERATOR, zone()))
    headers = headers_of(session, account) | {"Idempotency-Key": "key-1"}
    assert client.post("/api/plates", json=BODY, headers=headers).status_code == 201
    session.execute(update(Membership).values(ended_at=NOW))
    again = client.post("/api/plates", json=BODY, headers=headers)
    assert (again.status_code, again.json["code"]) == (409, "answer_withheld")
    assert plates(session) == 1


# --- in the database ---


def all_at_once(work, times):
    threads = [threading.Thread(target=work) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def test_the_hash_tells_method_path_and_body_apart():
    parts = [
        ("POST", "/a", b"x"),
        ("PUT", "/a", b"x"),
        ("POST", "/b", b"x"),
        ("POST", "/a", b"y"),
        ("POST", "/", b"ax"),
    ]
    assert len({request_hash(*part) for part in parts}) == len(parts)


def test_a_claimed_key_without_an_answer_is_a_conflict_in_the_same_transaction(session):
    account = uuid4()
    assert idempotency.claim(session, account, "k", "h", NOW, authority="a") is None
    with pytest.raises(IdempotencyConflict):
        idempotency.claim(session, account, "k", "h", NOW, authority="a")


def test_a_kept_answer_comes_back_byte_for_byte(session):
    account, answer = uuid4(), Kept(201, {"ETag": '"1"'}, b"\x00\xff{}")
    idempotency.claim(session, account, "k", "h", NOW, authority="a")
    idempotency.keep(session, account, "k", answer)
    assert idempotency.claim(session, account, "k", "h", NOW, authority="a") == answer


def test_the_twin_waits_for_the_first_and_does_the_work_when_the_first_rolls_back(committed_database):
    account, claimed, seen = uuid4(), threading.Event(), []

    def second():
        claimed.wait(10)
        with committed_database.transaction() as session:
            seen.append(idempotency.claim(session, account, "k", "h", NOW, authority="a"))

    twin = threading.Thread(target=second)
    twin.start()
    with committed_database.sessions() as session:
        assert idempotency.claim(session, account, "k", "h", NOW, authority="a") is None
        claimed.set()
        wait_until_somebody_waits(committed_database)
        assert seen == []
        session.rollback()
    twin.join(30)
    assert seen == [None]


def wait_until_somebody_waits(database):
    waiting = text(
        "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    )
    for _ in range(500):
        with database.transaction() as session:
            if session.scalar(waiting):
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits")


def test_old_answers_are_forgotten_and_young_ones_kept(session):
    account = uuid4()
    for key, age in (("old", 8), ("young", 6)):
        idempotency.claim(session, account, key, "h", NOW - timedelta(days=age), authority="a")
    idempotency.forget_older_than(session, NOW, 7)
    assert list(session.scalars(select(IdempotencyKey.key))) == ["young"]


def test_the_daily_job_forgets_what_is_older_than_the_setting(committed_database, monkeypatch):
    monkeypatch.setenv("IDEMPOTENCY_DAYS", "3")
    account = uuid4()
    now = datetime.now(UTC)
    with committed_database.transaction() as session:
        for key, age in (("old", 4), ("young", 2)):
            idempotency.claim(session, account, key, "h", now - timedelta(days=age), authority="a")
    forget_answers(0)
    with committed_database.transaction() as session:
        assert session.scalars(select(IdempotencyKey.key)).all() == ["young"]


# --- what the kept answers hold of people ---


def keep(session, body, key="k"):
    account = uuid4()
    idempotency.claim(session, account, key, "h", NOW, authority="a")
    idempotency.keep(session, account, key, Kept(201, {}, body.encode()))
    return account


def test_a_kept_answer_stands_sealed_and_opens_under_its_own_key_alone(session):
    account = keep(session, '{"phone": "13800001111"}')
    other = keep(session, "{}")
    kept = session.get_one(IdempotencyKey, (account, "k"))
    assert b"13800001111" not in kept.body
    session.get_one(IdempotencyKey, (other, "k")).body = kept.body
    session.flush()
    with pytest.raises(Unopened):
        idempotency.claim(session, other, "k", "h", NOW, authority="a")


def test_the_hash_of_a_request_takes_the_key_to_guess():
    import hashlib

    guessed = hashlib.sha256(b"\0".join([b"POST", b"/a", b"13800001111"])).hexdigest()
    assert guessed not in request_hash("POST", "/a", b"13800001111")


def test_answers_that_hold_a_value_are_emptied_and_their_keys_stay_taken(session):
    holding = keep(session, json.dumps({"name": '甲"测试\\'}, ensure_ascii=False))
    other = keep(session, '{"name": "别人"}')
    assert idempotency.forget_answers_with(session, ['甲"测试\\', "13800001111"]) == 1
    session.expire_all()
    with pytest.raises(AnswerErased):
        idempotency.claim(session, holding, "k", "h", NOW, authority="a")
    with pytest.raises(IdempotencyConflict):
        idempotency.claim(session, holding, "k", "another", NOW, authority="a")
    assert idempotency.claim(session, other, "k", "h", NOW, authority="a").body == '{"name": "别人"}'.encode()


def test_many_answers_are_searched_and_none_without_a_body(session):
    for number in range(30):
        keep(session, f'{{"n": "{number % 3}"}}', key=f"k{number}")
    idempotency.claim(session, uuid4(), "no answer yet", "h", NOW, authority="a")
    assert idempotency.forget_answers_with(session, ["no such value"]) == 0
    assert idempotency.forget_answers_with(session, ["2"]) == 10


def test_a_short_value_is_looked_for_as_a_whole_and_a_long_one_anywhere(session):
    for number, body in enumerate(('{"at": "2026-03-12"}', '{"login": "2026"}', '{"team": "欧阳测试团队"}')):
        keep(session, body, key=f"k{number}")
    assert idempotency.forget_answers_with(session, ["2026"]) == 1
    assert idempotency.forget_answers_with(session, ["欧阳测试"]) == 1
