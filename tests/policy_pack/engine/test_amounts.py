from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backbone.errors import Bilingual
from backbone.money import FEN_PER_WAN
from policy_pack.engine.amounts import amount_of, shares_of
from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.engine.evaluate import evaluate
from policy_pack.engine.evaluation import Outcome
from policy_pack.engine.facts import Facts, Gap
from policy_pack.engine.policy import Amount, Benefit, Cap, Floor, Per, Tier
from policy_pack.engine.tree import AnyOf, Flag, Not, Quantity, Sign, YearsBefore
from tests.factories.read_policies import (
    A_DAY,
    P3,
    P13,
    P18,
    P21,
    P27,
    P28,
    above,
    added,
    at_least,
    at_most,
    compare,
    defined,
    dictionary,
    facts,
    mean,
    pays,
    policy,
    rate,
    ratio,
    said,
    tiers,
)


def between(paid) -> tuple:
    return (paid.low_fen, paid.high_fen)


def wan(low, high="same") -> tuple:
    """万元 as fen, both ends."""
    ends = (low, low if high == "same" else high)
    return tuple(None if each is None else int(Decimal(each) * FEN_PER_WAN) for each in ends)


def paid(which, **stated):
    return between(amount_of(which, facts(**stated), A_DAY))


# --- what is known throughout -------------------------------------------------------------------------------------


def test_a_policy_without_a_published_formula_pays_no_amount():
    assert amount_of(policy("P1"), facts(), A_DAY) is None


@pytest.mark.parametrize(
    ("cash", "award"), [(300, "6"), (5000, "100"), (4999, "99.98"), (5001, "100"), (0, "0"), (None, "0")]
)
def test_a_rate_of_the_cash_received_up_to_the_cap(cash, award):
    assert paid(P3, cash_received=cash) == wan(award)


@pytest.mark.parametrize(
    ("price", "award"),
    [
        (100, "0"),
        (300, "20"),
        (500, "40"),
        (2000, "115"),
        (10000, "435"),
        (13250, "500"),
        (13249, "499.98"),
        (99999, "500"),
    ],
)
def test_each_tier_earns_on_its_own_part_of_the_base(price, award):
    assert paid(P18, product_price=price) == wan(award)


@pytest.mark.parametrize(("income", "relief"), [(400, "100"), (500, "125"), (900, "175"), (0, "0")])
def test_tax_relief_follows_the_same_tiers(income, relief):
    assert paid(P28, technology_transfer_income=income) == wan(relief)


@pytest.mark.parametrize(
    ("invested", "labels", "award"),
    [
        (500, set(), "100"),
        (500, {"单项冠军"}, "50"),
        (500, {"高新技术企业"}, "100"),
        (3000, set(), "300"),
        (12000, set(), "1000"),
        (None, set(), "0"),
        (0, set(), "0"),
    ],
)
def test_the_floor_lifts_what_is_earned_unless_a_label_spares_it(invested, labels, award):
    assert paid(P13, equipment_rd_software_investment=invested, labels=labels) == wan(award)


def test_a_floor_above_the_cap_gives_way_to_the_cap():
    grant = policy("P0", amount=pays("spend", rate("0.1"), 50, floor=Floor(Decimal(80))))
    assert paid(grant, spend=100) == wan(50)


@pytest.mark.parametrize(("nm", "award"), [(7, "600"), ("13.9", "600"), (14, "300"), (28, "300")])
def test_the_first_cap_that_holds_counts(nm, award):
    assert paid(P21, tapeout_cost=5000, process_nm=Decimal(nm)) == wan(award)


def test_caps_of_which_none_holds_cap_nothing():
    assert paid(P21, tapeout_cost=5000, process_nm=None) == wan(2500)


def test_with_no_formula_but_a_cap_anything_up_to_it_may_come():
    assert paid(policy("P6", amount=pays(None, (), 50))) == wan(0, 50)


def test_with_neither_formula_nor_cap_nothing_bounds_it():
    assert paid(policy("P6", amount=pays())) == wan(0, None)


def test_a_published_ceiling_is_told_as_it_stands_and_as_a_ceiling():
    award = amount_of(P21, facts(tapeout_cost=400, process_nm=28), A_DAY)
    assert between(award) == wan(200)
    assert "上限" in award.formula.zh
    assert "at most" in award.formula
    assert any("上限" in step.zh for step in award.steps)


