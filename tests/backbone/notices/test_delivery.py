"""Deliveries over a real SMTP server and a real receiver: answered, refused, dead in the middle, and once more."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_string
from email.header import decode_header, make_header
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import select, text

from backbone.jobs import run_pending
from backbone.notices import delivery, mail
from backbone.notices.delivery import BACKOFF, attempt, overdue
from backbone.notices.jobs import deliver_overdue
from backbone.notices.models import WEBHOOK, Delivery
from backbone.notices.outcomes import Failed
from backbone.notices.service import notify
from backbone.notices.signing import NotGenuine, verify
from backbone.settings import SettingUnusable
from tests.factories.identity import an_account
from tests.factories.notices import MADE_AT, SECRET, a_delivery, a_notice, an_endpoint
from tests.factories.receivers import receiver

ROOT = Path(__file__).parents[3]


@pytest.fixture
def log(tmp_path):
    return tmp_path / "received.jsonl"


@pytest.fixture
def by_mail(monkeypatch):
    def point_to(port):
        monkeypatch.setenv("SMTP_URL", f"smtp://127.0.0.1:{port}")
        monkeypatch.setenv("MAIL_FROM", "天网 <notices@example.org>")

    return point_to


@pytest.fixture
def private(monkeypatch):
    monkeypatch.setenv("WEBHOOK_PRIVATE_NETWORKS", "127.0.0.0/8")


def a_mail(session):
    return a_delivery(session, an_account(session, email="reader@example.org"))


def a_hook(session, port):
    endpoint = an_endpoint(session, url=f"http://127.0.0.1:{port}/hook")
    return a_delivery(session, channel=WEBHOOK, endpoint_id=endpoint.id)


def test_a_mail_arrives_in_both_languages_with_a_message_id_of_its_delivery(session, clock, log, by_mail):
    with receiver("smtp", log) as server:
        by_mail(server.port)
        sent = attempt(session, a_mail(session).id, now=clock.now())
        [arrived] = server.received()
    message = message_from_string(arrived["content"])
    subject = str(make_header(decode_header(message["Subject"])))
    assert (sent.state, sent.attempts, sent.last_error) == ("delivered", 1, None)
    assert arrived["to"] == ["reader@example.org"]
    assert message["Message-ID"] == f"<{sent.id}@example.org>"
    assert "的确认将于 03-11 17:30 到期" in subject
    assert "confirmation is due" in subject
    assert "1 h 45 min" in message.get_payload(decode=True).decode()


def test_a_hook_arrives_signed_and_its_signature_covers_all_of_it(session, clock, log, private):
    with receiver("hook", log) as server:
        sent = attempt(session, a_hook(session, server.port).id, now=clock.now())
        [arrived] = server.received()
    body = arrived["body"].encode()
    assert sent.state == "delivered"
    assert verify(arrived["headers"], body, SECRET, clock.now()) == str(sent.id)
    with pytest.raises(NotGenuine):
        verify(arrived["headers"], body.replace(b"confirm", b"propose"), SECRET, clock.now())
    told = json.loads(body)
    assert (told["type"], told["data"]["stage"]) == ("clock_reminder", "confirm")


@pytest.mark.parametrize(("kind", "manner", "state"), [
    ("smtp", "busy", "waiting"), ("smtp", "refuses", "dead"), ("hook", "busy", "waiting"), ("hook", "refuses", "dead"),
    ("hook", "elsewhere", "waiting"),
])  # fmt: skip
@pytest.mark.usefixtures("private")
def test_a_temporary_refusal_is_tried_again_and_a_permanent_one_is_dead(
    session, clock, log, by_mail, kind, manner, state
):
    with receiver(kind, log, manner) as server:
        by_mail(server.port)
        waiting = a_mail(session) if kind == "smtp" else a_hook(session, server.port)
        tried = attempt(session, waiting.id, now=clock.now())
    assert (tried.state, tried.attempts) == (state, 1)
    assert tried.last_error
    assert "example.org" not in tried.last_error
    if state == "waiting":
        assert tried.next_attempt_at == clock.now() + BACKOFF[0]


@pytest.mark.parametrize("kind", ["smtp", "hook"])
@pytest.mark.usefixtures("private")
def test_a_receiver_killed_in_mid_delivery_gets_it_once_more_under_the_same_id(
    session, clock, log, by_mail, kind
):
    with receiver(kind, log, "dies") as server:
        by_mail(server.port)
        waiting = a_mail(session) if kind == "smtp" else a_hook(session, server.port)
        assert attempt(session, waiting.id, now=clock.now()).state == "waiting"
        server.process.wait(10)
        assert server.process.returncode == -signal.SIGKILL
    clock.advance(minutes=2)
    with receiver(kind, log, port=server.port) as again:
        assert attempt(session, waiting.id, now=clock.now()).state == "delivered"
        first, second = again.received()
    if kind == "smtp":
        ids = [message_from_string(arrived["content"])["Message-ID"] for arrived in (first, second)]
    else:
        ids = [arrived["headers"]["webhook-id"] for arrived in (first, second)]
    assert ids[0] == ids[1]


def test_the_waits_grow_until_the_delivery_is_a_dead_letter(session, clock, by_mail):
    by_mail(1)  # nobody listens there
    waiting = a_mail(session)
    waits = []
    while (tried := attempt(session, waiting.id, now=clock.now())).state == "waiting":
        waits.append(tried.next_attempt_at - clock.now())
        assert attempt(session, waiting.id, now=tried.next_attempt_at - timedelta(seconds=1)) is None
        clock.instant = tried.next_attempt_at
    assert tuple(waits) == BACKOFF
    assert (tried.state, tried.attempts) == ("dead", len(BACKOFF) + 1)
    assert attempt(session, waiting.id, now=clock.now() + timedelta(days=365)) is None


def test_who_has_no_address_any_more_gets_nothing_and_the_letter_is_dead(session, clock, by_mail):
    by_mail(1)
    tried = attempt(session, a_delivery(session).id, now=clock.now())
    assert (tried.state, tried.last_error) == ("dead", "no_address")


def test_a_closed_endpoint_is_told_nothing(session, clock, private):
    endpoint = an_endpoint(session, closed_at=clock.now())
    tried = attempt(
        session, a_delivery(session, channel=WEBHOOK, endpoint_id=endpoint.id).id, now=clock.now()
    )
    assert (tried.state, tried.last_error) == ("dead", "endpoint_closed")


def test_an_endpoint_that_came_to_lead_into_our_networks_is_dead(session, clock):
    tried = attempt(session, a_hook(session, 1).id, now=clock.now())
    assert (tried.state, tried.last_error) == ("dead", "address_forbidden")


def test_a_server_that_never_answers_is_a_failure_like_any_other(session, clock, log, by_mail, monkeypatch):
    monkeypatch.setattr(mail, "TIMEOUT_S", 0.5)
    with receiver("smtp", log, "stalls") as server:
        by_mail(server.port)
        tried = attempt(session, a_mail(session).id, now=clock.now())
    assert (tried.state, tried.last_error.split()[0]) == ("waiting", "smtp_unreachable")


@pytest.mark.parametrize("url", ["http://mail.example.org", "smtp://", "mail.example.org"])
def test_a_mail_server_that_is_none_is_a_setting_to_mend(url):
    with pytest.raises(SettingUnusable, match="SMTP_URL"):
        mail.Server.parse(url)


def test_a_mail_server_with_everything_in_its_url():
    server = mail.Server.parse("smtp://user%40example.org:p%2Fw@mail.example.org?starttls=true")
    assert (server.host, server.port, server.user, server.password) == (
        "mail.example.org",
        587,
        "user@example.org",
        "p/w",
    )
    assert (server.starttls, mail.Server.parse("smtps://mail.example.org").port) == (True, 465)


def test_two_workers_at_once_send_it_once(committed_database, clock, log, by_mail):
    with receiver("smtp", log) as server:
        by_mail(server.port)
        with committed_database.transaction() as session:
            waiting = a_mail(session).id
        together = Barrier(4)

        def work(_):
            with committed_database.transaction() as session:
                together.wait()
                tried = attempt(session, waiting, now=clock.now())
                return None if tried is None else tried.state

        with ThreadPoolExecutor(4) as pool:
            came = list(pool.map(work, range(4)))
        assert came.count("delivered") == 1
        assert len(server.received()) == 1


def test_the_job_of_a_notice_delivers_it_and_a_second_run_sends_nothing(
    committed_database, clock, log, by_mail
):
    with receiver("smtp", log) as server:
        by_mail(server.port)
        with committed_database.transaction() as session:
            notify(session, a_notice(an_account(session, email="reader@example.org").id), now=clock.now())
        assert run_pending(committed_database.url) == 1
        assert run_pending(committed_database.url) == 0
        assert len(server.received()) == 1


def test_a_failure_queues_the_next_attempt_for_its_time(committed_database, clock, by_mail):
    by_mail(1)
    with committed_database.transaction() as session:
        notify(session, a_notice(an_account(session, email="reader@example.org").id), now=clock.now())
    run_pending(committed_database.url)
    with committed_database.transaction() as session:
        due = session.scalars(select(Delivery.next_attempt_at)).one()
        planned = session.scalar(
            text("SELECT scheduled_at FROM procrastinate_jobs WHERE task_name = 'notices.deliver'")
        )
    assert abs(planned - due) < timedelta(seconds=1)


@pytest.mark.parametrize("late", [timedelta(minutes=1), timedelta(minutes=3)])
def test_a_delivery_whose_job_was_lost_is_found(session, clock, late):
    waiting = a_delivery(session)
    assert overdue(session, now=MADE_AT + late) == ([waiting.id] if late > delivery.OVERDUE else [])


def test_the_job_that_finds_them_queues_each_once(session):
    a_delivery(session)
    deliver_overdue(timestamp=0)
    deliver_overdue(timestamp=0)
    queued = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'notices.deliver'")
    assert session.scalar(queued) == 1


WORKER = """
import sys
from backbone import db, encryption
from backbone.clock import SystemClock
from backbone.encryption import Keyring
from backbone.notices.delivery import attempt
from uuid import UUID
import sanwang.models
encryption.configure(Keyring.parse(sys.argv[3]))
with db.Database(sys.argv[1]).transaction() as session:
    attempt(session, UUID(sys.argv[2]), now=SystemClock().now())
