"""Who sees which contacts."""

from datetime import UTC, date, datetime

import pytest

from backbone.actor import Role
from backbone.errors import NotFound
from sky_net.talks.reading import list_contacts, show_contact
from sky_net.talks.service import record_contact
from tests.factories.identity import an_actor, zone
from tests.factories.invitations import an_exchange, an_invitation
from tests.factories.people import counted_queries
from tests.factories.talks import a_contact, contact_entry
from tests.made_once import made_once

TUESDAY = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
ASKED = {"limit": 20, "sort": "-recorded_at"}


@made_once
def exchange(session):
    made = an_exchange(session)
    for institute in (made.institute, made.rival):
        an_invitation(session, made.need, institute, state="accepted")
    return made


def listed(exchange, actor, **more):
    page = list_contacts(exchange.session, actor, exchange.need.id, ASKED | more)
    return [row.id for row in page.items]


def test_an_institute_sees_its_own_contacts_alone(exchange):
    mine = a_contact(exchange, now=TUESDAY)
    theirs = a_contact(exchange, now=TUESDAY, institute=exchange.rival)

    assert listed(exchange, exchange.researcher) == [mine.id]
    assert listed(exchange, exchange.rival_office) == [theirs.id]
    with pytest.raises(NotFound):
        show_contact(exchange.session, exchange.researcher, theirs.id)


@pytest.mark.parametrize("who", ["poster", "operator", "auditor"])
def test_the_enterprise_the_operators_and_the_auditor_see_all(exchange, who):
    rows = [a_contact(exchange, now=TUESDAY, institute=one) for one in (exchange.institute, exchange.rival)]

    assert set(listed(exchange, getattr(exchange, who))) == {row.id for row in rows}
    assert show_contact(exchange.session, getattr(exchange, who), rows[0].id) is rows[0]


def test_a_broker_reads_back_what_it_recorded_itself_and_no_names_behind_the_mask(exchange):
    a_contact(exchange, now=TUESDAY)
    own = record_contact(
        exchange.session, exchange.broker, exchange.need.id, contact_entry(exchange.institute), now=TUESDAY
    )
    another_broker = an_actor(exchange.session, (Role.BROKER, zone()))

    assert listed(exchange, exchange.broker) == [own.id]
    assert show_contact(exchange.session, exchange.broker, own.id) is own
    assert listed(exchange, another_broker) == []
    with pytest.raises(NotFound):
        show_contact(exchange.session, another_broker, own.id)


def test_a_stranger_finds_neither_the_need_nor_its_contacts(exchange):
    contact = a_contact(exchange, now=TUESDAY)

    with pytest.raises(NotFound):
        listed(exchange, exchange.stranger)
    with pytest.raises(NotFound):
        show_contact(exchange.session, exchange.stranger, contact.id)


def test_contacts_are_sorted_by_their_day_and_filtered_by_state(exchange):
    late = a_contact(exchange, now=TUESDAY, happened_on=date(2026, 3, 10))
    early = a_contact(exchange, now=TUESDAY, happened_on=date(2026, 3, 9))

    assert listed(exchange, exchange.poster, sort="happened_on") == [early.id, late.id]
    assert listed(exchange, exchange.poster, state=["recorded"], sort="-happened_on") == [late.id, early.id]
    assert listed(exchange, exchange.poster, state=["agreed"]) == []


def test_a_page_costs_as_many_queries_with_six_contacts_as_with_one(exchange):
    counts = []
    for more in (1, 5):
        for _ in range(more):
            a_contact(exchange, now=TUESDAY)
        exchange.session.expire_all()
        with counted_queries(exchange.session) as queries:
            page = list_contacts(exchange.session, exchange.operator, exchange.need.id, ASKED)
            assert all(len(row.people) == 2 for row in page.items)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_people_read_in_the_order_in_which_they_were_told_beyond_nine(exchange):
    people = [{"name": f"人{n}", "side": ("institute", "enterprise")[n % 2]} for n in range(12)]
    contact = a_contact(exchange, now=TUESDAY, people=people)
    exchange.session.expire_all()
    assert show_contact(exchange.session, exchange.operator, contact.id).people == people
