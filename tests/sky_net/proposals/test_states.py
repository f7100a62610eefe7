"""The life of a proposal."""

from sky_net.proposals.states import COMPARED, LIFE, LIVE, STATES


def test_a_proposal_is_drafted_released_and_decided():
    assert STATES == (
        "draft",
        "released",
        "accepted",
        "declined",
        "not_selected",
        "non_responsive",
        "withdrawn",
    )
    assert LIFE.actions_from("draft") == ["release", "withdraw"]
    assert LIFE.actions_from("released") == ["accept", "decline", "withdraw"]


def test_a_decision_and_a_withdrawal_are_final():
    for state in ("accepted", "declined", "not_selected", "non_responsive", "withdrawn"):
        assert LIFE.actions_from(state) == []


def test_what_is_live_and_what_is_compared_follow_from_the_table():
    assert LIVE == ("draft", "released")
    assert COMPARED == ("released", "accepted", "not_selected")
