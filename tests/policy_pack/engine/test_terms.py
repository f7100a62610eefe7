"""Sums, means and ratios: of numbers, of one unit."""

from decimal import Decimal

import pytest

from policy_pack.engine.packs import read_policy
from policy_pack.engine.tree import Compare, Mean, Quantity, Ratio, Sign, Sum
from tests.policy_pack.policy_text import said_of, with_condition

REVENUES = Sum((Quantity("revenue"), Quantity("revenue_prev")))


@pytest.mark.parametrize(
    ("term", "read"),
    [
        ("sum: [revenue, revenue_prev]", REVENUES),
        ("mean: [rd_spend, rd_spend_prev]", Mean((Quantity("rd_spend"), Quantity("rd_spend_prev")))),
        ("ratio: [rd_spend, revenue]", Ratio(Quantity("rd_spend"), Quantity("revenue"))),
        ("ratio: [rd_spend, {sum: [revenue, revenue_prev]}]", Ratio(Quantity("rd_spend"), REVENUES)),
        ("ratio: [{sum: [revenue, revenue_prev]}, rd_spend]", Ratio(REVENUES, Quantity("rd_spend"))),
    ],
)
def test_a_term_is_read_as_it_is_written(term, read):
    when = read_policy(with_condition(f"{{{term}, at_least: 1.5}}"), "P01.yaml").clauses[0].when
    assert when == Compare(read, Sign.AT_LEAST, Decimal("1.5"))


def test_a_ratio_of_different_units_has_both_and_no_limit():
    text = with_condition("{ratio: [revenue, staff_total], at_least: 50, unit: 万元/人}")
    assert read_policy(text, "P01.yaml").clauses[0].when.number == 50


@pytest.mark.parametrize(
    ("term", "said"),
    [
        ("sum: [revenue, staff_total]", "sum mixes units: revenue (万元), staff_total (人)"),
        ("mean: [revenue, valuation_usd]", "mean mixes units: revenue (万元), valuation_usd (万美元)"),
        ("sum: [revenue, debt_ratio]", "sum mixes units: revenue (万元), debt_ratio (ratio)"),
        ("sum: [revenue]", "sum needs two or more different facts"),
        ("mean: [revenue, revenue]", "mean needs two or more different facts"),
        ("sum: revenue", "sum must be a list"),
        ("sum: [revenue, region]", "region is of type text"),
        ("sum: [revenue, revenu]", "revenu is not in the dictionary"),
        ("sum: [revenue, [rd_spend]]", "fact must be a text"),
        ("ratio: [revenue]", "ratio needs two"),
        ("ratio: [revenue, revenue]", "both sides of ratio are the same"),
        ("ratio: [revenue, {mean: [rd_spend, rd_spend_prev]}]", "ratio has no field mean"),
        ("ratio: [revenue, {sum: [rd_spend, staff_total]}]", "sum mixes units"),
        ("ratio: [labels, revenue]", "labels is of type set"),
        ("ratio: [rd_spend, revenue], unit: 万元", "unit is 万元, and the fact's unit is -"),
    ],
)
def test_a_term_that_cannot_be_reckoned_is_refused(term, said):
    assert said in said_of(with_condition(f"{{{term}, at_least: 1}}"))


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("{ratio: [rd_spend, revenue], at_least: 3}", "a share is a decimal, write 0.03 for 3 %"),
        ("{fact: rd_domestic_share, at_least: 60}", "a share is a decimal, write 0.6 for 60 %"),
        ("{fact: sme_score, at_least: 101}", "outside of the fact's range 0–100"),
        ("{ratio: [rd_spend, revenue], at_least: -0.1}", "outside of the fact's range 0–2"),
        ("{sum: [sme_score, srdi_score], above: 201}", "outside of the fact's range 0–200"),
        ("{mean: [sme_score, srdi_score], above: 101}", "outside of the fact's range 0–100"),
    ],
)
def test_a_number_that_the_term_never_has_is_refused(when, said):
    assert said in said_of(with_condition(when))
