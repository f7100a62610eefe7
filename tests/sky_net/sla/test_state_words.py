"""Every state that is shown has a word."""

from sky_net.sla.clocks import ClockState
from sky_net.sla.phases import SHOWN_STATES
from sky_net.sla.state_words import STATE_WORDS


def test_every_state_that_a_clock_has_or_shows_has_a_word():
    assert set(STATE_WORDS) == {*ClockState, *SHOWN_STATES}
