from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.errors import Bilingual
from backbone.money import FEN_PER_WAN
from policy_pack.engine.amounts import most_of_applicant
from policy_pack.engine.beside import Claim, exceeded, kept_apart
from policy_pack.engine.policy import Amount, Benefit, Bond, Cap, Per, Relation
from policy_pack.engine.tree import Flag
from tests.factories.read_policies import policy

ONE, OTHER = UUID(int=1), UUID(int=2)
ITEM = Amount(Benefit.GRANT, Bilingual("一", "one"), caps=(Cap(Decimal(3)), Cap(Decimal(5))))
EACH = replace(policy("P1"), amount=ITEM)
IN_ALL = replace(policy("P1"), amount=replace(ITEM, cap_per=Per.APPLICANT))
A_YEAR = replace(policy("P1"), amount=replace(ITEM, cap_per=Per.YEAR))
MOST = 5 * FEN_PER_WAN


def claim(fen=1, *, of="P1", matter=ONE, year=2026, number="SB-1"):
    return Claim(number, of, matter, year, fen)


def relation(bond, *between, most=None):
    return Relation("R1", bond, between, Bilingual("同一项目只补助一次", "once"), "x", most)


def test_caps_bind_an_applicant_only_where_they_say_so():
    for per, most in ((Per.ITEM, None), (Per.APPLICANT, MOST), (Per.YEAR, MOST)):
        assert most_of_applicant(replace(EACH, amount=replace(ITEM, cap_per=per))) == most
    sometimes = replace(ITEM, cap_per=Per.APPLICANT, caps=(Cap(Decimal(3), Flag("major_project", True)),))
    for amount in (None, sometimes):
        assert most_of_applicant(replace(EACH, amount=amount)) is None
    assert most_of_applicant(None) is None


@pytest.mark.parametrize(
    ("before", "counts"),
    [
        ({}, True), ({"year": 2025}, True), ({"matter": OTHER}, False), ({"matter": None}, False), ({"of": "P2"}, False),
    ],
)  # fmt: skip
def test_of_one_matter_a_policy_pays_no_more_than_it_pays_for_it_in_whatever_year(before, counts):
    earlier = claim(6, **before)
    assert exceeded(claim(4), [earlier], EACH, 10, ()) is None
    bound = exceeded(claim(5), [earlier], EACH, 10, ())
    assert (bound is not None) is counts
    if bound is not None:
        assert (bound.most_fen, bound.before, bound.before_fen) == (10, (earlier,), 6)


@pytest.mark.parametrize(("year", "counts"), [(2026, True), (2025, False)])
def test_what_names_no_matter_is_one_item_a_year(year, counts):
    earlier = claim(10, matter=None, year=year)
    assert (exceeded(claim(matter=None), [earlier], EACH, 10, ()) is not None) is counts
    assert exceeded(claim(matter=ONE), [earlier], EACH, 10, ()) is None


def test_nothing_bounds_what_the_policy_bounds_with_nothing_or_what_nobody_asked_for_before():
    assert exceeded(claim(99), [claim(99)], EACH, None, ()) is None
    assert (
        exceeded(claim(99), [], IN_ALL, 10, [relation(Bond.JOINT_CAP, "P1", "P2", most=Decimal(1))]) is None
    )


def test_a_cap_per_applicant_holds_over_all_matters_and_one_per_year_over_those_of_the_year():
    earlier = [claim(MOST - 1, matter=OTHER), claim(MOST, of="P2")]
    assert exceeded(claim(1), earlier, IN_ALL, 10, ()) is None
    for bound in (exceeded(claim(2), earlier, each, 10, ()) for each in (IN_ALL, A_YEAR)):
        assert bound is not None
        assert (bound.most_fen, bound.before) == (MOST, tuple(earlier[:1]))
    long_ago = [replace(earlier[0], year=2024)]
    assert exceeded(claim(2), long_ago, IN_ALL, 10, ()) is not None
    assert exceeded(claim(2), long_ago, A_YEAR, 10, ()) is None
    assert exceeded(claim(2), earlier, EACH, 10, ()) is None


def test_a_joint_cap_holds_over_its_policies_of_one_matter():
    rules = [
        relation(Bond.JOINT_CAP, "P1", "P2", most=Decimal(5)),
        relation(Bond.JOINT_CAP, "P3", "P4", most=Decimal(1)),
    ]
    earlier = [claim(MOST - 1, of="P2"), claim(MOST, of="P3"), claim(MOST, of="P2", matter=OTHER)]
    assert exceeded(claim(1), earlier, EACH, None, rules) is None
    bound = exceeded(claim(2), earlier, EACH, None, rules)
    assert bound is not None
    assert (bound.most_fen, bound.before) == (MOST, (earlier[0],))


@pytest.mark.parametrize("bond", [Bond.EXCLUSIVE, Bond.TAKE_HIGHER, Bond.PRIORITY_OVER])
def test_policies_that_go_not_together_are_not_asked_for_of_one_matter_whichever_comes_first(bond):
    rule = relation(bond, "P1", "P2")
    for mine, theirs in (("P1", "P2"), ("P2", "P1")):
        there = claim(of=theirs)
        assert kept_apart(claim(of=mine), [there], [rule]) == (rule, there)
        assert kept_apart(claim(of=mine), [replace(there, matter_id=OTHER)], [rule]) is None
        assert kept_apart(claim(of=mine), [claim(of=mine), claim(of="P3")], [rule]) is None
    assert kept_apart(claim(of="P3"), [claim(of="P1")], [rule]) is None


def test_what_is_paid_once_per_project_is_asked_for_once_of_it():
    once = relation(Bond.ONCE_PER_PROJECT, "P1")
    assert kept_apart(claim(), [claim()], [once]) == (once, claim())
    assert kept_apart(claim(), [claim(matter=OTHER)], [once]) is None


@pytest.mark.parametrize("bond", [Bond.REQUIRES, Bond.JOINT_CAP])
def test_other_relations_keep_nothing_apart(bond):
    assert kept_apart(claim(of="P1"), [claim(of="P2")], [relation(bond, "P1", "P2")]) is None


@given(asked=st.lists(st.integers(1, 40), max_size=8), most=st.integers(1, 100))
def test_whatever_is_asked_in_whatever_parts_no_more_is_taken_than_the_policy_pays_and_what_fits_is(
    asked, most
):
    taken: list[Claim] = []
    for fen in asked:
        had = sum(each.fen for each in taken)
        if fen <= most and exceeded(claim(fen), taken, EACH, most, ()) is None:
            taken.append(claim(fen))
        else:
            assert had + fen > most
    assert sum(each.fen for each in taken) <= most
