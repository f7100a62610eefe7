"""Who reads how much: the whole table, row by row, asked of the database."""

import itertools

import pytest
from sqlalchemy import select

from backbone.actor import PROVINCE, Actor, Role, Scope, ScopeKind
from backbone.errors import NotFound
from sky_net.needs import reading, states
from sky_net.needs.models import Need
from sky_net.needs.permissions import party_for, readable, view_of
from sky_net.needs.states import TRANSITIONS, Party
from sky_net.needs.vocabulary import VISIBILITY
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.identity import an_actor, of, zone
from tests.factories.needs import MADE_AT, a_need

WUHAN, YICHANG, DONGHU = "420100", "420500", "420100-donghu"
NOT_OFFERED = {"draft", "submitted", "returned", "rejected", "silent"}


def view(session, actor, need):
    return session.scalar(select(view_of(actor)).where(readable(actor)).where(type(need).id == need.id))


@pytest.fixture
def enterprise(session):
    return an_enterprise(session, region_code=WUHAN)


@pytest.fixture
def institute(session):
    return an_institute(session)


def grant(session, need, institute):
    reading.grant_reading(session, Actor(None, "test"), need, institute.id, now=MADE_AT)


@pytest.mark.parametrize("visibility", VISIBILITY)
def test_the_poster_always_reads_everything(session, enterprise, visibility):
    poster = an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
    for state in states.STATES:
        assert (
            view(session, poster, a_need(session, enterprise, state=state, visibility=visibility)) == "full"
        )


def test_other_enterprises_know_of_nothing(session, enterprise):
    other = an_actor(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session, region_code=WUHAN))))
    for state, visibility in itertools.product(states.STATES, VISIBILITY):
        assert view(session, other, a_need(session, enterprise, state=state, visibility=visibility)) is None


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.AUDITOR])
@pytest.mark.parametrize(
    ("scope", "sees"), [(PROVINCE, True), (zone(WUHAN), True), (zone(YICHANG), False), (zone(DONGHU), False)]
)
def test_operators_and_auditors_read_everything_of_their_zone_from_submission_on(
    session, enterprise, role, scope, sees
):
    actor = an_actor(session, (role, scope))
    for state, visibility in itertools.product(states.STATES, VISIBILITY):
        need = a_need(session, enterprise, state=state, visibility=visibility)
        assert view(session, actor, need) == ("full" if sees and need.submitted_at else None)


def test_a_zone_reaches_down_into_the_zones_within_it(session):
    need = a_need(session, an_enterprise(session, region_code=DONGHU), state="submitted")
    assert view(session, an_actor(session, (Role.OPERATOR, zone(WUHAN))), need) == "full"
    assert view(session, an_actor(session, (Role.OPERATOR, zone(DONGHU))), need) == "full"


def test_a_draft_that_was_withdrawn_was_never_shown_to_anybody(session, enterprise):
    need = a_need(session, enterprise, state="withdrawn", submitted_at=None)
    assert view(session, an_actor(session, (Role.OPERATOR, PROVINCE)), need) is None


@pytest.mark.parametrize(
    ("visibility", "expected"),
    [("public", "open"), ("masked", "masked"), ("invited", "masked"), ("operators", None)],
)
def test_brokers_of_the_zone_read_masked_unless_public_and_never_what_is_for_operators(
    session, enterprise, visibility, expected
):
    broker = an_actor(session, (Role.BROKER, zone(WUHAN)))
    stranger = an_actor(session, (Role.BROKER, zone(YICHANG)))
    for state in states.STATES:
        need = a_need(session, enterprise, state=state, visibility=visibility)
        assert view(session, broker, need) == (expected if need.submitted_at else None)
        assert view(session, stranger, need) is None


@pytest.mark.parametrize("role", [Role.INSTITUTE_MEMBER, Role.TRANSFER_OFFICE])
@pytest.mark.parametrize(
    ("visibility", "expected"),
    [("public", "open"), ("masked", "masked"), ("invited", None), ("operators", None)],
)
def test_institutes_read_from_confirmation_until_the_end_by_visibility(
    session, enterprise, institute, role, visibility, expected
):
    actor = an_actor(session, (role, of(institute)))
    for state in states.STATES:
        need = a_need(session, enterprise, state=state, visibility=visibility)
        offered = state not in NOT_OFFERED | states.CLOSED
        assert view(session, actor, need) == (expected if offered else None), state


