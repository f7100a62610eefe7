"""The table that invitations, contacts and proposals share."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from backbone.actor import SYSTEM
from backbone.errors import Bilingual, Forbidden, StateConflict
from sky_net.invitations.life_cycle import LifeCycle, Transition


@dataclass
class Row:
    state: str
    institute_id: UUID


def anybody(actor, need, institute_id):
    return True


def the_keeper(actor, need, institute_id):
    return need == "kept"


LIFE = LifeCycle(
    "new",
    {state: Bilingual(f"词{state}", f"word {state}") for state in ("new", "taken", "gone", "faded")},
    Transition("take", ("new",), "taken", by=(anybody,)),
    Transition("drop", ("new",), "gone", by=(anybody,)),
    Transition("drop", ("taken",), "gone", by=(the_keeper,)),
    Transition("fade", ("new", "taken"), "faded"),
)


def moved(state, action, need="free"):
    row = Row(state, uuid4())
    LIFE.move(row, action, SYSTEM, need)
    return row.state


def test_states_come_from_the_table_in_the_order_of_a_life():
    assert LIFE.states == ("new", "taken", "gone", "faded")
    assert LIFE.after("take") == "taken"


def test_a_permitted_action_leads_to_the_next_state():
    assert moved("new", "take") == "taken"


def test_one_action_may_belong_to_different_people_in_different_states():
    assert moved("new", "drop") == "gone"
    assert moved("taken", "drop", "kept") == "gone"
    with pytest.raises(Forbidden):
        moved("taken", "drop")


def test_an_action_out_of_its_state_says_what_can_be_done_instead():
    with pytest.raises(StateConflict) as refused:
        moved("taken", "take")

    assert refused.value.data == {"state": "taken", "action": "take", "allowed": ["drop"]}


def test_from_the_last_state_nothing_leads_on():
    row = Row("gone", uuid4())

    with pytest.raises(StateConflict) as refused:
        LIFE.move(row, "drop", SYSTEM, "free")

    assert refused.value.data["allowed"] == []
    assert row.state == "gone"


def test_asking_for_a_step_moves_nothing():
    row = Row("new", uuid4())

    assert LIFE.step(row, "take", SYSTEM, "free").to == "taken"
    assert row.state == "new"


def test_what_another_step_brings_about_is_nobodys_action():
    row = Row("taken", uuid4())

    with pytest.raises(Forbidden):
        LIFE.move(row, "fade", SYSTEM, "kept")
    assert "fade" not in LIFE.actions_from("taken")
    LIFE.follow(row, "fade")
    assert row.state == "faded"
