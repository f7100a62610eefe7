from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import yaml

from backbone.errors import Bilingual
from policy_pack.engine.policy import Amount, Benefit, Cap, Floor, Per, Tier, Validity
from policy_pack.engine.tree import (
    All,
    AnyOf,
    Between,
    Compare,
    Flag,
    Has,
    Mean,
    Not,
    OneOf,
    Quantity,
    Ratio,
    Sign,
    Sum,
    Within,
    WithinYearsAfter,
    YearsBefore,
)
from policy_pack.policies import spelling

REVENUE, SPEND, BEFORE = Quantity("revenue"), Quantity("rd_spend"), Quantity("rd_spend_prev")
SPELLED = [
    (Compare(REVENUE, Sign.AT_MOST, Decimal(20_000)), "{fact: revenue, at_most: 20000}"),
    (
        Compare(Sum((SPEND, BEFORE)), Sign.ABOVE, Decimal("0.50")),
        "{sum: [rd_spend, rd_spend_prev], above: 0.5}",
    ),
    (
        Compare(Mean((SPEND, BEFORE)), Sign.AT_LEAST, Decimal(1000)),
        "{mean: [rd_spend, rd_spend_prev], at_least: 1000}",
    ),
    (
        Compare(Ratio(SPEND, REVENUE), Sign.AT_LEAST, Decimal(".05")),
        "{ratio: [rd_spend, revenue], at_least: 0.05}",
    ),
    (
        Compare(Ratio(Sum((SPEND, BEFORE)), REVENUE), Sign.BELOW, Decimal(1)),
        "{ratio: [{sum: [rd_spend, rd_spend_prev]}, revenue], below: 1}",
    ),
    (Flag("blacklisted", False), "{fact: blacklisted, yes: false}"),
    (OneOf("contract_type", frozenset({"转让", "开发"})), "{fact: contract_type, in: [开发, 转让]}"),
    (Has("labels", frozenset({"瞪羚"})), "{fact: labels, has: [瞪羚]}"),
    (Not(Has("other_aid", frozenset({"national"}))), "{not: {fact: other_aid, has: [national]}}"),
    (Within("region", "武汉市"), "{fact: region, within: 武汉市}"),
    (Between("signed", date(2025, 1, 1), None), "{fact: signed, from: 2025-01-01}"),
    (YearsBefore("founded_on", Sign.AT_LEAST, 1), "{fact: founded_on, years_before: {at_least: 1}}"),
    (WithinYearsAfter("registered", 2), "{fact: registered, within_years_after: 2}"),
    (
        AnyOf((Flag("a", True), All((Flag("b", True), Flag("c", False))))),
        "{any: [{fact: a, yes: true}, {all: [{fact: b, yes: true}, {fact: c, yes: false}]}]}",
    ),
]


@pytest.mark.parametrize(("when", "spelled"), SPELLED, ids=[spelled for _, spelled in SPELLED])
def test_a_condition_is_spelled_in_the_words_of_the_files(when, spelled):
    assert spelling.condition(when) == spelled
    assert isinstance(yaml.safe_load(spelled), dict)


def test_conditions_that_differ_are_spelled_differently():
    assert len({spelling.condition(when) for when, _ in SPELLED}) == len(SPELLED)


def test_a_clause_that_a_person_judges_says_so():
    assert spelling.condition(None) == "judgement"


def test_an_amount_tells_all_that_decides_how_much_and_none_of_its_words():
    words = Bilingual("按档", "by tier")
    tiers = (Tier(Decimal(100), Decimal(500), Decimal("0.10")), Tier(Decimal(500), None, Decimal("0.05")))
    caps = (Cap(Decimal(1000), Flag("major_project", True)), Cap(Decimal(500)))
    floor = Floor(Decimal(100), Has("labels", frozenset({"专精特新"})))
    split = {"user": Decimal("0.7"), "maker": Decimal("0.3")}
    amount = Amount(Benefit.GRANT, words, Quantity("product_price"), tiers, caps, floor, True, split)
    assert spelling.amount(amount) == (
        "{benefit: grant, base: product_price, tiers: [{above: 100, to: 500, rate: 0.1}, {above: 500, rate: 0.05}], "
        "caps: [{when: {fact: major_project, yes: true}, most: 1000}, {most: 500}], "
        "floor: {least: 100, unless: {fact: labels, has: [专精特新]}}, at_most: true, split: {maker: 0.3, user: 0.7}}"
    )
    assert "按档" not in spelling.amount(amount)
    assert spelling.amount(replace(amount, cap_per=Per.YEAR)).endswith("cap_per: year}")


def test_an_amount_up_to_a_cap_and_none_at_all():
    words = Bilingual("最高 50 万元", "at most")
    assert (
        spelling.amount(Amount(Benefit.GRANT, words, caps=(Cap(Decimal(50)),)))
        == "{benefit: grant, caps: [{most: 50}]}"
    )
    sum_of = Amount(Benefit.GRANT, words, Sum((SPEND, BEFORE)))
    assert spelling.amount(sum_of) == "{benefit: grant, base: {sum: [rd_spend, rd_spend_prev]}}"
    assert spelling.amount(None) == ""


def test_validity_leaves_open_ends_out():
    assert spelling.validity(Validity(date(2026, 1, 1), None, "2026")) == "{from: 2026-01-01}"
    assert spelling.validity(Validity(None, None, "undated")) == "{}"


def test_a_number_has_one_spelling_however_it_was_written():
    spelled = {
        spelling.condition(Compare(REVENUE, Sign.ABOVE, Decimal(number)))
        for number in ("1000", "1000.0", "1E+3")
    }
    assert spelled == {"{fact: revenue, above: 1000}"}
