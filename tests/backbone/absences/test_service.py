"""Who stands in on a day, and who may say so."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest

from backbone.absences.errors import AbsentAlready
from backbone.absences.service import (
    cancel_absence,
    deputies_for,
    leave_ahead,
    leaves_on,
    list_absences,
    record_absence,
)
from backbone.actor import PROVINCE, Actor, Role
from backbone.errors import Forbidden, Invalid, NotFound
from tests.factories.directory import an_enterprise
from tests.factories.identity import an_account, an_actor, zone
from tests.factories.notices import an_absence

DAY = date(2026, 3, 10)
ASKED = {"sort": "from_on", "limit": 20}


def actor_for(account):
    return Actor(account.id, account.name, frozenset(row.held for row in account.memberships))


def leave(deputy, first=DAY, last=DAY, **more):
    return {"deputy_id": deputy.id, "from_on": first, "to_on": last} | more


def deputy_for(session, account_id, on):
    return deputies_for(session, [account_id], on)[account_id]


@pytest.fixture
def away(session):
    return an_account(session, (Role.OPERATOR, zone("420100")))


@pytest.fixture
def deputy(session):
    return an_account(session, (Role.OPERATOR, zone("420100")))


def test_the_deputy_stands_in_on_the_first_and_the_last_day_and_not_around_them(session, away, deputy):
    an_absence(session, away, deputy, from_on=DAY, to_on=DAY + timedelta(days=2))
    stands_in = [deputy_for(session, away.id, DAY + timedelta(days=day)) == deputy.id for day in range(-1, 4)]
    assert stands_in == [False, True, True, True, False]


def test_a_deputys_deputy_stands_in_and_a_circle_ends_where_it_began(session, away, deputy):
    third = an_account(session)
    an_absence(session, away, deputy)
    an_absence(session, deputy, third)
    assert deputy_for(session, away.id, DAY) == third.id
    an_absence(session, third, away)
    assert deputy_for(session, away.id, DAY) == away.id


def test_a_deputy_who_has_left_stands_in_for_nobody(session, away, deputy):
    an_absence(session, away, deputy)
    for held in deputy.memberships:
        held.ended_at = held.granted_at
    session.flush()
    assert deputy_for(session, away.id, DAY) == away.id


def test_many_are_answered_at_once_each_by_its_own_row(session, away, deputy):
    third, there = an_account(session), an_account(session)
    an_absence(session, away, deputy)
    an_absence(session, deputy, third)
    readers = deputies_for(session, [away.id, deputy.id, third.id, there.id], DAY)
    assert readers == {away.id: third.id, deputy.id: third.id, third.id: third.id, there.id: there.id}
    assert deputies_for(session, [], DAY) == {}


def test_a_circle_that_one_is_led_into_ends_where_one_came_from(session, away, deputy):
    third = an_account(session)
    for one, stands_in in ((away, deputy), (deputy, third), (third, deputy)):
        an_absence(session, one, stands_in)
    everybody = [away.id, deputy.id, third.id]
    assert deputies_for(session, everybody, DAY) == dict(zip(everybody, everybody, strict=True))


def test_a_cancelled_absence_is_none(session, clock, away, deputy):
    absence = record_absence(session, actor_for(away), leave(deputy), now=clock.now())
    assert deputy_for(session, away.id, DAY) == deputy.id
    for _ in range(2):
        assert (
            cancel_absence(session, actor_for(away), absence.id, now=clock.now()).cancelled_at == clock.now()
        )
    assert deputy_for(session, away.id, DAY) == away.id


@pytest.mark.parametrize(
    ("first", "last", "overlaps"),
    [(-2, -1, False), (-1, 0, True), (1, 2, True), (2, 3, True), (3, 4, False), (-1, 9, True)],
)
def test_absences_of_one_account_do_not_overlap(session, clock, away, deputy, first, last, overlaps):
    clock.instant -= timedelta(days=30)
    record_absence(session, actor_for(away), leave(deputy, DAY, DAY + timedelta(days=2)), now=clock.now())
    another = leave(deputy, DAY + timedelta(days=first), DAY + timedelta(days=last))
    if overlaps:
        with pytest.raises(AbsentAlready):
            record_absence(session, actor_for(away), another, now=clock.now())
    else:
        assert record_absence(session, actor_for(away), another, now=clock.now()).account_id == away.id


def test_two_at_once_cannot_both_find_the_days_free(committed_database, clock):
    with committed_database.transaction() as session:
        account, other = (an_account(session, (Role.OPERATOR, PROVINCE)) for _ in range(2))
        actor = Actor(account.id, account.name)
    together = Barrier(3)

    def record(_):
        with committed_database.transaction() as session:
            together.wait()
            record_absence(session, actor, leave(other), now=clock.now())

    with ThreadPoolExecutor(3) as pool:
        ended = list(pool.map(lambda number: _caught(record, number), range(3)))
    assert sorted(type(error).__name__ for error in ended) == ["AbsentAlready", "AbsentAlready", "NoneType"]


def _caught(act, number):
    try:
        act(number)
    except AbsentAlready as refused:
        return refused
    return None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"to_on": DAY - timedelta(days=1)}, "to_on"),
        ({"from_on": DAY - timedelta(days=3), "to_on": DAY - timedelta(days=1)}, "to_on"),
        ({"deputy_id": "oneself"}, "deputy_id"),
        ({"deputy_id": "nobody"}, "deputy_id"),
    ],
)
def test_what_cannot_be_is_named(session, clock, away, deputy, values, field):
    who = {"oneself": away.id, "nobody": an_enterprise(session).id}
    given = leave(deputy) | values
    given["deputy_id"] = who.get(given["deputy_id"], given["deputy_id"])
    with pytest.raises(Invalid) as refused:
        record_absence(session, actor_for(away), given, now=clock.now())
    assert [error["field"] for error in refused.value.data["errors"]] == [field]


@pytest.mark.parametrize(
    ("role", "scope", "reaches"),
    [
        (Role.OPERATOR, PROVINCE, True),
        (Role.OPERATOR, zone("420000"), True),
        (Role.OPERATOR, zone("420500"), False),
        (Role.AUDITOR, PROVINCE, False),
    ],
)
def test_a_deputy_needs_the_roles_as_far_as_they_reach(session, clock, away, role, scope, reaches):
    stand_in = an_account(session, (role, scope))
    if reaches:
        assert (
            record_absence(session, actor_for(away), leave(stand_in), now=clock.now()).deputy_id
            == stand_in.id
        )
    else:
        with pytest.raises(Invalid) as refused:
            record_absence(session, actor_for(away), leave(stand_in), now=clock.now())
        problem = refused.value.data["errors"][0]["problem"]
        assert problem.zh.endswith("尚缺：运营人员")
        assert str(problem).endswith("missing: operator")
        assert refused.value.data["lacking"] == [Role.OPERATOR]


def test_only_oneself_and_an_administrator_say_who_is_away(session, clock, away, deputy):
    with pytest.raises(Forbidden):
        record_absence(session, actor_for(deputy), leave(deputy, account_id=away.id), now=clock.now())
    administrator = an_actor(session, (Role.ADMINISTRATOR, PROVINCE))
    absence = record_absence(session, administrator, leave(deputy, account_id=away.id), now=clock.now())
    assert absence.created_by == administrator.account_id
    with pytest.raises(Forbidden):
        cancel_absence(session, actor_for(deputy), absence.id, now=clock.now())
    with pytest.raises(NotFound):
        cancel_absence(session, an_actor(session, (Role.OPERATOR, PROVINCE)), absence.id, now=clock.now())
    seen = [
        list_absences(session, who, ASKED).items
        for who in (actor_for(away), actor_for(deputy), administrator)
    ]
    assert seen == [[absence]] * 3
    assert list_absences(session, an_actor(session), ASKED).items == []


def test_a_leave_is_found_on_its_days_and_ahead_of_them_unless_cancelled(session):
    away, deputy = an_account(session), an_account(session)
    absence = an_absence(session, away, deputy)
    monday, tuesday, wednesday = (DAY + timedelta(days=days) for days in (-1, 0, 1))
    assert leaves_on(session, [away.id, deputy.id], tuesday) == {away.id: absence}
    assert leaves_on(session, [away.id], monday) == {}
    assert [leave_ahead(session, away.id, on) for on in (monday, tuesday, wednesday)] == [
        absence,
        absence,
        None,
    ]
    absence.cancelled_at = absence.created_at
    assert leaves_on(session, [away.id], tuesday) == {}
    assert leave_ahead(session, away.id, monday) is None
