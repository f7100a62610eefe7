from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_pack.engine.advice import Act, Why
from policy_pack.engine.definition import Change, Kind
from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.engine.evaluate import evaluate
from policy_pack.engine.evaluation import Outcome
from policy_pack.engine.facts import Facts, Gap
from policy_pack.engine.packs import load_packs
from policy_pack.engine.policy import Superseded
from policy_pack.engine.recourse import COST_OF_A_DAY, recourse
from policy_pack.engine.tree import (
    All,
    AnyOf,
    Between,
    Flag,
    Not,
    Sign,
    Within,
    WithinYearsAfter,
    YearsBefore,
)
from tests.factories.read_policies import (
    A_DAY,
    P3,
    P13,
    P18,
    P23,
    P24,
    P25,
    added,
    at_least,
    at_most,
    compare,
    defined,
    dictionary,
    facts,
    has,
    mean,
    one_of,
    policy,
    ratio,
)

LABELS = ("科技型中小企业", "高新技术企业", "专精特新", "专精特新小巨人", "单项冠军")
KNOWN = dictionary(
    defined("total_investment", change=Change.UP, step=100),
    defined("labels", Kind.SET, Change.UP, cost=8, values=LABELS),
    defined("other_aid", Kind.SET, values=("national", "provincial", "municipal")),
    defined("contract_side", Kind.CHOICE, values=("seller", "buyer")),
    defined("contract_type", Kind.CHOICE, values=("开发", "转让", "许可", "咨询", "服务")),
    defined("contract_registered", Kind.FLAG, Change.UP, cost=2),
    defined("buyer_region", Kind.TEXT),
    defined("cash_received", change=Change.UP, step=10),
    defined("first_product_kind", Kind.CHOICE, values=("首台套", "首批次", "首版次", "首轮流片")),
    defined("product_recognised", Kind.FLAG, Change.UP, cost=5),
    defined("product_price", change=Change.UP, step=10),
    defined("founded_on", Kind.DATE),
    *(defined(key, Kind.FLAG, Change.UP, cost=9) for key in ("has_core_ip", "provincial_rd_body")),
    defined("in_supported_field", Kind.FLAG),
    defined("major_incident_last_year", Kind.FLAG),
    defined("restricted_sector", Kind.FLAG),
    defined("blacklisted", Kind.FLAG),
    defined("national_award_5y", Kind.FLAG),
    defined("standard_lead_5y", Kind.FLAG),
    defined("srdi_award", Kind.FLAG),
    defined("maker_china_top500", Kind.FLAG),
    defined("staff_total", Kind.INTEGER, Change.UP, step=10),
    defined("staff_rd", Kind.INTEGER, Change.UP, step=10),
    defined("revenue", change=Change.UP, step=1000),
    *(
        defined(key)
        for key in ("revenue_prev", "revenue_prev2", "rd_spend_prev", "rd_spend_prev2", "total_assets")
    ),
    defined("rd_spend", change=Change.UP, step=100),
    defined("rd_domestic_share", Kind.SHARE, Change.UP, step="0.1", most=1),
    defined("hightech_income_share", Kind.SHARE, Change.UP, step="0.1", most=1),
    defined("innovation_score", Kind.NUMBER, Change.UP, step=5, most=100),
    *(defined(key, Kind.NUMBER, Change.UP, step=5, most=100) for key in ("sme_score", "srdi_score")),
    defined("sme_staff_item_score", Kind.NUMBER, Change.UP, step=5, most=20),
    defined("niche_years", Kind.NUMBER),
    defined("equity_raised_2y", change=Change.UP, step=500),
)


def advised(which, known, day=A_DAY, words=KNOWN):
    """Each way as {fact: value to come to}, the day to wait for under "as_of", from the cheapest on."""
    found = recourse(which, known, day, words)
    assert found.complete
    return [
        {step.key: step.to for step in way.steps} | ({"as_of": way.wait_until} if way.wait_until else {})
        for way in found.ways
    ]


def blocked(which, known, day=A_DAY, words=KNOWN):
    """The obstacles as (clauses, facts, why); there is no way beside them."""
    found = recourse(which, known, day, words)
    assert not found.ways
    return [(each.clauses, each.keys, each.why) for each in found.obstacles]


# --- P3: a technology contract ----------------------------------------------------------------------------------------

SELLER = {
    "contract_side": "seller",
    "contract_type": "开发",
    "contract_registered": True,
    "buyer_region": "湖北省/武汉市",
    "cash_received": 300,
}


