import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from backbone.actor import SYSTEM, Role, actor_with
from backbone.audit import AuditEvent
from backbone.directory.experts import erasure, service
from backbone.directory.experts.reading import list_experts
from backbone.people.erasing import erase
from backbone.people.exporting import export
from backbone.people.finding import Asked
from tests.factories.directory import an_expert, an_institute
from tests.factories.identity import of

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
BY_PHONE = Asked("phone", "139 0000 1234")
HANDLERS = (erasure.take_out_experts,)


@pytest.fixture
def expert(session):
    return an_expert(
        session, name="测专家甲", phone="13900001234", works=[{"kind": "paper", "title": "铜排焊接论文"}]
    )


def test_an_erased_expert_is_taken_out_with_everything_that_tells_who_it_was(session, expert):
    other = an_expert(session, name="测专家乙")
    erase(session, SYSTEM, BY_PHONE, reason="本人申请 2026-17", now=NOW)
    session.expire_all()
    assert (expert.removed_at, expert.title, expert.works, expert.keywords, expert.folded) == (
        NOW,
        None,
        [],
        [],
        "",
    )
    assert expert.phone is None
    assert [each.revoked_by for each in expert.consents] == ["erasure"]
    listed = list_experts(session, actor_with(), {"sort": "institute", "limit": 100}).items
    assert [each.id for each in listed] == [other.id]
    assert other.works == []
    assert other.title == "研究员"


def test_the_audit_says_that_and_not_whom(session, expert):
    erase(session, SYSTEM, BY_PHONE, reason="本人申请 2026-17", now=NOW)
    events = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert {event.action for event in events} == {"erase_person", "remove_expert", "revoke_consent"}
    written = "".join(f"{event.before}{event.after}" for event in events)
    assert not any(secret in written for secret in ("测专家甲", "13900001234", "铜排焊接论文"))


def test_erasing_somebody_else_leaves_experts_alone(session, expert):
    an_institute(session, contact_name="王转化乙", contact_phone="13971230002")
    erase(session, SYSTEM, Asked("phone", "13971230002"), reason="本人申请 2026-18", now=NOW)
    session.expire_all()
    assert (expert.removed_at, expert.is_consenting, expert.name) == (None, True, "测专家甲")


def test_a_person_is_given_what_is_held_about_them_as_an_expert(session, expert):
    office = actor_with((Role.TRANSFER_OFFICE, of(expert.institute)))
    service.revoke_consent(session, office, expert.id, now=NOW)
    (record,) = export(session, BY_PHONE, now=NOW)["records"]
    assert (record["record"], record["record_id"]) == ("experts", str(expert.id))
    assert record["values"]["name"] == "测专家甲"
    assert record["besides"]["works"] == [{"kind": "paper", "title": "铜排焊接论文"}]
    assert record["besides"]["trl"] == {"least": 3, "most": 7}
    (consent,) = record["besides"]["consents"]
    assert (consent["given_on"], consent["revoked_by"]) == ("2026-01-05", "institute")
    assert json.dumps(record)
