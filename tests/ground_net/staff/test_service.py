from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from backbone.actor import SYSTEM, Held, Role, Scope, ScopeKind
from backbone.audit import AuditEvent
from backbone.errors import Forbidden, Invalid, NotFound
from backbone.identity import service as identity
from backbone.people.erasing import erase
from backbone.people.finding import Asked
from ground_net.network import service as network
from ground_net.network.errors import NodeIsClosed
from ground_net.staff import service
from ground_net.staff.errors import PostHeld
from tests.factories.ground import a_post
from tests.factories.identity import an_account, an_actor, zone
from tests.factories.network import a_node

SINCE = {"since_on": date(2026, 3, 1)}
ASKED = {"sort": "since_on", "limit": 20, "address": "x"}


@pytest.fixture
def operator(session):
    return an_actor(session, (Role.OPERATOR, zone()))


@pytest.fixture
def node(session):
    return a_node(session)


@pytest.fixture
def account(session):
    return an_account(session)


def appointed(session, actor, node, account, function="collector", *, now):
    values = {"account_id": account.id, "function": function, **SINCE}
    return service.appoint_staff(session, actor, node.id, values, now=now).row


def held(session, account):
    session.expire(account, ["memberships"])
    return identity.actor_of(session, account.id).held


def test_a_collectors_post_brings_the_role_within_the_node(session, operator, node, account, clock):
    post = appointed(session, operator, node, account, now=clock.now())
    assert held(session, account) == {Held(Role.COLLECTOR, Scope(ScopeKind.NODE, node.key))}
    written = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert written == ["grant_membership", "appoint_staff"]
    assert post.membership_id is not None


@pytest.mark.parametrize("function", ["lead", "member"])
def test_other_functions_bring_no_role(session, operator, node, account, clock, function):
    assert appointed(session, operator, node, account, function, now=clock.now()).membership_id is None
    assert held(session, account) == frozenset()


def test_the_post_and_the_role_end_together_whichever_is_ended(session, operator, node, clock):
    for end in (
        lambda post: service.end_post(session, operator, post.id, now=clock.now()),
        lambda post: identity.end_membership(session, operator, post.membership_id, now=clock.now()),
    ):
        account = an_account(session)
        post = appointed(session, operator, node, account, now=clock.now())
        end(post)
        assert post.ended_at == clock.now()
        assert held(session, account) == frozenset()


def test_ending_twice_changes_nothing(session, operator, node, account, clock):
    post = appointed(session, operator, node, account, "lead", now=clock.now())
    service.end_post(session, operator, post.id, now=clock.now())
    first = post.ended_at
    clock.advance(days=1)
    assert service.end_post(session, operator, post.id, now=clock.now()).row.ended_at == first


def test_nobody_works_in_a_closed_node(session, operator, node, account, clock):
    posts = [
        appointed(session, operator, node, an_account(session), each, now=clock.now())
        for each in ("collector", "lead")
    ]
    network.close_node(session, operator, node.id, reason="撤并", now=clock.now())
    assert [post.ended_at for post in posts] == [clock.now()] * 2
    with pytest.raises(NodeIsClosed):
        appointed(session, operator, node, account, now=clock.now())


def test_somebody_erased_works_nowhere(session, operator, node, clock):
    account = an_account(session, login="leaving")
    posts = [
        appointed(session, operator, node, account, each, now=clock.now()) for each in ("collector", "lead")
    ]
    erase(session, SYSTEM, Asked("login", "leaving"), reason="本人申请 9", now=clock.now())
    assert [post.ended_at for post in posts] == [clock.now()] * 2


def test_a_function_is_held_once_at_a_time(session, operator, node, account, clock):
    post = appointed(session, operator, node, account, now=clock.now())
    with pytest.raises(PostHeld):
        appointed(session, operator, node, account, now=clock.now())
    service.end_post(session, operator, post.id, now=clock.now())
    assert appointed(session, operator, node, account, now=clock.now()).ended_at is None


def test_only_the_zones_operators_appoint_and_end(session, node, account, clock):
    post = a_post(session, node)
    for actor in (
        an_actor(session, (Role.OPERATOR, zone("420200"))),
        an_actor(session, (Role.COLLECTOR, zone())),
    ):
        with pytest.raises(Forbidden):
            appointed(session, actor, node, account, now=clock.now())
        with pytest.raises(NotFound):
            service.end_post(session, actor, post.id, now=clock.now())


def test_an_unknown_account_and_a_day_to_come_are_refused(session, operator, node, account, clock):
    with pytest.raises(Invalid):
        appointed(session, operator, node, node, now=clock.now())
    values = {"account_id": account.id, "function": "lead", "since_on": date(2026, 3, 11)}
    with pytest.raises(Invalid):
        service.appoint_staff(session, operator, node.id, values, now=clock.now())


def test_the_staff_is_listed_for_the_zone_and_for_themselves(session, operator, node):
    post, ended = a_post(session, node, function="lead"), a_post(session, node, function="member")
    ended.ended_at = ended.created_at
    session.flush()
    itself = identity.actor_of(session, post.account_id)
    for actor in (
        operator,
        itself,
        an_actor(session, (Role.AUDITOR, zone())),
        an_actor(session, (Role.COLLECTOR, zone())),
    ):
        page = service.list_staff(session, actor, node.id, ASKED)
        assert [(each.row.id, each.name) for each in page.items] == [(post.id, itself.name)]
    assert len(service.list_staff(session, operator, node.id, {**ASKED, "ended": True}).items) == 2
    for actor in (
        an_actor(session, (Role.AUDITOR, zone("420200"))),
        an_actor(session, (Role.BROKER, zone())),
    ):
        with pytest.raises(Forbidden):
            service.list_staff(session, actor, node.id, ASKED)


def test_a_post_of_a_collector_without_role_cannot_be_stored(session, node):
    with pytest.raises(IntegrityError, match="ck_node_posts_membership"):
        a_post(session, node, membership_id=None)
