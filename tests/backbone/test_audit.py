from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from backbone import audit, digests
from backbone.actor import SYSTEM, Actor
from backbone.audit import AuditEvent
from tests.factories.directory import an_institute

pytestmark = pytest.mark.postgres

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
ACCOUNT, TOKEN = UUID("01a20830-6a35-7290-9892-ce11616c8308"), UUID("01a20830-6a35-7290-9892-ce11616c8309")
ACTOR = Actor(ACCOUNT, "测试", token_id=TOKEN)


@pytest.fixture
def institute(session):
    return an_institute(session, name="原名")


def stored(session, event):
    session.flush()
    session.expire_all()
    return session.scalars(select(AuditEvent).where(AuditEvent.id == event.id)).one()


def test_an_event_names_actor_token_action_and_subject(session, institute):
    kept = stored(session, audit.record(session, ACTOR, "amend_institute", institute, now=NOW))
    assert (kept.actor_id, kept.token_id, kept.action) == (ACCOUNT, TOKEN, "amend_institute")
    assert (kept.subject_kind, kept.subject_id, kept.occurred_at) == ("institutes", institute.id, NOW)
    assert (kept.before, kept.after) == (None, None)


def test_jobs_act_without_an_account(session, institute):
    kept = stored(session, audit.record(session, SYSTEM, "expire", institute, now=NOW))
    assert (kept.actor_id, kept.token_id) == (None, None)


def test_what_json_does_not_know_is_kept_as_text(session, institute):
    after = {
        "on": date(2026, 3, 10), "at": NOW, "id": ACCOUNT, "tags": ("a", "b"), "some": frozenset({"x"}),
        "parts": [{"on": date(2026, 1, 1)}], "money_fen": 2**62, "none": None, 7: True,
    }  # fmt: skip
    assert stored(session, audit.record(session, ACTOR, "x", institute, now=NOW, after=after)).after == {
        "on": "2026-03-10", "at": "2026-03-10T01:30:00+00:00", "id": str(ACCOUNT), "tags": ["a", "b"], "some": ["x"],
        "parts": [{"on": "2026-01-01"}], "money_fen": 2**62, "none": None, "7": True,
    }  # fmt: skip


def test_personal_data_is_kept_as_a_digest_that_still_tells_changes_apart(session, institute):
    before, after = ({"phone": phone, "name": "甲", "email": None} for phone in ("027-1", "027-2"))
    event = audit.record(
        session, ACTOR, "x", institute, now=NOW, before=before, after=after, personal={"phone", "email"}
    )
    kept = stored(session, event)
    assert kept.before["phone"].startswith("hmac:")
    assert kept.before["phone"] != kept.after["phone"]
    assert "027-" not in str(kept.before) + str(kept.after)
    assert (kept.before["name"], kept.before["email"]) == ("甲", None)


def test_digests_depend_on_the_key_and_repeat_under_the_same(monkeypatch):
    monkeypatch.setattr(digests, "_key", b"")
    audit.configure_digests("first")
    first = audit.digest("027-1")
    assert audit.digest("027-1") == first
    audit.configure_digests("second")
    assert audit.digest("027-1") != first


def test_only_what_really_changes_is_a_change(session, institute):
    before, after = audit.changes(
        institute, {"name": "新名", "region_code": institute.region_code, "labs": []}
    )
    assert (before, after) == ({"name": "原名"}, {"name": "新名"})


@pytest.mark.parametrize(
    "statement", ["update audit_events set action = 'x'", "delete from audit_events", "truncate audit_events"]
)
def test_history_refuses_to_be_rewritten(session, institute, statement):
    audit.record(session, ACTOR, "x", institute, now=NOW)
    session.flush()
    with pytest.raises(ProgrammingError, match="permission denied"), session.begin_nested():
        session.execute(text(statement))
    assert session.scalar(select(AuditEvent.action).where(AuditEvent.subject_id == institute.id)) == "x"
