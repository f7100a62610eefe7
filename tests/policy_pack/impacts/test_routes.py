import pytest

from backbone.identity.models import Account
from tests.factories.directory import a_fact, an_enterprise
from tests.factories.identity import headers_of, operator
from tests.factories.policy_office import a_draft, a_published_version, an_office


@pytest.fixture
def office(session):
    return an_office(session)


@pytest.fixture
def officer(session, office):
    return headers_of(session, session.get_one(Account, office.first.account_id))


def test_an_estimate_is_asked_for_made_by_a_job_and_read(client, session, office, officer, run_jobs):
    enterprise = an_enterprise(session, staff_total=80, name="八十人企业")
    a_fact(session, enterprise, kind="rd_expense", value=500_000_000)
    draft = a_draft(office)
    asked = client.post(
        f"/api/policy-versions/{draft.id}/impacts", json={"as_of_on": "2026-03-10"}, headers=officer
    )
    assert (asked.status_code, asked.json["state"], asked.json["result"]) == (201, "queued", None)
    address = asked.headers["Location"]
    tag = client.get(address, headers=officer).headers["ETag"]
    run_jobs()
    made = client.get(address, headers=officer | {"If-None-Match": tag})
    assert (made.status_code, made.json["state"], made.json["done"]) == (200, "done", 1)
    result = made.json["result"]
    assert result["newly"] == [{"id": str(enterprise.id), "name": "八十人企业"}]
    assert result["cost_change"] == {"low_fen": 50_000_000, "high_fen": 50_000_000}
    assert result["before"]["not_in_force"] == 1


def test_a_published_version_is_past_estimating(client, office, officer):
    version = a_published_version(office)
    answer = client.post(f"/api/policy-versions/{version.id}/impacts", json={}, headers=officer)
    assert (answer.status_code, answer.json["code"]) == (409, "wrong_state")


def test_an_operator_is_not_shown_what_concerns_every_zone(client, session, office, officer):
    asked = client.post(f"/api/policy-versions/{a_draft(office).id}/impacts", json={}, headers=officer)
    assert client.get(asked.headers["Location"], headers=operator(session)).status_code == 404
