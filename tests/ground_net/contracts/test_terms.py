from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ground_net.contracts.terms import problems_of, unpaid_on
from tests.factories.contracts import SIGNED_ON, contract_entry

TODAY = SIGNED_ON
POSTED = SIGNED_ON - timedelta(days=9)


def terms(**values):
    return contract_entry(**values) | {
        "valid_from": values.get("valid_from", SIGNED_ON),
        "parties": values.get("parties", []),
    }


def fields(**values):
    return sorted({problem["field"] for problem in problems_of(terms(**values), POSTED, TODAY)})


def test_terms_that_hold_have_no_problem():
    assert fields() == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"signed_on": TODAY + timedelta(days=1)}, "signed_on"),
        ({"signed_on": POSTED - timedelta(days=1)}, "signed_on"),
        ({"valid_to": SIGNED_ON - timedelta(days=1)}, "valid_to"),
        ({"valid_from": date(2027, 1, 1)}, "valid_to"),
        ({"technology_fen": 60_000_001}, "technology_fen"),
        ({"payment_plan": [{"amount_fen": 59_999_999, "due_on": "2026-04-30"}]}, "payment_plan"),
        ({"payment_plan": []}, "payment_plan"),
        ({"parties": [{"share_basis_points": 6_000}, {"share_basis_points": 4_001}]}, "parties"),
    ],
)
def test_each_thing_that_cannot_be_is_named(values, field):
    assert fields(**values) == [field]


def test_the_sentences_name_the_numbers():
    (problem,) = problems_of(terms(payment_plan=[{"amount_fen": 7, "upon": "验收"}]), POSTED, TODAY)
    assert "0.07 元" in problem["problem"].zh
    assert "600,000.00" in problem["problem"]


PLANS = st.lists(
    st.fixed_dictionaries(
        {
            "amount_fen": st.integers(1, 100),
            "due_on": st.sampled_from(["2026-01-31", "2026-02-28", "2026-03-31", None]),
        }
    ),
    max_size=6,
)


@given(PLANS, st.integers(0, 700))
def test_what_is_overdue_and_what_came_in_make_up_what_was_due(plan, received):
    day = date(2026, 3, 1)
    due = sum(
        each["amount_fen"] for each in plan if each["due_on"] and date.fromisoformat(each["due_on"]) < day
    )
    unpaid = unpaid_on(plan, received, day)
    assert sum(each["open_fen"] for each in unpaid) == max(0, due - received)
    assert all(each["open_fen"] > 0 and each["due_on"] < day for each in unpaid)


def test_a_payment_is_not_overdue_on_its_own_day():
    plan = [{"amount_fen": 5, "due_on": "2026-03-01"}]
    assert unpaid_on(plan, 0, date(2026, 3, 1)) == []
    assert unpaid_on(plan, 0, date(2026, 3, 2)) == [{"due_on": date(2026, 3, 1), "open_fen": 5}]
