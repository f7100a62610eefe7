import json
from uuid import uuid4

import pytest

from backbone.actor import Role
from backbone.directory.facts.kinds import FACT_KINDS
from tests.factories.directory import a_fact, an_enterprise, an_institute
from tests.factories.identity import bearer, of, operator, zone


def entry(**values):
    return {
        "kind": "revenue",
        "value": 8_000_000_000,
        "as_of_on": "2025-12-31",
        "source": "2025 年度审计报告",
    } | values


def test_a_member_records_reads_and_retracts_a_figure(client, session):
    enterprise = an_enterprise(session)
    member, address = (
        bearer(session, (Role.ENTERPRISE_MEMBER, of(enterprise))),
        f"/api/enterprises/{enterprise.id}/facts",
    )
    answer = client.post(address, json=entry(), headers=member)
    assert answer.status_code == 201
    fact = answer.get_json()
    assert {name: fact[name] for name in entry()} == entry()
    assert (fact["unit"], fact["said_by"], fact["retracted_at"]) == ("fen", "enterprise", None)
    assert client.get(address, headers=member).get_json()["items"] == [fact]
    retracted = client.post(
        f"/api/enterprise-facts/{fact['id']}/retraction", json={"reason_code": "mistaken"}, headers=member
    )
    assert retracted.get_json()["retraction"] == "mistaken"
    assert client.get(address, headers=member).get_json()["items"] == []
    assert len(client.get(f"{address}?retracted=true", headers=member).get_json()["items"]) == 1


@pytest.mark.parametrize(("field", "value"), [
    ("kind", "mood"), ("kind", None), ("value", "１２"), ("value", 1.5), ("value", 10**30), ("value", -1), ("value", True), ("value", None),
    ("as_of_on", "2025-06-30"), ("as_of_on", "2027-12-31"), ("as_of_on", "１９９９-12-31"), ("as_of_on", "1989-12-31"), ("source", ""),
    ("source", "\0"), ("source", None), ("unit", "fen"), ("said_by", "operator"),
])  # fmt: skip
def test_bad_figures_are_422_naming_the_field(client, session, field, value):
    address = f"/api/enterprises/{an_enterprise(session).id}/facts"
    answer = client.post(address, data=json.dumps(entry(**{field: value})), headers=operator(session))
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.get_json()["errors"]] == [field]


def test_a_figure_on_record_is_409_and_names_the_one_that_stands(client, session):
    fact = a_fact(session, an_enterprise(session))
    answer = client.post(
        f"/api/enterprises/{fact.enterprise_id}/facts", json=entry(), headers=operator(session)
    )
    assert (answer.status_code, answer.get_json()["code"]) == (409, "fact_on_record")
    assert answer.get_json()["id"] == str(fact.id)


def test_another_zone_learns_nothing_of_figures(client, session):
    fact = a_fact(session, an_enterprise(session))
    headers, address = operator(session, zone("420200")), f"/api/enterprises/{fact.enterprise_id}/facts"
    assert client.get(address, headers=headers).status_code == 404
    assert client.post(address, json=entry(), headers=headers).status_code == 404
    retraction = f"/api/enterprise-facts/{fact.id}/retraction"
    assert client.post(retraction, json={"reason_code": "mistaken"}, headers=headers).status_code == 404
    assert client.get(address, headers=bearer(session)).status_code == 404


def test_an_auditor_reads_and_does_not_write(client, session):
    fact = a_fact(session, an_enterprise(session))
    headers, address = bearer(session, (Role.AUDITOR, zone())), f"/api/enterprises/{fact.enterprise_id}/facts"
    assert len(client.get(address, headers=headers).get_json()["items"]) == 1
    assert client.post(address, json=entry(), headers=headers).status_code == 403


@pytest.mark.parametrize(
    "query",
    ["kind=mood", "sort=value", "retracted=yes", "kind=revenue&kind=revenue", "limit=１", "colour=red"],
)
def test_wrong_filters_are_422(client, session, query):
    address = f"/api/enterprises/{an_enterprise(session).id}/facts"
    assert client.get(f"{address}?{query}", headers=operator(session)).status_code == 422


@pytest.mark.parametrize(
    "body",
    [{}, {"reason_code": "because"}, {"reason_code": None}, {"reason_code": "mistaken", "message": "x"}],
)
def test_a_retraction_says_why_with_a_word_of_the_list(client, session, body):
    fact = a_fact(session, an_enterprise(session))
    answer = client.post(f"/api/enterprise-facts/{fact.id}/retraction", json=body, headers=operator(session))
    assert answer.status_code == 422


def test_figures_of_what_is_no_enterprise_are_404(client, session):
    for enterprise_id in (uuid4(), an_institute(session).id, "４２"):
        assert (
            client.get(f"/api/enterprises/{enterprise_id}/facts", headers=operator(session)).status_code
            == 404
        )


def test_the_kinds_need_no_token_and_say_unit_and_limit(client):
    items = client.get("/api/fact-kinds").get_json()["items"]
    assert [kind["code"] for kind in items] == list(FACT_KINDS)
    assert items[0] == {
        "code": "revenue", "zh": "营业收入", "en": "revenue", "unit": "fen", "unit_zh": "分", "unit_en": "fen",
        "most": 10**15, "of_a_year": True,
    }  # fmt: skip