def test_whoever_is_eligible_has_nothing_to_do():
    found = recourse(P3, facts(**SELLER), A_DAY, KNOWN)
    assert [(way.steps, way.wait_until, way.cost) for way in found.ways] == [((), None, 0)]
    assert found.leads_to is Outcome.ELIGIBLE


def test_p3_an_unregistered_contract_is_registered():
    assert advised(P3, facts(**{**SELLER, "contract_registered": False})) == [{"contract_registered": True}]


def test_p3_before_it_begins_one_waits_for_its_first_day():
    assert advised(P3, facts(**SELLER), date(2026, 3, 1)) == [{"as_of": date(2026, 3, 13)}]


def test_p3_cash_that_is_yet_to_come_has_to_be_some():
    (way,) = recourse(P3, facts(**{**SELLER, "cash_received": None}), A_DAY, KNOWN).ways
    (step,) = way.steps
    assert (step.act, step.to) == (Act.RAISE, Decimal("0.000001"))  # one fen: anything above nothing


def test_p3_the_side_of_a_contract_cannot_be_changed():
    known = facts(**{**SELLER, "contract_side": "buyer", "buyer_region": "长沙市"})
    assert blocked(P3, known) == [
        (("P3.1",), ("contract_side",), Why.FIXED),
        (("P3.4",), ("buyer_region",), Why.FIXED),
    ]
    assert "P3.1" in recourse(P3, known, A_DAY, KNOWN).obstacles[0].text.zh


# --- P13: technical renewal -------------------------------------------------------------------------------------------


def test_p13_raise_the_investment_to_2000_or_become_specialised():
    found = recourse(P13, facts(total_investment=1500, labels=set()), A_DAY, KNOWN)
    raised, labelled = (way.steps[0] for way in found.ways)
    assert (raised.key, raised.act, raised.to, raised.cost) == ("total_investment", Act.RAISE, 2000, 5)
    assert (labelled.key, labelled.act, labelled.to) == ("labels", Act.GAIN, frozenset({"专精特新"}))
    assert labelled.or_else == (frozenset({"专精特新小巨人"}), frozenset({"单项冠军"}))
    assert (raised.least, raised.most) == (2000, None)


def test_p13_far_below_both_borders_the_label_needs_money_beside_it():
    assert advised(P13, facts(total_investment=200, labels={"高新技术企业"})) == [
        {"labels": frozenset({"高新技术企业", "专精特新"}), "total_investment": 1000},
        {"total_investment": 2000},
    ]


def test_p13_with_the_label_the_lower_border_is_the_nearest():
    assert advised(P13, facts(total_investment=900, labels={"单项冠军"})) == [{"total_investment": 1000}]


def test_p13_what_nobody_knows_is_to_be_shown():
    found = recourse(P13, facts(), A_DAY, KNOWN)
    assert {step.act for way in found.ways for step in way.steps} == {Act.SHOW}
    assert advised(P13, facts()) == [
        {"total_investment": 2000},
        {"labels": frozenset({"专精特新"}), "total_investment": 1000},
    ]


# --- P18: the first sale of a machine ---------------------------------------------------------------------------------

MACHINE = {"first_product_kind": "首台套", "product_recognised": True, "other_aid": None, "product_price": 90}


def test_p18_a_sale_that_is_too_small_is_raised_to_the_border():
    assert advised(P18, facts(**MACHINE)) == [{"product_price": 100}]


def test_p18_recognition_and_price_are_both_needed():
    assert advised(P18, facts(**{**MACHINE, "product_recognised": False})) == [
        {"product_price": 100, "product_recognised": True}
    ]


def test_p18_aid_that_was_given_stays_given():
    assert blocked(P18, facts(**{**MACHINE, "other_aid": {"provincial"}})) == [
        (("P18.3",), ("other_aid",), Why.FIXED)
    ]


def test_p18_where_aid_can_be_given_back_it_is():
    words = {**KNOWN, **dictionary(defined("other_aid", Kind.SET, Change.DOWN, cost=3))}
    known = facts(**{**MACHINE, "product_price": 100, "other_aid": {"provincial", "municipal"}})
    (way,) = recourse(P18, known, A_DAY, words).ways
    assert (way.steps[0].act, way.steps[0].to, way.cost) == (Act.LOSE, frozenset({"municipal"}), 3)


# --- P23: high-tech enterprise ----------------------------------------------------------------------------------------

