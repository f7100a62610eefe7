"""What a module's tests begin with is made once, and each of them finds it as it was made."""

from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from backbone.db import Database, transaction
from backbone.directory.models import Enterprise
from tests.factories.directory import an_enterprise
from tests.made_once import made_once, met

MADE = []
NAME = "测试一次"


@dataclass(frozen=True)
class Pair:
    session: Session
    parts: dict[str, list[Enterprise]]
    words: tuple[str, ...] = ("甲",)


@made_once
def enterprise(session):
    MADE.append("enterprise")
    return an_enterprise(session, name=NAME)


@made_once
def pair(session, enterprise):
    MADE.append("pair")
    return Pair(session, {"both": [enterprise, an_enterprise(session)]})


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_finds_it_as_it_was_made(session, enterprise, turn):
    assert enterprise.name == NAME
    with transaction() as inner:
        inner.get_one(Enterprise, enterprise.id).name = f"改名 {turn}"
    assert enterprise.name == f"改名 {turn}"


@pytest.mark.parametrize("turn", [1, 2])
def test_what_rests_on_another_holds_the_same_row_in_the_same_session(session, enterprise, pair, turn):
    assert pair.session is session
    assert pair.parts["both"][0] is enterprise
    assert enterprise.name == NAME


def test_each_choice_of_them_was_made_once(enterprise):
    """Alone, and with the pair that rests on it; in whatever order this worker was given the tests."""
    assert MADE.count("enterprise") <= 2
    assert MADE.count("pair") <= 1


def test_who_asks_for_none_does_not_find_them(session):
    assert session.query(Enterprise).filter_by(name=NAME).count() == 0


def test_what_holds_no_row_is_the_same_object(session, database: Database):
    plain = Pair, {"a": 1}, "字"
    assert met(plain, session) == plain
    assert met(NAME, session) is NAME