@pytest.mark.parametrize(
    ("per", "zh", "en"),
    [
        (Per.ITEM, "最高 100 万元", "at most 100"),
        (Per.APPLICANT, "最高 100 万元（每个申请人合计）", "at most 100 for all of an applicant together"),
        (
            Per.YEAR,
            "最高 100 万元（每个申请人每年合计）",
            "at most 100 for all of an applicant in a year together",
        ),
    ],
)
def test_a_cap_is_told_with_what_it_is_the_most_of(per, zh, en):
    capped = replace(P3, amount=replace(P3.amount, cap_per=per))
    award = amount_of(capped, facts(cash_received=9000), A_DAY)
    assert next(step for step in award.steps if step == en).zh == zh
    up_to = policy("P0", amount=replace(pays(None, (), 100), cap_per=per))
    assert amount_of(up_to, facts(), A_DAY).steps[0].zh.endswith(zh)


def test_words_that_say_ceiling_already_are_not_told_twice():
    grant = policy("P0", amount=pays("spend", rate("0.1"), at_most=True, words=said("上限 at most 10 %")))
    assert amount_of(grant, facts(spend=1), A_DAY).formula == "上限 at most 10 %"


@pytest.mark.parametrize(
    ("base", "fen"),
    [("0.000025", 1), ("0.000024", 0), ("0.000075", 2), ("1.0000749999", 20001), ("1.000075", 20002)],
)
def test_halves_of_a_fen_are_rounded_up_once_at_the_end(base, fen):
    assert paid(P3, cash_received=Decimal(base)) == (fen, fen)


def test_tiers_are_added_before_they_are_rounded():
    grant = policy("P0", amount=pays("spend", tiers((0, 1, "0.0000004"), (1, None, "0.0000004"))))
    assert paid(grant, spend=2) == (1, 1)


def test_a_sum_counts_what_is_there_and_a_mean_leaves_out_what_is_not():
    summed = policy("P0", amount=pays(added("a", "b", "c"), rate("0.5")))
    averaged = policy("P0", amount=pays(mean("a", "b", "c"), rate("0.5")))
    assert paid(summed, a=10, b=None, c=20) == wan(15)
    assert paid(averaged, a=10, b=None, c=20) == wan("7.5")
    assert paid(summed, a=None, b=None, c=None) == paid(averaged, a=None, b=None, c=None) == wan(0)


def test_a_share_is_no_base():
    with pytest.raises(TypeError, match="a share is no sum of money"):
        paid(policy("P0", amount=pays(ratio("a", "b"), rate("1"))), a=1, b=1)


def test_a_base_of_absurd_size_is_reckoned_and_not_refused():
    assert amount_of(P27, facts(rd_spend=Decimal("1e308")), A_DAY).low_fen == 10**314


# --- the sides of a split --------------------------------------------------------------------------------------------


def test_a_split_adds_up_and_is_told():
    award = amount_of(P18, facts(product_price=Decimal("300.00033")), A_DAY)
    assert shares_of(award.low_fen, P18.amount.split) == {"maker": 6_000_010, "user": 14_000_023}
    assert [step.zh for step in award.steps[-2:]] == [
        "其中研制单位 30%：60,000.10 元",
        "其中用户单位 70%：140,000.23 元",
    ]


def test_the_largest_remainder_gets_the_fen_that_is_left_and_of_equals_the_first():
    third = Decimal(1) / 3
    assert shares_of(100, {"a": Decimal("0.334"), "b": Decimal("0.333"), "c": Decimal("0.333")}) == {
        "a": 34,
        "b": 33,
        "c": 33,
    }
    assert shares_of(1, {"maker": Decimal("0.5"), "user": Decimal("0.5")}) == {"maker": 1, "user": 0}
    assert sum(shares_of(10**9 + 1, {"a": third, "b": third, "c": 1 - 2 * third}).values()) == 10**9 + 1


@given(
    fen=st.integers(0, 10**14),
    weights=st.lists(st.integers(0, 1000), min_size=1, max_size=4).filter(any),
)
def test_parts_add_up_and_none_is_a_fen_from_its_share(fen, weights):
    whole = sum(weights)
    split = {str(at): Fraction(each, whole) for at, each in enumerate(weights)}
    parts = shares_of(fen, split)
    assert sum(parts.values()) == fen
    assert all(abs(parts[who] - fen * share) < 1 for who, share in split.items())


