"""Who guesses is slowed down, at every place of their own; who knows the password is never kept out from elsewhere."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as some
from sqlalchemy import func, select

from backbone import db
from backbone.audit import AuditEvent
from backbone.identity import login_limit, passwords, service
from backbone.identity.errors import TooManyAttempts
from backbone.identity.jobs import forget_attempts
from backbone.identity.login_limit import AT_ONCE, KNOWN_FOR, OF_PAIR, OF_PLACE, forget_lapsed, spend, welcome
from backbone.identity.models import LoginBudget
from tests.factories.identity import an_account
from tests.made_once import made_once

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
HERE, ELSEWHERE = "203.0.113.7", "198.51.100.1"
PASSWORD = "测试密码-至少有十二位长"


def spent(session, login="zhang", place=HERE, now=NOW, most=200):
    """How many attempts are let through, one after the other at one instant."""
    for number in range(most):
        try:
            spend(session, login, place, now)
        except TooManyAttempts:
            return number
    return most


# --- the budgets ---


def test_a_login_can_be_guessed_ten_times_from_one_place(session):
    assert spent(session) == OF_PAIR.most
    assert spent(session, place=ELSEWHERE) == OF_PAIR.most


def test_a_place_can_try_fifty_logins(session):
    assert [spent(session, f"login-{n}", most=1) for n in range(60)] == [1] * OF_PLACE.most + [0] * 10


def test_a_refused_attempt_costs_nothing_and_says_when_to_come_back(session):
    spent(session)
    for _ in range(3):
        with pytest.raises(TooManyAttempts) as refused:
            spend(session, "zhang", HERE, NOW)
        assert refused.value.data["retry_after_s"] == 90
    assert spent(session, now=NOW + timedelta(seconds=89, milliseconds=999)) == 0
    assert spent(session, now=NOW + timedelta(seconds=90)) == 1


@hypothesis_settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None
)
@given(some.lists(some.integers(0, 400), max_size=40))
def test_no_pattern_of_attempts_gets_more_than_the_budget(session, pauses):
    """At most what one may at once, and one more for every span since the first."""
    with session.begin_nested() as savepoint:
        now, admitted = NOW, []
        for pause in pauses:
            now += timedelta(seconds=pause)
            admitted += [now] * spent(session, place="192.0.2.1", now=now, most=3)
        for first in range(len(admitted)):
            for last in range(first, len(admitted)):
                spans = (admitted[last] - admitted[first]) // OF_PAIR.regained_every
                assert last - first + 1 <= OF_PAIR.most + spans + 1
        savepoint.rollback()


def test_a_success_gives_back_what_was_spent_here(session):
    for _ in range(OF_PAIR.most - 1):
        spend(session, "zhang", HERE, NOW)
    spend(session, "zhang", HERE, NOW)
    welcome(session, "zhang", HERE, NOW)
    assert spent(session) == OF_PAIR.most


def test_a_hundred_people_behind_one_address_log_in_one_after_the_other(session):
    for n in range(100):
        spend(session, f"login-{n}", HERE, NOW)
        welcome(session, f"login-{n}", HERE, NOW)


def test_an_own_account_buys_no_guesses_of_others(session):
    """An attacker with an account logs in between the guesses: only that attempt comes back."""
    spend(session, "attacker", HERE, NOW)
    welcome(session, "attacker", HERE, NOW)
    guessed = 0
    for n in range(100):
        guessed += spent(session, f"victim-{n}", most=1)
        spend(session, "attacker", HERE, NOW)
        welcome(session, "attacker", HERE, NOW)
    assert guessed == OF_PLACE.most


# --- nobody is locked out from elsewhere ---


def test_an_attacker_elsewhere_never_locks_the_real_person_out(session):
    for place in range(30):
        spent(session, place=f"198.51.100.{place}")
    spend(session, "zhang", HERE, NOW)


def test_who_logged_in_here_lately_gets_in_though_the_place_has_no_budget_left(session):
    spend(session, "zhang", HERE, NOW)
    welcome(session, "zhang", HERE, NOW)
    for n in range(60):
        spent(session, f"login-{n}", most=1)
    spend(session, "zhang", HERE, NOW)
    with pytest.raises(TooManyAttempts):
        spend(session, "li", HERE, NOW)


def test_a_place_is_known_for_thirty_days(session):
    welcome(session, "zhang", HERE, NOW)
    later = NOW + KNOWN_FOR
    for n in range(60):
        spent(session, f"login-{n}", most=1, now=later)
    with pytest.raises(TooManyAttempts):
        spend(session, "zhang", HERE, later)


# --- the table ---


def rows(session):
    return session.scalar(select(func.count()).select_from(LoginBudget))


def test_the_table_holds_no_login_and_no_address(session):
    spend(session, "zhang", HERE, NOW)
    welcome(session, "zhang", HERE, NOW)
    keys = "".join(session.scalars(select(LoginBudget.key)))
    assert "zhang" not in keys
    assert HERE not in keys


def test_a_place_leaves_at_most_as_many_rows_as_it_has_attempts(session):
    for n in range(300):
        spent(session, f"login-{n}", most=1)
    assert rows(session) == OF_PLACE.most + 1


def test_what_limits_nothing_any_more_is_forgotten(session):
    spent(session)
    welcome(session, "li", HERE, NOW)
    forget_lapsed(session, NOW + OF_PAIR.most * OF_PAIR.regained_every + timedelta(seconds=1))
    assert rows(session) == 1  # the known place
    forget_lapsed(session, NOW + KNOWN_FOR + timedelta(seconds=1))
    assert rows(session) == 0


def test_the_job_forgets(session):
    spend(session, "zhang", HERE, datetime(2020, 1, 1, tzinfo=UTC))
    forget_attempts(timestamp=0)
    session.expire_all()
    assert rows(session) == 0


def test_of_many_attempts_at_once_no_more_than_the_budget_pass(committed_database):
    """Two processes, or two machines, share nothing but the table."""
    barrier = Barrier(16)

    def attempts(_: int) -> int:
        passed = 0
        barrier.wait()
        for _ in range(4):
            try:
                with committed_database.transaction() as session:
                    spend(session, "zhang", HERE, NOW)
                passed += 1
            except TooManyAttempts:
                pass
        return passed

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(attempts, range(16))) == OF_PAIR.most


# --- over HTTP ---


@made_once
def zhang(session):
    return an_account(session, login="zhang", password_hash=passwords.hash_password(PASSWORD))


@pytest.fixture
def quick(monkeypatch):
    """Passwords compared without argon2: what is tested here is the counting."""
    monkeypatch.setattr(
        service, "is_password", lambda password, stored: bool(stored) and password == PASSWORD
    )


def log_in(client, password=PASSWORD, login="zhang", place=HERE, **headers):
    body = {"login": login, "password": password}
    return client.post("/api/tokens", json=body, headers=headers, environ_base={"REMOTE_ADDR": place})


def guess(client, number, **asked):
    return [log_in(client, "wrong", **asked).status_code for _ in range(number)]


def test_guessing_ends_in_429_while_the_person_elsewhere_logs_in(client, session, zhang, quick):
    assert guess(client, 12) == [401] * 10 + [429] * 2
    assert log_in(client, place=ELSEWHERE).status_code == 201
    assert log_in(client).status_code == 429


@pytest.mark.parametrize(("tongue", "word"), [("zh", "登录尝试过多"), ("en", "Too many attempts")])
def test_the_refusal_is_a_problem_that_says_when_to_come_back(
    client, session, zhang, quick, clock, tongue, word
):
    guess(client, 10)
    answer = log_in(client, **{"Accept-Language": tongue})
    assert (answer.status_code, answer.mimetype) == (429, "application/problem+json")
    assert answer.headers["Retry-After"] == "90"
    assert word in answer.json["title"]
    assert "90" in answer.json["advice"]
    clock.advance(seconds=90)
    assert log_in(client).status_code == 201


def test_a_login_that_nobody_has_costs_and_counts_the_same(client, session, zhang, quick):
    assert guess(client, 12, login="nobody") == guess(client, 12, login="zhang") == [401] * 10 + [429] * 2
    refused = [log_in(client, "wrong", login=login).json for login in ("nobody", "zhang")]
    assert refused[0] == refused[1]


def test_a_failed_attempt_is_counted_though_its_request_is_rolled_back(client, session, zhang, quick):
    events = session.scalar(select(func.count()).select_from(AuditEvent))
    guess(client, 3)
    assert rows(session) == 2
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == events


def test_a_request_that_says_nothing_sensible_is_not_counted(client, session):
    assert client.post("/api/tokens", json={"login": "zhang"}).status_code == 422
    assert client.post("/api/tokens", data="{").status_code == 400
    assert rows(session) == 0


def test_a_header_makes_no_new_place_without_a_trusted_proxy(client, session, zhang, quick):
    statuses = [log_in(client, "wrong", **{"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in range(11)]
    assert statuses == [401] * 10 + [429]


def test_behind_a_trusted_proxy_each_client_has_a_place(
    app, client, session, zhang, quick, monkeypatch, settings
):
    trusting = replace(settings, trusted_proxies=f"{HERE}/32")
    monkeypatch.setitem(app.extensions, "settings", trusting)
    statuses = [log_in(client, "wrong", **{"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in range(11)]
    assert statuses == [401] * 11


def test_one_place_gets_two_passwords_checked_at_a_time(client, session, zhang, app, monkeypatch):
    """Each takes 64 MiB and a core; the third is sent away at once and pays nothing."""
    seen = []

    def check(password, stored):
        answer = log_in(app.test_client(), "wrong") if len(seen) < AT_ONCE else None
        seen.append(answer.status_code if answer else None)
        return False

    monkeypatch.setattr(service, "is_password", check)
    assert log_in(client).status_code == 401
    assert seen == [429, 401]  # the third, told to the second; the second, told to the first
    assert not login_limit._working


def test_places_do_not_wait_for_each_other(client, session, zhang, app, monkeypatch):
    elsewhere = []

    def check(password, stored):
        if not elsewhere:
            elsewhere.append(None)
            elsewhere.append(log_in(app.test_client(), "wrong", place=ELSEWHERE).status_code)
        return False

    monkeypatch.setattr(service, "is_password", check)
    log_in(client)
    assert elsewhere[1] == 401


def test_real_attempts_at_once_pass_no_more_than_the_budget(
    application, committed_database, clock, monkeypatch
):
    db.bind(committed_database)
    application.extensions["clock"] = clock
    monkeypatch.setattr(service, "is_password", lambda password, stored: False)
    monkeypatch.setattr(login_limit, "AT_ONCE", 100)
    barrier = threading.Barrier(8)

    def attempts(_: int) -> list[int]:
        client = application.test_client()
        barrier.wait()
        return guess(client, 4)

    with ThreadPoolExecutor(8) as pool:
        statuses = [status for each in pool.map(attempts, range(8)) for status in each]
    assert (statuses.count(401), statuses.count(429)) == (OF_PAIR.most, 32 - OF_PAIR.most)
