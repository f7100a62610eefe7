import pytest

from backbone.actor import Role
from tests.factories.directory import a_fact, an_enterprise
from tests.factories.identity import bearer, of, operator, zone
from tests.factories.policy_office import a_published_version, an_office, an_original


@pytest.fixture
def office(session):
    return an_office(session)


@pytest.fixture
def enterprise(session):
    made = an_enterprise(session, staff_total=80)
    a_fact(session, made, kind="rd_expense", value=500_000_000)
    return made


@pytest.fixture
def member(session, enterprise):
    return bearer(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))


def test_an_enterprise_is_evaluated_reads_its_receipts_and_replays_one(client, office, enterprise, member):
    version = a_published_version(office)
    an_original(office, version, signed=True)
    address = f"/api/enterprises/{enterprise.id}"
    checked = client.post(f"{address}/policy-checks", json={}, headers=member)
    assert checked.status_code == 200
    assert checked.json["as_of_on"] == "2026-03-10"
    (receipt,) = checked.json["items"]
    assert (receipt["key"], receipt["outcome"], receipt["verified"]) == ("P801", "eligible", True)
    assert receipt["amount"]["low_fen"] == 50_000_000
    listed = client.get(f"{address}/policy-receipts", headers=member).json["items"]
    assert listed == [receipt]
    assert client.get(f"/api/policy-receipts/{receipt['id']}", headers=member).json == receipt
    replay = client.get(f"/api/policy-receipts/{receipt['id']}/replay", headers=member).json
    assert (replay["same"], replay["sha256_kept"], replay["sha256_now"]) == (
        True,
        receipt["sha256"],
        receipt["sha256"],
    )


def test_one_policy_on_one_day_is_asked_for_by_its_key(client, office, enterprise, member):
    for key in ("P801", "P802"):
        a_published_version(office, key)
    body = {"as_of_on": "2026-01-31", "policy_ids": ["P802"]}
    answer = client.post(f"/api/enterprises/{enterprise.id}/policy-checks", json=body, headers=member).json
    assert [(each["key"], each["as_of_on"]) for each in answer["items"]] == [("P802", "2026-01-31")]
    wrong = client.post(
        f"/api/enterprises/{enterprise.id}/policy-checks", json={"policy_ids": ["P9"]}, headers=member
    )
    assert (wrong.status_code, wrong.json["code"]) == (422, "no_such_policy")


def test_an_unverified_amount_is_withheld_from_the_enterprise_and_shown_to_its_operator(
    client, session, office, enterprise, member
):
    a_published_version(office)
    path = f"/api/enterprises/{enterprise.id}/policy-checks"
    mine = client.post(path, json={}, headers=member).json["items"][0]
    assert (mine["amount"], mine["withheld"], mine["statement"]) == (None, True, None)
    assert mine["label"]["zh"].startswith("待核实")
    theirs = client.post(path, json={}, headers=operator(session, zone("420100"))).json["items"][0]
    assert (theirs["id"], theirs["verified"], theirs["amount"]["low_fen"]) == (mine["id"], False, 50_000_000)


def test_an_operator_elsewhere_learns_of_no_receipt(client, session, office, enterprise, member):
    a_published_version(office)
    receipt = client.post(f"/api/enterprises/{enterprise.id}/policy-checks", json={}, headers=member).json[
        "items"
    ][0]
    far = operator(session, zone("420500"))
    for path in (
        f"/api/policy-receipts/{receipt['id']}",
        f"/api/enterprises/{enterprise.id}/policy-receipts",
    ):
        assert client.get(path, headers=far).status_code == 404
