"""Whom an organisation's notices reach: those who hold the role in it now."""

from backbone.actor import PROVINCE, Role
from backbone.identity.models import Membership
from backbone.identity.reaching import members_of
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.identity import MADE_AT, an_account, of, zone


def test_the_members_of_each_organisation_are_found_in_one_go(session):
    one, other = an_enterprise(session), an_enterprise(session)
    first, second = (an_account(session, (Role.ENTERPRISE_MEMBER, of(one))) for _ in range(2))
    both = an_account(session, (Role.ENTERPRISE_MEMBER, of(one)), (Role.ENTERPRISE_MEMBER, of(other)))
    found = members_of(session, [one.id, other.id], Role.ENTERPRISE_MEMBER)
    assert found == {one.id: sorted([first.id, second.id, both.id]), other.id: [both.id]}


def test_nobody_is_found_who_left_or_holds_another_role_or_another_scope(session):
    enterprise, institute = an_enterprise(session), an_institute(session)
    gone = an_account(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
    session.query(Membership).filter_by(account_id=gone.id).one().ended_at = MADE_AT
    an_account(session, (Role.AUDITOR, of(enterprise)))
    an_account(session, (Role.ENTERPRISE_MEMBER, PROVINCE))
    an_account(session, (Role.ENTERPRISE_MEMBER, zone()))
    an_account(session, (Role.TRANSFER_OFFICE, of(institute)))
    session.flush()
    assert members_of(session, [enterprise.id, institute.id], Role.ENTERPRISE_MEMBER) == {}


def test_who_holds_the_role_twice_is_told_once(session):
    enterprise = an_enterprise(session)
    account = an_account(session, *[(Role.ENTERPRISE_MEMBER, of(enterprise))] * 2)
    assert members_of(session, [enterprise.id], Role.ENTERPRISE_MEMBER) == {enterprise.id: [account.id]}
