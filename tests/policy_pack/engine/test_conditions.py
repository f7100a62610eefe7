"""Conditions as they are written, and what the type check says of those that mean nothing."""

from datetime import date
from decimal import Decimal

import pytest

from policy_pack.engine.packs import read_policy
from policy_pack.engine.tree import (
    All,
    AnyOf,
    Between,
    Compare,
    Flag,
    Has,
    Not,
    OneOf,
    Quantity,
    Sign,
    Within,
    WithinYearsAfter,
    YearsBefore,
)
from tests.policy_pack.policy_text import policy_text, problems_of, said_of, with_condition


def condition(when):
    return read_policy(with_condition(when), "P01.yaml").clauses[0].when


@pytest.mark.parametrize(
    ("when", "read"),
    [
        ("{fact: revenue, above: 100.50, unit: 万元}", Compare(Quantity("revenue"), Sign.ABOVE, Decimal("100.50"))),
        ("{fact: sme_score, differs: 0}", Compare(Quantity("sme_score"), Sign.DIFFERS, Decimal(0))),
        ("{fact: revenue_growth_2y, equals: -0.5}", Compare(Quantity("revenue_growth_2y"), Sign.EQUALS, Decimal("-0.5"))),
        ("{fact: blacklisted, yes: false}", Flag("blacklisted", False)),
        ("{fact: contract_type, in: [开发, 转让]}", OneOf("contract_type", frozenset({"开发", "转让"}))),
        ("{fact: region, in: [武汉市]}", OneOf("region", frozenset({"武汉市"}))),
        ("{fact: labels, has: [瞪羚]}", Has("labels", frozenset({"瞪羚"}))),
        ("{fact: labels, lacks: [瞪羚]}", Not(Has("labels", frozenset({"瞪羚"})))),
        ("{fact: buyer_region, within: 武汉市}", Within("buyer_region", "武汉市")),
        ("{fact: founded_on, from: 2020-01-01}", Between("founded_on", date(2020, 1, 1), None)),
        ("{fact: founded_on, from: 2020-01-01, to: 2020-01-01}", Between("founded_on", date(2020, 1, 1), date(2020, 1, 1))),
        ("{fact: founded_on, years_before: {at_most: 5}}", YearsBefore("founded_on", Sign.AT_MOST, 5)),
        ("{fact: founded_on, years_before: {below: 5}}", YearsBefore("founded_on", Sign.BELOW, 5)),
        ("{fact: contract_registered_on, within_years_after: 2}", WithinYearsAfter("contract_registered_on", 2)),
        ("{not: {fact: blacklisted, yes: true}}", Not(Flag("blacklisted", True))),
        (
            "{all: [{fact: has_core_ip, yes: true}, {any: [{fact: vc_backed, yes: true}, {fact: is_sme, yes: true}]}]}",
            All((Flag("has_core_ip", True), AnyOf((Flag("vc_backed", True), Flag("is_sme", True))))),
        ),
    ],
)  # fmt: skip
def test_a_condition_is_read_as_it_is_written(when, read):
    assert condition(when) == read


