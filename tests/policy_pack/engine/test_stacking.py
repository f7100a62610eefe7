from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backbone.money import FEN_PER_WAN
from policy_pack.engine.bonds import JointCap, Table
from policy_pack.engine.choosing import choose, look_at_every_set, solve
from policy_pack.engine.evaluation import Evaluation, Money, Outcome
from policy_pack.engine.leaving_out import WhyOut
from policy_pack.engine.policy import Benefit, Bond, Pack, Relation
from policy_pack.engine.stacking import best_total, in_order
from tests.factories.read_policies import pays, policy, rate, said

ELIGIBLE, INELIGIBLE, OPEN = Outcome.ELIGIBLE, Outcome.INELIGIBLE, Outcome.MISSING_FACTS


def relation(bond: Bond, *between: str, most: int | None = None) -> Relation:
    name = f"{bond}:{'+'.join(between)}"
    return Relation(name, bond, between, said(name), "a text", None if most is None else Decimal(most))


def pack(ids, *relations: Relation, benefit: dict | None = None, ceilings=()) -> Pack:
    """Policies that pay; some are ceilings, some pay in another way than the rest."""
    policies = {
        each: policy(
            each,
            amount=pays(
                "base",
                rate("0.1"),
                benefit=(benefit or {}).get(each, Benefit.GRANT),
                at_most=each in ceilings,
            ),
        )
        for each in ids
    }
    return Pack(MappingProxyType(policies), tuple(relations))


def found(**outcomes) -> list[Evaluation]:
    """P1=30 is eligible for 30 万元, P1=(10, 30) is open between them, P1=None is ineligible; high None is unbounded."""
    return [_evaluation(id, each) for id, each in outcomes.items()]


def _evaluation(id, each) -> Evaluation:
    if each is None:
        return Evaluation(id, INELIGIBLE, ())
    outcome, (low, high) = (OPEN, each) if isinstance(each, tuple) else (ELIGIBLE, (each, each))
    return Evaluation(
        id, outcome, (), amount=Money(low * FEN_PER_WAN, None if high is None else high * FEN_PER_WAN, "f")
    )


