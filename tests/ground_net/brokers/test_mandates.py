from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest

from backbone.actor import PROVINCE, Role
from backbone.errors import DomainError, Forbidden, Invalid, NotFound
from backbone.identity.service import actor_of
from ground_net.brokers import mandates
from ground_net.brokers.errors import MandateExcluded, MandateOver
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.ground import a_broker, a_mandate
from tests.factories.identity import an_actor, of, zone

ASKED = {"sort": "-created_at", "limit": 20, "address": "x"}


@pytest.fixture
def enterprise(session):
    return an_enterprise(session)


@pytest.fixture
def member(session, enterprise):
    return an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))


@pytest.fixture
def broker(session):
    return a_broker(session)


@pytest.fixture
def itself(session, broker):
    return actor_of(session, broker.account_id)


def terms(**values):
    days = {"from_on": date(2026, 3, 1), "until_on": date(2026, 9, 30)}
    return {**days, "scope_of_work": "寻找中试伙伴", "is_exclusive": False, **values}


def test_what_a_member_gives_counts_at_once(session, enterprise, member, broker, clock):
    given = mandates.give_mandate(
        session, member, broker.id, terms(enterprise_id=enterprise.id), now=clock.now()
    )
    assert (given.state, given.organisation, given.row.confirmed_by) == (
        "confirmed",
        enterprise.name,
        member.account_id,
    )


def test_what_a_broker_or_an_operator_writes_down_waits_for_the_organisation(
    session, enterprise, member, broker, itself, clock
):
    institute, operator = an_institute(session), an_actor(session, (Role.OPERATOR, zone()))
    office = an_actor(session, (Role.TRANSFER_OFFICE, of(institute)))
    for writer, confirming, values in (
        (itself, office, {"institute_id": institute.id}), (operator, member, {"enterprise_id": enterprise.id}),
    ):  # fmt: skip
        given = mandates.give_mandate(session, writer, broker.id, terms(**values), now=clock.now())
        assert given.state == "proposed"
        with pytest.raises(Forbidden):
            mandates.confirm_mandate(session, writer, given.row.id, now=clock.now())
        assert (
            mandates.confirm_mandate(session, confirming, given.row.id, now=clock.now()).state == "confirmed"
        )


def test_an_enterprise_that_one_may_not_know_of_is_none(session, enterprise, broker, itself, member, clock):
    for actor, wanted in ((itself, enterprise.id), (itself, broker.id)):
        with pytest.raises(Invalid) as refused:
            mandates.give_mandate(session, actor, broker.id, terms(enterprise_id=wanted), now=clock.now())
        assert [each["field"] for each in refused.value.data["errors"]] == ["enterprise_id"]
    for others in ({"institute_id": an_institute(session).id}, {"enterprise_id": an_enterprise(session).id}):
        with pytest.raises(Forbidden):
            mandates.give_mandate(session, member, broker.id, terms(**others), now=clock.now())


def test_nothing_is_exclusive_unless_it_says_so(session, enterprise, member, broker, clock):
    def give(**values):
        asked = terms(enterprise_id=enterprise.id, **values)
        return mandates.give_mandate(session, member, a_broker(session).id, asked, now=clock.now())

    give()
    give()
    with pytest.raises(MandateExcluded):
        give(is_exclusive=True)
    give(is_exclusive=True, from_on=date(2026, 10, 1), until_on=date(2026, 12, 31))
    with pytest.raises(MandateExcluded):
        give(from_on=date(2026, 12, 31), until_on=date(2027, 1, 31))
    give(from_on=date(2027, 1, 1), until_on=date(2027, 1, 31))


def test_what_was_ended_excludes_nothing_and_is_not_confirmed(
    session, enterprise, member, broker, itself, clock
):
    exclusive = a_mandate(session, enterprise_id=enterprise.id, is_exclusive=True)
    proposed = a_mandate(session, broker, enterprise_id=enterprise.id, confirmed_at=None)
    with pytest.raises(MandateExcluded):
        mandates.confirm_mandate(session, member, proposed.id, now=clock.now())
    mandates.end_mandate(session, member, exclusive.id, now=clock.now())
    assert mandates.confirm_mandate(session, member, proposed.id, now=clock.now()).state == "confirmed"
    assert mandates.end_mandate(session, itself, proposed.id, now=clock.now()).state == "over"
    with pytest.raises(MandateOver):
        mandates.confirm_mandate(session, member, proposed.id, now=clock.now())


def test_a_mandate_is_over_when_its_days_are(session):
    mandate = a_mandate(session, until_on=date(2026, 3, 9))
    assert mandates.state_on(mandate, date(2026, 3, 9)) == "confirmed"
    assert mandates.state_on(mandate, date(2026, 3, 10)) == "over"


def test_a_mandate_is_known_to_its_two_sides_and_in_office_alone(
    session, enterprise, member, broker, itself, clock
):
    mandate = a_mandate(session, broker, enterprise_id=enterprise.id)
    a_mandate(session, institute_id=an_institute(session, region_code="420200").id)
    auditor = an_actor(session, (Role.AUDITOR, zone()))
    for actor in (member, itself, auditor):
        assert [
            each.row.id for each in mandates.list_mandates(session, actor, ASKED, now=clock.now()).items
        ] == [mandate.id]
        assert (
            mandates.show_mandate(session, actor, mandate.id, now=clock.now()).organisation == enterprise.name
        )
    chief = an_actor(session, (Role.OPERATOR, PROVINCE))
    assert len(mandates.list_mandates(session, chief, ASKED, now=clock.now()).items) == 2
    one = {**ASKED, "broker_id": broker.id, "enterprise_id": enterprise.id}
    assert len(mandates.list_mandates(session, chief, one, now=clock.now()).items) == 1
    with pytest.raises(Forbidden):
        mandates.end_mandate(session, auditor, mandate.id, now=clock.now())
    for stranger in (
        an_actor(session, (Role.OPERATOR, zone("420200"))),
        an_actor(session, (Role.BROKER, zone())),
    ):
        for act in (mandates.show_mandate, mandates.confirm_mandate, mandates.end_mandate):
            with pytest.raises(NotFound):
                act(session, stranger, mandate.id, now=clock.now())


def test_of_two_exclusive_mandates_confirmed_at_once_one_is_refused(committed_database, clock):
    with committed_database.transaction() as session:
        enterprise = an_enterprise(session)
        member = an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
        proposed = [
            a_mandate(session, enterprise_id=enterprise.id, is_exclusive=True, confirmed_at=None)
            for _ in range(2)
        ]
    barrier = Barrier(2)

    def confirm(mandate):
        try:
            with committed_database.transaction() as session:
                barrier.wait()
                return mandates.confirm_mandate(session, member, mandate.id, now=clock.now()).state
        except DomainError as refusal:
            return refusal.code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(confirm, proposed)) == ["confirmed", "mandate_excluded"]