def test_a_clause_can_be_left_to_a_person():
    text = policy_text(
        clauses="\n  - {id: P1.1, text: {zh: 评审, en: review}, quote: review, when: judgement}"
    )
    assert read_policy(text, "P01.yaml").clauses[0].when is None


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("{fact: region, at_least: 3}", "region is of type text: it cannot be compared"),
        ("{fact: labels, at_least: 3}", "labels is of type set: it cannot be compared"),
        ("{fact: founded_on, above: 3}", "founded_on is of type date: it cannot be compared"),
        ("{fact: revenu, at_least: 3}", "revenu is not in the dictionary of facts: nobody can know it; did you mean revenue"),
        ("{fact: revenu, yes: true}", "nobody can know it"),
        ("{fact: revenue, at_least: 3, unit: 元}", "unit is 元, and the fact's unit is 万元"),
        ("{fact: debt_ratio, at_least: 0.3, unit: '%'}", "unit is %, and the fact's unit is -"),
        ("{fact: blacklisted, yes: false, unit: 个}", "unit goes with comparisons of numbers alone"),
        ("{fact: revenue, at_least: '3'}", "must be a number such as 2000"),
        ("{fact: revenue, at_least: '2,000'}", "must be a number such as 2000"),
        ("{fact: revenue, at_least: 1e3}", "not 1e3"),
        ("{fact: revenue, at_least: .nan}", "not .nan"),
        ("{fact: revenue, at_least: [1]}", "not …"),
        ("{fact: revenue, at_least: -1}", "outside of the fact's range 0–1000000000"),
        ("{fact: sme_score, above: 101}", "outside of the fact's range 0–100"),
        ("{fact: rd_domestic_share, at_least: 60}", "a share is a decimal, write 0.6 for 60 %"),
        ("{fact: rd_domestic_share, at_least: 1.5}", "a share is a decimal"),
        ("{fact: revenue, at_least: 1, at_most: 3}", "at_most is a second comparison"),
        ("{fact: revenue}", "a condition is all, any, not, or one of fact, sum, mean, ratio with a comparison"),
        ("{at_least: 1}", "a condition is all, any, not"),
        ("{fact: revenue, sum: [revenue, rd_spend], at_least: 1}", "a condition is all, any, not"),
        ("{fact: revenue, atleast: 1}", "has no field atleast; did you mean at_least"),
        ("{fact: revenue, yes: true}", "yes does not go with revenue, which is of type money"),
        ("{fact: revenue, yes: true, at_least: 3}", "yes does not go with revenue"),
        ("{fact: blacklisted, yes: true, in: [a]}", "condition has no field in"),
        ("{fact: blacklisted, yes: 是}", "yes must be true or false"),
        ("{fact: blacklisted, yes: 'true'}", "yes must be true or false"),
        ("{fact: contract_type, in: [采购]}", "names 采购, no value of contract_type"),
        ("{fact: contract_type, in: [开发, 开发]}", "in names a value twice"),
        ("{fact: contract_type, in: []}", "must be a list […] that is not empty"),
        ("{fact: contract_type, in: 开发}", "must be a list […] that is not empty"),
        ("{fact: contract_type, has: [开发]}", "has does not go with contract_type"),
        ("{fact: labels, in: [瞪羚]}", "in does not go with labels"),
        ("{fact: labels, lacks: [瞪]}", "names 瞪, no value of labels"),
        ("{fact: contract_type, within: 武汉市}", "within does not go with contract_type"),
        ("{fact: region, within: ''}", "within must be a text that is not empty"),
        ("{fact: founded_on, from: 2021-02-30}", "from must be a date"),
        ("{fact: founded_on, from: 2021-01-02, to: 2021-01-01}", "to 2021-01-01 is before from 2021-01-02"),
        ("{fact: revenue, from: 2021-01-02}", "from does not go with revenue"),
        ("{fact: founded_on, years_before: 5}", "years_before must be a mapping"),
        ("{fact: founded_on, years_before: {}}", "years_before must have one of"),
        ("{fact: founded_on, years_before: {at_least: 1, below: 5}}", "years_before must have one of"),
        ("{fact: founded_on, years_before: {above: 1}}", "years_before has no field above"),
        ("{fact: founded_on, years_before: {at_least: 1.5}}", "must be a whole number, not 1.5"),
        ("{fact: founded_on, years_before: {at_least: 500}}", "must be 0 to 200 years"),
        ("{fact: founded_on, within_years_after: -1}", "must be 0 to 200 years"),
        ("{sum: [revenue, rd_spend], yes: true}", "yes goes with a single fact alone"),
        ("{all: []}", "all must be a list […] that is not empty"),
        ("{all: [{fact: is_sme, yes: true}], any: [{fact: is_sme, yes: true}]}", "condition has no field any"),
        ("[a]", "condition must be a mapping"),
        ("sometimes", "when must be a condition or judgement"),
    ],
)  # fmt: skip
def test_a_condition_that_means_nothing_is_refused(when, said):
    assert said in said_of(with_condition(when))


def test_every_part_that_means_nothing_is_named_with_file_line_and_clause():
    problems = problems_of(
        with_condition("""\
            any:
              - {fact: revenu, at_least: 3}
              - all:
                  - {fact: region, above: 1}
                  - {fact: is_sme, yes: true}
              - not: {fact: labels, has: [x]}
            """)
    )
    assert [problem.where for problem in problems] == [
        "P01.yaml:16 P1.1",
        "P01.yaml:18 P1.1",
        "P01.yaml:20 P1.1",
    ]