@pytest.mark.parametrize("visibility", ["public", "masked", "invited"])
def test_an_invited_institute_reads_everything_also_after_the_end(session, enterprise, institute, visibility):
    invited = an_actor(session, (Role.INSTITUTE_MEMBER, of(institute)))
    for state in ("confirmed", "matched", "accepted", "expired"):
        need = a_need(session, enterprise, state=state, visibility=visibility)
        grant(session, need, institute)
        assert view(session, invited, need) == "invited"


def test_an_invitation_is_of_one_need_and_one_institute(session, enterprise, institute):
    invited, other = (a_need(session, enterprise, state="matched", visibility="invited") for _ in range(2))
    grant(session, invited, institute)
    stranger = an_actor(session, (Role.INSTITUTE_MEMBER, of(an_institute(session))))
    actor = an_actor(session, (Role.INSTITUTE_MEMBER, of(institute)))
    assert view(session, actor, other) is None
    assert view(session, stranger, invited) is None
    assert session.scalars(select(Need).where(readable(actor))).all() == [invited]


def test_what_is_turned_to_operators_only_is_taken_from_the_invited_too(session, enterprise, institute):
    need = a_need(session, enterprise, state="matched", visibility="invited")
    grant(session, need, institute)
    need.visibility = "operators"
    session.flush()
    assert view(session, an_actor(session, (Role.INSTITUTE_MEMBER, of(institute))), need) is None


@pytest.mark.parametrize("role", [Role.FUND_MANAGER, Role.POLICY_OFFICER, Role.ADMINISTRATOR])
def test_roles_without_business_here_see_nothing(session, enterprise, role):
    a_need(session, enterprise, state="confirmed", visibility="public")
    actor = an_actor(session, (role, PROVINCE))
    assert session.scalars(select(Need).where(readable(actor))).all() == []
    with pytest.raises(NotFound):
        reading.read_need(session, actor, a_need(session, state="confirmed").id)


def test_several_roles_add_up_to_the_fullest_view(session, enterprise, institute):
    need = a_need(session, enterprise, state="confirmed", visibility="masked")
    both = an_actor(session, (Role.INSTITUTE_MEMBER, of(institute)), (Role.OPERATOR, zone(WUHAN)))
    assert view(session, both, need) == "full"


def test_each_step_is_taken_in_a_capacity_the_table_names(session, enterprise):
    need = a_need(session, enterprise, state="submitted", entrusted_to="T-1")
    actors = {
        Party.POSTER: an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise))),
        Party.COLLECTOR: an_actor(session, (Role.COLLECTOR, Scope(ScopeKind.NODE, "T-1"))),
        Party.OPERATOR: an_actor(session, (Role.OPERATOR, zone(WUHAN))),
        Party.BROKER: an_actor(session, (Role.BROKER, zone(WUHAN))),
        Party.INSTITUTE: an_actor(session, (Role.TRANSFER_OFFICE, of(an_institute(session)))),
        Party.SYSTEM: Actor(None, "system"),
    }
    for step, (party, actor) in itertools.product(TRANSITIONS, actors.items()):
        assert party_for(actor, need, step) == (party if party in step.by else None), (step.action, party)


def test_an_operator_of_another_zone_is_no_party(session, enterprise):
    need = a_need(session, enterprise, state="submitted")
    stranger = an_actor(session, (Role.OPERATOR, zone(YICHANG)))
    assert all(party_for(stranger, need, step) is None for step in TRANSITIONS)


def test_what_is_entrusted_to_a_node_is_its_collectors_and_its_zones_and_nobody_elses(session, enterprise):
    need = a_need(session, enterprise, entrusted_to="T-1")
    within = [
        (Role.COLLECTOR, Scope(ScopeKind.NODE, "T-1")),
        (Role.COLLECTOR, zone(WUHAN)),
        (Role.COLLECTOR, PROVINCE),
    ]
    beyond = [
        (Role.COLLECTOR, Scope(ScopeKind.NODE, "T-2")), (Role.COLLECTOR, zone(YICHANG)), (Role.BROKER, zone(WUHAN)),
        (Role.OPERATOR, zone(WUHAN)), (Role.AUDITOR, Scope(ScopeKind.NODE, "T-1")),
    ]  # fmt: skip
    for held in within:
        assert view(session, an_actor(session, held), need) == "full"
    for held in beyond:
        assert view(session, an_actor(session, held), need) is None
    own = a_need(session, enterprise)
    for held in within:
        assert view(session, an_actor(session, held), own) is None
