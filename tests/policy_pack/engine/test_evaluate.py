"""The five outcomes, in their order; every clause once; the amount only where there may be one."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from backbone.errors import Bilingual
from policy_pack.engine import deciding
from policy_pack.engine.evaluate import evaluate
from policy_pack.engine.evaluation import Money, Outcome, Truth
from policy_pack.engine.facts import Facts, Gap
from policy_pack.engine.policy import Amount, Benefit
from policy_pack.engine.tree import AnyOf
from tests.factories.policies import (
    DAY,
    SMALL,
    a_policy,
    at,
    completions,
    facts_for,
    known,
    policies,
    values_of,
    yes,
)

AWARD = Amount(Benefit.GRANT, Bilingual("十", "ten"))
TEN = Money(10, 10, "10")


def outcome(policy, as_of=DAY, **stated):
    return evaluate(policy, known(**stated), as_of, dictionary={}, amount_of=lambda *_: TEN).outcome


TWO = a_policy(yes("f"), at("n", "at_least", 5))


def test_the_outcome_follows_from_the_clauses():
    assert outcome(TWO, f=True, n=5) is Outcome.ELIGIBLE
    assert outcome(TWO, f=True, n=4) is Outcome.INELIGIBLE
    assert outcome(TWO, f=True) is Outcome.MISSING_FACTS
    assert outcome(TWO, n=4) is Outcome.INELIGIBLE


def test_a_person_is_asked_last():
    judged = a_policy(yes("f"), None)
    assert outcome(judged, f=True) is Outcome.NEEDS_REVIEW
    assert outcome(judged) is Outcome.MISSING_FACTS
    assert outcome(judged, f=False) is Outcome.INELIGIBLE
    assert outcome(a_policy(None)) is Outcome.NEEDS_REVIEW


def test_without_a_clause_everybody_is_eligible():
    assert outcome(a_policy()) is Outcome.ELIGIBLE


@pytest.mark.parametrize("stated", [{}, {"f": True, "n": 9}, {"f": False, "n": 9}])
def test_whom_a_replaced_text_would_have_suited_is_for_a_person_to_say(stated):
    replaced = a_policy(yes("f"), at("n", "at_least", 5), superseded=DAY, amount=AWARD)
    found = evaluate(replaced, known(**stated), DAY, dictionary={}, amount_of=lambda *_: TEN)
    assert (found.outcome, found.amount, found.missing) == (Outcome.NEEDS_REVIEW, None, ())
    before = evaluate(
        replaced, known(**stated), DAY - timedelta(days=1), dictionary={}, amount_of=lambda *_: TEN
    )
    assert before.outcome is not Outcome.NEEDS_REVIEW


def test_both_days_of_the_validity_belong_to_it():
    short = a_policy(yes("f"), first=date(2026, 1, 1), last=date(2026, 6, 30))
    for day, inside in ((1, False), (2, True), (182, True), (183, False)):
        came_out = outcome(short, date(2025, 12, 30) + timedelta(days=day), f=True)
        assert came_out is (Outcome.ELIGIBLE if inside else Outcome.NOT_IN_FORCE)


def test_what_is_not_in_force_is_so_before_anything_else():
    over = a_policy(yes("f"), None, last=DAY - timedelta(days=1), superseded=date(2020, 1, 1), amount=AWARD)
    found = evaluate(over, known(f=False), DAY, dictionary={}, amount_of=lambda *_: TEN)
    assert (found.outcome, found.amount) == (Outcome.NOT_IN_FORCE, None)
    assert [clause.result for clause in found.clauses] == [Truth.FALSE, Truth.UNKNOWN]


def test_every_clause_is_there_once_with_the_facts_that_it_reads():
    policy = a_policy(AnyOf((yes("f"), yes("g"), yes("f"))), None, yes("h"))
    found = evaluate(policy, known(f=False, h=False, other=5), DAY, dictionary={})
    assert [(clause.id, clause.result, clause.facts, clause.waits_for) for clause in found.clauses] == [
        ("P99.1", Truth.UNKNOWN, ("f", "g"), ("g",)),
        ("P99.2", Truth.UNKNOWN, (), ()),
        ("P99.3", Truth.FALSE, ("h",), ()),
    ]


def test_disputed_facts_are_open_and_named():
    facts = Facts({"f": Gap.DISPUTED, "other": Gap.DISPUTED})
    found = evaluate(TWO, facts.with_answers(known(n=5).stated), DAY, dictionary={})
    assert (found.outcome, found.missing, found.disputed) == (Outcome.MISSING_FACTS, (("f",),), ("f",))


@pytest.mark.parametrize(
    ("policy", "stated", "amount"),
    [
        (a_policy(yes("f"), amount=AWARD), {"f": True}, TEN),
        (a_policy(yes("f"), amount=AWARD), {}, TEN),
        (a_policy(yes("f"), None, amount=AWARD), {"f": True}, TEN),
        (a_policy(yes("f"), amount=AWARD), {"f": False}, None),
        (a_policy(yes("f")), {"f": True}, None),
    ],
)
def test_an_amount_is_told_where_there_may_be_one(policy, stated, amount):
    assert evaluate(policy, known(**stated), DAY, dictionary={}, amount_of=lambda *_: TEN).amount == amount


# -- properties -----------------------------------------------------------------------------------------------

DECIDED = {Outcome.ELIGIBLE, Outcome.INELIGIBLE, Outcome.NEEDS_REVIEW}


def said(policy, facts):
    return evaluate(policy, facts, DAY, dictionary=SMALL)


@given(some.data(), policies())
@settings(deadline=None, max_examples=60)
def test_an_outcome_is_decided_exactly_if_every_completion_agrees(data, policy):
    facts = data.draw(facts_for(policy.reads))
    outcomes = {said(policy, full).outcome for full in completions(facts, policy.reads)}
    found = said(policy, facts).outcome
    assert ({found} == outcomes) if len(outcomes) == 1 else (found is Outcome.MISSING_FACTS)


@given(some.data(), policies())
@settings(deadline=None, max_examples=60)
def test_every_answer_to_the_missing_facts_decides_and_no_fewer_do(data, policy):
    facts = data.draw(facts_for(policy.reads))
    [*sets] = said(policy, facts).missing
    for missing in sets:
        answers = completions(facts, missing)
        assert all(said(policy, full).outcome in DECIDED for full in answers)
        for left_out in missing:
            fewer = completions(facts, [key for key in missing if key != left_out])
            assert any(said(policy, full).outcome is Outcome.MISSING_FACTS for full in fewer)


@given(some.data(), policies())
@settings(deadline=None, max_examples=60)
def test_what_is_decided_stays_decided_as_facts_come_in(data, policy):
    facts = data.draw(facts_for(policy.reads, open_at_most=4))
    before = said(policy, facts)
    for key in filter(facts.is_open, policy.reads):
        after = said(policy, facts.with_answers({key: data.draw(some.sampled_from(values_of(key)))}))
        if before.outcome in DECIDED:
            assert after.outcome is before.outcome
        for was, now in zip(before.clauses, after.clauses, strict=True):
            assert was.result in (Truth.UNKNOWN, now.result)


@given(some.data(), policies())
@settings(deadline=None, max_examples=60)
def test_the_trace_has_every_clause_once_and_what_matters_was_read(data, policy):
    found = said(policy, data.draw(facts_for(policy.reads)))
    assert [clause.id for clause in found.clauses] == [clause.id for clause in policy.clauses]
    for judged, clause in zip(found.clauses, policy.clauses, strict=True):
        assert judged.facts == clause.reads
        assert set(judged.waits_for) <= set(judged.facts)
        assert bool(judged.waits_for) == (judged.result is Truth.UNKNOWN and clause.when is not None)
    waited = {key for clause in found.clauses for key in clause.waits_for}
    assert {key for missing in found.missing for key in missing} <= waited


@given(some.data(), policies())
@settings(deadline=None, max_examples=60)
def test_order_names_and_facts_that_nobody_reads_change_nothing(data, policy):
    facts = data.draw(facts_for(policy.reads))
    found = said(policy, facts)
    other = a_policy(*(clause.when for clause in reversed(policy.clauses)), key="P1")
    turned = said(other, facts)
    assert turned.outcome is found.outcome
    assert [set(missing) for missing in turned.missing] == [set(missing) for missing in found.missing]
    assert [clause.result for clause in reversed(turned.clauses)] == [
        clause.result for clause in found.clauses
    ]
    unused = next((key for key in SMALL if key not in policy.reads), "unheard_of")
    assert said(policy, facts.with_answers({unused: Gap.DISPUTED, "more": True})) == found


@given(some.data(), policies())
@settings(deadline=None, max_examples=60)
def test_the_same_is_said_twice_and_after_forgetting(data, policy):
    facts = data.draw(facts_for(policy.reads))
    first = said(policy, facts)
    deciding._settle_group.cache_clear()
    assert evaluate(policy, facts, DAY, dictionary=dict(SMALL)) == first == said(policy, facts)


def test_clauses_that_exclude_each_other_make_nobody_eligible():
    found = evaluate(
        a_policy(at("n", "above", 5), at("n", "below", 5), yes("f")), known(), DAY, dictionary={}
    )
    assert found.outcome is Outcome.INELIGIBLE
    assert {clause.result for clause in found.clauses} == {Truth.UNKNOWN}


def test_facts_that_do_not_matter_are_not_asked_for():
    either = a_policy(AnyOf((at("n", "above", 5), yes("f"))), yes("g"))
    assert evaluate(either, known(f=True), DAY, dictionary={}).missing == (("g",),)
    assert evaluate(either, known(f=True, g=True), DAY, dictionary={}).outcome is Outcome.ELIGIBLE
