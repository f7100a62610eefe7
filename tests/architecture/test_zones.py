"""Operators of a zone see and act on that zone alone, the province on all: every operation an operator may call.

Each row of ACTS makes its subject in one zone and calls the operation as an operator of some zone. An operation
that is neither here nor in NOT_BY_ZONE fails the test: whoever adds one says which it is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone.actor import PROVINCE, Role
from backbone.audit import AuditEvent
from backbone.db import Database
from sky_net.needs.models import Need
from tests.architecture import (
    zones_of_contracts,
    zones_of_directory,
    zones_of_ground_net,
    zones_of_leads,
    zones_of_policies,
    zones_of_sky_net,
)
from tests.architecture.not_by_zone import NOT_BY_ZONE
from tests.architecture.zones import Call, Headers
from tests.architecture.zones_of_lists import LISTS
from tests.conftest import RolledBack, rolling_back, standing_database
from tests.databases import TestDatabases
from tests.factories.directory import a_chain, a_part, an_enterprise, an_institute
from tests.factories.identity import an_account, bearer, of, operator, zone
from tests.factories.zones import ZoneUnderTest, a_zone
from tests.some_or_all import some_or_all

OPERATIONS_FILE = Path(__file__).with_name("operations.txt")
WUHAN, DONGHU, HUANGSHI, GBA = "420100", "420100-donghu", "420200", "outside-gba"
SCOPES = {
    "武汉": zone(WUHAN), "东湖": zone(DONGHU), "黄石": zone(HUANGSHI), "湖北": zone("420000"), "大湾区": zone(GBA),
    "省外": zone("outside"), "海外": zone("outside-overseas"), "全省": PROVINCE,
}  # fmt: skip
REACHED_FROM = {
    WUHAN: {"武汉", "湖北", "全省"},
    DONGHU: {"东湖", "武汉", "湖北", "全省"},
    GBA: {"大湾区", "省外", "全省"},
}
OK, REFUSED = {200, 201, 204}, {403, 404}
UNKNOWN = {"grantMembership": 422}
"""Where the body names what the caller may not know of: refused like something that does not exist."""

ACTS: dict[str, Call] = {
    operation: call
    for rows in (
        zones_of_ground_net,
        zones_of_leads,
        zones_of_contracts,
        zones_of_policies,
        zones_of_directory,
        zones_of_sky_net,
    )
    for operation, call in rows.ACTS.items()
}


def events(session: Any) -> int:
    return session.scalar(select(func.count()).select_from(AuditEvent)) or 0


def test_every_operation_is_either_here_or_not_a_matter_of_zones():
    known = {line.split()[0] for line in OPERATIONS_FILE.read_text("utf-8").splitlines()}
    elsewhere = set().union(*NOT_BY_ZONE.values())
    assert ACTS.keys() | LISTS.keys() | elsewhere == known
    assert len(ACTS) + len(LISTS) + sum(map(len, NOT_BY_ZONE.values())) == len(known), (
        "one stands in two lists"
    )


@dataclass(frozen=True)
class Standing:
    """What every test of this module finds, made once in a database of its own: each test's writes are taken back."""

    database: Database
    places: dict[str, ZoneUnderTest]
    operators: dict[str, Headers]


@pytest.fixture(scope="module")
def standing(databases: TestDatabases) -> Iterator[Standing]:
    with standing_database(databases) as made:
        with made.transaction() as session:
            places = {code: a_zone(session, code).settled() for code in REACHED_FROM}
            operators = {name: operator(session, scope) for name, scope in SCOPES.items()}
        yield Standing(made, places, operators)


@pytest.fixture
def rolled_back(standing: Standing) -> Iterator[RolledBack]:
    with rolling_back(standing.database) as transactions:
        yield transactions


@pytest.fixture
def places(standing: Standing, session: Session) -> dict[str, ZoneUnderTest]:
    return {code: place.met_by(session) for code, place in standing.places.items()}


@pytest.fixture
def operators(standing: Standing) -> dict[str, Headers]:
    """An operator of each scope; of Hubei as a zone, which reaches what lies in it as the others do."""
    return standing.operators


@contextmanager
def taken_back(session: Session) -> Iterator[None]:
    """What is written within is gone afterwards, so that the next one finds the same zone."""
    session.flush()
    savepoint = session.connection().begin_nested()
    yield
    savepoint.rollback()
    session.expire_all()


@some_or_all
@pytest.mark.parametrize("operation", ACTS)
def test_an_operator_acts_in_the_own_zone_and_in_no_other(
    client, session, places, operators, operation, some
):  # fmt: skip
    call = ACTS[operation]
    for code, reached in some(REACHED_FROM.items(), operation):
        place = places[code]
        call(client, place, operators["黄石"])  # makes the subject
        before = events(session)
        for name, headers in operators.items():
            with taken_back(session):
                answer = call(client, place, headers)
                allowed = OK if name in reached else {*REFUSED, UNKNOWN.get(operation)}
                assert answer.status_code in allowed, (code, name, answer.text)
                left = events(session) - before
                assert name in reached or not left, f"{name} was refused and left an event"


