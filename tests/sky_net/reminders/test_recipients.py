"""To whom each call goes, also where nobody was appointed."""

from uuid import uuid4

import pytest

from backbone.actor import PROVINCE, Role
from sky_net.reminders.recipients import roster_for
from sky_net.sla.calls import Standing
from sky_net.sla.clocks import ClockReading, ClockState
from sky_net.sla.parties import ENTERPRISE, INSTITUTE, PLATFORM
from sky_net.sla.schedule import Call, CallKind
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.identity import an_account, of, zone
from tests.factories.needs import a_need
from tests.factories.notices import MADE_AT, a_duty

REMINDER, BREACH = Call(MADE_AT, CallKind.REMINDER, 1, 0), Call(MADE_AT, CallKind.BREACH, 0, 0)


def escalation(level):
    return Call(MADE_AT, CallKind.ESCALATION, level, 0)


def standing(need, party=PLATFORM, organisation=None):
    about = None if party == PLATFORM else need.id
    return Standing(
        uuid4(), need.id if about is None else uuid4(), need.number, need.zone_code, party, about,
        organisation and organisation.id, ClockReading("confirm", ClockState.RUNNING), (),
    )  # fmt: skip


def called(session, one, call):
    return set(roster_for(session, [one]).called(one, call))


@pytest.fixture
def operators(session):
    return {an_account(session, (Role.OPERATOR, zone("420100"))).id for _ in range(2)}


@pytest.fixture
def province(session):
    return {an_account(session, (Role.OPERATOR, PROVINCE)).id}


@pytest.fixture
def need(session):
    return a_need(session, state="submitted")


@pytest.mark.parametrize("call", [REMINDER, BREACH])
def test_the_owner_is_called_and_before_there_is_one_the_operators_of_the_zone(
    session, operators, province, need, call
):
    assert called(session, standing(need), call) == operators
    owner = an_account(session)
    need.owner_id = owner.id
    session.flush()
    assert called(session, standing(need), call) == {owner.id}


def test_a_zone_without_operators_calls_those_of_the_region_around_it_and_at_last_the_province(
    session, province, need
):
    assert called(session, standing(need), REMINDER) == province
    around = an_account(session, (Role.OPERATOR, zone("420000")))
    assert called(session, standing(need), REMINDER) == {around.id}


def test_each_level_calls_who_is_on_duty_there(session, operators, need):
    people = {level: an_account(session) for level in ("supervisor", "zone_lead", "province")}
    for level, account in people.items():
        a_duty(session, account, level, "420000" if level == "province" else "420100")
    for number, account in enumerate(people.values(), 1):
        assert called(session, standing(need), escalation(number)) == {account.id}


def test_a_vacant_level_calls_the_next_one_up_and_at_last_the_operators_of_the_province(
    session, province, need
):
    assert called(session, standing(need), escalation(1)) == province
    lead = an_account(session)
    a_duty(session, lead, "zone_lead")
    assert called(session, standing(need), escalation(1)) == {lead.id}
    assert called(session, standing(need), escalation(3)) == province


def test_who_was_relieved_is_not_called(session, province, need):
    duty = a_duty(session, an_account(session))
    duty.relieved_at = MADE_AT
    session.flush()
    assert called(session, standing(need), escalation(1)) == province


@pytest.mark.parametrize("kept", [[], [(Role.AUDITOR, zone("420100"))]])
def test_who_has_lost_the_role_owns_nothing_and_is_not_on_duty(session, operators, need, kept):
    gone = an_account(session, (Role.OPERATOR, zone("420100")), *kept)
    need.owner_id = gone.id
    lead = an_account(session, (Role.OPERATOR, zone("420100")))
    a_duty(session, gone)
    a_duty(session, lead, "zone_lead")
    assert (
        called(session, standing(need), REMINDER)
        == called(session, standing(need), escalation(1))
        == {gone.id}
    )
    for held in gone.memberships:
        if held.role == Role.OPERATOR:
            held.ended_at = MADE_AT
    session.flush()
    assert called(session, standing(need), REMINDER) == {*operators, lead.id}
    assert called(session, standing(need), escalation(1)) == {lead.id}


def test_an_institute_and_an_enterprise_are_called_by_their_members_and_their_breach_tells_the_owner(
    session, need
):
    owner = an_account(session)
    need.owner_id = owner.id
    institute, enterprise = an_institute(session), an_enterprise(session)
    researcher = an_account(session, (Role.INSTITUTE_MEMBER, of(institute)))
    office = an_account(session, (Role.TRANSFER_OFFICE, of(institute)))
    an_account(session, (Role.INSTITUTE_MEMBER, of(an_institute(session))))
    member = an_account(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
    asked = standing(need, INSTITUTE, institute)
    assert called(session, asked, REMINDER) == {researcher.id, office.id}
    assert called(session, asked, BREACH) == {researcher.id, office.id, owner.id}
    assert called(session, standing(need, ENTERPRISE, enterprise), REMINDER) == {member.id}


def test_where_nobody_at_all_is_appointed_nobody_is_called(session, need):
    assert called(session, standing(need), REMINDER) == set()