# --- what is open ----------------------------------------------------------------------------------------------------


def test_an_open_base_gives_anything_up_to_the_cap():
    assert paid(P3) == wan(0, 100)
    assert paid(P13, labels=set()) == wan(0, 1000)


def test_an_open_base_without_a_cap_is_bounded_by_nothing():
    assert paid(P27) == wan(0, None)


def test_the_dictionary_bounds_an_open_base():
    known = dictionary(defined("rd_spend", least=10, most=40))
    assert between(amount_of(P27, facts(rd_spend=Gap.UNKNOWN), A_DAY, known)) == wan(10, 40)


def test_a_clause_bounds_an_open_base_for_without_it_nothing_is_granted():
    buyer = policy("P4", at_least("deal", 250), amount=pays("deal", rate("0.02"), 100))
    assert paid(buyer) == wan(5, 100)
    small = policy("P0", at_most("deal", 250), amount=pays("deal", rate("0.02"), 100))
    assert paid(small) == wan(0, 5)


def test_a_ratio_among_the_clauses_bounds_an_open_base_too():
    software = policy(
        "P31", at_least(ratio("rd_spend", "revenue"), "0.15"), amount=pays("rd_spend", rate("0.1"), 200)
    )
    assert paid(software, revenue=1000) == wan(15, 200)
    assert paid(software) == wan(0, 200)
    assert paid(software, revenue=0) == wan(0, 200)


def test_clauses_that_only_refuse_or_choose_bound_it_as_far_as_they_do():
    either = policy(
        "P0",
        AnyOf((Flag("big", True), at_most("deal", 10))),
        Not(compare("deal", Sign.BELOW, 5)),
        amount=pays("deal", rate("0.5")),
    )
    assert paid(either, big=False) == wan("2.5", 5)
    assert paid(either) == wan(0, None)
    sure = policy(
        "P0", Not(AnyOf((at_most("deal", 4), Flag("big", True)))), above("deal", 2), amount=either.amount
    )
    assert paid(sure) == wan(2, None)


def test_clauses_that_nothing_can_meet_do_not_bound_it():
    never = policy("P0", above("deal", 9), at_most("deal", 3), amount=pays("deal", rate("0.5"), 7))
    assert paid(never) == wan(0, 7)


def test_an_undecided_cap_gives_a_range():
    assert paid(P21, tapeout_cost=5000) == wan(
        300, 2500
    )  # the process may turn out to be absent: no cap holds
    major = policy(
        "P12", amount=pays("spend", rate("0.1"), Cap(Decimal(1000), Flag("major_project", True)), 500)
    )
    assert paid(major, spend=20000) == wan(500, 1000)
    assert paid(major, spend=6000) == wan(500, 600)
    assert paid(major, spend=3000) == wan(300)
    assert paid(major, spend=20000, major_project=True) == wan(1000)
    assert paid(major, spend=20000, major_project=None) == wan(500)


def test_the_trace_of_an_undecided_cap_names_what_it_depends_on():
    assert any("process_nm" in step for step in amount_of(P21, facts(tapeout_cost=5000), A_DAY).steps)


def test_an_undecided_floor_gives_a_range():
    assert paid(P13, equipment_rd_software_investment=500) == wan(50, 100)


def test_what_is_disputed_is_open():
    assert paid(P3, cash_received=Gap.DISPUTED) == wan(0, 100)


def test_a_sum_with_an_open_part_starts_at_what_is_known():
    summed = policy("P0", amount=pays(added("a", "b"), rate("0.5"), 100))
    assert paid(summed, a=10) == wan(0, 100)  # without a dictionary the other may be a loss
    assert between(amount_of(summed, facts(a=10), A_DAY, dictionary(defined("b")))) == wan(5, 100)
    averaged = policy("P0", amount=pays(mean("a", "b"), rate("0.5"), 100))
    known = dictionary(defined("b", least=0, most=30))
    assert between(amount_of(averaged, facts(a=10), A_DAY, known)) == wan("2.5", 10)


def test_the_steps_tell_the_whole_reckoning_in_both_languages():
    steps = amount_of(P18, facts(product_price=600), A_DAY, {}).steps
    assert [step.zh for step in steps] == [
        "基数 product_price：600 万元",
        "100 以上至 500 的部分：400 × 10% = 40 万元",
        "500 以上至 2000 的部分：100 × 5% = 5 万元",
        "各档合计：45 万元",
        "最高 500 万元",
        "四舍五入到分：450,000.00 元",
        "其中研制单位 30%：135,000.00 元",
        "其中用户单位 70%：315,000.00 元",
    ]
    assert "the part above 100 up to 500: 400 × 10 % = 40" in steps


