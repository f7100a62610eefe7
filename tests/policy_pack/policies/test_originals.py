import hashlib

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from backbone.actor import PROVINCE, Actor, Held, Role
from backbone.audit import AuditEvent
from backbone.db import new_id
from backbone.errors import Forbidden, NotFound
from backbone.files.errors import FileRefused
from policy_pack.policies import originals
from policy_pack.policies.errors import AlreadyVerified, NotItsOriginal, OwnOriginal, TooManyOriginals
from policy_pack.policies.originals import attach_original, verify_policy
from tests.factories.files import a_pdf
from tests.factories.identity import an_actor
from tests.factories.policy_office import AT, Office, a_draft, a_published_version, an_office, an_original


@pytest.fixture
def office(session) -> Office:
    return an_office(session)


def test_a_version_from_the_press_is_verified_by_an_original_and_a_second_signature(office):
    version = a_published_version(office)
    assert not version.is_verified
    original = an_original(office, version)
    assert (version.is_verified, version.signed_original) == (False, None)
    verify_policy(office.session, office.second, version.id, original_id=original.id, now=AT)
    assert version.is_verified
    signed = version.signed_original
    assert (signed.signed_by, signed.signed_at) == (office.second.account_id, AT)
    assert signed.sha256 == hashlib.sha256(a_pdf("原文")).hexdigest()


def test_a_version_from_the_bodys_own_page_needs_none(office):
    assert a_published_version(office, grade="A").is_verified


@pytest.mark.parametrize("grade", ["B", "C"])
def test_every_other_grade_does(office, grade):
    assert not a_published_version(office, grade=grade).is_verified


def test_nobody_signs_the_original_that_they_attached(office):
    version = a_published_version(office)
    original = an_original(office, version)
    with pytest.raises(OwnOriginal) as refusal:
        verify_policy(office.session, office.first, version.id, original_id=original.id, now=AT)
    assert "第二人" in refusal.value.sentence().zh
    assert not version.is_verified


def test_the_database_itself_knows_that_a_signature_takes_two(office):
    original = an_original(office, a_published_version(office))
    original.signed_by, original.signed_at = original.attached_by, AT
    with pytest.raises(IntegrityError, match="second_person"):
        office.session.flush()


def test_the_original_of_another_policy_verifies_nothing(office):
    version, other = a_published_version(office), a_published_version(office, "P802")
    original = an_original(office, other)
    for wrong in (original.id, new_id()):
        with pytest.raises(NotItsOriginal) as refusal:
            verify_policy(office.session, office.second, version.id, original_id=wrong, now=AT)
        assert refusal.value.data["key"] == "P801"
    assert not version.is_verified
    assert original.signed_at is None


def test_the_original_of_a_former_version_verifies_the_next_one_no_more(office):
    former = a_published_version(office, valid={"from": "2024-01-01"})
    an_original(office, former, signed=True)
    later = a_published_version(office, valid={"from": "2026-01-01"}, supersedes=former.id)
    assert (former.is_verified, later.is_verified) == (True, False)


def test_a_verified_version_is_not_signed_again(office):
    version = a_published_version(office)
    an_original(office, version, signed=True)
    another = an_original(office, version, words="另一份")
    with pytest.raises(AlreadyVerified):
        verify_policy(office.session, office.second, version.id, original_id=another.id, now=AT)


def test_a_draft_may_be_verified_before_it_is_published(office):
    draft = a_draft(office)
    an_original(office, draft, signed=True)
    assert draft.is_verified


def test_what_is_no_document_is_refused(office):
    version = a_draft(office)
    with pytest.raises(FileRefused):
        attach_original(office.session, office.first, version.id, name="x.exe", content=b"MZ\x90", now=AT)
    assert version.originals == []


def test_a_version_takes_so_many_originals_and_no_more(office, monkeypatch):
    monkeypatch.setattr(originals, "MOST_PER_VERSION", 1)
    version = a_draft(office)
    an_original(office, version)
    with pytest.raises(TooManyOriginals):
        an_original(office, version, words="第二份")


def test_only_an_officer_with_an_account_attaches_and_only_an_officer_signs(office):
    version = a_draft(office)
    nobodys = Actor(None, "office", frozenset({Held(Role.POLICY_OFFICER, PROVINCE)}))
    operator = an_actor(office.session, (Role.OPERATOR, PROVINCE))
    for actor in (nobodys, operator):
        with pytest.raises(Forbidden):
            attach_original(office.session, actor, version.id, name="原文.pdf", content=a_pdf(), now=AT)
    original = an_original(office, version)
    with pytest.raises(Forbidden):
        verify_policy(office.session, operator, version.id, original_id=original.id, now=AT)
    with pytest.raises(NotFound):
        verify_policy(office.session, office.second, new_id(), original_id=original.id, now=AT)


def test_both_hands_leave_an_event_and_no_name_of_a_file(office):
    version = a_draft(office)
    original = an_original(office, version, signed=True)
    events = office.session.scalars(
        select(AuditEvent).where(AuditEvent.subject_id == original.id).order_by(AuditEvent.id)
    ).all()
    assert [(event.action, event.actor_id) for event in events] == [
        ("attach_original", office.first.account_id),
        ("verify_policy", office.second.account_id),
    ]
    assert events[0].after["name"].startswith("hmac:")
    assert events[1].after["sha256"] == original.sha256
