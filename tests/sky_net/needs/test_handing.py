import pytest

from backbone.actor import Role
from backbone.errors import Invalid, StateConflict
from sky_net.needs.handing import hand_need
from tests.factories.identity import an_account, an_actor, zone
from tests.factories.needs import a_need


def test_a_need_changes_hands_within_its_zone_alone(session, clock):
    operator, broker = an_actor(session, (Role.OPERATOR, zone())), an_actor(session, (Role.BROKER, zone()))
    need = a_need(session, state="confirmed", owner_id=operator.account_id)
    hand_need(session, operator, need, broker.account_id, now=clock.now())
    assert (need.owner_id, need.updated_at) == (broker.account_id, clock.now())
    for other in (an_account(session), an_account(session, (Role.BROKER, zone("420200")))):
        with pytest.raises(Invalid):
            hand_need(session, operator, need, other.id, now=clock.now())


@pytest.mark.parametrize("state", ["submitted", "contracted", "withdrawn"])
def test_what_nobody_owns_and_what_is_decided_stays_where_it_is(session, clock, state):
    broker = an_account(session, (Role.BROKER, zone()))
    owner_id = None if state == "submitted" else an_account(session).id
    need = a_need(session, state=state, owner_id=owner_id)
    with pytest.raises(StateConflict):
        hand_need(session, an_actor(session), need, broker.id, now=clock.now())
    assert need.owner_id == owner_id