"""


def test_a_worker_killed_in_mid_delivery_leaves_it_to_be_sent_again(committed_database, clock, log, by_mail):
    with receiver("smtp", log, "stalls") as server:
        by_mail(server.port)
        with committed_database.transaction() as session:
            waiting = a_mail(session).id
        worker = subprocess.Popen(  # our own interpreter
            [
                sys.executable,
                "-c",
                WORKER,
                committed_database.url,
                str(waiting),
                "a key for sealing in tests",
            ],
            env=os.environ | {"PYTHONPATH": str(ROOT / "platform")},
        )
        for _ in range(200):
            if server.received():
                break
            time.sleep(0.05)
        worker.kill()
        worker.wait()
        assert len(server.received()) == 1
    with receiver("smtp", log) as server:
        by_mail(server.port)
        for _ in range(100):  # until the server has noticed that the worker is gone
            with committed_database.transaction() as session:
                tried = attempt(session, waiting, now=clock.now() + timedelta(days=365))
            if tried is not None:
                break
            time.sleep(0.05)
        assert tried.state == "delivered"
        ids = {message_from_string(arrived["content"])["Message-ID"] for arrived in server.received()}
    assert len(ids) == 1


def test_a_message_without_a_server_is_not_lost(session, clock):
    tried = attempt(session, a_mail(session).id, now=clock.now())
    assert (tried.state, tried.last_error.split()[0]) == ("waiting", "not_configured")
    assert issubclass(Failed, Exception)