HIGH_TECH = {
    "founded_on": date(2020, 1, 1),
    "has_core_ip": True,
    "in_supported_field": True,
    "staff_rd": 20,
    "staff_total": 100,
    "rd_domestic_share": Decimal("0.9"),
    "hightech_income_share": Decimal("0.9"),
    "innovation_score": 80,
    "major_incident_last_year": False,
    "revenue": 30000,
    "revenue_prev": 30000,
    "revenue_prev2": 40000,
    "rd_spend": 900,
    "rd_spend_prev": 1000,
    "rd_spend_prev2": 1000,
}


def test_p23_at_2_9_per_cent_research_rises_by_exactly_the_tenth():
    (way,) = recourse(P23, facts(**HIGH_TECH), A_DAY, KNOWN).ways
    (step,) = way.steps
    assert (step.key, step.act, step.to, step.cost) == ("rd_spend", Act.RAISE, 1000, 1)


def test_p23_the_middle_bracket_asks_four_per_cent_and_growing_out_of_it_three():
    known = {**HIGH_TECH, "revenue": 19000, "revenue_prev": 15000, "revenue_prev2": 10000, "rd_spend": 500}
    known |= {"rd_spend_prev": 400, "rd_spend_prev2": 400}  # 1,300 of 44,000 where 1,760 are asked for
    found = advised(P23, facts(**known))
    assert found == [
        {"revenue": Decimal("20000.000001"), "rd_spend": Decimal("550.00000003")},  # 3 % of 45,000
        {"rd_spend": 960},
    ]


def test_p23_an_age_is_waited_for_and_a_leap_day_too():
    young = {**HIGH_TECH, "rd_spend": 1000, "founded_on": date(2025, 6, 1)}
    assert advised(P23, facts(**young)) == [{"as_of": date(2026, 6, 1)}]
    leap = {**young, "founded_on": date(2024, 2, 29)}
    (way,) = recourse(P23, facts(**leap), date(2025, 1, 30), KNOWN).ways
    assert way.wait_until - timedelta(days=1) < date(2025, 3, 1) <= way.wait_until + timedelta(days=1)


def test_p23_waiting_joins_the_other_steps_and_costs():
    young = facts(**{**HIGH_TECH, "founded_on": date(2025, 6, 1), "staff_rd": 5})
    (way,) = recourse(P23, young, A_DAY, KNOWN).ways
    assert {step.key: step.to for step in way.steps} == {"rd_spend": 1000, "staff_rd": 10}
    assert way.wait_until == date(2026, 6, 1)
    assert way.cost == 1 + Fraction(1, 2) + 73 * COST_OF_A_DAY


def test_p23_a_score_must_lie_above_70_and_a_share_at_the_border():
    known = facts(
        **{**HIGH_TECH, "rd_spend": 1000, "innovation_score": 70, "hightech_income_share": Decimal("0.5")}
    )
    assert advised(P23, known) == [
        {"hightech_income_share": Decimal("0.6"), "innovation_score": Decimal("70.01")}
    ]


def test_p23_an_accident_of_last_year_is_not_undone():
    known = facts(**{**HIGH_TECH, "major_incident_last_year": True, "in_supported_field": None})
    assert blocked(P23, known) == [
        (("P23.3",), ("in_supported_field",), Why.FIXED),
        (("P23.9",), ("major_incident_last_year",), Why.FIXED),
    ]


# --- P24: small and medium technology firm ----------------------------------------------------------------------------

SMALL = {
    "staff_total": 100,
    "revenue": 5000,
    "total_assets": 5000,
    "restricted_sector": False,
    "major_incident_last_year": False,
    "blacklisted": False,
    "sme_score": 50,
    "sme_staff_item_score": 0,
    "labels": set(),
    "national_award_5y": False,
    "provincial_rd_body": False,
    "standard_lead_5y": False,
}


def test_p24_staff_that_can_only_grow_is_no_way_down():
    assert blocked(P24, facts(**{**SMALL, "staff_total": 510})) == [
        (("P24.1",), ("staff_total",), Why.ONLY_RISES)
    ]


def test_p24_staff_that_can_shrink_shrinks_to_500():
    words = {**KNOWN, **dictionary(defined("staff_total", Kind.INTEGER, Change.EITHER))}
    known = facts(**{**SMALL, "staff_total": 510, "labels": {"高新技术企业"}})
    (way,) = recourse(P24, known, A_DAY, words).ways
    assert (way.steps[0].act, way.steps[0].to, way.cost) == (Act.LOWER, 500, 10)