def told(total):
    """The total in 万元, who is paid how much, and why the others are left out."""
    return (
        None if total.fen is None else total.fen // FEN_PER_WAN,
        {each.policy_id: None if each.fen is None else each.fen // FEN_PER_WAN for each in total.taken},
        {each.policy_id: (each.why, each.beside) for each in total.left_out},
    )


def certain(rules, **outcomes):
    return told(best_total(rules, found(**outcomes)).certain)


def possible(rules, **outcomes):
    return told(best_total(rules, found(**outcomes)).possible)


# --- what adds up -----------------------------------------------------------------------------------------------------


def test_policies_without_a_relation_add_up():
    assert certain(pack(("P1", "P2")), P1=30, P2=12) == (42, {"P1": 30, "P2": 12}, {})


def test_nobody_eligible_has_nothing():
    assert certain(pack(("P1",)), P1=None) == (0, {}, {})
    assert possible(pack(("P1",)), P1=None) == (0, {}, {})


def test_what_is_open_is_possible_and_not_certain():
    rules = pack(("P1", "P2"))
    assert certain(rules, P1=30, P2=(5, 50)) == (30, {"P1": 30}, {"P2": (WhyOut.NOT_CERTAIN, ())})
    assert possible(rules, P1=30, P2=(5, 50)) == (80, {"P1": 30, "P2": 50}, {})


def test_an_eligible_range_is_certain_at_its_low_end():
    each = replace(_evaluation("P1", (5, 50)), outcome=ELIGIBLE)
    best = best_total(pack(("P1",)), [each])
    assert (best.certain.fen, best.possible.fen) == (5 * FEN_PER_WAN, 50 * FEN_PER_WAN)


def test_a_published_ceiling_is_nothing_certain_and_all_of_it_possible():
    rules = pack(("P1",), ceilings=("P1",))
    assert certain(rules, P1=30) == (0, {"P1": 0}, {})
    assert possible(rules, P1=30) == (30, {"P1": 30}, {})


@pytest.mark.parametrize("benefit", [Benefit.DEDUCTION, Benefit.LOAN, Benefit.EQUITY])
def test_loans_deductions_and_equity_are_taken_and_not_added(benefit):
    best = best_total(pack(("P1", "P2"), benefit={"P2": benefit}), found(P1=30, P2=1000))
    assert told(best.certain) == (30, {"P1": 30, "P2": 0}, {})
    assert [each.is_added for each in best.certain.taken] == [True, False]


def test_tax_relief_is_added_and_a_policy_without_a_formula_adds_nothing():
    rules = pack(("P1", "P2"), benefit={"P1": Benefit.TAX_RELIEF})
    bare = replace(rules, policies={**rules.policies, "P2": policy("P2")})
    both = [*found(P1=30), Evaluation("P2", ELIGIBLE, ())]
    assert told(best_total(bare, both).certain) == (30, {"P1": 30, "P2": 0}, {})


def test_what_nothing_bounds_makes_the_possible_total_unbounded():
    rules = pack(("P1", "P2"))
    assert possible(rules, P1=(5, None), P2=10) == (None, {"P1": None, "P2": 10}, {})


def test_a_joint_cap_bounds_what_nothing_else_does():
    rules = pack(("P1", "P2"), relation(Bond.JOINT_CAP, "P1", "P2", most=700))
    assert possible(rules, P1=(5, None), P2=10) == (700, {"P1": 700, "P2": 0}, {})


# --- the relations ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bond", [Bond.EXCLUSIVE, Bond.ONCE_PER_PROJECT])
def test_of_what_excludes_each_other_the_better_one_is_taken(bond):
    rules = pack(("P1", "P2"), relation(bond, "P1", "P2"))
    assert certain(rules, P1=30, P2=40) == (40, {"P2": 40}, {"P1": (WhyOut.EXCLUDED, ("P2",))})


def test_two_small_ones_may_be_worth_more_than_the_one_that_excludes_both():
    rules = pack(
        ("P1", "P2", "P3"), relation(Bond.EXCLUSIVE, "P1", "P2"), relation(Bond.EXCLUSIVE, "P1", "P3")
    )
    assert certain(rules, P1=40, P2=25, P3=25)[:2] == (50, {"P2": 25, "P3": 25})


def test_once_per_project_of_a_single_policy_forbids_nothing():
    assert certain(pack(("P3",), relation(Bond.ONCE_PER_PROJECT, "P3")), P3=30)[0] == 30


def test_of_equals_the_earlier_one_is_taken():
    rules = pack(("P9", "P10"), relation(Bond.EXCLUSIVE, "P10", "P9"))
    assert certain(rules, P10=30, P9=30)[1] == {"P9": 30}


def test_of_the_higher_and_the_lower_the_higher_pays():
    rules = pack(("P1", "P2"), relation(Bond.TAKE_HIGHER, "P1", "P2"))
    assert certain(rules, P1=30, P2=40) == (40, {"P2": 40}, {"P1": (WhyOut.LOWER, ("P2",))})


def test_a_lower_one_that_another_requires_is_taken_for_nothing():
    rules = pack(
        ("P1", "P2", "P3"), relation(Bond.TAKE_HIGHER, "P1", "P2"), relation(Bond.REQUIRES, "P3", "P1")
    )
    assert certain(rules, P1=30, P2=40, P3=5) == (45, {"P1": 0, "P2": 40, "P3": 5}, {})


def test_exclusive_and_take_higher_differ_where_the_lower_one_is_required():
    rules = pack(
        ("P1", "P2", "P3"), relation(Bond.EXCLUSIVE, "P1", "P2"), relation(Bond.REQUIRES, "P3", "P1")
    )
    total, paid, out = certain(rules, P1=30, P2=40, P3=5)
    assert (total, paid) == (40, {"P2": 40})
    assert out == {"P1": (WhyOut.EXCLUDED, ("P2",)), "P3": (WhyOut.LACKS, ("P1",))}


def test_priority_does_not_ask_which_one_is_higher():
    rules = pack(("P1", "P2"), relation(Bond.PRIORITY_OVER, "P1", "P2"))
    assert certain(rules, P1=5, P2=40) == (5, {"P1": 5}, {"P2": (WhyOut.GIVES_WAY, ("P1",))})
    assert possible(rules, P1=5, P2=40) == (5, {"P1": 5}, {"P2": (WhyOut.GIVES_WAY, ("P1",))})
    assert certain(rules, P1=None, P2=40) == (40, {"P2": 40}, {})


def test_while_the_first_is_open_the_second_is_possible_and_not_certain():
    rules = pack(("P1", "P2"), relation(Bond.PRIORITY_OVER, "P1", "P2"))
    assert certain(rules, P1=(1, 5), P2=40)[0] == 0
    assert possible(rules, P1=(1, 5), P2=40) == (40, {"P2": 40}, {"P1": (WhyOut.EXCLUDED, ("P2",))})


def test_whoever_does_not_apply_for_the_first_still_qualifies_for_it():
    rules = pack(("P1", "P2"), relation(Bond.PRIORITY_OVER, "P1", "P2"))
    best = best_total(rules, found(P1=5, P2=40), without={"P1"})
    assert told(best.certain) == (
        0,
        {},
        {"P1": (WhyOut.NOT_APPLIED_FOR, ()), "P2": (WhyOut.GIVES_WAY, ("P1",))},
    )


def test_under_a_joint_cap_the_first_named_is_paid_in_full():
    rules = pack(("P1", "P2"), relation(Bond.JOINT_CAP, "P2", "P1", most=50))
    best = best_total(rules, found(P1=30, P2=40)).certain
    assert told(best) == (50, {"P1": 10, "P2": 40}, {})
    assert [each.alone_fen // FEN_PER_WAN for each in best.taken] == [30, 40]


def test_a_joint_cap_holds_for_one_alone():
    rules = pack(("P1", "P2"), relation(Bond.JOINT_CAP, "P1", "P2", most=20))
    assert certain(rules, P1=30, P2=None) == (20, {"P1": 20}, {})


def test_what_requires_an_open_one_is_not_certain():
    rules = pack(("P1", "P2", "P3"), relation(Bond.REQUIRES, "P1", "P2"), relation(Bond.REQUIRES, "P3", "P1"))
    assert certain(rules, P1=30, P2=(0, 1), P3=2) == (
        0,
        {},
        {
            "P1": (WhyOut.LACKS, ("P2",)),
            "P2": (WhyOut.NOT_CERTAIN, ()),
            "P3": (WhyOut.LACKS, ("P1",)),
        },
    )
    assert possible(rules, P1=30, P2=(0, 1), P3=2)[0] == 33


def test_the_reason_is_told_in_both_languages_and_names_the_relation():
    rules = pack(("P1", "P2"), relation(Bond.EXCLUSIVE, "P1", "P2"))
    (out,) = best_total(rules, found(P1=30, P2=40)).certain.left_out
    assert out.relation == "exclusive:P1+P2"
    assert (out.text, out.text.zh) == ("P1 cannot be had beside P2", "P1 与 P2 不能同时享受")


def test_ids_are_in_the_order_of_their_numbers():
    assert sorted(["P13", "P3", "P3b", "Q1"], key=in_order) == ["P3", "P3b", "P13", "Q1"]


# --- properties -------------------------------------------------------------------------------------------------------

IDS = ("P1", "P2", "P3", "P4", "P5", "P10")
ORDERED = (Bond.PRIORITY_OVER, Bond.REQUIRES)


@st.composite
def bonds(draw) -> Relation:
    bond = draw(st.sampled_from(list(Bond)))
    between = draw(
        st.lists(st.sampled_from(IDS), min_size=2, max_size=2 if bond in ORDERED else 4, unique=True)
    )
    if bond in ORDERED:
        between.sort(key=in_order)  # no circles
    most = draw(st.integers(1, 60)) if bond is Bond.JOINT_CAP else None
    return relation(bond, *between, most=most)


def joint_caps_lie_in_one_another_or_apart(relations: list[Relation]) -> bool:
    """The loader refuses others."""
    caps = [frozenset(each.between) for each in relations if each.bond is Bond.JOINT_CAP]
    return all(not a & b or a <= b or b <= a for a, b in combinations(caps, 2))


rules = (
    st.lists(bonds(), max_size=5, unique_by=lambda each: each.id)
    .filter(joint_caps_lie_in_one_another_or_apart)
    .map(lambda each: pack(IDS, *each))
)
one = st.none() | st.integers(0, 40) | st.tuples(st.integers(0, 20), st.integers(20, 40) | st.none())
subjects = st.fixed_dictionaries({each: one for each in IDS})


def may_be_taken_together(rules: Pack, taken, qualified, worth) -> bool:
    """Written from the words of the relations, apart from the code."""
    for each in rules.relations:
        inside = [id for id in each.between if id in taken]
        if each.bond in (Bond.EXCLUSIVE, Bond.ONCE_PER_PROJECT) and len(inside) > 1:
            return False
        if each.bond is Bond.REQUIRES and each.between[0] in taken and each.between[1] not in taken:
            return False
        if each.bond is Bond.PRIORITY_OVER and each.between[1] in taken and each.between[0] in qualified:
            return False
    return True


def greatest_payout(rules: Pack, taken, worth) -> int:
    """Whole 万元 by dynamic programming over what is left under each joint cap."""
    pays_nothing = set()
    for each in rules.relations:
        if each.bond is Bond.TAKE_HIGHER:
            inside = sorted((id for id in each.between if id in taken), key=in_order)
            pays_nothing |= set(inside) - {max(inside, key=lambda id: worth[id], default=None)}
    caps = [each for each in rules.relations if each.bond is Bond.JOINT_CAP]
    states = {tuple(int(each.most) for each in caps): 0}
    for id in taken:
        if id in pays_nothing:
            continue
        over = [at for at, each in enumerate(caps) if id in each.between]
        following: dict = {}
        for left, total in states.items():
            most = min([worth[id], *(left[at] for at in over)])
            for paid in range(most + 1) if over else (most,):
                rest = tuple(each - paid if at in over else each for at, each in enumerate(left))
                following[rest] = max(following.get(rest, 0), total + paid)
        states = following
    return max(states.values())


def by_brute_force(rules: Pack, worth, qualified) -> int:
    sets = (taken for size in range(len(worth) + 1) for taken in combinations(worth, size))
    return max(
        greatest_payout(rules, taken, worth)
        for taken in sets
        if may_be_taken_together(rules, taken, qualified, worth)
    )


@settings(max_examples=60, deadline=None)
@given(rules, st.fixed_dictionaries({each: st.none() | st.integers(0, 6) for each in IDS}))
def test_the_best_total_is_that_of_brute_force_and_breaks_no_relation(rules, subject):
    small = replace(
        rules,
        relations=tuple(
            replace(each, most=min(each.most, Decimal(9))) if each.most else each for each in rules.relations
        ),
    )
    total = best_total(small, found(**subject)).certain
    worth = {id: each for id, each in subject.items() if each is not None}
    assert total.fen == by_brute_force(small, worth, set(worth)) * FEN_PER_WAN
    taken = {each.policy_id for each in total.taken}
    lower = {each.policy_id for each in total.left_out if each.why is WhyOut.LOWER}
    assert may_be_taken_together(small, taken | lower, set(worth), worth)
    assert sum(each.fen for each in total.taken) == total.fen
    for each in small.relations:
        if each.bond is Bond.JOINT_CAP:
            assert (
                sum(one.fen for one in total.taken if one.policy_id in each.between)
                <= each.most * FEN_PER_WAN
            )


@given(rules, subjects, st.randoms(use_true_random=False))
def test_the_order_of_policies_and_relations_is_nothing_to_it(rules, subject, random):
    evaluations, relations = found(**subject), list(rules.relations)
    straight = best_total(rules, evaluations)
    random.shuffle(evaluations)
    random.shuffle(relations)
    turned = best_total(replace(rules, relations=tuple(relations)), evaluations)
    for one, other in ((straight.certain, turned.certain), (straight.possible, turned.possible)):
        assert (one.fen, one.taken) == (other.fen, other.taken)


@given(rules, subjects)
def test_not_applying_for_what_was_chosen_never_raises_the_total(rules, subject):
    best = best_total(rules, found(**subject))
    for each in best.certain.taken:
        less = best_total(rules, found(**subject), without={each.policy_id})
        assert less.certain.fen <= best.certain.fen
    for each in best.possible.taken:
        less = best_total(rules, found(**subject), without={each.policy_id}).possible.fen
        assert best.possible.fen is None or (less is not None and less <= best.possible.fen)


@given(rules, subjects, st.data())
def test_every_completion_lies_between_the_certain_and_the_possible(rules, subject, data):
    settled = {
        id: data.draw(st.none() | st.integers(each[0], 99 if each[1] is None else each[1]))
        if isinstance(each, tuple)
        else each
        for id, each in subject.items()
    }
    before, after = best_total(rules, found(**subject)), best_total(rules, found(**settled))
    assert after.certain.fen == after.possible.fen
    assert before.certain.fen <= after.certain.fen
    assert before.possible.fen is None or after.possible.fen <= before.possible.fen


@given(rules, subjects)
def test_everyone_who_may_be_granted_is_taken_or_told_why_not(rules, subject):
    best = best_total(rules, found(**subject))
    for total in (best.certain, best.possible):
        named = [each.policy_id for each in (*total.taken, *total.left_out)]
        assert sorted(named) == sorted(id for id, each in subject.items() if each is not None)


@settings(max_examples=25, deadline=None)
@given(rules, st.fixed_dictionaries({each: st.integers(0, 40) for each in IDS}))
def test_both_ways_of_choosing_agree(rules, worth):
    table = Table(
        worth,
        tuple(each.between for each in rules.relations if each.bond is Bond.EXCLUSIVE),
        tuple(each.between for each in rules.relations if each.bond is Bond.REQUIRES),
        tuple(each.between for each in rules.relations if each.bond is Bond.TAKE_HIGHER),
        tuple(
            JointCap(each.between, int(each.most)) for each in rules.relations if each.bond is Bond.JOINT_CAP
        )[:1],
    )
    assert look_at_every_set(table) == solve(table)


def test_many_policies_in_one_component_are_decided_too():
    worth = {f"P{at}": 10 + at % 3 for at in range(1, 31)}
    chain = tuple((f"P{at}", f"P{at + 1}") for at in range(1, 30))
    chosen = choose(Table(worth, apart=chain))
    assert sum(chosen.values()) == 165
    assert all(not set(pair) <= chosen.keys() for pair in chain)
