"""Another contact person while the need is alive: whoever may see the contact sees and hears of the new one, and nothing else moves."""

from datetime import timedelta

import pytest
from sqlalchemy import select

import sanwang.features  # noqa: F401  # registers who hears of which step
from backbone.actor import SYSTEM, Role, Scope, ScopeKind
from backbone.audit import AuditEvent, digest
from backbone.errors import Forbidden, NotFound, StateConflict
from backbone.people.erasing import erase
from backbone.people.finding import Asked
from backbone.people.models import Person
from sky_net.needs import review, states
from sky_net.needs.clocks import list_clock_events
from sky_net.needs.contact_person import name_contact_person
from sky_net.needs.models import NeedReader, NeedTransition
from tests.factories.identity import an_actor, of
from tests.factories.invitations import SUBMITTED_AT, an_exchange, an_invitation
from tests.factories.needs import a_need
from tests.factories.notices import accounts, heard

LATER = SUBMITTED_AT + timedelta(hours=1)
NEW = {"name": "测试新联系人", "phone": "027-11112222"}
ALIVE = sorted(set(states.STATES) - states.CLOSED)


@pytest.fixture
def exchange(session):
    return an_exchange(session)


def name_new(exchange, by=None, need=None, **said):
    need = need or exchange.need
    return name_contact_person(exchange.session, by or exchange.poster, need.id, NEW | said, now=LATER)


@pytest.mark.parametrize("state", ALIVE)
def test_it_is_possible_wherever_something_still_leads_on_and_reopens_nothing(session, exchange, state):
    need = a_need(session, exchange.enterprise, state=state)
    name_new(exchange, need=need)
    session.expire(need)
    assert need.contact == NEW | {"email": None}
    assert (need.state, need.updated_at) == (state, LATER)
    assert session.scalars(select(NeedTransition).filter_by(need_id=need.id)).all() == []


@pytest.mark.parametrize("state", sorted(states.CLOSED))
def test_of_a_need_that_is_over_nobody_is_named(session, exchange, state):
    need = a_need(session, exchange.enterprise, state=state)
    with pytest.raises(StateConflict) as refused:
        name_new(exchange, need=need)
    assert refused.value.data["state"] == state
    assert need.contact_name == "测试联系人甲"


def test_neither_a_clock_nor_the_confirmation_is_touched(session, exchange):
    need = exchange.need
    before = list_clock_events(session, exchange.operator, need.id)
    stands = (need.state, need.confirmed_at, need.submitted_at, need.complexity, need.owner_id)
    name_new(exchange)
    assert list_clock_events(session, exchange.operator, need.id) == before
    assert (need.state, need.confirmed_at, need.submitted_at, need.complexity, need.owner_id) == stands


def test_a_return_is_not_answered_by_it(session):
    exchange = an_exchange(session, confirmed=False)
    review.return_need(
        session, exchange.operator, exchange.need.id, missing=["scene"], message="请补充", now=LATER
    )
    events = list_clock_events(session, exchange.operator, exchange.need.id)
    name_new(exchange)
    assert (exchange.need.state, exchange.need.missing_items) == ("returned", ["scene"])
    assert list_clock_events(session, exchange.operator, exchange.need.id) == events


def test_the_audit_tells_who_did_it_and_nobodys_name_or_telephone(session, exchange):
    name_new(exchange)
    event = session.scalars(select(AuditEvent).filter_by(action="name_contact_person")).one()
    assert (event.actor_id, event.subject_id) == (exchange.poster.account_id, exchange.need.id)
    assert event.after == {"contact_name": digest(NEW["name"]), "contact_phone": digest(NEW["phone"])}
    assert event.before["contact_name"] == digest("测试联系人")


def test_the_same_again_leaves_no_trace(session, exchange):
    name_new(exchange)
    version = exchange.need.version
    name_new(exchange)
    assert exchange.need.version == version
    assert len(session.scalars(select(AuditEvent).filter_by(action="name_contact_person")).all()) == 1


