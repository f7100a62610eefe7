"""A notice is written once, to whoever is there, with everything that delivers it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from random import Random
from threading import Barrier

import pytest
from sqlalchemy import func, select, text

from backbone.db import Database
from backbone.notices.models import EMAIL, WEBHOOK, Delivery
from backbone.notices.models import Notice as Row
from backbone.notices.service import notify, notify_each
from backbone.notices.texts import KINDS, worded
from tests.factories.identity import an_account
from tests.factories.notices import FACTS, a_notice, an_absence, an_endpoint

SMTP = "smtp://127.0.0.1:1"


@pytest.fixture
def mail(monkeypatch):
    monkeypatch.setenv("SMTP_URL", SMTP)
    monkeypatch.setenv("MAIL_FROM", "notices@example.org")


def written(session):
    return session.scalars(select(Row).order_by(Row.id)).all()


def deliveries(session):
    return session.scalars(select(Delivery).order_by(Delivery.id)).all()


def queued(session):
    return session.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'notices.deliver'"))


def test_the_same_key_is_written_once(session, clock):
    notice = a_notice(an_account(session).id)
    assert notify(session, notice, now=clock.now()) is True
    assert notify(session, notice, now=clock.now()) is False
    assert len(written(session)) == 1


def test_of_many_those_that_were_there_before_and_those_given_twice_are_left_out(session, clock):
    reader = an_account(session)
    before, *others = (a_notice(reader.id) for _ in range(4))
    notify(session, before, now=clock.now())
    given = [*reversed(others), before, others[0]]
    assert notify_each(session, given, now=clock.now()) == 3
    assert [row.dedupe_key for row in written(session)] == [
        notice.dedupe_key for notice in (before, *reversed(others))
    ]
    assert notify_each(session, [], now=clock.now()) == 0


@pytest.mark.usefixtures("mail")
def test_many_at_once_each_go_their_own_way(session, clock):
    away, reader = an_account(session, email="a@example.org"), an_account(session)
    deputy = an_account(session, email="b@example.org")
    an_absence(session, away, deputy)
    near, far = an_endpoint(session, zone_code="420100"), an_endpoint(session, zone_code="420500")
    given = [a_notice(account.id) for account in (away, reader, deputy)]
    given += [a_notice(None), a_notice(None, zone_code="420500")]
    assert notify_each(session, given, now=clock.now()) == 5
    ways = {(row.dedupe_key, row.recipient_id): [] for row in written(session)}
    rows = {row.id: row for row in written(session)}
    for delivery in deliveries(session):
        row = rows[delivery.notice_id]
        ways[row.dedupe_key, row.recipient_id].append((delivery.channel, delivery.endpoint_id))
    keys = [notice.dedupe_key for notice in given]
    assert ways == {
        (keys[0], deputy.id): [(EMAIL, None)], (keys[1], reader.id): [], (keys[2], deputy.id): [(EMAIL, None)],
        (keys[3], None): [(WEBHOOK, near.id)], (keys[4], None): [(WEBHOOK, far.id)],
    }  # fmt: skip
    assert queued(session) == 4


def test_two_who_write_the_same_ones_in_another_order_write_them_once(committed_database: Database, clock):
    with committed_database.transaction() as session:
        notices = [a_notice(an_account(session).id) for _ in range(50)]
    together = Barrier(4)

    def write(number: int) -> int:
        own = Random(number).sample(notices, len(notices))
        with committed_database.transaction() as session:
            together.wait()
            return notify_each(session, own, now=clock.now())

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(write, range(4))) == len(notices)


def test_two_at_once_write_it_once(committed_database: Database, clock):
    with committed_database.transaction() as session:
        notice = a_notice(an_account(session).id)
    together = Barrier(4)

    def write(_: int) -> bool:
        with committed_database.transaction() as session:
            together.wait()
            return notify(session, notice, now=clock.now())

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(write, range(4))) == [False, False, False, True]
    with committed_database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Row)) == 1


@pytest.mark.usefixtures("mail")
def test_an_account_with_an_address_gets_mail_and_one_without_its_inbox_alone(session, clock):
    for account in (an_account(session, email="a@example.org"), an_account(session)):
        notify(session, a_notice(account.id), now=clock.now())
    assert [delivery.channel for delivery in deliveries(session)] == [EMAIL]
    assert queued(session) == 1


def test_without_a_mail_server_nothing_is_queued(session, clock):
    notify(session, a_notice(an_account(session, email="a@example.org").id), now=clock.now())
    assert (len(written(session)), deliveries(session), queued(session)) == (1, [], 0)


def test_who_is_on_leave_is_replaced_and_the_notice_says_for_whom(session, clock):
    away, deputy = an_account(session), an_account(session)
    an_absence(session, away, deputy)
    notify(session, a_notice(away.id), now=clock.now())
    [notice] = written(session)
    assert (notice.recipient_id, notice.on_behalf_of) == (deputy.id, away.id)
    an_absence(session, away, deputy, from_on=date(2026, 3, 12), to_on=date(2026, 3, 12))
    clock.advance(days=1)
    notify(session, a_notice(away.id), now=clock.now())
    assert (written(session)[1].recipient_id, written(session)[1].on_behalf_of) == (away.id, None)


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({}, True),
        ({"kinds": ["clock_reminder", "clock_breached"]}, True),
        ({"kinds": ["clock_breached"]}, False),
        ({"zone_code": "420100"}, True),
        ({"zone_code": "420000"}, True),
        ({"zone_code": "420500"}, False),
        ({"closed_at": "now"}, False),
    ],
)
def test_webhooks_are_told_what_they_asked_for_within_their_zone(session, clock, values, wanted):
    endpoint = an_endpoint(session, **values | ({"closed_at": clock.now()} if "closed_at" in values else {}))
    notify(session, a_notice(None), now=clock.now())
    told = [(delivery.channel, delivery.endpoint_id) for delivery in deliveries(session)]
    assert told == ([(WEBHOOK, endpoint.id)] if wanted else [])


def test_a_notice_to_a_person_goes_to_no_webhook(session, clock):
    an_endpoint(session)
    notify(session, a_notice(an_account(session).id), now=clock.now())
    assert deliveries(session) == []


def test_what_rolls_back_is_neither_written_nor_queued(session, clock):
    an_endpoint(session)
    undone = session.begin_nested()
    notify(session, a_notice(None), now=clock.now())
    undone.rollback()
    assert (written(session), queued(session)) == ([], 0)


def test_a_kind_without_words_is_refused_where_it_is_written(session, clock):
    with pytest.raises(KeyError):
        notify(session, a_notice(None, kind="whatever"), now=clock.now())


OF_ONESELF = {"password_changed", "password_reset"}
"""What needs no number: the reader's own account."""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("facts", [FACTS, {}])
def test_every_kind_has_words_in_both_languages_and_leaves_no_placeholder(kind, facts):
    wording = worded(kind, "XQ-2026-000001", facts)
    for said in (wording.subject, wording.text):
        assert said.zh != str(said)
        assert "{" not in said.zh + str(said)
    assert ("XQ-2026-000001" in wording.subject.zh) != (kind in OF_ONESELF)
    if "{due}" in str(facts):
        assert "03-11 17:30" in wording.subject.zh


def test_times_are_said_in_shanghai():
    assert "03-11 17:30" in worded("clock_reminder", "XQ-1", FACTS).subject.zh
    assert "已于" in worded("clock_reminder", "XQ-1", FACTS | {"remaining_minutes": 0}).subject.zh
    assert "1 小时 45 分" in worded("clock_reminder", "XQ-1", FACTS).text.zh
