"""Over HTTP, against a database of its own: a person is erased while others write what names them."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from backbone.actor import PROVINCE, SYSTEM, Role
from backbone.clock import FrozenClock
from backbone.db import Database
from backbone.people.erasing import erase
from backbone.people.errors import NobodyFound
from backbone.people.finding import Asked
from backbone.people.normal import ERASED
from backbone.settings import Settings
from sanwang.app import create_app
from tests.factories.directory import an_enterprise
from tests.factories.identity import bearer, of
from tests.factories.needs import a_need
from tests.factories.people import everything, standing_in

NAME, PHONE = "陶测试", "13312340000"


@pytest.fixture
def place(committed_database: Database, settings: Settings, clock: FrozenClock) -> Any:
    """(client factory, need's path, its poster's headers)"""
    app = create_app(
        replace(settings, database_url=committed_database.url), transactions=committed_database, clock=clock
    )
    with committed_database.transaction() as session:
        enterprise = an_enterprise(session, contact_name=NAME, contact_phone=PHONE)
        need = a_need(session, enterprise, contact_name=NAME, contact_phone=PHONE, decision_owner=NAME)
        headers = bearer(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
        bearer(session, (Role.ADMINISTRATOR, PROVINCE))
        path = f"/api/needs/{need.id}"
    return app.test_client, path, headers


def erase_tao(database: Database, clock: FrozenClock) -> str:
    try:
        with database.transaction() as session:
            erase(session, SYSTEM, Asked("phone", PHONE), reason="本人申请", now=clock.now())
    except NobodyFound:
        return "nobody"
    return "erased"


def all_at_once(works: list[Callable[[], Any]]) -> list[Any]:
    start, outcomes = threading.Barrier(len(works)), []

    def run(work: Callable[[], Any]) -> None:
        start.wait(20)
        outcomes.append(work())

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def test_a_client_that_read_before_is_told_that_its_version_is_old(
    place: Any, committed_database: Database, clock: FrozenClock
):
    client, path, headers = place
    etag = client().get(path, headers=headers).headers["ETag"]
    assert erase_tao(committed_database, clock) == "erased"
    cached = client().get(path, headers=headers | {"If-None-Match": etag})
    assert (cached.status_code, cached.json["contact"]["name"]) == (200, ERASED)
    body = {"contact": {"name": NAME, "phone": PHONE}}
    late = client().patch(path, json=body, headers=headers | {"If-Match": etag})
    assert (late.status_code, late.json["code"]) == (412, "stale_version")


def test_edits_of_the_same_contact_and_an_erasure_at_once_leave_nobody_half_erased(
    place: Any, committed_database: Database, clock: FrozenClock
):
    client, path, headers = place
    etag = client().get(path, headers=headers).headers["ETag"]

    def edit() -> int:
        body = {"contact": {"name": "新来的", "phone": "13300009999"}}
        return int(client().patch(path, json=body, headers=headers | {"If-Match": etag}).status_code)

    outcomes = all_at_once([edit, edit, edit, lambda: erase_tao(committed_database, clock)])
    assert set(outcomes) <= {200, 412, "erased"}
    assert outcomes.count("erased") == 1
    with committed_database.transaction() as session:
        assert standing_in(everything(session), (NAME, PHONE)) == []
    contact = client().get(path, headers=headers).json["contact"]
    assert contact["phone"] in (None, "13300009999")
    if 200 not in outcomes:
        assert contact["name"] == ERASED


def test_readers_see_the_person_or_the_mark_and_never_an_error(
    place: Any, committed_database: Database, clock: FrozenClock
):
    client, path, headers = place

    def read() -> set[tuple[int, str | None]]:
        answers = [client().get(path, headers=headers) for _ in range(8)]
        return {(answer.status_code, answer.json["contact"]["name"]) for answer in answers}

    outcomes = all_at_once([read, read, read, lambda: erase_tao(committed_database, clock)])
    seen = set().union(*(outcome for outcome in outcomes if isinstance(outcome, set)))
    assert seen <= {(200, NAME), (200, ERASED)}
