"""Question by question: each is the one that decides most, and its answer is kept where such a fact is kept."""

import pytest

from backbone.actor import PROVINCE, Role
from policy_pack.engine.dictionary import DICTIONARY
from tests.factories.directory import an_enterprise
from tests.factories.identity import bearer, of
from tests.factories.policy_facts import a_matter, a_shipped_policy
from tests.factories.policy_office import an_office
from tests.made_once import made_once


@pytest.fixture
def enterprise(session):
    return an_enterprise(session)


@pytest.fixture
def member(session, enterprise):
    return bearer(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))


@pytest.fixture
def ask(client, enterprise, member):
    def call(what, body=None, status=200):
        answer = client.post(f"/api/enterprises/{enterprise.id}/{what}", json=body or {}, headers=member)
        assert answer.status_code == status, answer.text
        return answer.json

    return call


@made_once
def policies(session):
    office = an_office(session)
    return [a_shipped_policy(session, key, office) for key in ("P8", "P24", "P38")]


def known(client, enterprise, member):
    items = client.get(f"/api/enterprises/{enterprise.id}/known-facts", headers=member).json["items"]
    return {each["key"]: each["value"] for each in items}


def test_the_first_question_is_the_one_that_decides_most(ask, policies):
    told = ask("policy-questions")
    question = told["question"]
    assert question["key"] == "labels"
    assert set(question["values"]) == set(DICTIONARY["labels"].values)
    assert "P38" in question["decides"]
    assert question["text"]
    assert told["undecided"] == ["P24", "P38", "P8"]


def test_a_question_that_is_skipped_is_not_asked_again(ask, policies):
    first = ask("policy-questions")["question"]["key"]
    second = ask("policy-questions", {"skipped": [first]})["question"]["key"]
    assert second != first


def test_answers_for_the_sake_of_argument_lead_to_the_end_and_leave_nothing(
    client, enterprise, member, ask, policies
):
    before, answers = known(client, enterprise, member), {}
    samples = {"boolean": False, "integer": 10, "money": 10, "number": 0, "set": [], "ratio": 0.5}
    for _ in range(40):
        question = ask("policy-questions", {"facts": answers})["question"]
        if question is None:
            break
        assert question["key"] not in answers
        answers[question["key"]] = samples[question["kind"]]
    assert ask("policy-questions", {"facts": answers})["question"] is None
    assert known(client, enterprise, member) == before


@pytest.mark.parametrize(("key", "value", "kept"), [
    ("revenue", 8000, 8000), ("revenue_prev", 7000.5, None), ("staff_total", 80, 80), ("blacklisted", False, False),
    ("rd_domestic_share", 0.65, 0.65), ("service_spend", 12.5, 12.5), ("is_sme", True, True), ("labels", [], []),
    ("labels", ["高新技术企业"], ["高新技术企业"]), ("founded_on", "2015-06-01", "2015-06-01"), ("sme_score", None, None),
])  # fmt: skip
def test_an_answer_is_kept_where_such_a_fact_is_kept_and_read_back(
    client, enterprise, member, ask, key, value, kept
):
    ask("policy-answers", {"key": key, "value": value})
    found = known(client, enterprise, member)
    if key == "revenue_prev":  # the last year is unknown, so that the newest one on record counts as it
        assert found["revenue"] == 7000.5
    else:
        assert found[key] == kept


def test_a_figure_is_recorded_as_of_the_last_day_of_its_year(client, enterprise, member, ask):
    ask("policy-answers", {"key": "revenue", "value": 8000, "source": "审计报告"})
    [fact] = client.get(f"/api/enterprises/{enterprise.id}/facts", headers=member).json["items"]
    assert (fact["kind"], fact["value"], fact["as_of_on"], fact["source"]) == (
        "revenue",
        8_000_000_000,
        "2025-12-31",
        "审计报告",
    )
    assert client.get(f"/api/enterprises/{enterprise.id}/policy-facts", headers=member).json["items"] == []


def test_an_answer_brings_the_next_question(ask, policies):
    told = ask("policy-answers", {"key": "labels", "value": ["科技型中小企业"]})
    assert told["question"]["key"] != "labels"
    assert "P38" not in told["undecided"]


def test_an_answer_about_a_contract_names_it(session, enterprise, ask):
    matter = a_matter(session, enterprise)
    refused = ask("policy-answers", {"key": "cash_received", "value": 30}, status=422)
    assert refused["code"] == "facts_misplaced"
    ask("policy-answers", {"key": "cash_received", "value": 30, "matter_id": str(matter.id)})


@pytest.mark.parametrize(("key", "value", "field"), [
    ("revenue", "8000", "revenue"), ("is_sme", 1, "is_sme"), ("no_such", 1, "key"), ("rd_domestic_share", 0.123456, "value"),
    ("region", "武汉市", "region"), ("service_spend", -1, "service_spend"),
])  # fmt: skip
def test_an_answer_that_cannot_be_is_refused_by_name(ask, key, value, field):
    refused = ask("policy-answers", {"key": key, "value": value}, status=422)
    assert [each["field"] for each in refused["errors"]] == [field]


def test_a_second_answer_that_says_otherwise_is_a_conflict(ask):
    ask("policy-answers", {"key": "is_sme", "value": True})
    ask("policy-answers", {"key": "is_sme", "value": True})
    assert (
        ask("policy-answers", {"key": "is_sme", "value": False}, status=409)["code"]
        == "policy_fact_on_record"
    )


def test_a_policy_officer_answers_for_the_office(client, session, enterprise):
    officer = bearer(session, (Role.POLICY_OFFICER, PROVINCE))
    address = f"/api/enterprises/{enterprise.id}/policy-answers"
    assert client.post(address, json={"key": "is_sme", "value": True}, headers=officer).status_code == 200
    [fact] = client.get(f"/api/enterprises/{enterprise.id}/policy-facts", headers=officer).json["items"]
    assert fact["said_by"] == "office"
