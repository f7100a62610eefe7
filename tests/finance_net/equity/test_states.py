"""The life of a deal, as its table says it."""

import pytest

from backbone.errors import StateConflict
from finance_net.equity.states import ACTIONS, COMMITTED, STATES, TRANSITIONS, after


def test_every_state_has_its_words_and_is_reached():
    assert {step.to for step in TRANSITIONS} | {"screening"} == set(STATES)
    assert all(frm in STATES for step in TRANSITIONS for frm in step.frm)


def test_what_is_committed_was_before_the_committee():
    """Take the step `agree` away, and nothing leads to any of them."""
    reached = {"screening"}
    for _ in TRANSITIONS:
        reached |= {step.to for step in TRANSITIONS if step.action != "agree" and reached & set(step.frm)}
    assert not reached & set(COMMITTED)


def test_a_step_that_does_not_exist_names_those_that_do():
    with pytest.raises(StateConflict) as refusal:
        after("screening", "agree")
    assert refusal.value.data["allowed"] == ["examine", "decline"]
    assert refusal.value.sentence().zh == "当前状态为“初筛”，不能签约"
    assert str(refusal.value.sentence()) == "It is “screening”: agreeing is not possible"
    assert {step.action for step in TRANSITIONS} <= set(ACTIONS)
