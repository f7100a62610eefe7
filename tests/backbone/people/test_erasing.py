"""What is erased is gone at once and for good; what stands beside it, and whoever edits at that moment, is not lost."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from backbone.actor import PROVINCE, SYSTEM, Role, actor_with
from backbone.audit import AuditEvent
from backbone.chinese import fold
from backbone.clock import FrozenClock
from backbone.db import Database
from backbone.directory import service as directory
from backbone.directory.models import Enterprise
from backbone.people.erasing import erase
from backbone.people.errors import NobodyFound, ReasonNamesSomebody
from backbone.people.finding import Asked, was_erased
from backbone.people.holding import person_of
from backbone.people.models import VALUES, Person
from backbone.people.normal import ERASED
from sky_net.achievements.models import Achievement
from sky_net.needs.models import Need
from tests.factories.achievements import an_achievement
from tests.factories.directory import MADE_AT, an_enterprise, an_institute
from tests.factories.needs import a_need

NAME, PHONE = "卫测试", "13712340000"
ASKED = Asked("phone", PHONE)


@pytest.fixture
def enterprise(session: Session) -> Enterprise:
    return an_enterprise(session, contact_name=NAME, contact_phone=PHONE, contact_email="wei@example.test")


def erase_now(session: Session, clock: FrozenClock, asked: Asked = ASKED, reason: str = "本人申请 7") -> Any:
    return erase(session, SYSTEM, asked, reason=reason, now=clock.now())


def test_the_values_go_and_the_row_stays(session: Session, clock: FrozenClock, enterprise: Enterprise):
    row = person_of(enterprise, "contact")
    assert erase_now(session, clock).erased == 1
    session.expire_all()
    kept = session.get_one(Person, row.id)
    assert kept.erased_at == clock.now()
    assert [getattr(kept, f"{name}_{what}") for name in VALUES for what in ("sealed", "digest")] == [None] * 8
    assert enterprise.contact == {"name": ERASED, "phone": None, "email": None}


def test_one_audit_event_says_which_rows_and_why_and_nothing_of_the_person(
    session: Session, clock: FrozenClock, enterprise: Enterprise
):
    need = a_need(session, enterprise, contact_name=NAME, contact_phone=PHONE)
    erase_now(session, clock)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "erase_person")).one()
    rows = {str(person_of(holder, "contact").id) for holder in (enterprise, need)}
    assert set(event.after["rows"]) == rows
    assert event.after["reason"] == "本人申请 7"
    assert event.after["asked"].startswith("hmac:")
    assert event.subject_kind == "people"
    assert PHONE not in str(event.after)


def test_a_second_time_is_known_and_changes_nothing(
    session: Session, clock: FrozenClock, enterprise: Enterprise
):
    row = person_of(enterprise, "contact")
    assert not was_erased(session, ASKED)
    erase_now(session, clock)
    version = enterprise.version
    with pytest.raises(NobodyFound):
        erase_now(session, clock)
    assert was_erased(session, Asked("phone", "+86 137 1234 0000"))
    again = erase_now(session, clock, Asked("id", str(row.id)))
    assert (again.erased, again.erased_before) == (0, 1)
    assert enterprise.version == version


def test_the_records_get_a_new_version_so_that_no_cache_shows_the_old(
    session: Session, clock: FrozenClock, enterprise: Enterprise
):
    before = enterprise.version
    erase_now(session, clock)
    session.expire_all()
    assert (enterprise.version, enterprise.updated_at) == (before + 1, clock.now())


@pytest.mark.parametrize(
    "reason",
    [f"{NAME}本人要求", "电话 137 1234 0000 的主人", "+86 137-1234-0000", "wei@EXAMPLE.test 来信", "卫 测试"],
)
def test_a_reason_that_names_the_person_is_refused(
    session: Session, clock: FrozenClock, enterprise: Enterprise, reason: str
):
    with pytest.raises(ReasonNamesSomebody):
        erase_now(session, clock, reason=reason)
    assert enterprise.contact_name == NAME


def test_others_of_the_same_record_stay(session: Session, clock: FrozenClock, enterprise: Enterprise):
    need = a_need(session, enterprise, contact_name=NAME, contact_phone=PHONE, decision_owner="蒋测试")
    erase_now(session, clock)
    session.expire_all()
    need = session.get_one(Need, need.id)
    assert (need.contact_name, need.contact_phone, need.decision_owner) == (ERASED, None, "蒋测试")


def test_the_name_leaves_the_teams_of_the_same_institute_alone(session: Session, clock: FrozenClock):
    institute = an_institute(session, contact_name=NAME, contact_phone=PHONE)
    own = an_achievement(session, institute=institute, contact_name=None, team=f"{NAME}、李某团队")
    foreign = an_achievement(session, contact_name=None, team=f"{NAME}团队")
    untouched = an_achievement(session, institute=institute, contact_name=None, team="李某团队")
    marks = {row.id: row.version for row in (own, foreign, untouched)}
    assert erase_now(session, clock).texts == 1
    session.expire_all()
    assert session.get_one(Achievement, own.id).team == f"{ERASED}、李某团队"
    assert fold(NAME) not in own.folded
    assert foreign.team == f"{NAME}团队"
    assert {row.id for row in (own, foreign, untouched) if row.version != marks[row.id]} == {own.id}


def test_whoever_is_named_afterwards_is_somebody_new(
    session: Session, clock: FrozenClock, enterprise: Enterprise
):
    erased = person_of(enterprise, "contact")
    erase_now(session, clock)
    office = actor_with((Role.OPERATOR, PROVINCE))
    given = {"contact": {"name": "沈测试", "phone": "1"}}
    directory.amend(session, office, enterprise, given, now=clock.now())
    session.flush()
    session.expire_all()
    assert enterprise.contact == {"name": "沈测试", "phone": "1", "email": None}
    assert session.get_one(Person, erased.id).erased_at is not None
    assert len(enterprise.persons) == 2


# --- beside others, for real ---


def stored(database: Database) -> Any:
    with database.transaction() as session:
        enterprise = an_enterprise(session, contact_name=NAME, contact_phone=PHONE)
        return a_need(session, enterprise, contact_name=NAME, contact_phone=PHONE, created_at=MADE_AT).id


def test_an_edit_under_way_is_finished_first_and_then_erased_with_the_rest(
    committed_database: Database, clock: FrozenClock
):
    need_id = stored(committed_database)
    done: list[Any] = []

    def erase_meanwhile() -> None:
        with committed_database.transaction() as session:
            done.append(erase_now(session, clock))

    other = threading.Thread(target=erase_meanwhile)
    with committed_database.transaction() as session:
        need = session.get_one(Need, need_id, with_for_update=True)
        need.contact_email = "wei.new@example.test"
        session.flush()
        other.start()
        other.join(0.5)
        assert other.is_alive()  # it waits for the record, with nothing changed yet
    other.join()
    assert done[0].erased == 2
    with committed_database.transaction() as session:
        assert session.get_one(Need, need_id).contact == {"name": ERASED, "phone": None, "email": None}


def test_an_edit_that_read_before_the_erasure_finds_its_record_changed(
    committed_database: Database, clock: FrozenClock
):
    need_id = stored(committed_database)

    def edit_late() -> None:
        with committed_database.transaction() as session:
            need = session.get_one(Need, need_id)
            assert need.contact_name == NAME
            with committed_database.transaction() as meanwhile:
                erase_now(meanwhile, clock)
            need.contact_email = "wei.new@example.test"

    with pytest.raises(StaleDataError):
        edit_late()
    with committed_database.transaction() as session:
        assert session.get_one(Need, need_id).contact == {"name": ERASED, "phone": None, "email": None}
        assert set(session.scalars(select(Person.email_sealed))) == {None}


def test_two_erasures_and_many_edits_at_once_leave_nothing_of_the_person(
    committed_database: Database, clock: FrozenClock
):
    need_id = stored(committed_database)
    outcomes: list[str] = []

    def attempt(work: Callable[[Session], object]) -> None:
        try:
            with committed_database.transaction() as session:
                work(session)
            outcomes.append("done")
        except (NobodyFound, StaleDataError, DBAPIError) as failure:
            outcomes.append(type(failure).__name__)

    def edit(session: Session) -> None:
        need = session.get_one(Need, need_id, with_for_update=True)
        if need.contact_name == NAME:
            need.contact_phone, need.updated_at = PHONE, clock.now()

    works = [lambda session: erase_now(session, clock)] * 2 + [edit] * 6
    threads = [threading.Thread(target=attempt, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(outcomes) <= {"done", "NobodyFound"}
    with committed_database.transaction() as session:
        assert session.get_one(Need, need_id).contact == {"name": ERASED, "phone": None, "email": None}
        with pytest.raises(NobodyFound):
            erase_now(session, clock)
        assert len(session.scalars(select(AuditEvent).where(AuditEvent.action == "erase_person")).all()) == 1
