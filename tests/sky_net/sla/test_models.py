"""What the database itself refuses of the clocks' log and rows."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from sky_net.sla.event_log import EventKind
from sky_net.sla.models import SlaEvent
from sky_net.sla.parties import PLATFORM
from tests.factories.sla import SOMEBODY, a_subject, opened

pytestmark = pytest.mark.postgres


@pytest.fixture
def subject(session, clock):
    return opened(session, now=clock.now())


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sla_events SET occurred_at = now()",
        "UPDATE sla_events SET reason = 'better' WHERE false",
        "DELETE FROM sla_events",
        "TRUNCATE sla_events",
    ],
)
def test_the_log_refuses_every_change(session, subject, change):
    with pytest.raises(ProgrammingError, match="permission denied"), session.begin_nested():
        session.execute(text(change))
    assert session.scalar(text("SELECT count(*) FROM sla_events")) == 1


def stamped(event):
    event.stamp()
    return event


def an_event(subject, clock, **values):
    defaults = {
        "subject_id": subject.id, "seq": 2, "kind": EventKind.PAUSE, "reason": "return", "occurred_at": clock.now(),
        "recorded_at": clock.now(), "actor_id": SOMEBODY,
    }  # fmt: skip
    return SlaEvent(**defaults | values)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"seq": 1}, "uq_sla_events_subject_id"),
        ({"idempotency_key": "start"}, "uq_sla_events_subject_id"),
        ({"kind": "edit"}, "ck_sla_events_kind"),
        ({"reason": None}, "ck_sla_events_pause_has_reason"),
        ({"kind": EventKind.STOP, "stage": "confirm"}, "ck_sla_events_stop_has_evidence"),
        ({"kind": EventKind.STOP, "evidence": {}}, "ck_sla_events_stop_has_evidence"),
    ],
)
def test_an_event_that_cannot_be_is_refused(session, subject, clock, values, constraint):
    with pytest.raises(IntegrityError, match=constraint), session.begin_nested():
        session.add(stamped(an_event(subject, clock, **values)))


def test_an_event_from_the_future_is_refused(session, subject, clock):
    ahead = clock.now() + timedelta(seconds=1)
    with pytest.raises(IntegrityError, match="not_from_the_future"), session.begin_nested():
        session.add(stamped(an_event(subject, clock, occurred_at=ahead)))


def test_events_of_two_subjects_do_not_share_their_numbers(session, subject, clock):
    session.add(stamped(an_event(a_subject(), clock, seq=1, idempotency_key="start")))
    session.flush()


def test_an_event_binds_the_platform_unless_said_otherwise(session, subject, clock):
    event = an_event(subject, clock)
    session.add(stamped(event))
    session.flush()
    assert event.party == PLATFORM


def test_a_pause_is_named_by_its_reason_and_other_events_are_not(subject, clock):
    assert an_event(subject, clock).pure.pause == "return"
    assert an_event(subject, clock, kind=EventKind.CANCEL, reason="withdraw").pure.pause == ""
