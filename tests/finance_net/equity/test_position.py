"""Cost, carrying amount and gain of what is held, for any run of write-downs and sales."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance_net.equity.errors import CostExceeded, NothingTaken, ProceedsTooLarge, WriteDownExceeded
from finance_net.equity.position import LARGEST, Position, sell, write_down

AMOUNTS = st.integers(1, 10**15)
STEPS = st.lists(
    st.tuples(st.sampled_from(["write_down", "sell"]), st.integers(1, 100), st.integers(0, 10**15)),
    max_size=12,
)


def test_a_write_down_and_two_sales_come_to_what_a_clerk_would_book():
    held = write_down(Position(100), 30)
    assert (held.cost_fen, held.carrying_fen) == (100, 70)
    half = sell(held, 50, 80)
    assert (half.released_fen, half.recovered_fen, half.gain_fen, half.result_fen) == (15, 80, 30, 45)
    assert (half.position.cost_fen, half.position.carrying_fen) == (50, 35)
    rest = sell(half.position, 50, 60)
    # Of 140 in all, 100 were paid: the ledger gets those back, the other 40 are a gain beside it.
    assert (rest.recovered_fen, rest.gain_fen, rest.position.realised_fen) == (20, 10, 40)
    assert (rest.position.cost_fen, rest.position.carrying_fen) == (0, 0)


def test_a_total_loss_leaves_for_nothing():
    lost = sell(write_down(Position(100), 100), 100, 0)
    assert (lost.recovered_fen, lost.gain_fen, lost.result_fen) == (0, -100, 0)


def test_nothing_is_written_down_below_nothing():
    with pytest.raises(WriteDownExceeded) as refusal:
        write_down(Position(100, written_down_fen=30), 71)
    assert refusal.value.data["carrying_fen"] == 70


def test_no_more_is_sold_than_is_held():
    with pytest.raises(CostExceeded):
        sell(Position(150, sold_fen=50), 101, 10)


def test_nothing_is_no_write_down_and_no_exit():
    for taken in (lambda: write_down(Position(100), 0), lambda: sell(Position(100), 0, 10)):
        with pytest.raises(NothingTaken):
            taken()


def test_proceeds_stay_within_what_a_row_keeps():
    held = sell(Position(100), 10, LARGEST).position
    with pytest.raises(ProceedsTooLarge) as refusal:
        sell(held, 10, 1)
    assert "92,233,720,368,547,758.07 元" in refusal.value.sentence().zh


@given(AMOUNTS, STEPS)
def test_whatever_happens_nothing_turns_negative_and_the_parts_add_up(
    paid: int, steps: list[tuple[str, int, int]]
):
    held, gains, proceeds = Position(paid), 0, 0
    for kind, percent, amount in steps:
        if kind == "write_down" and held.carrying_fen:
            held = write_down(held, max(1, held.carrying_fen * percent // 100))
        elif kind == "sell" and held.cost_fen:
            before = held
            sale = sell(held, max(1, held.cost_fen * percent // 100), amount)
            held, gains, proceeds = sale.position, gains + sale.gain_fen, proceeds + amount
            assert sale.result_fen == amount - (before.carrying_fen - held.carrying_fen)
        assert 0 <= held.carrying_fen <= held.cost_fen <= paid
        assert 0 <= held.recovered_fen == min(paid, proceeds)
        assert held.realised_fen == gains
    if held.cost_fen == 0:
        assert held.written_down_fen == 0
