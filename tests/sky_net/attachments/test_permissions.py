"""The tables: every party, every view, every level; and who may change what in which state."""

import pytest

from backbone.actor import PROVINCE, Role
from backbone.errors import NotFound
from sky_net.attachments.models import LEVELS
from sky_net.attachments.permissions import LEVELS_OF_VIEW, OPEN_TO_POSTER, is_settled_for, levels_for
from sky_net.needs import permissions, states
from sky_net.needs.permissions import FULL, MASKED, OPEN
from sky_net.needs.reading import read_need
from tests.factories.identity import an_actor, zone
from tests.factories.invitations import an_exchange, an_invitation
from tests.factories.needs import a_need

EVERY, INVITED, OPENED, STRANGERS, NOTHING = (
    LEVELS,
    ("public", "masked", "invited"),
    ("public", "masked"),
    ("masked",),
    None,
)


def levels(exchange, actor):
    try:
        return levels_for(actor, read_need(exchange.session, actor, exchange.need.id))
    except NotFound:
        return None


SEEN = {
    # who: by visibility of the need public, masked, invited, operators
    "poster": (EVERY, EVERY, EVERY, EVERY),
    "operator": (EVERY, EVERY, EVERY, EVERY),
    "auditor": (INVITED, INVITED, INVITED, INVITED),
    "office": (INVITED, INVITED, INVITED, NOTHING),
    "researcher": (INVITED, INVITED, INVITED, NOTHING),
    "rival_office": (OPENED, STRANGERS, NOTHING, NOTHING),
    "broker": (OPENED, STRANGERS, STRANGERS, NOTHING),
    "stranger": (NOTHING, NOTHING, NOTHING, NOTHING),
}


@pytest.mark.parametrize("at", range(len(LEVELS)), ids=LEVELS)
def test_each_party_knows_of_the_levels_of_its_view(session, at):
    exchange = an_exchange(session, visibility="public")
    an_invitation(session, exchange.need, exchange.institute)
    exchange.need.visibility = LEVELS[at]
    session.flush()
    found = {who: levels(exchange, getattr(exchange, who)) for who in SEEN}
    assert found == {who: row[at] for who, row in SEEN.items()}


def test_operators_elsewhere_and_the_province(session):
    exchange = an_exchange(session)
    assert levels(exchange, an_actor(session, (Role.OPERATOR, zone("420500")))) is None
    assert levels(exchange, an_actor(session, (Role.OPERATOR, PROVINCE))) == EVERY


def test_every_view_has_its_row_and_none_shows_more_than_the_one_above():
    assert set(LEVELS_OF_VIEW) == {FULL, permissions.INVITED, OPEN, MASKED}
    assert LEVELS_OF_VIEW[permissions.INVITED] == LEVELS_OF_VIEW[FULL]
    full, opened, masked = (set(LEVELS_OF_VIEW[view]) for view in (FULL, OPEN, MASKED))
    assert masked < opened < full < set(LEVELS)


@pytest.mark.parametrize("state", states.STATES)
def test_the_poster_changes_until_confirmation_and_operators_always(session, state):
    exchange = an_exchange(session)
    need = a_need(session, exchange.enterprise, state=state)
    assert is_settled_for(exchange.poster, need) is (
        state not in ("draft", "returned", "silent", "submitted")
    )
    if state != states.FIRST:
        assert not is_settled_for(exchange.operator, need)
    assert set(OPEN_TO_POSTER) <= set(states.STATES)
