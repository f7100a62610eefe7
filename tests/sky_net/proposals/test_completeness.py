"""What a proposal lacks before it answers the promise: pure rules."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sky_net.proposals.completeness import VERDICTS, has_price_range, missing_of, unanswered_musts
from tests.factories.invitations import INDICATORS

COMPLETE = {
    "answers": [{"indicator": row["name"], "verdict": "met", "how": "实测"} for row in INDICATORS],
    "plan": "三个月样机", "duration_days": 90, "price_min_fen": 100, "price_max_fen": 200,
    "ip_terms": "共有", "no_confidential_content": True,
}  # fmt: skip


def missing(**values):
    return [row["missing"] for row in missing_of(SimpleNamespace(**COMPLETE | values), INDICATORS)]


def test_a_complete_proposal_lacks_nothing():
    assert missing() == []


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"plan": None}, "plan"),
        ({"duration_days": None}, "duration_days"),
        ({"price_min_fen": None}, "price"),
        ({"price_max_fen": None}, "price"),
        ({"ip_terms": None}, "ip_terms"),
        ({"no_confidential_content": False}, "no_confidential_content"),
        ({"answers": COMPLETE["answers"][1:]}, "键合良率"),
    ],
)
def test_each_gap_is_named(values, named):
    assert missing(**values) == [named]


def test_please_call_lacks_everything():
    empty = dict.fromkeys(COMPLETE) | {"answers": [], "no_confidential_content": False}

    assert missing(**empty) == [
        "键合良率", "单片节拍", "plan", "duration_days", "price", "ip_terms", "no_confidential_content",
    ]  # fmt: skip


def test_an_indicator_that_is_only_wanted_needs_no_answer():
    assert missing(answers=COMPLETE["answers"][:2]) == []


def test_the_problem_names_the_indicator_in_both_languages():
    row = missing_of(SimpleNamespace(**COMPLETE | {"answers": []}), INDICATORS)[0]

    assert row["field"] == "answers"
    assert "键合良率" in row["problem"].zh
    assert "键合良率" in str(row["problem"])


def test_a_price_of_zero_is_a_price():
    assert has_price_range(SimpleNamespace(price_min_fen=0, price_max_fen=0))


names = st.sampled_from(["甲", "乙", "丙", "丁"])
indicators = st.lists(st.fixed_dictionaries({"name": names, "weight": st.sampled_from(["must", "want"])}))
answers = st.lists(st.fixed_dictionaries({"indicator": names, "verdict": st.sampled_from(VERDICTS)}))


@given(indicators=indicators, answers=answers)
def test_any_verdict_answers_and_only_musts_are_asked(indicators, answers):
    lacking = unanswered_musts(indicators, answers)

    said = {answer["indicator"] for answer in answers}
    assert set(lacking) == {row["name"] for row in indicators if row["weight"] == "must"} - said
