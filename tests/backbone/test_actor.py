"""Who acts: what a role reaches follows from its scope alone."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some

from backbone.actor import PROVINCE, ROLE_WORDS, SYSTEM, Actor, Held, Role, Scope, ScopeKind, actor_with

ORGANISATIONS = [uuid4() for _ in range(3)]
scopes = some.one_of(
    some.just(PROVINCE),
    some.sampled_from(["420100", "420500"]).map(lambda code: Scope(ScopeKind.ZONE, code)),
    some.sampled_from(["node-1"]).map(lambda key: Scope(ScopeKind.NODE, key)),
    some.sampled_from(ORGANISATIONS).map(lambda id_: Scope(ScopeKind.ORGANISATION, str(id_))),
)
holdings = some.sets(some.builds(Held, some.sampled_from(Role), scopes), max_size=6)


@given(holdings, some.sampled_from(Role))
def test_every_held_role_reaches_exactly_its_scopes(held, role):
    actor = Actor(uuid4(), "", frozenset(held))
    of_the_role = {each.scope for each in held if each.role is role}
    assert actor.holds(role) == bool(of_the_role)
    assert actor.holds_for_province(role) == (PROVINCE in of_the_role)
    assert {str(each) for each in actor.organisations(role)} == {
        scope.id for scope in of_the_role if scope.kind is ScopeKind.ORGANISATION
    }
    assert actor.zones(role) == {scope.id for scope in of_the_role if scope.kind is ScopeKind.ZONE}


@given(holdings)
def test_several_roles_reach_what_each_of_them_does(held):
    actor = Actor(None, "", frozenset(held))
    assert actor.organisations(*Role) == frozenset().union(*(actor.organisations(role) for role in Role))
    assert actor.zones(*Role) == frozenset().union(*(actor.zones(role) for role in Role))


@pytest.mark.parametrize("role", Role)
def test_a_role_over_the_province_is_a_role_in_no_organisation_and_no_zone(role: Role):
    actor = actor_with((role, PROVINCE))
    assert actor.holds_for_province(role)
    assert actor.organisations(*Role) == frozenset()
    assert actor.zones(*Role) == frozenset()


def test_nobody_holds_nothing_and_the_system_is_nobody():
    assert not Actor(None, "").holds(*Role)
    assert SYSTEM.account_id is None
    assert not SYSTEM.holds(*Role)
    assert actor_with() != SYSTEM


def test_every_trade_has_a_name_of_its_own_in_both_languages():
    assert set(ROLE_WORDS) == set(Role)
    assert len({word.zh for word in ROLE_WORDS.values()}) == len({*ROLE_WORDS.values()}) == len(Role)
