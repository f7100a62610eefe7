"""Saving searches: whose they are, how many, and what counts as new."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from backbone.actor import Role
from backbone.errors import Forbidden, Invalid, NotFound
from sky_net.saved_searches.errors import SearchTitleTaken, TooManySearches
from sky_net.saved_searches.models import SavedSearch, SearchFind
from sky_net.saved_searches.service import (
    MOST,
    delete_search,
    list_finds,
    list_searches,
    own_search,
    save_search,
)
from tests.factories.assignments import LASER, a_laser_institute, a_laser_need, a_saved_search
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.identity import an_actor, of

ASKED = {"sort": "created_at", "limit": 50}
FINDS = {"sort": "-found_at", "limit": 50}
WELDING = {"source": "needs", "title": "焊接", "text": LASER}


@pytest.fixture
def office(session):
    return an_actor(session, (Role.TRANSFER_OFFICE, of(an_institute(session))))


@pytest.fixture
def buyer(session):
    return an_actor(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session))))


def save(session, actor, clock, **values):
    return save_search(session, actor, WELDING | values, now=clock.now())


def test_a_search_is_saved_listed_and_deleted_by_its_owner(session, clock, engine, office):
    search = save(session, office, clock, industry=["opto"], mode=["service"])
    assert search.filters == {"industry": ["opto"], "mode": ["service"]}
    assert [each.id for each in list_searches(session, office, ASKED).items] == [search.id]
    delete_search(session, office, own_search(session, office, search.id), now=clock.now())
    assert list_searches(session, office, ASKED).items == []
    with pytest.raises(NotFound):
        own_search(session, office, search.id)


def test_nobody_knows_of_anothers(session, clock, engine, office):
    search = save(session, office, clock)
    other = an_actor(session, (Role.TRANSFER_OFFICE, of(an_institute(session))))
    for asked in (
        lambda: own_search(session, other, search.id),
        lambda: list_finds(session, other, search.id, FINDS, now=clock.now()),
        lambda: own_search(session, office, uuid4()),
    ):
        with pytest.raises(NotFound):
            asked()
    assert list_searches(session, other, ASKED).items == []


def test_institutes_look_for_needs_and_enterprises_for_achievements(session, clock, engine, office, buyer):
    assert (
        save(session, buyer, clock, source="achievements", region=["420100"], trl_min=4).filters["trl_min"]
        == 4
    )
    for actor, source in ((office, "achievements"), (buyer, "needs"), (an_actor(session), "needs")):
        with pytest.raises(Forbidden):
            save(session, actor, clock, source=source)


@pytest.mark.parametrize("values", [{"region": ["420100"]}, {"trl_min": 3}])
def test_needs_know_no_region_and_no_maturity(session, clock, engine, office, values):
    with pytest.raises(Invalid):
        save(session, office, clock, **values)


def test_two_of_one_title_are_one_too_many(session, clock, engine, office):
    first = save(session, office, clock)
    with pytest.raises(SearchTitleTaken) as refused:
        save(session, office, clock)
    assert refused.value.data["id"] == first.id


def test_an_account_has_so_many_and_no_more(session, clock, engine, office, buyer):
    for number in range(MOST):
        a_saved_search(session, office.account_id, title=str(number))
    with pytest.raises(TooManySearches) as refused:
        save(session, office, clock)
    assert str(MOST) in refused.value.in_both_languages()
    assert save(session, buyer, clock, source="achievements")


def test_nor_when_many_are_saved_at_once(committed_database, clock, engine):
    with committed_database.transaction() as session:
        office = an_actor(session, (Role.TRANSFER_OFFICE, of(an_institute(session))))
        for number in range(MOST - 1):
            a_saved_search(session, office.account_id, title=str(number))

    def save_one(number):
        try:
            with committed_database.transaction() as session:
                save(session, office, clock, title=f"新{number}")
        except TooManySearches:
            return False
        return True

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(save_one, range(3))) == [False, False, True]


def test_what_is_there_when_it_is_saved_is_not_new(session, clock, engine, office):
    a_laser_need(session)
    search = save(session, office, clock)
    assert session.scalar(select(func.count()).select_from(SearchFind)) == 1
    assert list_finds(session, office, search.id, FINDS, now=clock.now()).items == []


def test_deleting_a_search_forgets_what_was_found(session, clock, engine, buyer):
    a_laser_institute(session)
    search = save(session, buyer, clock, source="achievements")
    assert session.scalar(select(func.count()).select_from(SearchFind)) == 1
    delete_search(session, buyer, search, now=clock.now())
    assert session.scalar(select(func.count()).select_from(SearchFind)) == 0
    assert session.scalar(select(func.count()).select_from(SavedSearch)) == 0
