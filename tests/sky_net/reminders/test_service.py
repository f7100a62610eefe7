"""Each call once, whoever looks, how late and how often: also with workers at once and killed in the middle."""

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from threading import Barrier

import pytest
from sqlalchemy import event, func, select, text, update

from backbone.actor import PROVINCE, SYSTEM, Role
from backbone.clock import SHANGHAI
from backbone.notices.models import Delivery, Notice
from sky_net.reminders import service
from sky_net.sla import projection, stops
from sky_net.sla import service as sla
from sky_net.sla.models import ClockCall, SlaClock
from tests.factories.identity import an_account, zone
from tests.factories.notices import an_endpoint
from tests.factories.sla import a_confirmation, a_contact, opened

TUESDAY = datetime(2026, 3, 10, 11, 0, tzinfo=SHANGHAI)
LATE = datetime(2026, 4, 20, 10, 0, tzinfo=SHANGHAI)
"""A month later, on an ordinary morning."""


def at(day, hour=9, minute=0):
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


def look(session, now):
    return service.call_about_clocks(session, now=now)


def made(session):
    session.expire_all()
    rows = session.execute(
        select(SlaClock.stage, ClockCall.kind, ClockCall.level, ClockCall.cycle).join(
            SlaClock, SlaClock.id == ClockCall.clock_id
        )
    )
    return sorted(tuple(row) for row in rows)


def told(session):
    return sorted(session.scalars(select(Notice.kind).where(Notice.recipient_id.is_not(None))))


@pytest.fixture
def operator(session):
    return an_account(session, (Role.OPERATOR, zone()))


@pytest.fixture
def need(session, operator):
    return opened(session, now=TUESDAY)


def test_before_the_first_call_there_is_nothing_to_look_at(session, need):
    assert look(session, at(11, 12)) == 0


def test_the_owner_is_reminded_in_time_and_only_once(session, need):
    for now in (at(11, 14), at(11, 14, 1), at(11, 15)):
        look(session, now)
    assert made(session) == [("confirm", "reminder", 1, 0)]
    assert told(session) == ["clock_reminder"]


def test_a_day_of_looks_makes_every_call_of_the_confirm_clock_once(session, need):
    now = at(11, 9)
    while now < at(12, 18):
        look(session, now)
        now += timedelta(minutes=7)
    confirm = [entry[1:] for entry in made(session) if entry[0] == "confirm"]
    assert confirm == [("breach", 0, 0), ("escalation", 1, 0), ("escalation", 2, 0), ("escalation", 3, 0),
                       ("reminder", 1, 0), ("reminder", 2, 0)]  # fmt: skip


def test_whoever_comes_a_month_late_finds_the_breach_and_the_chain_and_no_stale_reminder(session, need):
    look(session, LATE)
    kinds = {entry[1] for entry in made(session)}
    assert kinds == {"breach", "escalation"}
    assert len(made(session)) == 4 * 3
    assert look(session, LATE + timedelta(hours=1)) == 0


def test_at_night_a_breach_alone_is_said_and_the_rest_in_the_morning(session, need):
    look(session, at(11, 22))
    assert {entry[1] for entry in made(session)} == {"breach"}
    assert look(session, at(12, 8, 59)) == 0
    look(session, at(12, 9))
    assert {entry[1] for entry in made(session)} == {"breach", "escalation"}


def test_nobody_is_called_after_the_stop(session, need):
    stops.stop(session, SYSTEM, need.id, a_confirmation(at(11, 10)), now=at(11, 10))
    look(session, at(12, 16))
    assert "confirm" not in {entry[0] for entry in made(session)}


def test_a_pause_silences_and_the_resumption_calls_by_the_new_deadline(session, need):
    sla.pause(session, SYSTEM, need.id, "return", now=at(11, 10))
    assert look(session, at(18, 16)) == 0
    sla.resume(session, SYSTEM, need.id, now=at(18, 16))
    look(session, at(19, 11))
    assert made(session) == [("confirm", "reminder", 1, 0)] or made(session)[0][:2] == (
        "confirm",
        "escalation",
    )


def test_a_reopened_clock_calls_in_its_next_cycle(session, need):
    contact = a_contact(at(16, 14))
    stops.stop(session, SYSTEM, need.id, contact, now=at(16, 14))
    stops.reopen(session, SYSTEM, need.id, "communicate", contact.contact_id, now=at(17, 9))
    look(session, LATE)
    assert {entry[3] for entry in made(session) if entry[0] == "communicate"} == {1}


def test_a_rebuild_makes_no_call_twice(session, need):
    look(session, LATE)
    before = made(session)
    projection.rebuild(session)
    assert look(session, LATE + timedelta(hours=1)) == 3
    assert made(session) == before
    assert look(session, LATE + timedelta(hours=2)) == 0


def test_a_call_goes_to_the_webhooks_too(session, need):
    an_endpoint(session)
    look(session, at(11, 14))
    others = session.scalars(select(Notice).where(Notice.recipient_id.is_(None))).all()
    assert [notice.kind for notice in others] == ["clock_reminder"]


