"""What is known of how institutes answer, and that one question tells it of all of them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.orm import Session

from backbone.actor import PROVINCE, Actor, Role
from backbone.directory.models import Institute
from sky_net.assignments.quotas import ORDINARY, quotas_of, set_quota
from sky_net.assignments.records import read_records
from sky_net.invitations.models import Invitation
from sky_net.invitations.service import accept_invitation, decline_invitation, invite_institute
from sky_net.matching.features import Record
from sky_net.matching.records import WINDOW, records_of
from sky_net.needs.life_cycle import advance
from tests.factories.directory import an_institute
from tests.factories.identity import an_actor, of, zone
from tests.factories.invitations import an_exchange, an_invitation
from tests.factories.needs import a_need

MONDAY = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
SOON, LATE, AFTERWARDS = (MONDAY + timedelta(days=days) for days in (1, 20, 30))


def invited(session: Session, institute: Institute, at: datetime = MONDAY) -> Invitation:
    exchange = an_exchange(session, since=at)
    return invite_institute(
        session, exchange.operator, exchange.need.id, {"institute_id": institute.id}, now=at
    )


def office(session: Session, institute: Institute) -> Actor:
    return an_actor(session, (Role.TRANSFER_OFFICE, of(institute)))


def record(session: Session, institute: Institute, at: datetime = AFTERWARDS, **asked: bool) -> Record:
    return read_records(session, [institute.id], at, **asked)[institute.id]


def test_whoever_was_never_asked_has_all_its_room_and_no_record(session: Session):
    assert record(session, an_institute(session)) == Record(0, 0, 0, ORDINARY)


def test_a_yes_and_a_no_in_time_count_alike_and_a_late_one_does_not(session: Session):
    institute = an_institute(session)
    theirs = office(session, institute)
    for answer, at in ((accept_invitation, SOON), (accept_invitation, LATE)):
        answer(session, theirs, invited(session, institute).id, now=at)
    decline_invitation(session, theirs, invited(session, institute).id, {"reason_code": "capacity"}, now=SOON)
    invited(session, institute)
    found = record(session, institute)
    assert (found.in_time, found.due) == (2, 4)
    assert found.taken == 3, "what was declined takes no place"


def test_nothing_counts_before_it_is_due_or_after_a_year(session: Session):
    institute = an_institute(session)
    accept_invitation(session, office(session, institute), invited(session, institute).id, now=SOON)
    assert (record(session, institute, SOON).due, record(session, institute).due) == (0, 1)
    assert record(session, institute, MONDAY + WINDOW + timedelta(days=30)).due == 0


def test_load_is_that_of_the_quotas(session: Session, clock: Any):
    institute, chief = an_institute(session), an_actor(session, (Role.OPERATOR, PROVINCE))
    set_quota(session, chief, institute.id, 4, now=clock.now())
    for state in ("open", "accepted", "declined"):
        an_invitation(session, a_need(session, state="matched"), institute, state=state)
    an_invitation(session, a_need(session, state="selected"), institute)
    found, quota = record(session, institute), quotas_of(session, [institute.id])[institute.id]
    assert (found.taken, found.quota, found.load) == (quota.taken, quota.needs, 0.5)


def test_of_a_time_gone_by_it_is_told_what_stood_then(session: Session):
    institute = an_institute(session)
    asked = [invited(session, institute) for _ in range(3)]
    decline_invitation(
        session, office(session, institute), asked[0].id, {"reason_code": "capacity"}, now=SOON
    )
    operator = an_actor(session, (Role.OPERATOR, zone()))
    advance(session, operator, asked[1].need, "park", now=LATE)
    before = MONDAY - timedelta(days=1)
    taken = [
        record(session, institute, at, is_past=True).taken for at in (before, MONDAY, SOON, LATE, AFTERWARDS)
    ]
    assert taken == [0, 3, 2, 1, 1]
    assert record(session, institute).taken == 1


def test_one_query_tells_it_of_a_whole_list(session: Session):
    institutes = [an_institute(session) for _ in range(30)]
    for institute in institutes[:10]:
        an_invitation(session, a_need(session, state="matched"), institute)
    ids = {institute.id for institute in institutes}
    session.flush()
    found: dict[UUID, Record] = {}
    asked = statements_of(session, lambda: found.update(records_of(session, ids, AFTERWARDS)))
    assert len(asked) == 1
    assert sorted(each.taken for each in found.values()) == [0] * 20 + [1] * 10
    assert found.keys() == ids
    assert statements_of(session, lambda: records_of(session, set(), AFTERWARDS)) == []


def statements_of(session: Session, work: Callable[[], object]) -> list[str]:
    asked: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    bound = session.connection()
    event.listen(bound, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(bound, "before_cursor_execute", note)
    return asked
