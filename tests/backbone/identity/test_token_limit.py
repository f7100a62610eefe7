"""How many tokens an account may have, how they are listed, and that authentication does not mind."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import event, func, insert, select, text

from backbone import db
from backbone.db import new_id
from backbone.identity import service
from backbone.identity.bearer import BEARER, authenticate, hash_secret
from backbone.identity.models import Token
from tests.factories.identity import MADE_AT, an_account, headers_of

PASSWORD = "测试密码-至少有十二位长"
MANY = 10_000


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(
        service, "is_password", lambda password, stored: bool(stored) and password == PASSWORD
    )


@pytest.fixture
def account(session):
    return an_account(session, login="zhang")


def give_tokens(session, account, number, clock):
    """Living tokens in one statement, the earliest first."""
    ends = clock.now().replace(year=2027)
    rows = [
        {"id": new_id(), "account_id": account.id, "secret_hash": hash_secret(f"{account.id} {n}"), "may_write": True,
         "created_at": MADE_AT, "expires_at": ends} for n in range(number)
    ]  # fmt: skip
    session.execute(insert(Token), rows)
    session.flush()
    return [row["id"] for row in rows]


def log_in(client, **more):
    return client.post("/api/tokens", json={"login": "zhang", "password": PASSWORD} | more)


def living(session, account, clock):
    session.expire_all()
    alive = (Token.account_id == account.id, Token.revoked_at.is_(None), Token.expires_at > clock.now())
    return session.scalar(select(func.count()).select_from(Token).where(*alive))


@pytest.mark.parametrize(("tongue", "word"), [("zh", "令牌过多"), ("en", "Too many tokens")])
def test_one_token_too_many_is_refused_with_what_to_do(client, session, account, clock, tongue, word):
    give_tokens(session, account, service.MOST_TOKENS - 1, clock)
    assert log_in(client).status_code == 201
    refused = client.post(
        "/api/tokens", json={"login": "zhang", "password": PASSWORD}, headers={"Accept-Language": tongue}
    )
    assert (refused.status_code, refused.json["code"]) == (409, "too_many_tokens")
    assert word in refused.json["title"]
    assert "revokeToken" in refused.json["advice"]
    assert "end_oldest" in refused.json["advice"]
    assert refused.json["most"] == service.MOST_TOKENS
    assert living(session, account, clock) == service.MOST_TOKENS


def test_who_holds_none_of_them_any_more_ends_the_oldest(client, session, account, clock):
    oldest, *_ = give_tokens(session, account, service.MOST_TOKENS, clock)
    made = log_in(client, end_oldest=True)
    assert made.status_code == 201
    assert living(session, account, clock) == service.MOST_TOKENS
    assert session.get_one(Token, oldest).revoked_at == clock.now()


def test_the_oldest_stays_while_there_is_room(client, session, account, clock):
    (oldest,) = give_tokens(session, account, 1, clock)
    assert log_in(client, end_oldest=True).status_code == 201
    assert session.get_one(Token, oldest).revoked_at is None


def test_what_is_revoked_or_expired_does_not_count(client, session, account, clock):
    give_tokens(session, account, service.MOST_TOKENS, clock)
    assert log_in(client).status_code == 409
    session.execute(text("UPDATE tokens SET revoked_at = now() WHERE id IN (SELECT id FROM tokens LIMIT 1)"))
    assert log_in(client).status_code == 201
    clock.instant = clock.now().replace(year=2028)
    assert log_in(client).status_code == 201


def test_a_wrong_password_ends_no_token_and_does_not_say_how_many_there_are(client, session, account, clock):
    give_tokens(session, account, service.MOST_TOKENS, clock)
    assert log_in(client, password="wrong", end_oldest=True).status_code == 401
    assert living(session, account, clock) == service.MOST_TOKENS


def test_logins_at_once_do_not_pass_the_limit_together(application, committed_database, clock, monkeypatch):
    db.bind(committed_database)
    application.extensions["clock"] = clock
    monkeypatch.setattr("backbone.identity.login_limit.AT_ONCE", 100)
    with committed_database.transaction() as session:
        account = an_account(session, login="zhang")
        give_tokens(session, account, service.MOST_TOKENS - 1, clock)
    barrier = Barrier(6)

    def attempt(_: int) -> int:
        client = application.test_client()
        barrier.wait()
        return log_in(client).status_code

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(attempt, range(6))) == [201] + [409] * 5


def test_the_list_is_cut_into_pages(client, session, account, clock):
    headers = headers_of(session, account)
    give_tokens(session, account, 99, clock)
    seen, cursor, pages = set(), None, 0
    while True:
        asked = {"limit": 30} | ({"cursor": cursor} if cursor else {})
        page = client.get("/api/tokens", query_string=asked, headers=headers).json
        assert not any("token" in entry or "secret_hash" in entry for entry in page["items"])
        seen |= {entry["id"] for entry in page["items"]}
        pages, cursor = pages + 1, page["next_cursor"]
        if cursor is None:
            break
    assert (len(seen), pages) == (100, 4)


@pytest.mark.parametrize("hold", [False, True])
def test_authentication_is_one_indexed_query_however_many_tokens_there_are(session, account, clock, hold):
    give_tokens(session, account, MANY, clock)
    ran: list[str] = []

    def note(connection, cursor, statement, *rest):
        ran.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    actor = authenticate(session, f"{account.id} 7", clock.now(), hold=hold)
    event.remove(connection, "before_cursor_execute", note)
    assert actor.account_id == account.id
    assert len(ran) == 1


def test_authentication_looks_a_token_up_by_its_hash(owner, clock):
    """As the tables' owner, for nobody else may ANALYZE: without it the plan hangs on when autovacuum came by."""
    with owner.transaction() as session:
        give_tokens(session, an_account(session), MANY, clock)
        session.execute(text("ANALYZE tokens, accounts, memberships"))
        plan = "\n".join(
            session.scalars(text(f"EXPLAIN {BEARER}"), {"secret_hash": hash_secret("x"), "now": clock.now()})
        )
        session.rollback()
    assert "uq_tokens_secret_hash" in plan
    assert "Seq Scan on tokens" not in plan