# --- properties ------------------------------------------------------------------------------------------------------

BASES = ("a", "b")
DOMAIN = [Decimal(each) for each in ("0", "0.5", "3", "7", "20")]
LEASTS, MOSTS = DOMAIN[0], DOMAIN[-1]
KNOWN = dictionary(*(defined(key, least=LEASTS, most=MOSTS) for key in BASES))
conditions = st.sampled_from(
    [
        Flag("f", True),
        Not(Flag("f", True)),
        at_least("a", 3),
        at_most("b", 7),
        Not(above("a", 7)),
        AnyOf((at_least("a", 7), Flag("f", True))),
        at_least(ratio("a", "b"), "0.5"),
        at_least(added("a", "b"), 5),
        at_most(mean("a", "b"), 6),
    ]
)
bases = st.sampled_from([None, Quantity("a"), added("a", "b"), mean("a", "b")])


@st.composite
def tables(draw) -> tuple[Tier, ...]:
    borders = sorted(draw(st.sets(st.integers(0, 25), min_size=1, max_size=4)))
    rates = [Decimal(draw(st.integers(0, 100))) / 100 for _ in borders]
    ends = [*map(Decimal, borders[1:]), None]
    return tuple(Tier(Decimal(low), high, each) for low, high, each in zip(borders, ends, rates, strict=True))


@st.composite
def amounts(draw, bases=bases, asked=conditions) -> Amount:
    caps = [Cap(Decimal(draw(st.integers(0, 9))), draw(asked)) for _ in range(draw(st.integers(0, 2)))]
    if draw(st.booleans()):
        caps.append(Cap(Decimal(draw(st.integers(0, 9)))))
    floor = st.builds(Floor, st.integers(0, 5).map(Decimal), st.none() | asked)
    return Amount(
        Benefit.GRANT,
        said("w"),
        draw(bases),
        draw(tables()),
        tuple(caps),
        draw(st.none() | floor),
    )


def completions(known: Facts) -> list[Facts]:
    """Every way in which the open facts may turn out, from small domains."""
    every = [known]
    for key, values in (
        ("a", [*DOMAIN, Gap.ABSENT]),
        ("b", [*DOMAIN, Gap.ABSENT]),
        ("f", [True, False, Gap.ABSENT]),
    ):
        if known.is_open(key):
            every = [each.with_answers({key: value}) for each in every for value in values]
    return every


answers = st.fixed_dictionaries(
    {},
    optional={
        "a": st.sampled_from([*DOMAIN, Gap.ABSENT, Gap.DISPUTED]),
        "b": st.sampled_from([*DOMAIN, Gap.ABSENT]),
        "f": st.sampled_from([True, False, Gap.ABSENT]),
    },
)


@settings(max_examples=60)
@given(amounts(), st.lists(conditions, max_size=2), answers)
def test_the_range_holds_the_amount_of_every_completion_that_is_granted(amount, asked, known):
    grant, known = policy("P0", *asked, amount=amount), Facts(known)
    told = amount_of(grant, known, A_DAY, KNOWN)
    for each in completions(known):
        if (
            evaluate(grant, each, A_DAY, dictionary=KNOWN, amount_of=lambda *_: None).outcome
            is not Outcome.ELIGIBLE
        ):
            continue
        got = amount_of(grant, each, A_DAY, KNOWN)
        assert told.low_fen <= got.low_fen
        assert told.high_fen is None or got.high_fen <= told.high_fen


@given(amounts(), answers)
def test_an_amount_lies_between_nothing_and_the_greatest_cap(amount, known):
    got = amount_of(policy("P0", amount=amount), Facts(known), A_DAY, KNOWN)
    assert got.low_fen >= 0
    assert got.high_fen is None or got.low_fen <= got.high_fen
    if any(cap.when is None for cap in amount.caps):
        assert got.high_fen <= max(cap.most for cap in amount.caps) * FEN_PER_WAN


