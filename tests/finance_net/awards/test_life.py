"""The lives: every state is reached, every state that ends something is left by nothing."""

import pytest

from backbone.errors import StateConflict
from finance_net.awards.life import BATCH, CLAWBACK, LIVE, PAYMENT, TRANCHE

ENDS = {
    TRANCHE: set(),  # what was paid may come back, and then even a closed award pays again
    PAYMENT: {"returned", "withdrawn"},
    BATCH: {"exported", "withdrawn"},
    CLAWBACK: {"declined", "lapsed"},
}


@pytest.mark.parametrize("life", ENDS, ids=["tranche", "payment", "batch", "clawback"])
def test_every_state_is_reached_and_the_last_ones_are_left_by_nothing(life):
    reached, waiting = {life.first}, [life.first]
    while waiting:
        for action in life.actions_from(waiting.pop()):
            to = life.after(action)
            if to not in reached:
                reached.add(to)
                waiting.append(to)
    assert reached == set(life.states)
    assert {state for state in life.states if not life.actions_from(state)} == ENDS[life]


def test_what_is_unknown_stands_in_the_way_of_a_second_payment_until_the_bank_says_more():
    assert set(LIVE) == {"instructed", "exported", "unknown", "settled"}
    assert set(PAYMENT.actions_from("unknown")) == {"settle", "refuse", "doubt"}
    with pytest.raises(StateConflict, match="It is “settled”: this is not possible"):
        PAYMENT.after("refuse", "settled")
