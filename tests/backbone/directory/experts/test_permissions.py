"""Who knows of an expert, and how much: the whole table, asked of the database."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from backbone.actor import PROVINCE, Role, Scope, ScopeKind, actor_with
from backbone.directory.experts.models import Expert
from backbone.directory.experts.permissions import FULL, OPEN, REVIEW, may_enter, readable, revoker, view_of
from tests.factories.directory import an_expert, an_institute
from tests.factories.identity import an_account, of, zone

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)


@pytest.fixture
def institute(session):
    return an_institute(session, region_code="420100-donghu")


def knows(session, actor, expert):
    return session.scalar(select(Expert.id).where(Expert.id == expert.id, readable(actor))) is not None


WHO = {
    "member": (lambda institute: (Role.INSTITUTE_MEMBER, of(institute)), FULL, "institute"),
    "transfer office": (lambda institute: (Role.TRANSFER_OFFICE, of(institute)), FULL, "institute"),
    "own zone": (lambda institute: (Role.OPERATOR, zone("420100-donghu")), REVIEW, "operator"),
    "zone around": (lambda institute: (Role.OPERATOR, zone("420100")), REVIEW, "operator"),
    "province": (lambda institute: (Role.OPERATOR, PROVINCE), REVIEW, "operator"),
    "other zone": (lambda institute: (Role.OPERATOR, zone("420200")), OPEN, None),
    "auditor": (lambda institute: (Role.AUDITOR, PROVINCE), OPEN, None),
    "auditor within": (lambda institute: (Role.AUDITOR, of(institute)), OPEN, None),
    "broker": (lambda institute: (Role.BROKER, PROVINCE), OPEN, None),
    "administrator": (lambda institute: (Role.ADMINISTRATOR, PROVINCE), OPEN, None),
    "enterprise": (
        lambda institute: (Role.ENTERPRISE_MEMBER, Scope(ScopeKind.ORGANISATION, str(institute.id))),
        OPEN,
        None,
    ),
}
OWN = {"member", "transfer office"}


@pytest.mark.parametrize("who", WHO)
def test_without_a_consent_the_own_institute_alone_knows(session, institute, who):
    actor = actor_with(WHO[who][0](institute))
    assert knows(session, actor, an_expert(session, institute, consents=False)) == (who in OWN)


@pytest.mark.parametrize("who", WHO)
def test_with_a_consent_everybody_knows_each_in_the_own_view(session, institute, who):
    held, view, revokes_as = WHO[who]
    actor, expert = actor_with(held(institute)), an_expert(session, institute)
    assert knows(session, actor, expert)
    assert view_of(actor, expert) == view
    assert revoker(actor, expert) == revokes_as
    assert may_enter(actor, institute.id) == (who in OWN)


def test_the_expert_knows_of_themselves_in_full(session, institute):
    account = an_account(session)
    expert = an_expert(session, institute, consents=False, account_id=account.id)
    actor = actor_with(account_id=account.id)
    assert knows(session, actor, expert)
    assert (view_of(actor, expert), revoker(actor, expert)) == (FULL, "expert")


def test_another_institute_knows_of_none_without_consent_and_enters_none(session, institute):
    other = actor_with((Role.TRANSFER_OFFICE, of(an_institute(session))))
    assert not knows(session, other, an_expert(session, institute, consents=False))
    assert knows(session, other, an_expert(session, institute))
    assert not may_enter(other, institute.id)


def test_a_revoked_consent_and_an_erased_person_are_listed_no_more(session, institute):
    stranger, expert = actor_with(), an_expert(session, institute)
    expert.consents[0].revoked_at, expert.consents[0].revoked_by = NOW, "expert"
    session.flush()
    assert not knows(session, stranger, expert)
    erased = an_expert(session, institute)
    erased.persons[0].name = erased.persons[0].phone = erased.persons[0].email = None
    erased.persons[0].erased_at = NOW
    session.flush()
    assert not knows(session, stranger, erased)
    assert knows(session, actor_with((Role.INSTITUTE_MEMBER, of(institute))), erased)


def test_a_removed_expert_exists_for_nobody(session, institute):
    expert = an_expert(session, institute, removed_at=NOW)
    for held in ((Role.TRANSFER_OFFICE, of(institute)), (Role.OPERATOR, PROVINCE)):
        assert not knows(session, actor_with(held), expert)