def test_whoever_is_named_after_an_erasure_is_somebody_new(session, exchange):
    (erased,) = [row for row in exchange.need.persons if row.part == "contact"]
    erase(session, SYSTEM, Asked("phone", "027-00000000"), reason="本人申请", now=SUBMITTED_AT)
    session.expire_all()
    assert erased.erased_at is not None
    name_new(exchange)
    rows = session.scalars(select(Person).filter_by(holder_id=exchange.need.id, part="contact")).all()
    assert len(rows) == 2
    assert exchange.need.contact_name == NEW["name"]
    assert erased.name != NEW["name"]


# --- who ---


def test_the_enterprise_and_whoever_it_entrusted_name_one_and_nobody_else(session, exchange):
    an_invitation(session, exchange.need, exchange.institute, state="accepted")
    for other in (exchange.operator, exchange.office, exchange.auditor, exchange.broker):
        with pytest.raises(Forbidden):
            name_new(exchange, by=other)
    with pytest.raises(NotFound):
        name_new(exchange, by=exchange.stranger)
    exchange.need.entrusted_to = "HB-HS-03"
    collector = an_actor(session, (Role.COLLECTOR, Scope(ScopeKind.NODE, "HB-HS-03")))
    assert name_new(exchange, by=collector).contact_name == NEW["name"]


def test_over_http_somebody_is_reachable_and_the_invited_institute_sees_whom(client, session, exchange):
    an_invitation(session, exchange.need, exchange.institute, state="accepted")
    path = f"/api/needs/{exchange.need.id}"
    poster, office = exchange.headers(exchange.poster), exchange.headers(exchange.office)
    before = client.get(path, headers=office)
    refused = client.post(f"{path}/contact-person", json={"name": "只有姓名"}, headers=poster)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "phone")
    answer = client.post(f"{path}/contact-person", json=NEW, headers=poster)
    assert (answer.status_code, answer.json["contact"]) == (200, NEW | {"email": None})
    after = client.get(path, headers=office)
    assert (before.json["contact"]["name"], after.json["contact"]) == ("测试联系人", NEW | {"email": None})
    assert before.headers["ETag"] != after.headers["ETag"]
    masked = client.get(path, headers=exchange.headers(exchange.rival_office))
    assert NEW["name"] not in masked.text


# --- who is told ---


def told(session):
    return heard(session, "contact_person_named")


def test_those_who_may_see_the_contact_hear_of_it_but_not_who_named_it(session, exchange):
    colleague = an_actor(session, (Role.ENTERPRISE_MEMBER, of(exchange.enterprise)))
    an_invitation(session, exchange.need, exchange.institute, state="accepted")
    an_invitation(session, exchange.need, exchange.rival, state="declined")
    name_new(exchange)
    assert told(session) == accounts(exchange.researcher, exchange.office, exchange.operator, colleague)


def test_an_institute_that_is_not_bound_by_the_terms_yet_is_not_told(session):
    exchange = an_exchange(session, nda_required=True)
    exchange.need.owner_id = exchange.broker.account_id
    an_invitation(session, exchange.need, exchange.institute, state="accepted")
    name_new(exchange)
    assert told(session) == []
    reader = session.get_one(NeedReader, (exchange.need.id, exchange.institute.id))
    reader.bound_at = LATER
    name_new(exchange, phone="027-33334444")
    assert told(session) == accounts(exchange.researcher, exchange.office)


def test_the_broker_who_answers_for_it_is_told(session, exchange):
    exchange.need.owner_id = exchange.broker.account_id
    name_new(exchange)
    assert told(session) == accounts(exchange.broker)


def test_of_a_draft_nobody_hears(session, exchange):
    an_actor(session, (Role.ENTERPRISE_MEMBER, of(exchange.enterprise)))
    name_new(exchange, need=a_need(session, exchange.enterprise, state="draft"))
    assert told(session) == []
