"""Both sides of a mandate hear whose turn it is, and that it is over."""

from datetime import date

from backbone.actor import Role
from backbone.identity.service import actor_of
from ground_net.brokers import mandates
from tests.factories.directory import an_enterprise
from tests.factories.ground import a_broker
from tests.factories.identity import an_actor, of, zone
from tests.factories.notices import accounts, heard


def test_the_organisation_is_asked_the_broker_told_and_each_of_an_end_by_the_other(session, clock):
    enterprise, broker = an_enterprise(session), a_broker(session)
    member = an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
    itself, operator = actor_of(session, broker.account_id), an_actor(session, (Role.OPERATOR, zone()))
    said = {
        "enterprise_id": enterprise.id, "from_on": date(2026, 3, 1), "until_on": date(2026, 9, 30),
        "scope_of_work": "寻找中试伙伴", "is_exclusive": False,
    }  # fmt: skip
    proposed = mandates.give_mandate(session, operator, broker.id, said, now=clock.now())
    assert heard(session, "mandate_proposed") == accounts(member)
    for _ in range(2):
        mandates.confirm_mandate(session, member, proposed.row.id, now=clock.now())
    assert heard(session, "mandate_confirmed") == accounts(itself)
    mandates.end_mandate(session, itself, proposed.row.id, now=clock.now())
    assert heard(session, "mandate_ended") == accounts(member)


def test_what_a_member_gives_is_told_to_the_broker_as_it_counts(session, clock):
    enterprise, broker = an_enterprise(session), a_broker(session)
    member = an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
    said = {
        "enterprise_id": enterprise.id, "from_on": date(2026, 3, 1), "until_on": date(2026, 9, 30),
        "scope_of_work": "寻找中试伙伴", "is_exclusive": False,
    }  # fmt: skip
    mandates.give_mandate(session, member, broker.id, said, now=clock.now())
    assert (heard(session, "mandate_proposed"), heard(session, "mandate_confirmed")) == (
        [],
        [broker.account_id],
    )
