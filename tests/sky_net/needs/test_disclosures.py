"""谁看过我的需求: which readings are noted, in which words, and who is shown them."""

import threading
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import event, func, select

from backbone.actor import PROVINCE, SYSTEM, Actor, Held, Role
from backbone.errors import Forbidden, NotFound
from backbone.identity.models import Account
from sky_net.needs import reading
from sky_net.needs.disclosures import disclose, list_readers
from sky_net.needs.models import Need, NeedDisclosure, NeedReader
from sky_net.needs.schemas import NeedQuery
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.identity import an_actor, of, zone
from tests.factories.needs import MADE_AT, a_need

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
ASKED = {"limit": 20, "sort": "read_at"}


@pytest.fixture
def enterprise(session):
    return an_enterprise(session)


@pytest.fixture
def poster(session, enterprise):
    return an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)), name="企业成员")


@pytest.fixture
def operator(session):
    return an_actor(session, (Role.OPERATOR, zone()), name="运营王某")


@pytest.fixture
def institute(session):
    return an_institute(session, name="测试光机所")


@pytest.fixture
def researcher(session, institute):
    return an_actor(session, (Role.INSTITUTE_MEMBER, of(institute)), name="研究员李某")


@pytest.fixture
def need(session, enterprise):
    return a_need(session, enterprise, state="confirmed", visibility="masked")


def invite(session, need, institute):
    session.add(NeedReader(need_id=need.id, organisation_id=institute.id, granted_at=MADE_AT))
    session.flush()


def noted(session):
    return session.scalars(select(NeedDisclosure).order_by(NeedDisclosure.id)).all()


def opened(session, actor, need, now=NOW):
    return reading.show_need(session, actor, need.id, now=now)


def test_an_operator_who_opens_a_confidential_need_is_noted_by_reference(session, operator, need):
    opened(session, operator, need)
    (row,) = noted(session)
    assert (row.need_id, row.reader_id, row.way, row.view) == (need.id, operator.account_id, "opened", "full")
    assert (row.role, row.organisation_id, row.zone_code) == ("operator", None, "420100")
    assert (row.read_at, row.read_on) == (NOW, NOW.date())
    assert not [value for value in vars(row).values() if value == operator.name]


def test_an_invited_institute_is_noted_with_its_organisation(session, researcher, institute, need):
    invite(session, need, institute)
    opened(session, researcher, need)
    (row,) = noted(session)
    assert (row.view, row.role, row.organisation_id, row.zone_code) == (
        "invited", "institute_member", institute.id, None,
    )  # fmt: skip


def test_of_several_institutes_it_is_the_invited_one(session, institute, need):
    other = an_institute(session)
    both = an_actor(session, (Role.INSTITUTE_MEMBER, of(other)), (Role.TRANSFER_OFFICE, of(institute)))
    invite(session, need, institute)
    opened(session, both, need)
    (row,) = noted(session)
    assert (row.role, row.organisation_id) == ("transfer_office", institute.id)


def test_an_invitation_taken_back_this_moment_is_noted_all_the_same(session, institute, need):
    other = an_institute(session)
    both = an_actor(session, (Role.INSTITUTE_MEMBER, of(other)), (Role.TRANSFER_OFFICE, of(institute)))
    disclose(session, both, [reading.Reading(need, "invited")], "opened", now=NOW)
    (row,) = noted(session)
    assert row.organisation_id in {other.id, institute.id}


@pytest.mark.parametrize(
    ("held", "role", "reach"),
    [
        ((Role.OPERATOR, PROVINCE), "operator", None),
        ((Role.AUDITOR, zone()), "auditor", "420100"),
        ((Role.AUDITOR, PROVINCE), "auditor", None),
    ],
)
def test_those_in_office_are_noted_with_their_reach(session, need, held, role, reach):
    opened(session, an_actor(session, held), need)
    (row,) = noted(session)
    assert (row.role, row.zone_code) == (role, reach)


def test_the_enterprises_own_members_leave_no_trace(session, enterprise, poster, need):
    opened(session, poster, need)
    both = an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)), (Role.OPERATOR, PROVINCE))
    opened(session, both, need)
    assert noted(session) == []


def test_a_masked_view_tells_nothing_and_is_not_noted(session, researcher, need):
    assert opened(session, researcher, need).view == "masked"
    assert noted(session) == []


@pytest.mark.parametrize("visibility", ["masked", "invited", "operators"])
def test_whatever_is_not_public_is_confidential(session, enterprise, operator, visibility):
    opened(session, operator, a_need(session, enterprise, state="confirmed", visibility=visibility))
    assert len(noted(session)) == 1


def test_a_public_need_is_no_secret(session, enterprise, operator):
    opened(session, operator, a_need(session, enterprise, state="confirmed", visibility="public"))
    assert noted(session) == []


def test_jobs_read_for_nobody(session, need):
    disclose(session, SYSTEM, [reading.Reading(need, "full")], "opened", now=NOW)
    assert noted(session) == []


def test_a_reader_is_noted_once_a_day_in_wuhan_and_way(session, operator, need):
    late = datetime(2026, 3, 10, 15, 59, tzinfo=UTC)
    for now in (NOW, NOW + timedelta(hours=1), late, late + timedelta(minutes=1)):
        opened(session, operator, need, now)
    reading.list_needs(session, operator, NeedQuery().load({}), now=NOW)
    assert [(row.way, row.read_on.day) for row in noted(session)] == [
        ("opened", 10),
        ("opened", 11),
        ("listed", 10),
    ]
    assert noted(session)[0].read_at == NOW