def test_p24_the_score_or_one_of_the_direct_routes():
    assert advised(P24, facts(**SMALL)) == [
        {"sme_score": 60, "sme_staff_item_score": Decimal("0.01")},
        {"labels": frozenset({"高新技术企业"})},
        {"provincial_rd_body": True},
    ]


# --- P25: specialised firm --------------------------------------------------------------------------------------------

NICHE = {
    "niche_years": 3,
    "rd_spend": 80,
    "revenue": 4000,
    "equity_raised_2y": 0,
    "srdi_score": 55,
    "srdi_award": False,
    "rd_spend_prev": 100,
    "maker_china_top500": False,
}
IN_2025 = date(2025, 6, 1)


def test_p25_the_three_conditions_on_research_agree_on_one_number():
    assert advised(P25, facts(**NICHE), IN_2025) == [
        {"rd_spend": 120, "srdi_score": 60},
        {"rd_spend": 120, "equity_raised_2y": 6000},
        {"rd_spend": 1900},
    ]


def test_p25_equity_serves_two_clauses_at_once():
    known = facts(**{**NICHE, "rd_spend": 100, "revenue": 900, "srdi_score": None})
    found = advised(P25, known, IN_2025)
    assert {"equity_raised_2y": 6000} in found
    assert {"revenue": 1000, "srdi_score": 60} in found


def test_p25_since_the_revision_nobody_can_say():
    found = recourse(P25, facts(**NICHE), A_DAY, KNOWN)
    assert [(each.clauses, each.why) for each in found.obstacles] == [((), Why.SUPERSEDED)]
    assert "2026-01-01" in found.obstacles[0].text


def test_p25_no_waiting_reaches_past_the_revision():
    young = policy(
        "P0", YearsBefore("founded_on", Sign.AT_LEAST, 2), superseded=Superseded(date(2026, 1, 1), "another")
    )
    known = facts(founded_on=date(2024, 3, 1))
    assert blocked(young, known, IN_2025) == [(("P0.1",), ("founded_on",), Why.FIXED)]


# --- rules of the engine ----------------------------------------------------------------------------------------------


def test_a_validity_that_has_ended_is_no_way():
    old = policy("P0", Flag("has_core_ip", True), last=date(2025, 12, 31))
    assert blocked(old, facts(has_core_ip=True)) == [((), (), Why.ENDED)]


def test_waiting_ends_with_the_validity():
    grant = policy("P0", YearsBefore("founded_on", Sign.AT_LEAST, 1), last=date(2026, 5, 31))
    assert blocked(grant, facts(founded_on=date(2025, 6, 1))) == [(("P0.1",), ("founded_on",), Why.FIXED)]
    assert advised(grant, facts(founded_on=date(2025, 5, 31))) == [{"as_of": date(2026, 5, 31)}]


def test_too_old_or_too_late_is_not_waited_for():
    young = policy("P0", YearsBefore("founded_on", Sign.BELOW, 3))
    assert blocked(young, facts(founded_on=date(2020, 1, 1))) == [(("P0.1",), ("founded_on",), Why.FIXED)]
    late = policy("P0", WithinYearsAfter("contract_registered_on", 2))
    assert blocked(late, facts(contract_registered_on=date(2020, 1, 1)))[0][2] is Why.FIXED


def test_a_refused_window_is_waited_out():
    quiet = policy("P0", Not(WithinYearsAfter("penalty_on", 2)))
    assert advised(quiet, facts(penalty_on=date(2024, 5, 1))) == [{"as_of": date(2027, 1, 1)}]


def test_an_act_that_is_yet_to_be_done_is_done_today():
    words = dictionary(defined("registered_on", Kind.DATE, Change.UP))
    grant = policy(
        "P0", WithinYearsAfter("registered_on", 2), Between("registered_on", date(2026, 1, 1), None)
    )
    assert advised(grant, facts(registered_on=None), A_DAY, words) == [{"registered_on": A_DAY}]


def test_a_person_still_has_to_judge_what_only_a_person_can():
    grant = policy("P26", None, at_least("revenue", 10))
    found = recourse(grant, facts(revenue=5), A_DAY, KNOWN)
    assert found.leads_to is Outcome.NEEDS_REVIEW
    assert found.ways[0].steps[0].to == 10


