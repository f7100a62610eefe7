"""A disputed fact counts for nobody until whoever is in office says which word stands; a proof is kept beside it."""

from datetime import date

import pytest

from backbone.actor import PROVINCE, Role
from backbone.errors import Forbidden, NotFound
from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.engine.facts import Gap
from policy_pack.subjects.disputing import attach_evidence, dispute_fact, download_evidence, settle_fact
from policy_pack.subjects.errors import EvidenceAttached, FactDisputed, FactRetracted, NothingToSettle
from policy_pack.subjects.recording import retract_fact
from policy_pack.subjects.service import facts_of
from tests.factories.directory import an_enterprise
from tests.factories.files import a_pdf
from tests.factories.identity import an_actor, of
from tests.factories.policy_facts import a_policy_fact

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


def spent(session, enterprise):
    return facts_of(session, enterprise.id, TODAY)[0].of("service_spend")


def test_a_disputed_fact_counts_for_nobody_until_it_is_found_to_stand(
    session, clock, enterprise, member, officer
):
    fact = a_policy_fact(session, enterprise)
    dispute_fact(session, officer, fact.id, reason="与合同不符", now=clock.now())
    assert spent(session, enterprise) is Gap.DISPUTED
    with pytest.raises(FactDisputed) as refused:
        dispute_fact(session, member, fact.id, reason="再次", now=clock.now())
    assert refused.value.sentence().zh == f"“{DICTIONARY['service_spend'].label.zh}”已有异议，等待裁定"
    assert refused.value.data == {"key": "service_spend"}
    settle_fact(session, officer, fact.id, stands=True, now=clock.now())
    assert spent(session, enterprise) == 40


def test_a_fact_that_does_not_stand_is_gone(session, clock, enterprise, officer):
    fact = a_policy_fact(session, enterprise)
    dispute_fact(session, officer, fact.id, reason="与合同不符", now=clock.now())
    settle_fact(session, officer, fact.id, stands=False, now=clock.now())
    assert spent(session, enterprise) is Gap.UNKNOWN
    assert fact.retraction == "unproven"


def test_of_two_contradicting_words_the_one_that_stands_overrules_the_other(
    session, clock, enterprise, officer
):
    own = a_policy_fact(session, enterprise)
    other = a_policy_fact(session, enterprise, said_by="office", value={"number": "30"})
    assert spent(session, enterprise) is Gap.DISPUTED
    settle_fact(session, officer, other.id, stands=True, now=clock.now())
    session.refresh(own)
    assert (own.retraction, spent(session, enterprise)) == ("overruled", 30)


def test_an_enterprise_does_not_settle_its_own_dispute(session, clock, enterprise, member):
    fact = a_policy_fact(session, enterprise)
    dispute_fact(session, member, fact.id, reason="写错", now=clock.now())
    with pytest.raises(Forbidden):
        settle_fact(session, member, fact.id, stands=True, now=clock.now())


def test_nothing_in_dispute_is_nothing_to_settle(session, clock, enterprise, officer):
    agreeing = a_policy_fact(session, enterprise)
    a_policy_fact(session, enterprise, said_by="office")
    with pytest.raises(NothingToSettle):
        settle_fact(session, officer, agreeing.id, stands=True, now=clock.now())


def test_what_was_taken_back_is_neither_disputed_nor_proven(session, clock, enterprise, member, officer):
    fact = a_policy_fact(session, enterprise)
    retract_fact(session, member, fact.id, reason_code="mistaken", now=clock.now())
    with pytest.raises(FactRetracted):
        dispute_fact(session, officer, fact.id, reason="不符", now=clock.now())
    with pytest.raises(FactRetracted):
        settle_fact(session, officer, fact.id, stands=True, now=clock.now())
    with pytest.raises(FactRetracted):
        attach_evidence(session, member, fact.id, name="a.pdf", content=a_pdf("合同"), now=clock.now())


def test_a_fact_has_one_proof_that_its_readers_download(session, clock, enterprise, member, officer):
    fact, content = a_policy_fact(session, enterprise), a_pdf("合同")
    with pytest.raises(NotFound):
        download_evidence(session, officer, fact.id)
    attach_evidence(session, member, fact.id, name="合同.pdf", content=content, now=clock.now())
    assert download_evidence(session, officer, fact.id).read() == content
    with pytest.raises(EvidenceAttached):
        attach_evidence(session, member, fact.id, name="合同.pdf", content=content, now=clock.now())
    stranger = an_actor(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session))))
    with pytest.raises(NotFound):
        download_evidence(session, stranger, fact.id)
