"""Who took part in a talk: rows of their own, read in order, each speaking for its own side."""

import pytest
from sqlalchemy import inspect

from sky_net.needs.models import Need
from sky_net.talks.models import Contact
from tests.factories.invitations import an_exchange, an_invitation
from tests.factories.talks import a_contact

PEOPLE = [
    {"name": "金测试", "side": "enterprise"}, {"name": "魏测试", "side": "institute"}, {"name": "平台员", "side": "platform"},
]  # fmt: skip


@pytest.fixture
def contact(session):
    exchange = an_exchange(session)
    an_invitation(session, exchange.need, exchange.institute, state="accepted")
    return a_contact(exchange, people=PEOPLE)


def test_the_people_read_as_they_were_told_and_stand_in_no_column(session, contact):
    session.expire_all()
    assert session.get_one(Contact, contact.id).people == PEOPLE
    assert "people" not in inspect(Contact).columns


def test_each_speaks_for_the_organisation_of_the_side_and_the_platform_for_none(session, contact):
    spoken = Contact.organisations_of(session, contact.persons)
    by_side = {person.part.partition("/")[0]: spoken.get(person.id) for person in contact.persons}
    need = session.get_one(Need, contact.need_id)
    assert by_side["institute"] == [contact.institute_id]
    assert by_side["enterprise"] == [need.enterprise_id]
    assert by_side["platform"] is None


def test_nobody_asked_for_costs_nothing(session, contact):
    assert Contact.organisations_of(session, []) == {}