def test_either_the_numerator_or_the_denominator_of_a_ratio_may_move():
    words = dictionary(
        defined("debt", change=Change.EITHER, step=10), defined("assets", change=Change.UP, step=10, cost=2)
    )
    grant = policy("P0", at_most(ratio("debt", "assets"), "0.7"))
    assert advised(grant, facts(debt=80, assets=100), A_DAY, words) == [
        {"debt": 70},
        {"assets": Decimal("114.285715")},
    ]


def test_clauses_that_only_fail_together_are_named_together():
    grant = policy(
        "P0", at_least("total_investment", 10), at_most("revenue", 5), at_most("total_investment", 7)
    )
    assert blocked(grant, facts(total_investment=1, revenue=1)) == [
        (("P0.1", "P0.3"), ("total_investment",), Why.TOGETHER)
    ]


def test_a_range_that_the_dictionary_closes_is_no_way():
    grant = policy("P0", at_least("innovation_score", 101))
    assert blocked(grant, facts(innovation_score=50)) == [
        (("P0.1",), ("innovation_score",), Why.OUT_OF_RANGE)
    ]
    assert blocked(grant, facts()) == [(("P0.1",), ("innovation_score",), Why.OUT_OF_RANGE)]


def test_a_fact_that_the_dictionary_does_not_know_is_left_alone_or_shown():
    grant = policy("P0", Flag("strange", True), one_of("stranger", "x"), Within("place", "武汉市"))
    known = facts(strange=True, stranger="x", place="武汉市")
    assert advised(grant, known) == [{}]
    assert blocked(grant, facts(strange=False, stranger="x", place="武汉市"))[0][2] is Why.FIXED
    assert advised(grant, facts()) == [{"strange": True, "stranger": "x", "place": "武汉市"}]


def test_what_cannot_matter_need_not_be_shown():
    grant = policy("P0", AnyOf((Flag("strange", True), at_least("revenue", 10))))
    assert advised(grant, facts(revenue=5)) == [{"strange": True}, {"revenue": 10}]
    assert advised(grant, facts(revenue=10)) == [{}]


@pytest.mark.parametrize("gap", [Gap.UNKNOWN, Gap.DISPUTED])
def test_what_is_disputed_is_to_be_shown(gap):
    grant = policy("P0", Flag("blacklisted", False))
    (way,) = recourse(grant, Facts({"blacklisted": gap}), A_DAY, KNOWN).ways
    assert (way.steps[0].act, way.steps[0].to) == (Act.SHOW, False)


# --- properties, against every completion of small domains ------------------------------------------------------------

TOP = 6
NUMBERS = ("a", "b", "c")


def small_words(changes, costs):
    made = [
        defined(key, Kind.INTEGER, changes[key], cost=costs[key], least=0, most=TOP) for key in (*NUMBERS,)
    ]
    made.append(defined("f", Kind.FLAG, changes["f"], cost=costs["f"]))
    made.append(defined("s", Kind.SET, changes["s"], cost=costs["s"], values=("x", "y")))
    return dictionary(*made)


terms = st.sampled_from(
    [
        "a",
        "b",
        "c",
        added("a", "b"),
        added("a", "b", "c"),
        mean("a", "b"),
        ratio("a", "b"),
        ratio(added("a", "c"), "b"),
    ]
)
comparisons = st.builds(
    compare, terms, st.sampled_from(list(Sign)), st.sampled_from(["0", "0.5", "1", "2", "3", "4.5"])
)
leaves = comparisons | st.sampled_from(
    [Flag("f", True), Flag("f", False), has("s", "x"), has("s", "y"), has("s", "x", "y"), Not(has("s", "x"))]
)
trees = st.recursive(
    leaves,
    lambda inner: (
        st.builds(Not, inner)
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: All(tuple(parts)))
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts)))
    ),
    max_leaves=5,
)
starts = st.fixed_dictionaries(
    {
        **{key: st.sampled_from([Gap.ABSENT, *map(Decimal, range(TOP + 1))]) for key in NUMBERS},
        "f": st.sampled_from([True, False, Gap.ABSENT]),
        "s": st.sampled_from([frozenset(), frozenset("x"), frozenset("xy"), Gap.ABSENT]),
    }
)
changes = st.fixed_dictionaries({key: st.sampled_from(list(Change)) for key in (*NUMBERS, "f", "s")})
costs = st.fixed_dictionaries({key: st.integers(1, 4) for key in (*NUMBERS, "f", "s")})


SETS = tuple(map(frozenset, ("", "x", "y", "xy")))


