"""The life of an invitation."""

from sky_net.invitations.states import LIFE, OPEN_TO_INSTITUTES, STATES
from sky_net.needs.states import STATES as NEED_STATES


def test_an_invitation_is_open_and_then_answered():
    assert STATES == ("open", "accepted", "declined")
    assert LIFE.actions_from("open") == ["accept", "decline"]
    assert LIFE.actions_from("accepted") == LIFE.actions_from("declined") == []


def test_institutes_are_asked_between_confirmation_and_choice():
    assert OPEN_TO_INSTITUTES == ("confirmed", "matched", "communicating", "proposed")
    assert set(OPEN_TO_INSTITUTES) < set(NEED_STATES)
