"""Amounts as they are written, and those that could not be paid."""

from decimal import Decimal

import pytest

from policy_pack.engine.packs import read_policy
from policy_pack.engine.policy import Benefit, Cap, Floor, Per, Tier
from policy_pack.engine.tree import Compare, Has, Quantity, Sign, Sum
from tests.policy_pack.policy_text import policy_text, problems_of, said_of, with_amount

HEAD = "benefit: grant\nwords: {zh: 金额, en: amount}\n"
BASE = HEAD + "base: revenue\n"


def amount(text):
    return read_policy(with_amount(text), "P01.yaml").amount


def test_a_rate_is_one_tier_without_end():
    read = amount(BASE + "rate: 0.02\ncap: 100")
    assert read.tiers == (Tier(Decimal(0), None, Decimal("0.02")),)
    assert (read.base, read.caps, read.floor, read.at_most, read.split) == (
        Quantity("revenue"), (Cap(Decimal(100)),), None, False, {},
    )  # fmt: skip
    assert (read.benefit, read.words.zh, str(read.words)) == (Benefit.GRANT, "金额", "amount")


def test_everything_that_an_amount_can_say_is_read():
    read = amount(
        "benefit: tax_relief\nwords: {zh: 金额, en: amount}\nbase: {sum: [revenue, rd_spend]}\nat_most: true\n"
        "tiers: [{above: 100, to: 500, rate: 0.1}, {above: 500, rate: 0.05}]\n"
        "cap: [{when: {fact: process_nm, below: 14}, most: 600}, {most: 300}]\n"
        "floor: {least: 20, unless: {fact: labels, has: [瞪羚]}}\n"
        "split: {maker: 0.3, user: 0.7}"
    )
    assert read.base == Sum((Quantity("revenue"), Quantity("rd_spend")))
    assert [(tier.above, tier.to) for tier in read.tiers] == [(100, 500), (500, None)]
    below_14 = Compare(Quantity("process_nm"), Sign.BELOW, Decimal(14))
    assert read.caps == (Cap(Decimal(600), below_14), Cap(Decimal(300)))
    assert read.floor == Floor(Decimal(20), Has("labels", frozenset({"瞪羚"})))
    assert read.at_most
    assert read.split == {"maker": Decimal("0.3"), "user": Decimal("0.7")}


def test_a_cap_alone_is_an_amount_up_to_it():
    assert amount(HEAD + "cap: 50\nat_most: true").tiers == ()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (BASE + "rate: 10", "rate must be above 0 and at most 1 (10 % is 0.1), not 10"),
        (BASE + "rate: 0", "rate must be above 0"),
        (BASE + "rate: 2%", "rate must be a number"),
        (BASE + "rate: 0.1\ncap: 0", "cap must be an amount above 0"),
        (BASE + "rate: 0.1\ncap: 99999999999", "cap must be an amount above 0"),
        (BASE + "rate: 0.1\ncap: [{most: 300}, {most: 600}]", "the cap before always holds"),
        (BASE + "rate: 0.1\ncap: [{when: {fact: process_nn, below: 14}, most: 600}]", "process_nn is not in the dictionary"),
        (BASE + "rate: 0.1\ncap: [{mots: 600}]", "cap has no field mots; did you mean most"),
        (BASE + "rate: 0.1\ncap: 100\nfloor: {least: 101}", "floor 101 lies above the cap of 100"),
        (BASE + "rate: 0.1\ncap: [{when: {fact: is_sme, yes: true}, most: 50}, {most: 200}]\nfloor: {least: 100}", "above the cap of 50"),
        (BASE + "rate: 0.1\nfloor: {least: -1}", "least must be an amount above 0"),
        (BASE + "rate: 0.1\nsplit: {maker: 0.3, user: 0.6}", "split adds up to 0.9, which must be 1"),
        (BASE + "rate: 0.1\nsplit: {maker: 3, user: 7}", "maker must be above 0 and at most 1"),
        (BASE + "rate: 0.1\nat_most: 是", "at_most must be true or false"),
        (BASE + "rate: 0.1\ncap_per: applicant", "cap_per goes with a cap"),
        (BASE + "rate: 0.1\ncap: 5\ncap_per: firm", "cap_per must be one of item, applicant, year, not firm"),
        (BASE + "rate: 0.1\nflor: 3", "amount has no field flor; did you mean floor"),
        (BASE + "rate: 0.1\ntiers: [{above: 0, rate: 0.1}]", "tiers and rate exclude each other"),
        (BASE, "base must be there together with rate or tiers"),
        (HEAD + "rate: 0.1", "base must be there together with rate or tiers"),
        (HEAD, "has neither a formula nor a cap"),
        (HEAD + "base: staff_total\nrate: 0.1", "base must be money in 万元, not 人"),
        (HEAD + "base: debt_ratio\nrate: 0.1", "base must be money in 万元, not a bare number"),
        (HEAD + "base: valuation_usd\nrate: 0.1", "base must be money in 万元, not 万美元"),
        (HEAD + "base: region\nrate: 0.1", "region is of type text"),
        (HEAD + "base: {mean: [revenue, rd_spend]}\nrate: 0.1", "base has no field mean"),
        ("words: {zh: 金额, en: amount}\nbenefit: gift\ncap: 3", "benefit must be one of grant"),
        (BASE + "tiers: [{above: 0, to: 500, rate: 0.1}, {above: 400, rate: 0.05}]", "tiers overlap: one ends at 500, the next begins at 400"),
        (BASE + "tiers: [{above: 0, to: 500, rate: 0.1}, {above: 600, rate: 0.05}]", "tiers leave a gap from 500 to 600"),
        (BASE + "tiers: [{above: 500, rate: 0.1}, {above: 0, to: 500, rate: 0.05}]", "the tier before has no end"),
        (BASE + "tiers: [{above: 500, to: 600, rate: 0.1}, {above: 0, to: 500, rate: 0.05}]", "tiers overlap"),
        (BASE + "tiers: [{above: 500, to: 500, rate: 0.1}]", "to must rise from 0 or more: 500 to 500"),
        (BASE + "tiers: [{above: -1, rate: 0.1}]", "above must rise from 0 or more"),
        (BASE + "tiers: []", "tiers must be a list […] that is not empty"),
    ],
)  # fmt: skip
def test_an_amount_that_could_not_be_paid_is_refused(written, said):
    assert said in " | ".join(str(problem.text) for problem in problems_of(with_amount(written)))


def test_a_cap_says_of_what_it_is_the_most():
    assert amount(BASE + "rate: 0.1\ncap: 5").cap_per is Per.ITEM
    assert amount(BASE + "rate: 0.1\ncap: 5\ncap_per: year").cap_per is Per.YEAR


def test_every_problem_of_an_amount_is_said():
    problems = problems_of(with_amount(BASE + "rate: 3\ncap: 0\nsplit: {maker: 0.5}"))
    assert [problem.where for problem in problems] == [f"P01.yaml:{line} amount" for line in (19, 20, 21)]


def test_a_cap_without_formula_does_not_stand_beside_an_amount():
    assert "belongs into amount" in said_of(policy_text(published_cap="3000"))
    assert read_policy(policy_text(published_cap="3000", amount=None), "P01.yaml").published_cap == 3000
    assert "published_cap must be an amount above 0" in said_of(policy_text(published_cap="0", amount=None))
