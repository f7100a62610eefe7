import pytest

from sky_net.monitoring.actions import next_action
from sky_net.needs.states import STATES, UNSOLVED
from sky_net.sla.policy import STAGES


@pytest.mark.parametrize("state", ["submitted", "returned"])
@pytest.mark.parametrize("stage", STAGES)
def test_before_confirmation_every_stage_asks_for_a_decision_or_for_the_enterprise(state, stage):
    assert next_action(state, stage).code in {"decide", "chase_enterprise"}


@pytest.mark.parametrize("state", UNSOLVED)
@pytest.mark.parametrize("stage", ["communicate", "propose"])
def test_every_unsolved_state_has_a_step_that_brings_the_clock_to_its_stop(state, stage):
    assert next_action(state, stage).code in {"invite", "arrange_talk", "chase_proposal"}


def test_a_recorded_talk_waits_for_the_enterprise_whatever_the_state():
    assert next_action("communicating", "communicate", awaits_agreement=True).code == "have_talk_agreed"


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("stage", STAGES)
def test_there_is_always_something_to_do_in_both_languages(state, stage):
    action = next_action(state, stage)
    assert action.label.zh
    assert action.label.isascii()
