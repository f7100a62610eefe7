import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from sky_net.needs import states
from sky_net.needs.models import NeedTransition
from tests.factories.needs import MADE_AT, a_need

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "finance"), ("state", "done"), ("need_type", "x"), ("budget_kind", "x"), ("ip_ownership", "x"),
        ("visibility", "everybody"), ("source_channel", "x"), ("urgency", "x"), ("complexity", "x"),
        ("rejection_code", "x"), ("cooperation_modes", ["development", "x"]), ("trl_now", 0), ("trl_required", 10),
        ("budget_min_fen", -1), ("budget_max_fen", 1), ("submitted_at", None),
    ],
)  # fmt: skip
def test_the_database_itself_refuses_what_no_need_can_be(session, column, value):
    need = a_need(session, state="submitted")
    setattr(need, column, value)
    with pytest.raises(IntegrityError, match="check constraint"):
        session.flush()


def test_the_history_takes_only_steps_of_the_table(session):
    need = a_need(session, state="submitted")
    for action, frm, to in states.every_step():
        session.add(a_step(need, action, frm, to))
    session.flush()
    session.add(a_step(need, "confirm", "draft", "confirmed"))
    with pytest.raises(IntegrityError, match="ck_need_transitions_step"):
        session.flush()


def test_the_history_is_never_changed(session):
    need = a_need(session, state="submitted")
    session.add(a_step(need, "submit", "draft", "submitted"))
    session.flush()
    with pytest.raises(DBAPIError, match="permission denied"):
        session.execute(text("UPDATE need_transitions SET actor_role = 'system'"))


def test_a_hidden_budget_is_offered_without_amounts(session):
    assert a_need(session, budget_kind="hidden").offered_budget == {"kind": "hidden"}
    assert a_need(session).offered_budget == {"kind": "range", "min_fen": 80_000_000, "max_fen": 120_000_000}
    assert a_need(session, budget_kind=None).budget is None


def test_a_contact_without_any_word_is_none(session):
    assert a_need(session, contact_name=None, contact_phone=None, contact_email=None).contact is None


def a_step(need, action, frm, to):
    return NeedTransition(
        need_id=need.id, action=action, from_state=frm, to_state=to, actor_role="poster", occurred_at=MADE_AT
    )
