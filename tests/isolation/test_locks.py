"""A stranger neither waits for the lock of a hidden row nor holds one: waiting would tell that it is there."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.db import Database
from backbone.directory.experts.service import revoke_consent
from backbone.directory.facts.service import retract_fact
from backbone.errors import NotFound
from backbone.identity import service as identity
from sky_net.achievements import service as achievements
from sky_net.invitations.service import accept_invitation
from sky_net.needs import life_cycle
from tests.factories.identity import an_actor
from tests.isolation.building import build
from tests.isolation.world import World

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
Verb = Callable[[Session, Actor, World], Any]
VERBS: dict[str, tuple[Callable[[World], Any], Verb]] = {
    "an offer": (
        lambda world: world.offers["hidden"],
        lambda session, actor, world: achievements.hide_achievement(session, actor, world.offers["hidden"].id, now=NOW),
    ),
    "a need": (
        lambda world: world.needs["operators"],
        lambda session, actor, world: life_cycle.lock_visible(session, actor, world.needs["operators"].id),
    ),
    "a fact": (
        lambda world: world.fact,
        lambda session, actor, world: retract_fact(session, actor, world.fact.id, reason_code="mistaken", now=NOW),
    ),
    "an expert": (
        lambda world: world.experts["hidden"],
        lambda session, actor, world: revoke_consent(session, actor, world.experts["hidden"].id, now=NOW),
    ),
    "a token": (
        lambda world: world.spare_token,
        lambda session, actor, world: identity.revoke_token(session, actor, world.spare_token.id, now=NOW),
    ),
    "a membership": (
        lambda world: world.membership,
        lambda session, actor, world: identity.end_membership(session, actor, world.membership.id, now=NOW),
    ),
    "an invitation": (
        lambda world: world.invitation,
        lambda session, actor, world: _answer(session, actor, world),
    ),
}  # fmt: skip


def _answer(session: Session, actor: Actor, world: World) -> Any:
    return accept_invitation(session, actor, world.invitation.id, now=NOW)


@pytest.fixture(scope="module")
def built(databases: Any) -> Any:
    """The world and a stranger, committed."""
    url = databases.clone()
    database = Database(url)
    with database.transaction() as session:
        world, stranger = build(session), an_actor(session)
        session.flush()
        session.expunge_all()
    yield database, world, stranger
    database.close()
    databases.drop(url)


@pytest.mark.parametrize("name", VERBS)
def test_a_stranger_does_not_wait_for_a_hidden_row(built: Any, name: str):
    database, world, stranger = built
    row_of, verb = VERBS[name]
    row = row_of(world)
    with database.transaction() as holder, database.transaction() as session:
        holder.execute(select(type(row)).where(type(row).id == row.id).with_for_update())
        session.execute(text("SET LOCAL lock_timeout = '2s'"))
        with pytest.raises(NotFound):
            verb(session, stranger, world)


@pytest.mark.parametrize("name", VERBS)
def test_a_stranger_holds_no_lock_of_a_hidden_row(built: Any, name: str):
    database, world, stranger = built
    row_of, verb = VERBS[name]
    row = row_of(world)
    with database.transaction() as session, database.transaction() as owner:
        with pytest.raises(NotFound):
            verb(session, stranger, world)
        owner.execute(select(type(row)).where(type(row).id == row.id).with_for_update(nowait=True))
