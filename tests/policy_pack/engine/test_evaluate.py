"""The five outcomes, in their order; every clause once; the amount only where there may be one."""

from datetime import date, timedelta

import pytest

from backbone.errors import Bilingual
from policy_pack.engine.evaluate import evaluate
from policy_pack.engine.evaluation import Money, Outcome, Truth
from policy_pack.engine.facts import Facts, Gap
from policy_pack.engine.policy import Amount, Benefit
from policy_pack.engine.tree import AnyOf
from tests.factories.policies import DAY, a_policy, at, known, yes

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
