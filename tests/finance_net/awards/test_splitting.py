"""Splitting tranches between beneficiaries: both sums hold to the fen, and nobody waits for more than a fen."""

from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance_net.awards.splitting import parts_of

FEN = st.integers(1, 2**50)


@st.composite
def awards(draw):
    """Amounts of tranches, and shares of one to three beneficiaries, of one sum."""
    amounts = draw(st.lists(FEN, min_size=1, max_size=12))
    cuts = draw(st.lists(st.integers(0, sum(amounts)), max_size=2).map(sorted))
    edges = [0, *cuts, sum(amounts)]
    return amounts, [after - before for before, after in pairwise(edges)]


@given(awards())
def test_rows_add_up_to_tranches_and_columns_to_shares(award):
    amounts, shares = award
    rows = parts_of(amounts, shares)
    assert [sum(row) for row in rows] == amounts
    assert [sum(column) for column in zip(*rows, strict=True)] == shares
    assert min(map(min, rows)) >= 0


@given(awards())
def test_at_no_time_has_the_first_more_than_its_proportion_or_a_fen_less(award):
    amounts, shares = award
    total = sum(amounts)
    for paid, own in zip(
        accumulate(amounts), accumulate(row[0] for row in parts_of(amounts, shares)), strict=True
    ):
        assert 0 <= shares[0] * paid - own * total < total


def test_sums_that_differ_are_an_error():
    with pytest.raises(ValueError, match="add up to 3, the shares to 4"):
        parts_of([1, 2], [4])
