"""The life of a contact."""

from sky_net.talks.states import LIFE, STANDING, STATES


def test_a_contact_is_recorded_and_then_agreed_or_disputed():
    assert STATES == ("recorded", "agreed", "disputed")
    assert LIFE.actions_from("recorded") == ["agree", "dispute"]
    assert LIFE.actions_from("agreed") == LIFE.actions_from("disputed") == []


def test_a_contact_stands_unless_it_is_disputed():
    assert STANDING == ("recorded", "agreed")
