"""Who settles a disputed fact hears of it, its enterprise that it does not count, both what was decided."""

from sqlalchemy import select

from backbone.actor import PROVINCE, Role
from backbone.notices.models import Notice
from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.subjects.disputing import dispute_fact, settle_fact
from tests.factories.directory import an_enterprise
from tests.factories.identity import an_actor, of, zone
from tests.factories.notices import accounts, heard
from tests.factories.policy_facts import a_policy_fact


def test_a_dispute_and_what_comes_of_it_are_told_by_the_facts_name(session, clock):
    enterprise = an_enterprise(session)
    member = an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
    operator = an_actor(session, (Role.OPERATOR, zone(enterprise.region_code)))
    officer = an_actor(session, (Role.POLICY_OFFICER, PROVINCE))
    fact = a_policy_fact(session, enterprise)
    dispute_fact(session, officer, fact.id, reason="与合同不符", now=clock.now())
    assert heard(session, "fact_to_settle") == accounts(operator)
    assert heard(session, "fact_disputed") == accounts(member)
    settle_fact(session, operator, fact.id, stands=True, now=clock.now())
    assert heard(session, "fact_settled") == accounts(member, officer)
    told = session.scalars(select(Notice).where(Notice.kind == "fact_settled")).all()
    assert {each.payload["why"]["zh"] for each in told} == {DICTIONARY["service_spend"].label.zh}
    assert {each.subject_number for each in told} == {enterprise.name}
