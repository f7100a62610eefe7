from datetime import timedelta
from uuid import uuid4

from sky_net.needs.models import NeedTransition
from sky_net.needs.outcomes import outcomes_of
from tests.factories.needs import MADE_AT, a_need


def a_step(session, need, action, before, after, hours):
    session.add(
        NeedTransition(
            need_id=need.id, action=action, from_state=before, to_state=after, actor_role="operator",
            occurred_at=MADE_AT + timedelta(hours=hours),
        )
    )  # fmt: skip
    session.flush()


def test_a_need_is_told_with_every_state_it_entered_and_its_first_contact(session):
    need, draft = a_need(session, state="communicating"), a_need(session)
    a_step(session, need, "submit", "draft", "submitted", 0)
    a_step(session, need, "communicate", "confirmed", "communicating", 5)
    a_step(session, need, "fall_back", "proposed", "communicating", 9)
    found = outcomes_of(session, [need.id, draft.id, uuid4()])
    assert found.keys() == {need.id, draft.id}
    assert found[need.id].entered == {"submitted", "communicating"}
    assert found[need.id].contacted_at == MADE_AT + timedelta(hours=5)
    assert (found[draft.id].entered, found[draft.id].submitted_at) == (frozenset(), None)
    assert outcomes_of(session, []) == {}
