"""The table of steps: every fen that leaves a bucket arrives in another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance_net.ledger.levels import LEVELS, may_contain
from finance_net.ledger.steps import (
    HOLDS,
    STEPS,
    TWO_PEOPLE,
    Bucket,
    Kind,
    Step,
    after,
    is_sound,
)

FEN = st.integers(0, 10**12)
NOTHING = dict.fromkeys(Bucket, 0)


@pytest.mark.parametrize("step", STEPS.values(), ids=lambda step: f"{step.kind}-{step.of}")
@given(amount=FEN, rest=FEN)
def test_the_legs_of_every_step_add_up_to_zero(step: Step, amount: int, rest: int):
    legs = step.deltas(amount, rest if step.returns else 0)
    held_against = legs.pop(Bucket.LIMIT) + legs.pop(Bucket.RECOVERED)
    assert sum(legs.values()) == held_against


@pytest.mark.parametrize("step", STEPS.values(), ids=lambda step: f"{step.kind}-{step.of}")
@given(amount=FEN, rest=FEN)
def test_holds_change_by_what_their_buckets_change(step: Step, amount: int, rest: int):
    """What is held in an envelope, bucket by bucket, is what its row says; of payments what was not recovered."""
    rest = rest if step.returns else 0
    held = dict.fromkeys(HOLDS, 0)
    if step.of:
        held[step.of] += step.of_source(amount, rest)
    held[Bucket.COMMITTED] += step.of_home(amount, rest)
    if step.opens:
        held[step.opens] += amount
    deltas = step.deltas(amount, rest)
    deltas[Bucket.PAID] -= deltas[Bucket.RECOVERED]
    assert held == {bucket: deltas[bucket] for bucket in HOLDS}


def test_a_step_that_two_people_take_changes_a_promise_a_payment_or_a_limit():
    assert {kind for kind in Kind if kind not in TWO_PEOPLE} == {
        "reserve",
        "approve_tranche",
        "void",
        "expire",
    }
    assert {kind for kind, _ in STEPS} == set(Kind)


def test_money_cannot_be_booked_below_nothing_nor_recovered_beyond_what_was_paid():
    limited = after(NOTHING, STEPS[Kind.RAISE_LIMIT, None].deltas(100))
    assert is_sound(after(limited, STEPS[Kind.RESERVE, None].deltas(100)))
    assert not is_sound(after(limited, STEPS[Kind.RESERVE, None].deltas(101)))
    assert not is_sound(after(limited, {**NOTHING, Bucket.RECOVERED: 1, Bucket.AVAILABLE: 1}))


def test_an_envelope_lies_in_one_that_is_further_up():
    assert may_contain("fund", "project")
    assert not may_contain("zone", "zone")
    assert not any(may_contain("project", level) for level in LEVELS)
