"""Facts over HTTP: typed values in and out, in the units of their keys, refused by name."""

import json

import pytest

from backbone.actor import Role
from policy_pack.engine.dictionary import DICTIONARY
from tests.factories.directory import a_fact, an_enterprise
from tests.factories.files import a_pdf
from tests.factories.identity import bearer, of, operator, zone
from tests.factories.policy_facts import a_matter, a_policy_fact

BYTES = {"Content-Type": "application/octet-stream"}


@pytest.fixture
def enterprise(session):
    return an_enterprise(session)


@pytest.fixture
def member(session, enterprise):
    return bearer(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))


def entry(**values):
    return {"facts": {"service_spend": 40}, "as_of_on": "2026-03-01", "source": "服务合同"} | values


@pytest.mark.parametrize(("key", "value"), [
    ("service_spend", 12.5), ("service_spend", 0), ("is_sme", True), ("sme_score", 71.25), ("registered_contracts_year", 2000),
    ("station_assessed_qualified", False), ("srdi_score", None), ("technology_transfer_income", 10**9),
])  # fmt: skip
def test_a_value_comes_back_as_it_was_sent(client, enterprise, member, key, value):
    address = f"/api/enterprises/{enterprise.id}/policy-facts"
    answer = client.post(address, json=entry(facts={key: value}), headers=member)
    assert answer.status_code == 201, answer.text
    [fact] = answer.json["items"]
    assert (fact["key"], fact["value"], fact["said_by"], fact["as_of_on"]) == (
        key,
        value,
        "enterprise",
        "2026-03-01",
    )
    assert client.get(address, headers=member).json["items"] == [fact]


@pytest.mark.parametrize(("key", "value"), [
    ("contract_type", "开发"), ("contract_signed_on", "2026-02-03"), ("buyer_region", "湖北省/武汉市"), ("other_aid", ["municipal"]),
])  # fmt: skip
def test_texts_days_and_lists_do_too(client, session, enterprise, member, key, value):
    matter = str(a_matter(session, enterprise).id)
    address = f"/api/enterprises/{enterprise.id}/policy-facts"
    answer = client.post(address, json=entry(facts={key: value}, matter_id=matter), headers=member)
    assert answer.json["items"][0]["value"] == value
    found = client.get(f"{address}?matter_id={matter}", headers=member).json["items"]
    assert [each["value"] for each in found] == [value]


@pytest.mark.parametrize(("facts", "field"), [
    ({"nobody_knows": 1}, "nobody_knows"), ({"service_spend": "40"}, "service_spend"), ({"service_spend": True}, "service_spend"),
    ({"is_sme": 1}, "is_sme"), ({"service_spend": {"a": 1}}, "service_spend"), ({"service_spend": [40]}, "service_spend"),
    ({}, "facts"), ([], "facts"), (None, "facts"), ("service_spend", "facts"),
])  # fmt: skip
def test_bad_facts_are_422_naming_the_key(client, enterprise, member, facts, field):
    address = f"/api/enterprises/{enterprise.id}/policy-facts"
    answer = client.post(address, json=entry(facts=facts), headers=member)
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.json["errors"]] == [field]


@pytest.mark.parametrize("body", [b'{"facts": {"service_spend": NaN}}', b'{"facts": {"service_spend": 1e999}, "as_of_on": "2026-03-01", "source": "x"}',
                                  b'{"facts": {"is_sme": true, "is_sme": false}}'])  # fmt: skip
def test_what_no_number_is_and_a_key_given_twice_are_refused(client, enterprise, member, body):
    address = f"/api/enterprises/{enterprise.id}/policy-facts"
    answer = client.post(address, data=body, headers=member | {"Content-Type": "application/json"})
    assert answer.status_code in {400, 422}
    assert client.get(address, headers=member).json["items"] == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("as_of_on", "2099-01-01"), ("source", ""), ("valid_until_on", "2026-02-01"), ("matter_id", "x")],
)
def test_the_other_fields_are_refused_by_name_too(client, enterprise, member, field, value):
    address = f"/api/enterprises/{enterprise.id}/policy-facts"
    answer = client.post(address, json=entry(**{field: value}), headers=member)
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.json["errors"]] == [field]


def test_what_is_known_holds_the_directory_and_the_statements_and_says_where_each_was_read(
    client, session, enterprise, member
):
    a_fact(session, enterprise, source="2025 年度审计报告")
    a_policy_fact(session, enterprise)
    a_policy_fact(session, enterprise, key="srdi_score", value={"gap": "known_absent"})
    a_policy_fact(session, enterprise, key="vc_backed", value={"flag": True})
    a_policy_fact(session, enterprise, key="vc_backed", value={"flag": False}, said_by="office")
    answer = client.get(f"/api/enterprises/{enterprise.id}/known-facts?as_of_on=2026-03-10", headers=member)
    facts = {each["key"]: each for each in answer.json["items"]}
    assert [facts[key]["state"] for key in ("revenue", "srdi_score", "vc_backed")] == [
        "known",
        "known_absent",
        "disputed",
    ]
    assert (facts["revenue"]["value"], facts["revenue"]["unit"]) == (1000, "万元")
    assert "审计报告" in facts["revenue"]["read"]
    assert facts["service_spend"]["read"] == "服务合同 (2026-03-01)"
    assert facts["vc_backed"]["value"] is None
    assert "sme_score" not in facts
    assert list(facts) == [key for key in DICTIONARY if key in facts]