def test_a_clock_that_cannot_be_read_is_put_off_and_stands_in_nobodys_way(session, need, caplog):
    broken = opened(session, now=TUESDAY)
    session.execute(
        text("INSERT INTO sla_events (id, subject_id, seq, kind, party, occurred_at, recorded_at, reason, content_hash) VALUES"
             " (gen_random_uuid(), :id, 2, 'resume', 'platform', :at, :at, 'nothing', '')"),
        {"id": broken.id, "at": TUESDAY},
    )  # fmt: skip
    look(session, at(11, 14))
    assert [entry[0] for entry in made(session)] == ["confirm"]
    assert "cannot be read" in caplog.text
    assert look(session, at(11, 14, 5)) == 0


def test_the_calls_of_a_need_are_shown_to_those_who_read_it_in_full(session, need):
    look(session, at(11, 14))
    shown = service.calls.calls_about(session, need.id)
    assert [(call["stage"], call["kind"], call["level"]) for call in shown] == [("confirm", "reminder", 1)]
    assert shown[0]["called_at"] == at(11, 14)


def test_a_round_takes_as_many_statements_however_many_clocks_it_finds(session, operator):
    an_endpoint(session)
    _, one, seven = (statements_of_a_look(session, needs) for needs in (1, 1, 7))
    assert one == seven
    assert len(made(session)) == 9


def statements_of_a_look(session, needs):
    """How many a look takes that finds the first reminders of so many needs."""
    for _ in range(needs):
        opened(session, now=TUESDAY)
    session.flush()
    session.expunge_all()
    with each_statement(session) as said:
        look(session, at(11, 14))
    return len(said)


@contextmanager
def each_statement(session, die_at=None):
    """The statements of the session from here on; the one of this number is never made, as if the worker had died."""
    said: list[str] = []

    def note(_connection, _cursor, statement, *_more):
        if len(said) == die_at:
            raise ZeroDivisionError
        said.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(connection, "before_cursor_execute", note)


def test_a_worker_that_dies_at_any_statement_leaves_nothing_and_the_next_one_makes_every_call(
    committed_database, monkeypatch
):
    monkeypatch.setenv("SMTP_URL", "smtp://127.0.0.1:1")
    with committed_database.transaction() as session:
        an_account(session, (Role.OPERATOR, PROVINCE), email="operator@example.org")
        an_endpoint(session)
        for _ in range(3):
            opened(session, now=TUESDAY)

    def outbox() -> list[int | None]:
        with committed_database.transaction() as session:
            jobs = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'notices.deliver'")
            tables = (ClockCall, Notice, Delivery)
            rows = [session.scalar(select(func.count()).select_from(table)) for table in tables]
            return [*rows, session.scalar(jobs)]

    for step in count():
        try:
            with committed_database.transaction() as session, each_statement(session, die_at=step):
                look(session, LATE)
        except ZeroDivisionError:
            assert outbox() == [0, 0, 0, 0]
        else:
            break
    assert step > 8
    calls = 3 * 3 * 4
    assert outbox() == [calls, 2 * calls, 2 * calls, 2 * calls]


def test_a_host_whose_clock_was_set_back_does_not_forget_an_answer(session, need):
    stops.stop(session, SYSTEM, need.id, a_confirmation(at(11, 15)), now=at(11, 15))
    session.execute(update(SlaClock).values(look_at=at(11, 14)))
    look(session, at(11, 14, 30))
    assert made(session) == []


@pytest.mark.parametrize("seed", range(3))
def test_workers_at_once_and_dying_at_any_step_make_each_call_once(committed_database, seed):
    """Several workers look at random instants and some die before their commit; a last look comes a month late."""
    chance = random.Random(seed)
    with committed_database.transaction() as session:
        an_account(session, (Role.OPERATOR, PROVINCE))
        for _ in range(6):
            opened(session, now=TUESDAY)
    together = Barrier(4)

    def work(number: int) -> None:
        own = random.Random(seed * 100 + number)
        together.wait()
        now = at(11, 9)
        for _ in range(12):
            now += timedelta(minutes=own.randint(1, 500))
            try:
                with committed_database.transaction() as session:
                    service.call_about_clocks(session, now=now)
                    _ = 1 // own.choice((0, 1, 1))  # some die before their commit
            except ZeroDivisionError:
                continue

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    late = LATE + timedelta(minutes=chance.randint(0, 60))
    with committed_database.transaction() as session:
        while look(session, late):
            pass
        repeated = select(ClockCall.clock_id).group_by(
            ClockCall.clock_id, ClockCall.kind, ClockCall.cycle, ClockCall.level
        ).having(func.count() > 1)  # fmt: skip
        assert session.scalars(repeated).all() == []
        due = (
            select(ClockCall.clock_id, func.count())
            .where(ClockCall.kind != "reminder")
            .group_by(ClockCall.clock_id)
        )
        assert {count for _, count in session.execute(due)} == {4}
        assert (
            session.scalar(select(func.count()).select_from(ClockCall).where(ClockCall.kind == "breach"))
            == 18
        )
        people = select(func.count()).select_from(Notice).where(Notice.recipient_id.is_not(None))
        assert session.scalar(people) == session.scalar(select(func.count()).select_from(ClockCall))


def test_two_workers_at_the_same_instant_share_the_clocks(committed_database):
    with committed_database.transaction() as session:
        an_account(session, (Role.OPERATOR, PROVINCE))
        for _ in range(5):
            opened(session, now=TUESDAY)
    with committed_database.transaction() as first:
        assert look(first, LATE) == 15
        with committed_database.transaction() as second:
            assert look(second, LATE) == 0
