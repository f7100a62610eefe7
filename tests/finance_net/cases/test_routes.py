import pytest

from backbone.actor import PROVINCE, Role
from finance_net.cases import check_case
from tests.factories.directory import an_enterprise
from tests.factories.fund_cases import STORY, a_case, a_told_case
from tests.factories.identity import bearer, of
from tests.factories.ledger import a_treasury


@pytest.fixture
def treasury(session):
    return a_treasury(session)


def test_who_applies_reads_the_own_case_and_no_other(client, session, treasury):
    maker, user, other = (an_enterprise(session) for _ in range(3))
    case, theirs = a_told_case(treasury, [maker.id, user.id]), a_case(treasury, [other.id])
    for enterprise in (maker, user):
        headers = bearer(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
        listed = client.get("/api/fund-cases", headers=headers).json["items"]
        assert [each["number"] for each in listed] == [case.number]
        shown = client.get(f"/api/fund-cases/{case.id}", headers=headers).json
        assert [step["kind"] for step in shown["steps"]] == list(STORY)
        assert shown["steps"][0]["title"] == "提交申报"
        assert client.get(f"/api/fund-cases/{theirs.id}", headers=headers).status_code == 404
        assert client.get(f"/api/fund-cases/{case.id}/export", headers=headers).status_code == 403


def test_managers_and_auditors_of_the_province_read_every_case(client, session, treasury):
    cases = [a_case(treasury, [an_enterprise(session).id], category=category) for category in ("R", "F")]
    for role in (Role.FUND_MANAGER, Role.AUDITOR):
        headers = bearer(session, (role, PROVINCE))
        listed = client.get("/api/fund-cases?sort=number", headers=headers).json["items"]
        assert [each["id"] for each in listed] == [str(case.id) for case in cases]
        found = client.get("/api/fund-cases?category=F&year=2026", headers=headers).json["items"]
        assert [each["number"] for each in found] == [cases[1].number]


def test_an_export_before_sealing_counts_what_is_missing(client, session, treasury):
    case = a_told_case(treasury, [an_enterprise(session).id])
    auditor = bearer(session, (Role.AUDITOR, PROVINCE))
    said = client.get(f"/api/fund-cases/{case.id}/export", headers=auditor)
    assert said.headers["Content-Disposition"].endswith(f"{case.number}.json")
    assert (said.json["case"]["steps"], said.json["steps"], said.json["head"]) == (len(STORY), [], None)
    assert check_case.faults_of(said.json, None) != []


def test_the_public_summary_names_nobody(client, session, treasury):
    enterprise = an_enterprise(session)
    a_told_case(treasury, [enterprise.id])
    answer = client.get("/api/reports/funding?as_of_on=2026-12-31", headers=bearer(session))
    assert (answer.json["projects"], answer.json["awarded_fen"], answer.json["paid_fen"]) == (1, 600, 600)
    assert enterprise.name not in answer.text
