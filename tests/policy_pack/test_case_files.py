from decimal import Decimal

import pytest

from tests.policy_pack.case_files import CASES, FOLDER, read_cases

FILE = """
policy: P0
source: a text (A)
base:
  revenue: 100
  founded_on: 2020-02-29
as_of: 2026-06-30
cases:
  - name: a case
    {change}
    outcome: eligible
"""


def read(change: str):
    return read_cases(FILE.format(change=change))[0]


def test_a_number_keeps_its_digits_and_a_day_stays_text():
    case = read("with: {revenue: 249.999999}")
    assert case.facts == {"revenue": Decimal("249.999999"), "founded_on": "2020-02-29"}


def test_null_is_known_to_be_absent_and_a_fact_left_out_is_unknown():
    assert read("with: {revenue: null}").facts["revenue"] is None
    assert "revenue" not in read("without: [revenue]").facts


def test_an_amount_of_null_is_none_and_one_left_out_is_not_checked():
    assert read("amount: null").amount is None
    assert read("fails: []").amount == {}


def test_a_case_states_one_sum_where_both_ends_are_the_same():
    assert read("amount: {low_fen: 5, high_fen: 5}").award == 5
    for open_amount in ("{low_fen: 0, high_fen: 5}", "{low_fen: 0, high_fen: null}", "{high_fen: 5}", "null"):
        assert read(f"amount: {open_amount}").award is None


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ("fail: [1]", TypeError),
        ("with: {revenu: 1}", AssertionError),
        ("without: [revenu]", AssertionError),
        ("with: {revenue: 1, revenue: 2}", ValueError),
        ("with: {revenue: 1}\n    without: [revenue]", AssertionError),
    ],
)
def test_a_slip_of_the_pen_is_refused(change, error):
    with pytest.raises(error):
        read(change)


def test_every_file_is_named_after_its_policy():
    by_name = {f"P{int(case.policy[1:]):02}.yaml" for case in CASES}
    assert by_name == {path.name for path in FOLDER.iterdir()}
