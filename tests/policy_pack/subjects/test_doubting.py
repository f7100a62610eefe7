from datetime import UTC, date, datetime, timedelta

import pytest

from policy_pack.engine.facts import Gap
from policy_pack.subjects.changing import FactsChanged
from policy_pack.subjects.doubting import doubt_matters, settle_matters, unsay
from policy_pack.subjects.recording import state_facts
from policy_pack.subjects.service import facts_of
from tests.factories.directory import an_enterprise
from tests.factories.events import heard
from tests.factories.identity import an_actor
from tests.factories.policy_facts import a_matter, a_policy_fact

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
DAY = date(2026, 3, 10)


@pytest.fixture
def place(session):
    enterprise = an_enterprise(session)
    matter, actor = a_matter(session, enterprise), an_actor(session)
    stated = {"contract_type": "开发", "contract_registered": True}
    facts = state_facts(
        session, actor, enterprise.id, stated, "技术合同", NOW, matter_id=matter.id, as_of_on=DAY
    )
    return enterprise, matter, actor, facts


def known(session, place, key="contract_type"):
    enterprise, matter, *_ = place
    return facts_of(session, enterprise.id, DAY, matter.id)[0].of(key)


def test_all_that_the_platform_says_of_a_matter_is_doubted_and_stands_again(session, place):
    _, matter, actor, _ = place
    with heard(FactsChanged) as events:
        doubt_matters(session, actor, [matter.id], reason="不符", by=actor.account_id, since=NOW, now=NOW)
    assert [(event.matter_id, set(event.keys)) for event in events] == [
        (matter.id, {"contract_type", "contract_registered"})
    ]
    assert known(session, place) is Gap.DISPUTED
    settle_matters(session, actor, [matter.id], doubted_at=NOW, stands=True, now=NOW + timedelta(days=1))
    assert known(session, place) == "开发"


def test_what_falls_leaves_nothing_of_the_platforms(session, place):
    _, matter, actor, facts = place
    doubt_matters(session, actor, [matter.id], reason="不符", by=actor.account_id, since=NOW, now=NOW)
    settle_matters(session, actor, [matter.id], doubted_at=NOW, stands=False, now=NOW)
    assert known(session, place) is Gap.UNKNOWN
    assert {fact.retraction for fact in facts} == {"unproven"}


def test_what_others_say_or_doubted_before_is_left_alone(session, place):
    enterprise, matter, actor, (first, _) = place
    own = a_policy_fact(session, enterprise, matter_id=matter.id, key="licence_years", value={"number": "6"})
    first.disputed_at, first.dispute = NOW - timedelta(days=2), "企业早有异议"
    doubt_matters(session, actor, [matter.id], reason="不符", by=actor.account_id, since=NOW, now=NOW)
    settle_matters(session, actor, [matter.id], doubted_at=NOW, stands=True, now=NOW)
    assert (own.disputed_at, first.dispute) == (None, "企业早有异议")
    assert known(session, place) is Gap.DISPUTED
    assert known(session, place, "contract_registered") is True


def test_what_is_stated_while_it_is_doubted_is_doubted_from_the_same_instant_and_settled_with_the_rest(
    session, place
):
    enterprise, matter, actor, _ = place
    doubter, later = an_actor(session), NOW + timedelta(hours=1)
    doubt = {"reason": "不符", "by": doubter.account_id, "since": NOW}
    doubt_matters(session, doubter, [matter.id], **doubt, now=NOW)
    stated = {"contract_type": "转让"}
    (fact,) = state_facts(
        session, actor, enterprise.id, stated, "合同", later, matter_id=matter.id, as_of_on=DAY
    )
    assert known(session, place) == "转让"
    doubt_matters(session, actor, [matter.id], **doubt, now=later)
    assert known(session, place) is Gap.DISPUTED
    assert (fact.disputed_at, fact.disputed_by, fact.updated_at) == (NOW, doubter.account_id, later)
    settle_matters(session, actor, [matter.id], doubted_at=NOW, stands=True, now=later)
    assert known(session, place) == "转让"


def test_what_was_never_so_is_taken_back_as_of_its_day_alone(session, place):
    enterprise, matter, actor, (first, second) = place
    earlier = DAY - timedelta(days=1)
    (other,) = state_facts(
        session, actor, enterprise.id, {"contract_type": "许可"}, "合同", NOW, matter_id=matter.id, as_of_on=earlier
    )  # fmt: skip
    own = a_policy_fact(session, enterprise, matter_id=matter.id, key="contract_type", value={"text": "开发"})
    with heard(FactsChanged) as events:
        unsay(session, actor, matter.id, {"contract_type"}, as_of_on=DAY, now=NOW)
    assert [event.keys for event in events] == [("contract_type",)]
    assert (first.retraction, second.retraction, other.retraction, own.retraction) == (
        "unproven",
        None,
        None,
        None,
    )
