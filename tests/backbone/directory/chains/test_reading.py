from datetime import UTC, datetime
from uuid import uuid4

import pytest

from backbone.actor import PROVINCE, Role, actor_with
from backbone.directory import service
from backbone.directory.chains import reading
from backbone.errors import Invalid
from tests.factories.directory import a_chain, a_credit_code, a_part, an_enterprise, an_institute

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
OPERATOR = actor_with((Role.OPERATOR, PROVINCE))
LISTED = {"sort": "name", "limit": 100}


def names(page):
    return [row.name for row in page.items]


@pytest.fixture
def chains(session):
    a_chain(session, name="北斗产业链", industries=["beidou"])
    a_chain(session, name="激光产业链", industries=["opto", "equipment"])
    a_chain(session, name="汽车产业链", industries=["auto", "nev"])
    a_chain(session, name="旧链", closed_at=NOW)
    return session


@pytest.mark.parametrize(("asked", "found"), [
    ({}, ["北斗产业链", "激光产业链", "汽车产业链"]), ({"closed": False}, ["北斗产业链", "激光产业链", "汽车产业链"]),
    ({"closed": True}, ["旧链"]), ({"industry": ["equipment"]}, ["激光产业链"]),
    ({"industry": ["beidou", "nev"]}, ["北斗产业链", "汽车产业链"]), ({"q": "jg"}, ["激光产业链"]), ({"q": "產業"}, ["北斗产业链", "激光产业链", "汽车产业链"]),
    ({"q": "%"}, []), ({"q": "_"}, []), ({"sort": "-name"}, ["汽车产业链", "激光产业链", "北斗产业链"]),
])  # fmt: skip
def test_chains_are_listed_as_they_sound_and_filtered(chains, asked, found):
    assert names(reading.list_chains(chains, LISTED | asked)) == found


def test_an_enterprise_names_an_open_chain(session):
    chain = a_chain(session)
    entry = {"name": "x", "credit_code": a_credit_code(), "region_code": "420100", "chain_id": chain.id}
    assert service.register_enterprise(session, OPERATOR, entry, now=NOW).chain_id == chain.id
    reading.require_open_chain(session, {})
    reading.require_open_chain(session, {"chain_id": None})


def test_an_unknown_or_closed_chain_is_not_named(session):
    closed, row = a_chain(session, closed_at=NOW), an_enterprise(session)
    for chain_id in (uuid4(), closed.id):
        with pytest.raises(Invalid) as refused:
            service.amend(session, OPERATOR, row, {"chain_id": chain_id}, now=NOW)
        assert [problem["field"] for problem in refused.value.data["errors"]] == ["chain_id"]
    session.refresh(row)
    assert row.chain_id is None


def test_what_named_a_chain_before_it_closed_keeps_it_and_is_amended_otherwise(session):
    chain = a_chain(session)
    row = an_enterprise(session, chain_id=chain.id)
    chain.closed_at = NOW
    session.flush()
    amended = service.amend(session, OPERATOR, row, {"chain_id": chain.id, "park": "新园区"}, now=NOW)
    assert (amended.chain_id, amended.park) == (chain.id, "新园区")
    assert service.amend(session, OPERATOR, row, {"chain_id": None}, now=NOW).chain_id is None


def test_the_enterprises_of_a_chain_name_it_or_steer_it(session):
    chain, other = a_chain(session), a_chain(session)
    an_enterprise(session, name="甲", chain_id=chain.id)
    steering = an_enterprise(session, name="乙")
    an_enterprise(session, name="丙", chain_id=other.id)
    was = an_enterprise(session, name="丁")
    a_part(session, chain, enterprise_id=steering.id)
    a_part(session, chain, enterprise_id=was.id, ended_at=NOW)

    def of(*wanted):
        asked = LISTED | {"chain_id": [each.id for each in wanted]}
        return set(names(service.list_enterprises(session, OPERATOR, asked)))

    assert of(chain) == {"甲", "乙"}
    assert of(other) == {"丙"}
    assert of(chain, other) == {"甲", "乙", "丙"}


def test_the_institutes_of_a_chain_joined_it(session):
    chain, joined = a_chain(session), an_institute(session, name="甲所")
    an_institute(session, name="乙所")
    a_part(session, chain, institute_id=joined.id)
    assert names(service.list_institutes(session, LISTED | {"chain_id": [chain.id]})) == ["甲所"]


def test_a_filter_by_a_chain_that_does_not_exist_names_its_place(session):
    chain = a_chain(session, closed_at=NOW)
    assert reading.require_chains(session, {"chain_id": [chain.id]}) == [chain.id]
    assert reading.require_chains(session, {}) == []
    with pytest.raises(Invalid) as refused:
        reading.require_chains(session, {"chain_id": [chain.id, uuid4()]})
    assert refused.value.data["errors"][0]["field"] == "chain_id.1"
