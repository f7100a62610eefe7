import pytest

from sky_net.achievements.states import FIRST, STATES, TRANSITIONS, actions_in


def test_every_transition_leads_between_known_states():
    assert FIRST in STATES
    assert {state for step in TRANSITIONS for state in (*step.frm, step.to)} <= set(STATES)


@pytest.mark.parametrize(("state", "actions"), [
    ("visible", {"hide", "withdraw", "amend", "reconfirm"}), ("hidden", {"publish", "withdraw", "amend", "reconfirm"}),
    ("withdrawn", set()),
])  # fmt: skip
def test_what_can_be_done_in_each_state(state, actions):
    assert set(actions_in(state)) == actions
