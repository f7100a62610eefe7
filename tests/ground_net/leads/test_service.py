"""What collectors do with leads, and what is refused with which sentence."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import events
from backbone.actor import Role
from backbone.audit import AuditEvent
from backbone.errors import Forbidden, Invalid, NotFound
from backbone.people.models import Person
from ground_net.leads import events as told
from ground_net.leads.errors import ClientIdTaken, LeadAlreadyClaimed, LeadSettled
from ground_net.leads.models import Lead
from ground_net.leads.recording import record_lead
from ground_net.leads.service import (
    amend_lead,
    answer_interview,
    claim_lead,
    close_lead,
    give_lead,
    lead_to_work_on,
)
from ground_net.network.errors import NodeIsClosed, NodeStillNeeded
from ground_net.network.service import close_node
from tests.factories.identity import an_actor, zone
from tests.factories.leads import CONSENT, CONTACT, RECORDED_AT, Desk, a_desk, a_visit, at_node
from tests.factories.network import a_node


@pytest.fixture
def desk(session: Session) -> Desk:
    return a_desk(session)


def problems(refusal) -> dict[str, str]:
    return {each["field"]: each["problem"].zh for each in refusal.value.data["errors"]}


def test_everybody_around_a_node_may_record_for_it_and_nobody_else(session, desk):
    for actor in (desk.collector, desk.broker, desk.operator):
        assert desk.lead(actor).recorded_by == actor.account_id
    strangers = (
        desk.auditor, an_actor(session), an_actor(session, (Role.COLLECTOR, at_node(a_node(session)))),
        an_actor(session, (Role.BROKER, zone("420200"))),
    )  # fmt: skip
    for actor in strangers:
        with pytest.raises(Forbidden):
            desk.lead(actor)


def test_a_node_that_is_closed_or_nowhere_records_nothing(session, desk):
    with pytest.raises(Invalid) as nowhere:
        record_lead(session, desk.collector, a_visit(desk.node) | {"node_key": "nowhere"}, now=RECORDED_AT)
    assert "node_key" in problems(nowhere)
    close_node(session, desk.operator, desk.node.id, reason="测试", now=RECORDED_AT)
    with pytest.raises(NodeIsClosed):
        desk.lead()
    assert session.query(Lead).count() == 0


def test_an_open_lead_keeps_its_node_open_and_a_settled_one_does_not(session, desk):
    lead = desk.lead()
    with pytest.raises(NodeStillNeeded) as needed:
        close_node(session, desk.operator, desk.node.id, reason="测试", now=RECORDED_AT)
    assert needed.value.data["kept"] == [{"what": "open_leads", "count": 1}]
    close_lead(session, desk.collector, lead.id, {"reason_code": "no_need"}, now=RECORDED_AT)
    close_node(session, desk.operator, desk.node.id, reason="测试", now=RECORDED_AT)


def test_without_consent_nothing_of_people_is_kept_in_no_field_and_in_no_word(session, desk):
    cases = {
        "contact": {"contact": CONTACT}, "decision_owner": {"decision_owner": "李总"},
        "words": {"words": "找王工 １３８００００１２３４"}, "answers.problem": {"answers": {"problem": "写信到 a.b@example.test"}},
        "consent.by": {"consent": CONSENT | {"covers": ["pass_on"]}},
    }  # fmt: skip
    for field, said in cases.items():
        with pytest.raises(Invalid) as refused:
            desk.lead(**said)
        assert field in problems(refused)
        assert "1380" not in str(problems(refused))
    assert session.query(Person).filter_by(holder="leads").count() == 0
    assert (
        desk.lead(contact=CONTACT, consent=CONSENT, words="找王工 13800001234").contact_phone
        == CONTACT["phone"]
    )


def test_a_consent_names_who_gave_it(desk):
    with pytest.raises(Invalid) as refused:
        desk.lead(consent=CONSENT | {"by": None})
    assert problems(refused) == {"consent.by": "须写明是谁同意的"}


def test_taking_a_consent_back_takes_the_people_with_it(session, desk):
    lead = desk.lead(contact=CONTACT, consent=CONSENT, decision_owner="李总")
    amend_lead(session, desk.collector, lead, {"consent": None}, now=RECORDED_AT)
    assert (lead.contact, lead.decision_owner, lead.consent) == (None, None, None)
    session.flush()
    people = session.query(Person).filter_by(holder_id=lead.id).all()
    assert [each for each in people if each.name_sealed or each.phone_sealed or each.email_sealed] == []


def test_a_visit_that_is_still_to_come_is_refused(desk):
    desk.lead(happened_at=RECORDED_AT + timedelta(minutes=5))
    with pytest.raises(Invalid) as refused:
        desk.lead(happened_at=RECORDED_AT + timedelta(hours=1))
    assert "happened_at" in problems(refused)


def test_an_enterprise_is_linked_by_its_credit_code_and_named_by_the_directory(session, desk):
    lead = desk.lead(enterprise_name="随便写的名", credit_code=desk.enterprise.credit_code)
    assert (lead.enterprise_id, lead.enterprise_name) == (desk.enterprise.id, desk.enterprise.name)
    unknown = desk.lead()
    assert unknown.enterprise_id is None
    amend_lead(session, desk.collector, unknown, {"enterprise_id": desk.enterprise.id}, now=RECORDED_AT)
    assert unknown.credit_code == desk.enterprise.credit_code
    with pytest.raises(Invalid) as refused:
        desk.lead(enterprise_name=None, enterprise_id=None, credit_code="91420100MA4K00000X")
    assert "enterprise_name" in problems(refused)


def test_a_form_sent_twice_is_one_lead_and_with_other_words_is_refused(session, desk):
    client_id = desk.node.id
    lead = desk.lead(client_id=client_id)
    assert desk.lead(desk.colleague, client_id=client_id).id == lead.id
    with pytest.raises(ClientIdTaken) as taken:
        desk.lead(client_id=client_id, words="别的话")
    assert taken.value.data["number"] == lead.number
    other = a_desk(session)
    assert other.lead(client_id=client_id).id != lead.id


def test_a_claimed_lead_is_its_owners_and_the_second_is_told_whose(session, desk):
    lead = desk.lead()
    claim_lead(session, desk.collector, lead.id, now=RECORDED_AT)
    claim_lead(session, desk.collector, lead.id, now=RECORDED_AT)
    with pytest.raises(LeadAlreadyClaimed) as taken:
        claim_lead(session, desk.broker, lead.id, now=RECORDED_AT)
    assert "采集员甲" in taken.value.sentence().zh
    for actor in (desk.colleague, desk.broker):
        with pytest.raises(Forbidden):
            lead_to_work_on(session, actor, lead.id, "amend")
    assert lead_to_work_on(session, desk.operator, lead.id, "amend") is lead


def test_an_operator_gives_a_claimed_lead_to_somebody_who_works_there(session, desk):
    lead = desk.lead()
    claim_lead(session, desk.collector, lead.id, now=RECORDED_AT)
    for other in (desk.colleague, desk.broker):
        with pytest.raises(Forbidden):
            give_lead(session, other, lead.id, other.account_id, now=RECORDED_AT)
    for nobody in (desk.auditor.account_id, uuid4()):
        with pytest.raises(Invalid):
            give_lead(session, desk.operator, lead.id, nobody, now=RECORDED_AT)
    for _ in range(2):
        given = give_lead(session, desk.operator, lead.id, desk.colleague.account_id, now=RECORDED_AT)
    assert (given.state, given.owner_id) == ("claimed", desk.colleague.account_id)
    assert lead_to_work_on(session, desk.colleague, lead.id, "amend") is lead
    with pytest.raises(Forbidden):
        lead_to_work_on(session, desk.collector, lead.id, "amend")
    written = select(AuditEvent.action).where(AuditEvent.subject_id == lead.id).order_by(AuditEvent.id)
    assert session.scalars(written).all() == ["record_lead", "claim_lead", "give_lead"]


def test_a_lead_is_hidden_from_everybody_who_is_not_of_its_node_or_zone(session, desk):
    lead = desk.lead()
    for actor in (an_actor(session), an_actor(session, (Role.OPERATOR, zone("420200")))):
        with pytest.raises(NotFound):
            claim_lead(session, actor, lead.id, now=RECORDED_AT)
    with pytest.raises(Forbidden):
        claim_lead(session, desk.auditor, lead.id, now=RECORDED_AT)


def test_a_settled_lead_is_left_alone(session, desk):
    lead = desk.lead()
    close_lead(session, desk.collector, lead.id, {"reason_code": "other", "words": "测试"}, now=RECORDED_AT)
    for act in (
        lambda: claim_lead(session, desk.collector, lead.id, now=RECORDED_AT),
        lambda: close_lead(session, desk.collector, lead.id, {"reason_code": "solved"}, now=RECORDED_AT),
        lambda: answer_interview(session, desk.collector, lead.id, {}, now=RECORDED_AT),
    ):
        with pytest.raises(LeadSettled) as settled:
            act()
        assert settled.value.data["allowed"] == []


def test_a_repetition_names_what_it_repeats_and_never_itself_or_what_is_hidden(session, desk):
    lead, hidden = desk.lead(), a_desk(session, "420200").lead()
    for other in (lead.id, hidden.id, desk.node.id):
        reason = {"reason_code": "duplicate_of_lead", "lead_id": other}
        with pytest.raises(Invalid) as refused:
            close_lead(session, desk.collector, lead.id, reason, now=RECORDED_AT)
        assert "lead_id" in problems(refused)
    reason = {"reason_code": "duplicate_of_need", "need_id": desk.node.id}
    with pytest.raises(Invalid):
        close_lead(session, desk.collector, lead.id, reason, now=RECORDED_AT)


def test_two_leads_are_not_merged_into_each_other(session, desk):
    first, second = desk.lead(), desk.lead()
    merge = lambda one, other: close_lead(  # noqa: E731
        session,
        desk.collector,
        one.id,
        {"reason_code": "duplicate_of_lead", "lead_id": other.id},
        now=RECORDED_AT,
    )
    merge(first, second)
    with pytest.raises(Invalid):
        merge(second, first)
    assert second.state == "recorded"


def test_indicators_are_merged_by_name_in_the_interview_and_replaced_when_amended(session, desk):
    lead = desk.lead(answers={"indicators": [{"name": "节拍", "target": "≤18", "weight": "must"}]})
    more = {
        "answers": {
            "indicators": [
                {"name": " 节拍 ", "unit": "s", "weight": "must"},
                {"name": "良率", "weight": "must"},
            ]
        }
    }
    answer_interview(session, desk.collector, lead.id, more, now=RECORDED_AT)
    assert [(each["name"].strip(), each.get("target"), each.get("unit")) for each in lead.answers["indicators"]] == [
        ("节拍", "≤18", "s"), ("良率", None, None),
    ]  # fmt: skip
    amend_lead(session, desk.collector, lead, {"answers": {"indicators": []}}, now=RECORDED_AT)
    assert "indicators" not in lead.answers


def test_figures_are_told_of_every_step(session, desk, monkeypatch):
    heard = []
    for kind in (told.LeadRecorded, told.LeadClaimed, told.LeadClosed):
        monkeypatch.setitem(
            events._handlers, kind, [lambda session, event: heard.append(type(event).__name__)]
        )
    lead = desk.lead()
    claim_lead(session, desk.collector, lead.id, now=RECORDED_AT)
    close_lead(session, desk.collector, lead.id, {"reason_code": "no_need"}, now=RECORDED_AT)
    assert heard == ["LeadRecorded", "LeadClaimed", "LeadClosed"]