def reachable(key, now, change, cost):
    """Every value that a fact may come to and what that costs, by the words of the dictionary alone."""
    yield now, 0
    rises, falls = change in (Change.UP, Change.EITHER), change in (Change.DOWN, Change.EITHER)
    if key == "f":
        yield from ((to, cost) for to in (True, False) if to != (now is True) and (rises if to else falls))
    elif key == "s":
        held = frozenset() if now is Gap.ABSENT else now
        for to in SETS:
            if to != held and (rises or to <= held) and (falls or to >= held):
                yield to, cost * len(to ^ held)
    elif now is not Gap.ABSENT or rises:
        start = 0 if now is Gap.ABSENT else now
        for to in map(Decimal, range(TOP + 1)):
            if to != now and (rises or to < start) and (falls or to >= start):
                yield to, abs(to - start) * cost


def by_brute_force(which, start, changes, costs):
    """The facts touched and the least cost, of every set of facts that no part of it serves as cheaply."""
    least: dict[frozenset, Fraction] = {}
    keys = sorted(start)
    for picked in product(*(list(reachable(key, start[key], changes[key], costs[key])) for key in keys)):
        known = Facts({key: value for key, (value, _) in zip(keys, picked, strict=True)})
        touched = frozenset(key for key, (value, _) in zip(keys, picked, strict=True) if value != start[key])
        cost = Fraction(sum(cost for _, cost in picked))
        if touched in least and least[touched] <= cost:
            continue
        if evaluate(which, known, A_DAY, dictionary={}).outcome is Outcome.ELIGIBLE:
            least[touched] = cost
    return {
        touched: cost
        for touched, cost in least.items()
        if not any(other < touched and least[other] <= cost for other in least)
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(trees, min_size=1, max_size=2), starts, changes, costs)
def test_no_cheaper_set_of_changes_exists(asked, start, changes, costs):
    which = policy("P0", *asked)
    found = recourse(which, Facts(start), A_DAY, small_words(changes, costs))
    assert {way.asks_for: way.cost for way in found.ways} == by_brute_force(which, start, changes, costs)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(trees, min_size=1, max_size=2),
    starts,
    st.sets(st.sampled_from([*NUMBERS, "f", "s"])),
    changes,
    costs,
)
def test_a_way_makes_eligible_none_of_its_steps_can_be_spared_and_what_is_fixed_stays(
    asked, start, unknown, changes, costs
):
    which = policy("P0", *asked)
    known = Facts({key: value for key, value in start.items() if key not in unknown})
    words = small_words(changes, costs)
    found = recourse(which, known, A_DAY, words)
    assert bool(found.ways) != bool(found.obstacles)
    for way in found.ways:
        assert evaluate(which, way.applied_to(known), A_DAY, dictionary=words).outcome is Outcome.ELIGIBLE
        for left_out in way.steps:
            rest = {step.key: step.to for step in way.steps if step is not left_out}
            less = evaluate(which, known.with_answers(rest), A_DAY, dictionary=words)
            assert less.outcome is not Outcome.ELIGIBLE
        for step in way.steps:
            assert step.act is Act.SHOW if step.key in unknown else changes[step.key] is not Change.NEVER
        assert way.cost == sum(step.cost for step in way.steps)


@settings(max_examples=60, deadline=None)
@given(st.lists(trees, min_size=1, max_size=2), starts, changes, costs)
def test_the_order_of_clauses_and_of_facts_changes_no_advice(asked, start, changes, costs):
    words = small_words(changes, costs)
    one = recourse(policy("P0", *asked), Facts(start), A_DAY, words)
    turned = dict(reversed(start.items()))
    other = recourse(policy("P0", *reversed(asked)), Facts(turned), A_DAY, words)
    assert [(way.asks_for, way.cost) for way in one.ways] == [(way.asks_for, way.cost) for way in other.ways]


def test_every_policy_of_the_pack_has_a_way_or_says_why_not():
    """With nothing known all is to be shown; with all of it known to be absent, what is fixed stands in the way."""
    for each in load_packs().policies.values():
        for state in (Gap.UNKNOWN, Gap.ABSENT):
            known = Facts(dict.fromkeys(each.reads, state))
            found = recourse(each, known, date(2026, 3, 20), DICTIONARY)
            assert bool(found.ways) != bool(found.obstacles)
            for way in found.ways:
                after = evaluate(each, way.applied_to(known), way.day)
                assert after.outcome is found.leads_to
            if state is Gap.UNKNOWN:
                assert {obstacle.why for obstacle in found.obstacles} <= {Why.ENDED, Why.SUPERSEDED}
