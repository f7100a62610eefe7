"""Two at once, with real threads on committed data: each piece of work is done once, and nobody overwrites anybody."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from backbone import db
from backbone.actor import Role
from backbone.audit import AuditEvent
from sky_net.needs.models import Need, NeedTransition
from sky_net.sla.models import SlaEvent
from tests.factories.directory import an_enterprise
from tests.factories.identity import an_account, headers_of, of, operator, zone
from tests.factories.needs import a_need_body

pytestmark = pytest.mark.postgres


@pytest.fixture
def committed_app(application, committed_database, clock):
    """The application on a database whose transactions really commit."""
    db.bind(committed_database)
    application.extensions["clock"] = clock
    return application


@pytest.fixture
def poster(committed_app, committed_database):
    with committed_database.transaction() as session:
        return headers_of(session, an_account(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session)))))


@pytest.fixture
def reviewers(committed_app, committed_database):
    with committed_database.transaction() as session:
        return [operator(session, zone()), operator(session, zone())]


def at_once(*calls):
    """Run the calls in threads that start together; their answers in order."""
    barrier = Barrier(len(calls))

    def run(call):
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def count(database, table, *conditions):
    with database.transaction() as session:
        return session.scalar(select(func.count()).select_from(table).where(*conditions))


def drafted(app, poster):
    return app.test_client().post("/api/needs", json=a_need_body(), headers=poster)


def test_of_two_editors_at_once_one_wins_and_the_other_is_told(committed_app, committed_database, poster):
    made = drafted(committed_app, poster)
    headers = poster | {"If-Match": made.headers["ETag"]}

    def edit(title):
        return lambda: committed_app.test_client().patch(
            made.headers["Location"], json={"title": title}, headers=headers
        )

    answers = at_once(edit("甲改的名称"), edit("乙改的名称"))
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    won = next(answer for answer in answers if answer.status_code == 200)
    lost = next(answer for answer in answers if answer.status_code == 412)
    assert lost.mimetype == "application/problem+json"
    kept = committed_app.test_client().get(made.headers["Location"], headers=poster)
    assert kept.get_json()["title"] == won.get_json()["title"]
    assert kept.headers["ETag"] == won.headers["ETag"]
    assert count(committed_database, AuditEvent, AuditEvent.action == "amend_need") == 1


def test_the_same_key_at_once_makes_one_need(committed_app, committed_database, poster):
    def draft():
        return committed_app.test_client().post(
            "/api/needs", json=a_need_body(), headers=poster | {"Idempotency-Key": "one"}
        )

    answers = at_once(*[draft] * 4)
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.get_data() for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == 3
    assert count(committed_database, Need) == 1
    assert count(committed_database, AuditEvent, AuditEvent.action == "draft_need") == 1


def test_a_need_submitted_twice_at_once_opens_its_clocks_once(committed_app, committed_database, poster):
    address = drafted(committed_app, poster).headers["Location"]

    def submit():
        return committed_app.test_client().post(f"{address}/submission", headers=poster)

    answers = at_once(*[submit] * 3)
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert count(committed_database, SlaEvent, SlaEvent.kind == "start") == 1
    assert count(committed_database, NeedTransition) == 1


def test_two_operators_who_decide_at_once_decide_once(committed_app, committed_database, poster, reviewers):
    address = drafted(committed_app, poster).headers["Location"]
    assert committed_app.test_client().post(f"{address}/submission", headers=poster).status_code == 200
    confirm, reject = reviewers

    def decide(headers, verb, body):
        return lambda: committed_app.test_client().post(f"{address}/{verb}", json=body, headers=headers)

    answers = at_once(
        decide(confirm, "confirmation", {"complexity": "simple"}),
        decide(reject, "rejection", {"reason_code": "other"}),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert count(committed_database, SlaEvent, SlaEvent.kind == "stop") == 1
    won = next(answer for answer in answers if answer.status_code == 200)
    kept = committed_app.test_client().get(address, headers=poster)
    assert kept.get_json()["state"] == won.get_json()["state"]


def test_drafts_made_at_once_have_numbers_of_their_own(committed_app, committed_database, poster):
    answers = at_once(*[lambda: drafted(committed_app, poster)] * 6)
    assert len({answer.get_json()["number"] for answer in answers}) == 6