def test_reading_again_on_the_same_day_writes_nothing(session, operator, need):
    opened(session, operator, need)
    statements = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    opened(session, operator, need)
    assert not [statement for statement in statements if statement.startswith("INSERT")]


def test_another_reader_of_the_same_house_is_noted_too(session, institute, need):
    invite(session, need, institute)
    for _ in range(2):
        opened(session, an_actor(session, (Role.INSTITUTE_MEMBER, of(institute))), need)
    assert len({row.reader_id for row in noted(session)}) == 2


def test_a_list_notes_what_it_shows_unmasked_and_nothing_else(
    session, enterprise, researcher, institute, need
):
    masked = a_need(session, enterprise, state="confirmed", visibility="masked")
    public = a_need(session, enterprise, state="confirmed", visibility="public")
    invite(session, need, institute)
    page = reading.list_needs(session, researcher, NeedQuery().load({}), now=NOW)
    assert {entry.need.id for entry in page.items} == {need.id, masked.id, public.id}
    assert [(row.need_id, row.way) for row in noted(session)] == [(need.id, "listed")]


def test_a_page_notes_its_own_entries_alone_and_takes_two_further_queries(session, operator):
    for _ in range(6):
        a_need(session, state="confirmed", visibility="masked")
    statements = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    page = reading.list_needs(session, operator, NeedQuery().load({"limit": "4"}), now=NOW)
    assert {row.need_id for row in noted(session)} == {entry.need.id for entry in page.items}
    assert (
        len([statement for statement in statements if "need_disclosures" in statement]) == 2 + 1
    )  # and `noted`


def test_near_duplicates_of_others_are_noted(session, operator, need):
    twin = a_need(session, state="confirmed", visibility="masked")
    reading.near_duplicates(session, operator, need.id, now=NOW)
    assert [(row.need_id, row.way) for row in noted(session)] == [(twin.id, "listed")]


def test_what_is_rolled_back_was_not_shown(session, operator, need):
    with session.begin_nested() as savepoint:
        opened(session, operator, need)
        savepoint.rollback()
    assert noted(session) == []


def test_the_enterprise_sees_organisations_and_officials_but_no_other_names(
    session, poster, operator, researcher, institute, need
):
    invite(session, need, institute)
    opened(session, operator, need)
    opened(session, researcher, need, NOW + timedelta(minutes=5))
    first, second = list_readers(session, poster, need.id, ASKED).items
    assert (first.reader_name, first.organisation_name) == ("运营王某", None)
    assert (second.reader_name, second.organisation_name) == (None, "测试光机所")


def test_names_are_those_of_today_and_absent_for_accounts_that_are_gone(session, poster, operator, need):
    opened(session, operator, need)
    session.get_one(Account, operator.account_id).name = "运营新名"
    session.flush()
    assert list_readers(session, poster, need.id, ASKED).items[0].reader_name == "运营新名"
    gone = Actor(need.id, "无人", frozenset({Held(Role.OPERATOR, PROVINCE)}))
    opened(session, gone, need, NOW + timedelta(days=1))
    assert list_readers(session, poster, need.id, ASKED).items[1].reader_name is None


def test_readers_come_in_pages_and_by_way(session, poster, operator, need):
    for day in range(5):
        opened(session, operator, need, NOW + timedelta(days=day))
    reading.list_needs(session, operator, NeedQuery().load({}), now=NOW)
    first = list_readers(session, poster, need.id, ASKED | {"limit": 4})
    rest = list_readers(session, poster, need.id, ASKED | {"limit": 4, "cursor": first.next_cursor})
    assert [len(first.items), len(rest.items), rest.next_cursor] == [4, 2, None]
    found = list_readers(session, poster, need.id, ASKED | {"way": ["listed"]})
    assert [each.noted.way for each in found.items] == ["listed"]


def test_the_list_of_readers_is_for_the_enterprise_alone(session, operator, researcher, need):
    for actor in (operator, researcher, an_actor(session, (Role.AUDITOR, PROVINCE))):
        with pytest.raises(Forbidden):
            list_readers(session, actor, need.id, ASKED)
    stranger = an_actor(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session))))
    with pytest.raises(NotFound):
        list_readers(session, stranger, need.id, ASKED)


def test_the_same_reader_on_many_screens_at_once_is_noted_once_and_nobody_fails(committed_database):
    with committed_database.transaction() as session:
        operator = an_actor(session, (Role.OPERATOR, PROVINCE))
        for _ in range(20):
            a_need(session, state="confirmed", visibility="masked")
    start, failures = threading.Barrier(6), []

    def look(order):
        start.wait()
        try:
            with committed_database.transaction() as session:
                asked = NeedQuery().load({"sort": order, "limit": "20"})
                reading.list_needs(session, operator, asked, now=NOW)
        except Exception as failure:
            failures.append(failure)

    orders = ["number", "-number", "created_at"] * 2
    threads = [threading.Thread(target=partial(look, order)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with committed_database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(NeedDisclosure)) == 20


def test_a_reading_locks_no_row_of_the_need(committed_database):
    with committed_database.transaction() as session:
        operator = an_actor(session, (Role.OPERATOR, PROVINCE))
        need = a_need(session, state="confirmed", visibility="masked")
    with committed_database.transaction() as reader:
        reading.show_need(reader, operator, need.id, now=NOW)
        with committed_database.transaction() as writer:
            locked = select(Need.id).where(Need.id == need.id).with_for_update(nowait=True)
            assert writer.scalar(locked) == need.id