@given(
    amounts(st.just(Quantity("a")), st.just(Flag("f", True))),
    st.integers(0, 3000),
    st.integers(0, 3000),
    st.booleans(),
)
def test_a_greater_base_never_earns_less(amount, one, other, flag):
    grant = policy("P0", amount=amount)
    low, high = (
        amount_of(grant, facts(a=Decimal(each) / 100, f=flag), A_DAY).low_fen for each in sorted((one, other))
    )
    assert low <= high


@given(tables())
def test_no_border_of_a_tier_makes_a_leap(table):
    grant = policy("P0", amount=Amount(Benefit.GRANT, said("w"), Quantity("a"), table))
    for tier in table:
        little = Decimal("0.000001")  # one fen
        around = [
            amount_of(grant, facts(a=max(Decimal(0), tier.above + each)), A_DAY).low_fen
            for each in (-little, Decimal(0), little)
        ]
        assert around[1] - around[0] <= 1
        assert around[2] - around[1] <= 1


@given(tables(), st.integers(0, 400_000).map(lambda each: Decimal(each) / 10_000))
def test_the_tiers_earn_what_their_integral_says(table, base):
    """Independent: the rate at each step of the base, summed."""
    grant = policy("P0", amount=Amount(Benefit.GRANT, said("w"), Quantity("a"), table))
    exact = sum(
        (
            max(
                Fraction(0),
                min(Fraction(base), Fraction(base if tier.to is None else tier.to)) - Fraction(tier.above),
            )
            * Fraction(tier.rate)
            for tier in table
        ),
        Fraction(0),
    )
    got = amount_of(grant, facts(a=base), A_DAY).low_fen
    assert abs(Fraction(got) - exact * FEN_PER_WAN) <= Fraction(1, 2)


@given(amounts(), answers, st.integers(0, 10**6))
def test_facts_that_nothing_reads_change_nothing(amount, known, other):
    grant = policy("P0", amount=amount)
    more = Facts({**known, "unread": Decimal(other)})
    assert amount_of(grant, Facts(known), A_DAY, KNOWN) == amount_of(grant, more, A_DAY, KNOWN)


def test_the_day_decides_a_cap_that_asks_for_it():
    young = policy(
        "P0", amount=pays("a", rate("1"), Cap(Decimal(5), YearsBefore("founded_on", Sign.BELOW, 3)), 2)
    )
    stated = facts(a=100, founded_on=date(2023, 5, 1))
    assert between(amount_of(young, stated, date(2026, 4, 30))) == wan(5)
    assert between(amount_of(young, stated, date(2026, 5, 1))) == wan(2)


def test_nothing_in_the_shipped_dictionary_bounds_an_award_on_money():
    assert between(amount_of(P27, facts(), A_DAY, DICTIONARY)) == wan(0, None)


def test_one_rate_on_all_of_the_base_is_told_so():
    labelled = dictionary(replace(defined("cash_received"), label=Bilingual("实收", "cash received")))
    steps = amount_of(P3, facts(cash_received=300), A_DAY, labelled).steps
    assert [str(step) for step in steps] == [
        "base, cash received: 300 (10,000 yuan)",
        "the whole of it: 300 × 2 % = 6",
        "at most 100",
        "rounded half up to the fen: 60,000.00 yuan",
    ]


def test_a_base_that_is_absent_or_nothing_is_told_so():
    assert "没有" in amount_of(P3, facts(cash_received=None), A_DAY).steps[0].zh
    assert "为 0" in amount_of(P3, facts(cash_received=0), A_DAY).steps[0].zh


def test_what_the_clauses_leave_open_to_one_answer_alone_is_decided_for_floor_and_cap():
    assert paid(P13, total_investment=1500, equipment_rd_software_investment=500) == wan(50)
    assert paid(P13, total_investment=2500, equipment_rd_software_investment=500) == wan(50, 100)
    chosen = policy(
        "P0", Flag("big", True), amount=pays("a", rate("1"), Cap(Decimal(9), Flag("big", True)), 5)
    )
    assert paid(chosen, a=100) == wan(9)
    refused = policy("P0", Flag("big", False), amount=chosen.amount)
    assert paid(refused, a=100) == wan(5)


def test_clauses_that_cannot_hold_decide_nothing():
    never = policy(
        "P0",
        Flag("big", True),
        Flag("big", False),
        amount=pays("a", rate("1"), Cap(Decimal(9), Flag("big", True)), 5),
    )
    assert paid(never, a=100) == wan(5, 9)
