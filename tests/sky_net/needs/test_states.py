import pytest

from sky_net.needs import events, states
from sky_net.needs.states import CLOSED, STATES, TRANSITIONS, Clocks, Party
from sky_net.sla.policy import STAGES


def steps_of(action):
    return [step for step in TRANSITIONS if step.action == action]


def test_every_action_is_one_row_of_the_table():
    actions = [step.action for step in TRANSITIONS]
    assert len(actions) == len(set(actions))
    assert set(actions) == {
        "submit", "return", "resubmit", "confirm", "reject", "match", "communicate", "propose", "select", "contract",
        "deliver", "accept_delivery", "withdraw", "expire", "park", "resume_parked",
        "set_aside", "revive", "suspend", "resume_suspended", "fall_back", "conclude", "annul_contract",
    }  # fmt: skip


def test_only_known_states_parties_events_and_stages_occur():
    for step in TRANSITIONS:
        assert {*step.frm, step.to} <= set(STATES)
        assert step.by
        assert set(step.by) <= set(Party)
        assert issubclass(getattr(events, step.event), events.NeedEvent)
        assert step.stops is None or step.stops in STAGES


def test_every_state_is_reached_from_a_draft():
    reached = {"draft"}
    while more := {s.to for s in TRANSITIONS if reached & set(s.frm)} - reached:
        reached |= more
    assert reached == set(STATES)


def test_the_straight_way_leads_from_draft_to_accepted():
    state = states.FIRST
    for action in (
        "submit",
        "confirm",
        "match",
        "communicate",
        "propose",
        "select",
        "contract",
        "deliver",
        "accept_delivery",
    ):
        step = states.step_from(state, action)
        assert step is not None, (state, action)
        state = step.to
    assert state == "accepted"


def test_nothing_leaves_a_closed_need():
    assert {"accepted", "rejected", "withdrawn", "expired", "unsolved"} == CLOSED
    for state in CLOSED:
        assert states.actions_in(state) == []


def test_a_signed_contract_cannot_be_withdrawn():
    assert not states.is_possible("contracted", "withdraw")
    assert states.is_possible("proposed", "withdraw")


def test_without_its_contract_a_need_that_was_not_accepted_waits_for_another_or_is_withdrawn():
    for state in ("contracted", "delivered"):
        step = states.step_from(state, "annul_contract")
        assert step is not None
        assert (step.to, step.clocks, step.stops) == ("selected", None, None)
    assert states.is_possible("selected", "contract")
    assert states.is_possible("selected", "withdraw")
    assert not states.is_possible("accepted", "annul_contract")


def test_no_state_is_a_dead_end_for_want_of_a_contract():
    """Whatever a contract comes to, a need can be closed without one."""
    without_one = [
        step for step in TRANSITIONS if step.action not in {"contract", "deliver", "accept_delivery"}
    ]
    ends = set(CLOSED)
    while more := {state for step in without_one if step.to in ends for state in step.frm} - ends:
        ends |= more
    assert ends == set(STATES)


def test_the_clocks_open_once_and_each_promise_is_stopped_by_its_own_steps():
    assert [step.action for step in TRANSITIONS if step.clocks is Clocks.OPEN] == ["submit"]
    assert {step.action: step.stops for step in TRANSITIONS if step.stops} == {
        "confirm": "confirm", "reject": "confirm", "communicate": "communicate", "propose": "propose",
        "conclude": "propose",
    }  # fmt: skip


def test_whatever_pauses_the_clocks_has_its_own_way_back():
    pausing = {step.to for step in TRANSITIONS if step.clocks is Clocks.PAUSE}
    resuming = {state for step in TRANSITIONS if step.clocks is Clocks.RESUME for state in step.frm}
    assert pausing == resuming == {"returned", "parked"}


def test_whatever_ends_a_need_early_cancels_its_clocks():
    for action in ("reject", "withdraw", "expire", "set_aside", "suspend", "conclude"):
        assert steps_of(action)[0].clocks is Clocks.CANCEL


def test_what_silence_cancelled_has_its_own_way_back():
    ended = {step.to for step in TRANSITIONS if step.event == "NeedSetAside"}
    reopened = {state for step in TRANSITIONS if step.clocks is Clocks.REOPEN for state in step.frm}
    assert ended == reopened == {"silent", "suspended"}


@pytest.mark.parametrize(
    ("state", "wanted"), [("draft", "submit"), ("returned", "resubmit"), ("silent", "revive")]
)
def test_handing_in_means_the_step_that_the_state_knows(state, wanted):
    step = states.step_from(state, ("submit", "resubmit", "revive"))
    assert step is not None
    assert step.action == wanted


def test_an_action_of_another_state_is_no_step():
    assert states.step_from("confirmed", ("submit", "resubmit")) is None


def test_the_description_for_the_document_names_every_state_and_action():
    text = states.described()
    for state, label in STATES.items():
        assert f"{state} {label.zh}" in text
    for step in TRANSITIONS:
        assert f"- {step.action}: " in text
