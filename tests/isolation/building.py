"""Building the world, once per worker in a database of its own; every call is rolled back."""

from sqlalchemy import update
from sqlalchemy.orm import Session

import sanwang.models  # noqa: F401  # rows refer to tables that their own packages do not import
from backbone.actor import Role, Scope
from backbone.identity import service as identity
from backbone.identity.models import Membership
from backbone.identity.passwords import hash_password
from tests.factories.identity import MADE_AT, an_account, of
from tests.factories.invitations import SUBMITTED_AT
from tests.isolation.contract_world import contracts
from tests.isolation.directory_world import directory, notices, organisations, settle
from tests.isolation.finance_world import credit, equity, money
from tests.isolation.ground_world import ground_of
from tests.isolation.lead_world import leads
from tests.isolation.need_world import assignments, endings, needs, offers
from tests.isolation.people import EXPERT, HOME, NOBODY, REMOVED, ROLES
from tests.isolation.planted import PASSWORD, WORDS
from tests.isolation.policy_world import policies, policy_facts
from tests.isolation.talk_world import exchanges
from tests.isolation.world import World


def build(session: Session) -> World:
    """The world; everything is flushed, nothing committed."""
    world = World(session)
    organisations(world)
    for person, (role, scope) in ROLES.items():
        settle(world, person, (role, scope if isinstance(scope, Scope) else of(getattr(world, scope))))
    settle(world, NOBODY)
    settle(world, EXPERT)
    settle(world, REMOVED, (Role.ENTERPRISE_MEMBER, of(world.enterprise)))
    session.execute(
        update(Membership)
        .where(Membership.account_id == world.accounts[REMOVED].id)
        .values(ended_at=SUBMITTED_AT)
    )
    colleague = an_account(session, (Role.ENTERPRISE_MEMBER, of(world.enterprise)), name=f"{WORDS}同事")
    world.membership = session.query(Membership).filter_by(account_id=colleague.id).one()
    world.spare_token, _ = identity.issue_token_for(session, world.accounts["poster"], days=3650, now=MADE_AT)
    an_account(session, login="world", password_hash=hash_password(PASSWORD), name="可登录的账号")
    directory(world)
    offers(world)
    needs(world)
    exchanges(world)
    notices(world)
    endings(world)
    assignments(world)
    policies(world)
    policy_facts(world)
    world.ground = ground_of(session, world, WORDS, HOME)
    leads(world)
    contracts(world)
    money(world)
    equity(world)
    credit(world)
    return world
