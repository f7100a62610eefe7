"""What is news for an enterprise: what it may apply for, and what little would decide; never the same twice."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.errors import Bilingual
from policy_pack.engine.evaluate import evaluate
from policy_pack.engine.evaluation import Outcome
from policy_pack.engine.facts import Facts
from policy_pack.engine.packs import shipped_pack
from policy_pack.engine.policy import Clause, Superseded
from policy_pack.pushes.news import (
    CLOSING,
    LOST,
    MOST_MISSING,
    NEARLY,
    NOTHING_YET,
    OPEN,
    Told,
    news_of,
)

TODAY = date(2026, 3, 13)
P8, P3 = (shipped_pack().policies[key] for key in ("P8", "P3"))
SME = frozenset({"科技型中小企业"})
JUDGED = replace(P8, clauses=(*P8.clauses, Clause("P8.3", Bilingual("评审", "review"), "", None)))


def told(policy, stated, *, version=1, is_closing=False, today=TODAY, before=NOTHING_YET):
    evaluation = evaluate(policy, Facts(stated), today)
    return news_of(policy, evaluation, today, version=version, is_closing=is_closing, before=before)


def test_whoever_may_apply_is_told():
    news = told(P8, {"labels": SME, "service_spend": Decimal(40)})
    assert (news.kind, news.missing) == (OPEN, ())


def test_whoever_meets_a_clause_and_misses_little_is_told_what():
    news = told(P8, {"labels": SME})
    assert (news.kind, news.missing) == (NEARLY, ("service_spend",))


def test_whoever_meets_nothing_yet_is_told_nothing():
    assert told(P8, {}) is None
    assert told(P8, {"labels": frozenset()}) is None


def test_whoever_misses_much_is_told_nothing():
    stated = {"contract_side": "seller"}
    assert len(evaluate(P3, Facts(stated), TODAY).missing[0]) > MOST_MISSING
    assert told(P3, stated) is None


def test_what_a_person_still_has_to_judge_is_told_and_a_superseded_text_is_not():
    stated = {"labels": SME, "service_spend": Decimal(40)}
    assert told(JUDGED, stated).kind == OPEN
    superseded = replace(P8, superseded=Superseded(date(2026, 1, 1), "新办法"))
    assert evaluate(superseded, Facts(stated), TODAY).outcome is Outcome.NEEDS_REVIEW
    assert told(superseded, stated) is None


def test_before_and_after_its_days_a_policy_is_no_news():
    stated = {"labels": SME, "service_spend": Decimal(40)}
    assert told(P8, stated, today=date(2025, 10, 4)) is None
    assert told(P8, stated, today=date(2028, 1, 1)) is None


def test_it_is_told_once_more_when_it_closes():
    stated = {"labels": SME, "service_spend": Decimal(40)}
    assert told(P8, stated, is_closing=True).kind == CLOSING
    assert told(P8, {"labels": SME}, is_closing=True).kind == NEARLY


@pytest.mark.parametrize(("one", "other", "same"), [
    ({"version": 1}, {"version": 1}, True), ({"version": 1}, {"version": 2}, False), ({"is_closing": False}, {"is_closing": True}, False),
])  # fmt: skip
def test_another_version_and_the_end_are_news_and_the_same_is_none(one, other, same):
    stated = {"labels": SME, "service_spend": Decimal(40)}
    assert (told(P8, stated, **one).mark == told(P8, stated, **other).mark) is same


@given(st.decimals(min_value=0, max_value=10**6, places=2))
def test_how_much_it_would_pay_makes_no_news(spent):
    news = told(P8, {"labels": SME, "service_spend": spent})
    assert (news.mark if news else None) == (
        told(P8, {"labels": SME, "service_spend": Decimal(1)}).mark if spent else None
    )


def test_whoever_was_told_that_it_may_is_told_when_it_may_no_longer_and_nobody_else_is():
    lost = told(P8, {"labels": frozenset()}, before=Told(may_apply=True))
    assert (lost.kind, lost.missing) == (LOST, ())
    assert told(P8, {"labels": frozenset()}, before=Told(may_apply=False, times_lost=1)) is None
    assert told(P8, {}, before=Told(may_apply=True)) is None, "what nobody knows any more is not lost"


def test_qualifying_again_for_the_same_version_is_news():
    stated = {"labels": SME, "service_spend": Decimal(40)}
    marks = [told(P8, stated, before=Told(times_lost=times)).mark for times in range(3)]
    assert len(set(marks)) == 3