@pytest.mark.parametrize("operation", LISTS)
def test_an_operators_lists_and_counts_show_the_own_zone_and_no_other(client, places, operators, operation):
    path, shown = LISTS[operation]
    marks = {code: shown(place) for code, place in places.items()}
    for name, headers in operators.items():
        answer = client.get(f"/api{path}", headers=headers)
        assert answer.status_code == 200
        for code, mark in marks.items():
            assert (mark in answer.text) == (name in REACHED_FROM[code]), (code, name)


def test_an_operator_of_two_zones_acts_in_both_and_in_nothing_between(client, session):
    headers = bearer(session, (Role.OPERATOR, zone(DONGHU)), (Role.OPERATOR, zone(GBA)))
    for code, status in ((DONGHU, 200), (GBA, 200), (WUHAN, 404), (HUANGSHI, 404)):
        assert ACTS["showEnterprise"](client, a_zone(session, code), headers).status_code == status


def test_an_operators_other_roles_reach_no_further_with_the_operators_verbs(client, session):
    """A broker of the province who operates one zone confirms in that zone alone."""
    headers = bearer(
        session, (Role.OPERATOR, zone(DONGHU)), (Role.BROKER, PROVINCE), (Role.AUDITOR, PROVINCE)
    )
    assert ACTS["confirmNeed"](client, a_zone(session, DONGHU), headers).status_code == 200
    place = a_zone(session, HUANGSHI)
    assert ACTS["confirmNeed"](client, place, headers).status_code == 403
    assert session.get(Need, place.submitted.id).state == "submitted"


def test_a_zone_given_to_an_operator_elsewhere_is_not_its_to_hand_on(client, session):
    """The owner of a confirmed need is an operator who reaches its zone."""
    place = a_zone(session, DONGHU)
    stranger = an_account(session, (Role.OPERATOR, zone(HUANGSHI)))
    body = {"complexity": "ordinary", "owner_id": str(stranger.id)}
    answer = client.post(
        f"/api/needs/{place.submitted.id}/confirmation", json=body, headers=operator(session, zone(DONGHU))
    )
    assert answer.status_code == 422


@pytest.mark.parametrize("role", ["operator", "auditor", "broker", "administrator"])
@pytest.mark.parametrize("scope", [{"kind": "zone", "id": DONGHU}, {"kind": "province"}], ids=str)
def test_no_operator_makes_operators(client, session, role, scope):
    address = f"/api/accounts/{an_account(session).id}/memberships"
    for own in (zone(DONGHU), PROVINCE):
        answer = client.post(address, json={"role": role, "scope": scope}, headers=operator(session, own))
        assert answer.status_code == 403


def test_an_institute_of_another_zone_is_invited_to_a_need_of_the_own(client, session):
    """Zones part who is responsible, never who may find whom."""
    place, elsewhere = a_zone(session, DONGHU), an_institute(session, region_code=GBA)
    body = {"institute_id": str(elsewhere.id)}
    answer = client.post(
        f"/api/needs/{place.confirmed.id}/invitations", json=body, headers=operator(session, zone(DONGHU))
    )
    assert answer.status_code == 201


@pytest.mark.parametrize("name", [name for name in SCOPES if name != "全省"])
def test_chains_are_the_provinces_alone(client, session, name):
    chain = a_chain(session)
    part, enterprise, headers = (
        a_part(session, chain),
        an_enterprise(session),
        operator(session, SCOPES[name]),
    )
    since = {"since_on": "2026-03-01", "source": "测试"}
    entry = {"name": "新链", "industries": ["opto"], "source": "测试", "as_of_on": "2026-03-01"}
    calls = [
        client.post("/api/chains", json=entry, headers=headers),
        client.patch(f"/api/chains/{chain.id}", json={"summary": "x"}, headers=headers | {"If-Match": "*"}),
        client.post(f"/api/chains/{chain.id}/closing", headers=headers),
        client.post(
            f"/api/chains/{chain.id}/leads",
            json={"title": "x", "organisation": "y", **since},
            headers=headers,
        ),
        client.post(
            f"/api/chains/{chain.id}/masters",
            json={"enterprise_id": str(enterprise.id), **since},
            headers=headers,
        ),
        client.post(
            f"/api/chains/{chain.id}/innovators", json={"organisation": "z", **since}, headers=headers
        ),
        client.post(f"/api/chain-parts/{part.id}/end", headers=headers),
    ]
    assert [answer.status_code for answer in calls] == [403] * 7


def test_a_member_role_is_held_in_the_own_zones_organisations_alone(client, session):
    place, account = a_zone(session, HUANGSHI), an_account(session)
    body = {"role": "institute_member", "scope": {"kind": "organisation", "id": str(place.institute.id)}}
    address = f"/api/accounts/{account.id}/memberships"
    assert client.post(address, json=body, headers=operator(session, zone(DONGHU))).status_code == 403
    assert client.post(address, json=body, headers=operator(session, zone(HUANGSHI))).status_code == 201
    held = client.get("/api/me", headers=bearer(session, (Role.INSTITUTE_MEMBER, of(place.institute))))
    assert held.status_code == 200
