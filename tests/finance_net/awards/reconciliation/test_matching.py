"""Matching: every reference of either side comes to one finding, and money is only explained by money."""

from hypothesis import given
from hypothesis import strategies as st

from finance_net.awards.reconciliation.matching import (
    AMOUNT_DIFFERS,
    DIRECTIONS,
    MATCHED,
    MISSING,
    SURPLUS,
    Movement,
    match,
)

MOVEMENTS = st.lists(
    st.builds(Movement, st.sampled_from(DIRECTIONS), st.sampled_from("abcdefgh"), st.integers(1, 4)),
    max_size=12, unique_by=lambda each: (each.direction, each.bank_ref),
)  # fmt: skip


@given(MOVEMENTS, MOVEMENTS)
def test_each_reference_of_either_side_is_found_once_and_no_money_is_lost(ours, theirs):
    found = match(ours, theirs)
    keys = [(each.direction, each.bank_ref) for each in found]
    assert keys == sorted({(each.direction, each.bank_ref) for each in [*ours, *theirs]})
    assert sum(each.ours_fen or 0 for each in found) == sum(each.fen for each in ours)
    assert sum(each.theirs_fen or 0 for each in found) == sum(each.fen for each in theirs)


@given(MOVEMENTS, MOVEMENTS, st.randoms())
def test_turned_round_and_in_another_order_it_says_the_same_from_the_other_side(ours, theirs, random):
    random.shuffle(ours)
    mirror = {MATCHED: MATCHED, AMOUNT_DIFFERS: AMOUNT_DIFFERS, MISSING: SURPLUS, SURPLUS: MISSING}
    assert [mirror[each.kind] for each in match(theirs, ours)] == [each.kind for each in match(ours, theirs)]


@given(MOVEMENTS)
def test_a_statement_that_says_what_we_say_has_no_difference(ours):
    assert {each.kind for each in match(ours, ours)} <= {MATCHED}
