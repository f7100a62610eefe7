import pytest

from backbone.errors import StateConflict
from policy_pack.policies.states import (
    OPEN,
    PUBLIC,
    STATES,
    TRANSITIONS,
    actions_in,
    after,
    described,
    first_state,
)


def test_a_version_is_handed_in_as_a_draft_and_shipped_as_published():
    assert first_state("upload") == "draft"
    assert first_state("ship") == "published"


def test_nothing_is_published_that_was_not_reviewed():
    assert [step.frm for step in TRANSITIONS if step.action == "publish"] == [("reviewed",)]
    with pytest.raises(StateConflict) as refusal:
        after("draft", "publish")
    assert refusal.value.data == {"state": "draft", "action": "publish", "allowed": ["review", "return"]}


@pytest.mark.parametrize(
    ("state", "left"),
    [("returned", []), ("superseded", ["supersede", "repeal"]), ("repealed", ["supersede", "repeal"])],
)
def test_an_ended_version_can_end_earlier_and_nothing_else(state, left):
    assert actions_in(state) == left
    for action in {step.action for step in TRANSITIONS if step.frm} - set(left):
        with pytest.raises(StateConflict):
            after(state, action)


def test_every_step_ends_in_a_known_state_and_every_state_is_reached():
    assert {step.to for step in TRANSITIONS} == set(STATES)
    assert {state for step in TRANSITIONS for state in step.frm} <= set(STATES)


def test_what_waits_and_what_is_public_are_different_things():
    assert not set(OPEN) & set(PUBLIC)
    assert set(OPEN) | set(PUBLIC) == set(STATES) - {"returned"}


def test_the_table_tells_itself_in_chinese_and_english():
    told = described()
    assert all(state in told and label.zh in told for state, label in STATES.items())
    assert "review: draft → reviewed" in told