def test_as_of_an_earlier_day_less_was_known(client, session, enterprise, member):
    a_policy_fact(session, enterprise)
    for day, is_known in (("2026-03-01", True), ("2026-02-28", False)):
        answer = client.get(f"/api/enterprises/{enterprise.id}/known-facts?as_of_on={day}", headers=member)
        assert ("service_spend" in {each["key"] for each in answer.json["items"]}) is is_known


def test_the_list_is_narrowed_and_shows_what_was_taken_back_when_asked(client, session, enterprise, member):
    fact = a_policy_fact(session, enterprise)
    a_policy_fact(session, enterprise, key="is_sme", value={"flag": True})
    address = f"/api/enterprises/{enterprise.id}/policy-facts"
    client.post(f"/api/policy-facts/{fact.id}/retraction", json={"reason_code": "mistaken"}, headers=member)
    client.post(f"/api/policy-facts/{fact.id}/retraction", json={"reason_code": "mistaken"}, headers=member)
    for query, keys in (
        ("", ["is_sme"]),
        ("?retracted=true", ["is_sme", "service_spend"]),
        ("?key=service_spend", []),
        ("?disputed=true", []),
    ):
        found = client.get(f"{address}{query}", headers=member).json["items"]
        assert sorted(each["key"] for each in found) == keys


def test_a_dispute_its_settlement_and_its_proof(client, session, enterprise, member):
    fact, office = a_policy_fact(session, enterprise), operator(session)
    address = f"/api/policy-facts/{fact.id}"
    disputed = client.post(f"{address}/dispute", json={"reason": "与发票不符"}, headers=office).json
    assert disputed["dispute"] == "与发票不符"
    again = client.post(f"{address}/dispute", json={"reason": "再"}, headers=office)
    assert (again.status_code, again.json["code"]) == (409, "policy_fact_disputed")
    proven = client.post(f"{address}/evidence?name=发票.pdf", data=a_pdf("发票"), headers=member | BYTES)
    assert proven.status_code == 201
    assert client.get(f"{address}/evidence", headers=office).data == a_pdf("发票")
    settled = client.post(f"{address}/settlement", json={"stands": True}, headers=office).json
    assert (settled["dispute"], settled["retracted_at"]) == (None, None)
    nothing = client.post(f"{address}/settlement", json={"stands": True}, headers=office)
    assert (nothing.status_code, nothing.json["code"]) == (409, "policy_fact_undisputed")


def test_the_proof_of_a_fact_is_as_hidden_as_its_enterprise(client, session, enterprise, member):
    fact = a_policy_fact(session, enterprise)
    address = f"/api/policy-facts/{fact.id}/evidence"
    client.post(f"{address}?name=发票.pdf", data=a_pdf("发票"), headers=member | BYTES)
    for scope, status in ((zone("420100"), 200), (zone("420500"), 404), (zone("420100-donghu"), 404)):
        assert client.get(address, headers=bearer(session, (Role.OPERATOR, scope))).status_code == status


def test_a_matter_is_opened_once_and_listed(client, enterprise, member):
    address = f"/api/enterprises/{enterprise.id}/policy-matters"
    said = {"kind": "contract", "reference": "HT-1", "title": "技术开发合同"}
    first, second = (client.post(address, json=said, headers=member) for _ in range(2))
    assert (first.status_code, first.json["id"]) == (201, second.json["id"])
    client.post(address, json=said | {"kind": "product"}, headers=member)
    assert len(client.get(address, headers=member).json["items"]) == 2
    assert [each["kind"] for each in client.get(f"{address}?kind=product", headers=member).json["items"]] == [
        "product"
    ]


def test_the_dictionary_is_everybodys_and_says_where_each_fact_is_kept(client):
    kinds = {each["key"]: each for each in client.get("/api/policy-fact-kinds").json["items"]}
    assert list(kinds) == list(DICTIONARY)
    assert (kinds["revenue"]["kept_by_directory"], kinds["revenue"]["unit"]) == ("revenue", "万元")
    assert kinds["service_spend"]["kept_by_directory"] is None
    assert kinds["cash_received"]["per"] == "contract"
    asked = client.get("/api/policy-fact-kinds", headers={"Accept-Language": "en"}).json["items"]
    assert next(each for each in asked if each["key"] == "staff_total")["label"] == "staff"


def test_a_retry_with_the_same_key_records_nothing_twice(client, enterprise, member):
    address = f"/api/enterprises/{enterprise.id}/policy-facts"
    headers = member | {"Idempotency-Key": "once"}
    first = client.post(address, json=entry(), headers=headers)
    again = client.post(address, json=entry(), headers=headers)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert json.loads(first.data) == json.loads(again.data)
    assert client.post(address, json=entry(source="别处"), headers=headers).status_code == 409
