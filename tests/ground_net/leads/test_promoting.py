"""From lead to need: nothing without consent, an enterprise and four things; everything in one transaction."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone import events
from backbone.actor import Role, actor_with
from backbone.errors import Forbidden, NotFound
from ground_net.leads.errors import EnterpriseNotRegistered, LeadIncomplete, LeadSettled, NoConsent
from ground_net.leads.events import LeadPromoted
from ground_net.leads.models import LeadProvenance
from ground_net.leads.promoting import LooksLikeDuplicate, for_node, promote_lead
from ground_net.leads.service import claim_lead
from sky_net.needs.models import Need, NeedTransition
from sky_net.needs.service import draft_entrusted, submit_need
from sky_net.sla.service import readings
from tests.factories.directory import a_credit_code, an_enterprise
from tests.factories.identity import of
from tests.factories.leads import ANSWERS, CONSENT, RECORDED_AT, Desk, a_desk
from tests.factories.network import a_node


@pytest.fixture
def desk(session: Session) -> Desk:
    return a_desk(session)


def promote(session, actor, lead, **more):
    return promote_lead(session, actor, lead.id, now=RECORDED_AT, **more)


def need_of(session, lead):
    return session.get_one(Need, lead.need_id)


@pytest.mark.parametrize("who", ["collector", "colleague", "broker", "operator"])
def test_whoever_works_on_it_promotes_it_for_the_node(session, desk, who):
    lead = promote(session, getattr(desk, who), desk.full_lead())
    need = need_of(session, lead)
    assert (need.state, need.entrusted_to, need.enterprise_id) == (
        "submitted",
        desk.node.key,
        desk.enterprise.id,
    )
    step = session.scalars(select(NeedTransition).where(NeedTransition.need_id == need.id)).one()
    assert (step.actor_role, step.actor_id) == ("collector", getattr(desk, who).account_id)


def test_the_need_says_what_the_lead_said(session, desk):
    need = need_of(session, promote(session, desk.collector, desk.full_lead(decision_owner="李副总")))
    for name, value in ANSWERS.items():
        assert getattr(need, name) == value
    assert (need.contact_name, need.contact_phone) == ("王测试", "027-88880001")
    assert (need.decision_owner, need.collector) == ("李副总", "采集员甲")
    assert need.source_channel == "station"


@pytest.mark.parametrize(
    ("kind", "channel", "source"),
    [("node", "visit", "node"), ("station", "event", "event"), ("station", "import", "import")],
)
def test_the_source_is_the_kind_of_the_node_or_the_way_it_came(session, kind, channel, source):
    desk = a_desk(session, kind=kind)
    assert (
        need_of(session, promote(session, desk.collector, desk.full_lead(channel=channel))).source_channel
        == source
    )


def test_the_leads_clock_is_met_and_the_needs_three_begin(session, desk):
    lead = promote(session, desk.collector, desk.full_lead())
    read = readings(session, [lead.id, lead.need_id], now=RECORDED_AT)
    assert [(one.stage, str(one.state)) for one in read[lead.id]] == [("lead", "met")]
    assert [one.stage for one in read[lead.need_id]] == ["confirm", "communicate", "propose"]


def test_whoever_submits_what_the_node_has_handed_in_finds_it_submitted(session, desk):
    need = need_of(session, promote(session, desk.collector, desk.full_lead()))
    steps = select(func.count()).select_from(NeedTransition).where(NeedTransition.need_id == need.id)
    for actor in (desk.collector, actor_with((Role.ENTERPRISE_MEMBER, of(desk.enterprise)))):
        assert submit_need(session, actor, need.id, now=RECORDED_AT).state == "submitted"
    assert session.scalar(steps) == 1
    with pytest.raises(NotFound):
        submit_need(
            session,
            actor_with((Role.ENTERPRISE_MEMBER, of(an_enterprise(session)))),
            need.id,
            now=RECORDED_AT,
        )


def test_without_consent_to_passing_it_on_there_is_no_need(session, desk):
    lead = desk.full_lead(consent=CONSENT | {"covers": ["keep_contact"]})
    with pytest.raises(NoConsent) as refused:
        promote(session, desk.collector, lead)
    assert "amendLead" in refused.value.advice.zh
    assert (lead.state, session.query(Need).count()) == ("recorded", 0)


def test_what_is_missing_is_named_with_what_to_do(session, desk):
    lead = desk.full_lead(answers={}, contact=None)
    with pytest.raises(LeadIncomplete) as refused:
        promote(session, desk.collector, lead)
    assert refused.value.data["missing"] == ["title", "problem", "contact", "industry"]
    with pytest.raises(LeadIncomplete) as refused:
        promote(session, desk.collector, lead, submit=False)
    assert refused.value.data["missing"] == ["title"]


def test_an_enterprise_that_is_not_registered_is_named_and_found_once_it_is(session, desk):
    code = a_credit_code()
    lead = desk.full_lead(enterprise_id=None, credit_code=code)
    with pytest.raises(EnterpriseNotRegistered) as refused:
        promote(session, desk.collector, lead)
    assert "测试精工" in refused.value.sentence().zh
    registered = an_enterprise(session, credit_code=code, region_code="420500")
    need = need_of(session, promote(session, desk.collector, lead))
    assert (need.enterprise_id, need.zone_code) == (registered.id, "420500")


def test_a_near_lead_or_need_must_be_looked_at_first(session, desk):
    lead, twin = desk.full_lead(), desk.full_lead()
    with pytest.raises(LooksLikeDuplicate) as refused:
        promote(session, desk.collector, lead)
    assert [each["number"] for each in refused.value.data["leads"]] == [twin.number]
    promote(session, desk.collector, lead, despite_duplicates=True)
    with pytest.raises(LooksLikeDuplicate) as refused:
        promote(session, desk.operator, twin)
    assert [each["number"] for each in refused.value.data["needs"]] == [need_of(session, lead).number]


def test_a_lead_is_promoted_once_and_by_nobody_else_than_its_owner(session, desk):
    lead = desk.full_lead()
    claim_lead(session, desk.colleague, lead.id, now=RECORDED_AT)
    with pytest.raises(Forbidden):
        promote(session, desk.collector, lead)
    promote(session, desk.colleague, lead)
    with pytest.raises(LeadSettled) as settled:
        promote(session, desk.colleague, lead)
    assert settled.value.data["need_id"] == lead.need_id
    assert session.query(LeadProvenance).count() == 1


def test_figures_are_told_with_the_need_at_hand(session, desk, monkeypatch):
    heard = []
    monkeypatch.setitem(
        events._handlers, LeadPromoted, [lambda session, event: heard.append(event.lead.need_id)]
    )
    lead = promote(session, desk.collector, desk.full_lead())
    assert heard == [lead.need_id]


def test_only_who_acts_for_the_node_drafts_what_was_entrusted_to_it(session, desk):
    for actor in (desk.operator, desk.broker, for_node(desk.operator, a_node(session).key)):
        with pytest.raises(Forbidden):
            draft_entrusted(
                session, actor, desk.enterprise.id, desk.node.key, {"title": "x"}, now=RECORDED_AT
            )
