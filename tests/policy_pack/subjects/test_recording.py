"""Facts are put on record once, with who says it; what the directory keeps is not kept twice; and somebody hears of it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from backbone import events
from backbone.actor import PROVINCE, SYSTEM, Role
from backbone.audit import AuditEvent
from backbone.errors import Forbidden, Invalid, NotFound
from policy_pack.engine.fact_problems import FactsRefused
from policy_pack.engine.facts import Gap
from policy_pack.subjects.changing import FactsChanged
from policy_pack.subjects.errors import FactsMisplaced, PolicyFactOnRecord
from policy_pack.subjects.matters import matter_for
from policy_pack.subjects.models import PolicyFact
from policy_pack.subjects.recording import record_facts, retract_fact, state_facts
from policy_pack.subjects.service import facts_of, gather_subjects
from tests.factories.directory import a_fact, an_enterprise, an_institute
from tests.factories.identity import an_actor, of, zone
from tests.factories.policy_facts import a_matter, a_policy_fact

TODAY = date(2026, 3, 10)


@pytest.fixture
def enterprise(session):
    return an_enterprise(session)


@pytest.fixture
def member(session, enterprise):
    return an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))


@pytest.fixture
def officer(session):
    return an_actor(session, (Role.POLICY_OFFICER, PROVINCE))


@pytest.fixture
def heard(monkeypatch):
    """The events of this test."""
    found = []
    monkeypatch.setitem(events._handlers, FactsChanged, [lambda session, event: found.append(event)])
    return found


def entry(facts, **values):
    return {
        "facts": facts,
        "matter_id": None,
        "as_of_on": date(2026, 3, 1),
        "valid_until_on": None,
        "source": "合同",
        **values,
    }


def record(session, actor, enterprise, clock, facts, **values):
    return record_facts(session, actor, enterprise.id, entry(facts, **values), now=clock.now())


def known(session, enterprise, matter=None):
    return facts_of(session, enterprise.id, TODAY, matter and matter.id)[0]


def test_facts_are_on_record_with_their_source_and_who_said_them(
    session, clock, enterprise, member, officer, heard
):
    [own] = record(session, member, enterprise, clock, {"service_spend": 12.5})
    [other] = record(session, officer, enterprise, clock, {"is_sme": True})
    assert (own.value, own.said_by, own.recorded_by) == ({"number": "12.5"}, "enterprise", member.account_id)
    assert other.said_by == "office"
    facts = known(session, enterprise)
    assert (facts.of("service_spend"), facts.of("is_sme")) == (Decimal("12.5"), True)
    assert [(event.enterprise_id, event.keys) for event in heard] == [
        (enterprise.id, ("service_spend",)), (enterprise.id, ("is_sme",)),
    ]  # fmt: skip


def test_null_is_known_to_be_absent_and_what_was_not_said_stays_unknown(session, clock, enterprise, member):
    record(session, member, enterprise, clock, {"sme_score": None})
    facts = known(session, enterprise)
    assert (facts.of("sme_score"), facts.of("srdi_score")) == (Gap.ABSENT, Gap.UNKNOWN)


def test_two_sides_that_say_otherwise_are_a_dispute(session, clock, enterprise, member, officer):
    record(session, member, enterprise, clock, {"vc_backed": True})
    record(session, officer, enterprise, clock, {"vc_backed": False})
    assert known(session, enterprise).of("vc_backed") is Gap.DISPUTED


def test_the_same_word_again_changes_nothing_and_another_one_has_to_be_retracted_first(
    session, clock, enterprise, member
):
    [first] = record(session, member, enterprise, clock, {"service_spend": 40})
    [again] = record(session, member, enterprise, clock, {"service_spend": 40})
    assert again.id == first.id
    with pytest.raises(PolicyFactOnRecord) as refused:
        record(session, member, enterprise, clock, {"service_spend": 41})
    assert refused.value.data["id"] == first.id
    retract_fact(session, member, first.id, reason_code="mistaken", now=clock.now())
    record(session, member, enterprise, clock, {"service_spend": 41})
    assert known(session, enterprise).of("service_spend") == 41
    assert (
        len(session.scalars(select(PolicyFact).where(PolicyFact.enterprise_id == enterprise.id)).all()) == 2
    )


def test_of_several_facts_all_are_recorded_or_none(session, clock, enterprise, member):
    with pytest.raises(FactsRefused):
        record(session, member, enterprise, clock, {"service_spend": 40, "is_sme": "yes"})
    assert known(session, enterprise).is_open("service_spend")


@pytest.mark.parametrize(("facts", "field"), [
    ({"revenue": 8000}, "revenue"), ({"labels": ["瞪羚"]}, "labels"), ({"region": "武汉市"}, "region"), ({"blacklisted": True}, "blacklisted"),
    ({"cash_received": 10}, "cash_received"),
])  # fmt: skip
def test_what_is_kept_elsewhere_is_refused_saying_where(session, clock, enterprise, member, facts, field):
    with pytest.raises(FactsMisplaced) as refused:
        record(session, member, enterprise, clock, facts)
    assert [problem["field"] for problem in refused.value.data["errors"]] == [field]


def test_that_there_are_no_labels_can_be_said_here_alone(session, clock, enterprise, member):
    record(session, member, enterprise, clock, {"labels": [], "niche_share_national": None})
    facts = known(session, enterprise)
    assert facts.of("labels") == frozenset()
    assert facts.of("niche_share_national") is Gap.ABSENT
    enterprise.labels = [{"name": "高新技术企业"}]
    session.flush()
    assert known(session, enterprise).of("labels") == {"高新技术企业"}


def test_facts_of_a_matter_belong_to_it_alone(session, clock, enterprise, member):
    one, other = a_matter(session, enterprise), a_matter(session, enterprise)
    record(session, member, enterprise, clock, {"cash_received": 30}, matter_id=one.id)
    record(session, member, enterprise, clock, {"is_sme": True})
    assert known(session, enterprise, one).of("cash_received") == 30
    assert known(session, enterprise, one).of("is_sme") is True
    assert known(session, enterprise, other).is_open("cash_received")
    assert known(session, enterprise).is_open("cash_received")
    subjects = gather_subjects(session, [enterprise.id], TODAY)
    assert set(subjects) == {(enterprise.id, None), (enterprise.id, one.id)}


def test_an_enterprises_own_fact_is_none_of_a_matter(session, clock, enterprise, member):
    with pytest.raises(FactsMisplaced):
        record(
            session, member, enterprise, clock, {"is_sme": True}, matter_id=a_matter(session, enterprise).id
        )


def test_a_matter_of_another_enterprise_is_unknown(session, clock, enterprise, member):
    foreign = a_matter(session, an_enterprise(session))
    with pytest.raises(Invalid) as refused:
        record(session, member, enterprise, clock, {"cash_received": 30}, matter_id=foreign.id)
    assert refused.value.data["errors"][0]["field"] == "matter_id"
    with pytest.raises(Invalid):
        facts_of(session, enterprise.id, TODAY, foreign.id)


@pytest.mark.parametrize(
    "values", [{"as_of_on": TODAY + timedelta(days=1)}, {"valid_until_on": date(2026, 2, 28)}]
)
def test_days_that_cannot_be_are_refused(session, clock, enterprise, member, values):
    with pytest.raises(Invalid):
        record(session, member, enterprise, clock, {"is_sme": True}, **values)


def test_what_the_directory_derives_and_a_source_contradicts_is_a_dispute(session, clock, enterprise, member):
    a_fact(session, enterprise, kind="invention_patents", value=3)
    assert known(session, enterprise).of("has_core_ip") is True
    record(session, member, enterprise, clock, {"has_core_ip": False})
    assert known(session, enterprise).of("has_core_ip") is Gap.DISPUTED


def test_who_may_not_state_is_told_no_more_than_may_be_known(session, clock, enterprise):
    auditor = an_actor(session, (Role.AUDITOR, zone()))
    office = an_actor(session, (Role.TRANSFER_OFFICE, of(an_institute(session))))
    rival = an_actor(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session))))
    for actor, refusal in ((auditor, Forbidden), (office, NotFound), (rival, NotFound)):
        with pytest.raises(refusal):
            record(session, actor, enterprise, clock, {"is_sme": True})


def test_an_enterprise_takes_back_its_own_words_alone(session, clock, enterprise, member, officer):
    own = a_policy_fact(session, enterprise)
    office = a_policy_fact(session, enterprise, said_by="office")
    retract_fact(session, member, own.id, reason_code="mistaken", now=clock.now())
    with pytest.raises(Forbidden):
        retract_fact(session, member, office.id, reason_code="mistaken", now=clock.now())
    retract_fact(session, officer, office.id, reason_code="unproven", now=clock.now())
    assert (own.retraction, office.retraction) == ("mistaken", "unproven")


def test_retracting_twice_changes_nothing(session, clock, enterprise, member, heard):
    fact = a_policy_fact(session, enterprise)
    retract_fact(session, member, fact.id, reason_code="mistaken", now=clock.now())
    version = fact.version
    retract_fact(session, member, fact.id, reason_code="unproven", now=clock.now())
    assert (fact.retraction, fact.version, len(heard)) == ("mistaken", version, 1)


# --- what another part of the platform knows by itself ---


@pytest.fixture
def contract(session, clock, enterprise):
    said = {"kind": "contract", "reference": "2026420100000001", "title": "技术开发合同"}
    return matter_for(session, SYSTEM, enterprise.id, **said, now=clock.now())


def state(session, clock, enterprise, contract, facts):
    return state_facts(session, SYSTEM, enterprise.id, facts, "合同登记", clock.now(), matter_id=contract.id)


def test_a_contract_that_was_registered_feeds_its_facts_by_itself(
    session, clock, enterprise, contract, heard
):
    facts = {
        "contract_registered": True, "cash_received": 120, "contract_type": "开发", "contract_side": "seller",
        "buyer_region": "武汉市", "technology_transaction_amount": 200,
    }  # fmt: skip
    state(session, clock, enterprise, contract, facts)
    found = known(session, enterprise, contract)
    assert (found.of("contract_registered"), found.of("cash_received"), found.of("contract_side")) == (
        True,
        120,
        "seller",
    )
    [event] = heard
    assert (event.matter_id, set(event.keys)) == (contract.id, set(facts))


def test_the_platforms_newest_word_supersedes_its_former_one(session, clock, enterprise, contract, heard):
    state(session, clock, enterprise, contract, {"cash_received": 120, "contract_registered": True})
    [changed] = state(
        session, clock, enterprise, contract, {"cash_received": 150, "contract_registered": True}
    )
    assert changed.key == "cash_received"
    assert known(session, enterprise, contract).of("cash_received") == 150
    retracted = session.scalars(select(PolicyFact).where(PolicyFact.retracted_at.is_not(None))).all()
    assert [(fact.value, fact.retraction) for fact in retracted] == [({"number": "120"}, "superseded")]
    assert [set(event.keys) for event in heard] == [
        {"cash_received", "contract_registered"},
        {"cash_received"},
    ]


def test_the_same_word_again_is_no_news(session, clock, enterprise, contract, heard):
    state(session, clock, enterprise, contract, {"cash_received": 120})
    assert state(session, clock, enterprise, contract, {"cash_received": 120}) == []
    assert len(heard) == 1


def test_a_contract_is_opened_once_and_audited_once(session, clock, enterprise, contract):
    again = matter_for(
        session,
        SYSTEM,
        enterprise.id,
        kind="contract",
        reference=contract.reference,
        title="改名",
        now=clock.now(),
    )
    assert again.id == contract.id
    opened = select(AuditEvent).where(
        AuditEvent.subject_id == contract.id, AuditEvent.action == "open_policy_matter"
    )
    assert len(session.scalars(opened).all()) == 1
