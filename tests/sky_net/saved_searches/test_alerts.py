"""What is new is told once, to whoever may see it, and nothing is told when nothing is new."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from backbone.actor import SYSTEM, Role
from backbone.identity.models import Membership
from backbone.notices.models import Notice
from backbone.notices.reading import shown
from backbone.people.erasing import PersonErased
from sky_net.assignments.jobs import assign_day
from sky_net.saved_searches.alerts import tell_what_is_new
from sky_net.saved_searches.erasing import forget_searches
from sky_net.saved_searches.models import SavedSearch
from sky_net.saved_searches.service import list_finds, save_search
from tests.factories.assignments import LASER, a_laser_institute, a_laser_need, a_saved_search
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.identity import an_account, an_actor, bearer, of

FINDS = {"sort": "-found_at", "limit": 50}


@pytest.fixture
def office(session):
    return an_actor(session, (Role.TRANSFER_OFFICE, of(an_institute(session))))


@pytest.fixture
def search(session, office):
    return a_saved_search(session, office.account_id)


def told(session):
    return session.scalars(select(Notice).where(Notice.kind == "search_found").order_by(Notice.id)).all()


def found(session, actor, search, clock):
    return [each.document_id for each in list_finds(session, actor, search.id, FINDS, now=clock.now()).items]


def test_what_is_new_is_told_once(session, clock, engine, office, search):
    first, second = a_laser_need(session), a_laser_need(session)
    a_laser_need(session, title="水稻抗病育种", problem="稻瘟病减产")
    for _ in range(3):
        tell_what_is_new(session, now=clock.now())
    (notice,) = told(session)
    assert (notice.recipient_id, notice.subject_id, notice.payload["count"]) == (
        office.account_id,
        search.id,
        2,
    )
    assert "2" in shown(notice)["title"].zh
    assert set(found(session, office, search, clock)) == {first.id, second.id}
    later = a_laser_need(session)
    tell_what_is_new(session, now=clock.now())
    assert [notice.payload["count"] for notice in told(session)] == [2, 1]
    assert later.id in found(session, office, search, clock)


def test_nothing_new_is_no_notice(session, clock, engine, search):
    tell_what_is_new(session, now=clock.now())
    assert told(session) == []


def test_what_was_there_when_it_was_saved_is_not_told(session, clock, engine, office):
    a_laser_need(session)
    values = {"source": "needs", "title": "新", "text": LASER}
    search = save_search(session, office, values, now=clock.now())
    tell_what_is_new(session, now=clock.now())
    assert told(session) == []
    new = a_laser_need(session)
    tell_what_is_new(session, now=clock.now())
    assert found(session, office, search, clock) == [new.id]


@pytest.mark.parametrize(
    "values",
    [{"visibility": "invited"}, {"visibility": "operators"}, {"state": "submitted"}, {"state": "withdrawn"}],
)
def test_what_the_owner_may_not_see_is_not_told(session, clock, engine, search, values):
    a_laser_need(session, **values)
    tell_what_is_new(session, now=clock.now())
    assert told(session) == []


def test_a_masked_need_is_found_by_its_masked_words_alone(session, clock, engine, office, search):
    need = a_laser_need(
        session, visibility="masked", masked_title="某行业性能提升", masked_summary="寻求方案"
    )
    tell_what_is_new(session, now=clock.now())
    assert told(session) == []
    need.masked_title = LASER
    tell_what_is_new(session, now=clock.now())
    assert len(told(session)) == 1


def test_filters_are_heeded(session, clock, engine, office):
    a_saved_search(session, office.account_id, title="窄", filters={"industry": ["nev"]})
    a_laser_need(session, industry="opto")
    tell_what_is_new(session, now=clock.now())
    assert told(session) == []
    a_laser_need(session, industry="nev")
    tell_what_is_new(session, now=clock.now())
    assert [notice.payload["count"] for notice in told(session)] == [1]


def test_what_is_hidden_later_is_listed_no_longer(session, clock, engine, office, search):
    need, other = a_laser_need(session), a_laser_need(session)
    tell_what_is_new(session, now=clock.now())
    need.visibility = "operators"
    session.flush()
    assert found(session, office, search, clock) == [other.id]
    one = list_finds(session, office, search.id, FINDS | {"limit": 1}, now=clock.now())
    assert ([each.document_id for each in one.items], one.next_cursor) == ([other.id], None), (
        "no page tells of it"
    )


def test_whoever_lost_the_role_is_told_nothing(session, clock, engine, office, search):
    a_laser_need(session)
    for membership in session.scalars(select(Membership).where(Membership.account_id == office.account_id)):
        membership.ended_at = clock.now()
    session.flush()
    session.expire_all()
    tell_what_is_new(session, now=clock.now())
    assert told(session) == []


def test_an_enterprise_is_told_of_achievements(session, clock, engine):
    buyer = an_actor(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session))))
    search = a_saved_search(session, buyer.account_id, source="achievements")
    a_laser_institute(session, state="hidden")
    a_laser_institute(session)
    tell_what_is_new(session, now=clock.now())
    assert [notice.payload["count"] for notice in told(session)] == [1]
    assert len(found(session, buyer, search, clock)) == 1


def test_rounds_follow_one_another(session, clock, engine, office, monkeypatch):
    monkeypatch.setattr("sky_net.saved_searches.alerts.AT_ONCE", 2)
    made = [a_saved_search(session, office.account_id, title=str(each)).id for each in range(5)]
    last, seen = None, []
    while (last := tell_what_is_new(session, now=clock.now(), after=last)) is not None:
        seen.append(last)
    assert seen == [made[1], made[3], made[4]]


def test_the_nightly_job_tells_too(session, engine, office, search):
    a_laser_need(session)
    for _ in range(2):
        assign_day(timestamp=0)
    assert len(told(session)) == 1


def test_two_workers_at_once_tell_once(committed_database, clock, engine):
    with committed_database.transaction() as session:
        office = an_actor(session, (Role.TRANSFER_OFFICE, of(an_institute(session))))
        for number in range(6):
            a_saved_search(session, office.account_id, title=str(number))
        a_laser_need(session)
    together = Barrier(2)

    def work(_):
        together.wait()
        with committed_database.transaction() as session:
            tell_what_is_new(session, now=clock.now())

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    with committed_database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Notice)) == 6


def test_an_erased_person_leaves_no_searches(session, clock, engine, office, search):
    account = an_account(session, login="erased-one")
    a_saved_search(session, account.id, title="我的电话 027-1234")
    event = PersonErased(people=list(account.persons), actor=SYSTEM, now=clock.now())
    forget_searches(session, event)
    assert [each.id for each in session.scalars(select(SavedSearch))] == [search.id]


def test_it_is_all_reached_over_http(client, session, engine):
    institute = an_institute(session)
    headers = bearer(session, (Role.TRANSFER_OFFICE, of(institute)))
    body = {"source": "needs", "title": "焊接", "text": LASER, "industry": ["opto"]}
    answer = client.post("/api/saved-searches", headers=headers, json=body)
    assert (answer.status_code, answer.json["industry"], answer.json["text"]) == (201, ["opto"], LASER)
    need = a_laser_need(session)
    assign_day(timestamp=0)
    path = f"/api/saved-searches/{answer.json['id']}"
    assert [each["number"] for each in client.get(f"{path}/finds", headers=headers).json["items"]] == [
        need.number
    ]
    (notice,) = told(session)
    assert notice.subject_number == "焊接"
    again = client.post("/api/saved-searches", headers=headers, json=body)
    assert (again.status_code, again.json["code"]) == (409, "search_title_taken")
    assert client.delete(path, headers=headers).status_code == 428
    assert client.delete(path, headers=headers | {"If-Match": answer.headers["ETag"]}).status_code == 204
    assert client.get("/api/saved-searches", headers=headers).json["items"] == []
    for wrong in ({}, body | {"source": "people"}, body | {"text": ""}, body | {"mode": ["nothing"]}):
        assert client.post("/api/saved-searches", headers=headers, json=wrong).status_code == 422
