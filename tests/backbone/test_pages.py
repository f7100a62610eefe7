import base64
import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as some
from marshmallow import ValidationError
from sqlalchemy import select

from backbone.actor import Role
from backbone.directory.models import Institute
from backbone.errors import Invalid
from backbone.pages import Page, PageQuery, read_page, sort_field
from tests.factories.directory import MADE_AT, an_institute
from tests.factories.identity import bearer, zone
from tests.factories.small_app import a_small_app

pytestmark = pytest.mark.postgres

SORTS = {"name": Institute.name, "created_at": Institute.created_at, "days": Institute.approval_days}


class Query(PageQuery):
    sort = sort_field(tuple(SORTS), "name")


def page(session, *, only=None, **asked):
    query = select(Institute) if only is None else select(Institute).where(Institute.name.startswith(only))
    return read_page(session, query, Query().load(asked), SORTS, Institute.id)


def walk(session, **asked):
    names, cursor = [], None
    while True:
        found = page(session, **asked, **({"cursor": cursor} if cursor else {}))
        names += [row.name for row in found.items]
        cursor = found.next_cursor
        if cursor is None:
            return names


@pytest.fixture
def seven(session):
    rows = [
        an_institute(
            session, name=f"所{n}", approval_days=n // 2, created_at=MADE_AT + timedelta(hours=n // 3)
        )
        for n in range(7)
    ]
    return [row.name for row in rows]


@pytest.mark.parametrize("limit", ["1", "2", "3", "6", "7", "8"])
@pytest.mark.parametrize("sort", ["name", "created_at", "days"])
def test_walking_the_pages_meets_every_row_once_in_order_ties_included(session, seven, sort, limit):
    assert walk(session, sort=sort, limit=limit) == seven
    assert walk(session, sort=f"-{sort}", limit=limit) == seven[::-1]


def test_the_last_page_has_no_cursor_even_when_it_is_full(session, seven):
    assert page(session, limit="7").next_cursor is None
    assert page(session, limit="6").next_cursor is not None


def test_a_list_of_nothing_is_an_empty_page(session):
    assert page(session) == Page([], None)


def test_rows_that_come_and_go_move_nothing_between_pages(session, seven):
    first = page(session, limit="3")
    an_institute(session, name="所0-新来", approval_days=0)
    session.delete(first.items[2])
    session.flush()
    rest = page(session, limit="9", cursor=first.next_cursor)
    assert [row.name for row in rest.items] == seven[3:]


def test_entries_may_be_made_of_more_columns(session, seven):
    query = select(Institute, Institute.name)
    found = read_page(
        session, query, Query().load({"limit": "2"}), SORTS, Institute.id, lambda row, name: (row.id, name)
    )
    assert [name for _, name in found.items] == seven[:2]


def test_the_limit_may_change_from_page_to_page(session, seven):
    first = page(session, limit="2")
    assert len(page(session, limit="5", cursor=first.next_cursor).items) == 5


# --- cursors that were not made here ---


def refuse(session, cursor, **asked):
    with pytest.raises(Invalid) as refused:
        page(session, cursor=cursor, **asked)
    assert [entry["field"] for entry in refused.value.data["errors"]] == ["cursor"]


def test_the_cursor_of_another_query_is_refused(session, seven):
    cursor = page(session, limit="2").next_cursor
    refuse(session, cursor, sort="-name")
    refuse(session, cursor, sort="created_at")


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "!!!!",
        "AAAA",
        "需求",
        "bnVsbA==",
        "WzFd",
        "MQ==",
        "e30=",
        "W1tbW1tbW1tb",
        "a" * 2000,
        "W1tb" * 370,
    ],
)
def test_a_damaged_cursor_is_refused(session, cursor):
    refuse(session, cursor)


def forged(session, value, key, sort="name"):
    an_institute(session, name="a", approval_days=1)
    an_institute(session, name="b", approval_days=1)
    made = page(session, limit="1", sort=sort).next_cursor
    mark = json.loads(base64.urlsafe_b64decode(made))[0]
    return base64.urlsafe_b64encode(json.dumps([mark, value, key]).encode()).decode()


ID = "01a20830-6a35-7290-9892-ce11616c8308"


@pytest.mark.parametrize(("sort", "value"), [
    ("name", "\0"), ("name", "\ud800"), ("name", None), ("name", 7), ("name", ["a"]), ("name", {}), ("days", True),
    ("days", 2**63), ("days", -(2**63) - 1), ("days", 1.5), ("days", "1"), ("days", 10**400), ("created_at", "yesterday"),
    ("created_at", "2026-01-01T00:00:00"), ("created_at", 7), ("created_at", None), ("created_at", "0001-01-01T00:00:00+23:59"),
])  # fmt: skip
def test_a_forged_value_is_refused_and_never_reaches_the_database(session, sort, value):
    refuse(session, forged(session, value, ID, sort), limit="1", sort=sort)


@pytest.mark.parametrize("key", ["", "1", None, 7, ["x"], "\0", "{" + ID + "}"])
def test_a_forged_key_is_refused(session, key):
    refuse(session, forged(session, "a", key), limit="1")


def test_a_forged_cursor_in_range_is_only_another_place_in_the_list(session):
    found = page(session, limit="1", cursor=forged(session, "a", "ffffffff-ffff-7fff-bfff-ffffffffffff"))
    assert [row.name for row in found.items] == ["b"]


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(some.text(max_size=80))
def test_no_cursor_whatsoever_is_a_fault(session, cursor):
    try:
        asked = Query().load({"cursor": cursor})
    except ValidationError:
        return
    with pytest.raises(Invalid):
        read_page(session, select(Institute), asked, SORTS, Institute.id)


# --- over HTTP ---


@pytest.mark.parametrize("letter", ["长", "😀", '"', "a"])
def test_the_longest_names_make_cursors_that_are_taken_back(rolled_back, clock, session, letter):
    client, headers = a_small_app(rolled_back, clock).test_client(), bearer(session, (Role.OPERATOR, zone()))
    for ending in "12":
        an_institute(session, name=letter * 199 + ending)
    first = client.get("/api/plates?limit=1", headers=headers).get_json()
    second = client.get(
        "/api/plates", query_string={"limit": 1, "cursor": first["next_cursor"]}, headers=headers
    ).get_json()
    assert second["items"][0]["name"] == letter * 199 + "2"
    assert second["next_cursor"] is None


def test_a_filter_is_part_of_the_query_that_a_cursor_belongs_to(rolled_back, clock, session, seven):
    client, headers = a_small_app(rolled_back, clock).test_client(), bearer(session, (Role.OPERATOR, zone()))
    cursor = client.get("/api/plates?limit=1", headers=headers).get_json()["next_cursor"]
    answer = client.get("/api/plates", query_string={"labs": "x", "cursor": cursor}, headers=headers)
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["problem"].startswith("游标不属于这个查询")
