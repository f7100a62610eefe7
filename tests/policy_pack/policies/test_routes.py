import re

import pytest

from backbone.actor import Role
from backbone.db import new_id
from backbone.identity.models import Account
from tests.factories.attachments import BYTES
from tests.factories.directory import an_enterprise
from tests.factories.files import a_pdf
from tests.factories.identity import bearer, headers_of, of
from tests.factories.policy_office import GRANT, a_draft, a_published_version, a_text, an_office


@pytest.fixture
def office(session):
    return an_office(session)


@pytest.fixture
def first(session, office):
    return headers_of(session, session.get_one(Account, office.first.account_id))


@pytest.fixture
def second(session, office):
    return headers_of(session, session.get_one(Account, office.second.account_id))


@pytest.fixture
def member(session):
    return bearer(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session))))


def test_a_version_goes_from_its_text_to_its_repeal_by_two_officers(client, first, second, member):
    uploaded = client.post(
        "/api/policies", json={"text": a_text(valid={"from": "2026-01-01"})}, headers=first
    )
    assert uploaded.status_code == 201
    address = uploaded.headers["Location"]
    assert address == f"/api/policy-versions/{uploaded.json['id']}"
    assert (uploaded.json["state"], uploaded.json["actions"]) == ("draft", ["review", "return"])
    assert uploaded.json["name"] == {"zh": "测试研发补助", "en": "Test R&D grant"}
    assert client.get(address, headers=member).status_code == 404
    reviewed = client.post(f"{address}/review", json={"approved": True, "note": "一致"}, headers=second)
    assert (reviewed.status_code, reviewed.json["state"]) == (200, "reviewed")
    published = client.post(f"{address}/publication", json={}, headers=first)
    assert (published.json["state"], published.json["counts_from_on"]) == ("published", "2026-01-01")
    seen = client.get(address, headers=member)
    assert (seen.status_code, seen.json["amount"], seen.json["withheld"]) == (200, None, True)
    assert seen.json["label"]["zh"].startswith("待核实")
    repeal = {"from_on": "2026-06-01", "reason": "鄂科〔2026〕1号"}
    repealed = client.post(f"{address}/repeal", json=repeal, headers=second)
    assert (repealed.json["state"], repealed.json["counts_to_on"]) == ("repealed", "2026-05-31")
    assert repealed.json["end_reason"] == "鄂科〔2026〕1号"


def test_a_faulty_text_is_answered_with_file_line_and_clause(client, first):
    faulty = a_text().replace("above: 0", "above: many")
    answer = client.post("/api/policies", json={"text": faulty, "file_name": "P801.yaml"}, headers=first)
    assert answer.status_code == 422
    (problem,) = answer.json["errors"]
    assert problem["field"].startswith("P801.yaml:")
    assert "P801.2" in problem["field"]
    assert client.get("/api/policies", headers=first).json["items"] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_bomb_is_refused_in_either_language(client, first, language):
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    answer = client.post("/api/policies", json={"text": bomb}, headers=first | {"Accept-Language": language})
    assert answer.status_code == 422
    assert answer.json["code"] == "pack_invalid"
    assert answer.json["errors"]


def test_every_refusal_says_what_is_wrong_and_what_to_do_in_both_languages(client, session, office, first):
    draft, published = a_draft(office), a_published_version(office, "P802")
    rival = a_draft(office, "P802", level="武汉")
    refused = [
        (f"/api/policy-versions/{draft.id}/review", {"approved": True}, "own_review"),
        (f"/api/policy-versions/{draft.id}/publication", {}, "wrong_state"),
        (f"/api/policy-versions/{published.id}/publication", {}, "wrong_state"),
        (f"/api/policy-versions/{rival.id}/publication", {"supersedes": str(published.id)}, "wrong_state"),
        ("/api/policies", {"text": a_text()}, "policy_text_on_record"),
    ]
    for path, body, code in refused:
        for language in ("zh", "en"):
            answer = client.post(path, json=body, headers=first | {"Accept-Language": language})
            assert (answer.status_code, answer.json["code"]) == (409, code)
            assert answer.json["detail"]
            assert answer.json["advice"]
            assert bool(re.search("[一-鿿]", answer.json["detail"])) is (language == "zh")


def test_two_in_force_at_once_are_refused_naming_both(client, office, first, second):
    a_published_version(office)
    rival = a_draft(office, level="武汉")
    client.post(f"/api/policy-versions/{rival.id}/review", json={"approved": True}, headers=second)
    answer = client.post(f"/api/policy-versions/{rival.id}/publication", json={}, headers=first)
    assert (answer.status_code, answer.json["code"], answer.json["other"]) == (
        409,
        "two_versions_in_force",
        1,
    )


def test_a_version_has_an_etag_that_changes_with_it(client, office, first, second):
    address = f"/api/policy-versions/{a_draft(office).id}"
    before = client.get(address, headers=first).headers["ETag"]
    assert client.get(address, headers=first | {"If-None-Match": before}).status_code == 304
    client.post(f"{address}/review", json={"approved": True}, headers=second)
    assert client.get(address, headers=first | {"If-None-Match": before}).status_code == 200


def test_a_repeated_upload_with_its_key_is_one_version(client, first):
    once = first | {"Idempotency-Key": str(new_id())}
    answers = [client.post("/api/policies", json={"text": a_text()}, headers=once) for _ in range(2)]
    assert answers[0].json["id"] == answers[1].json["id"]
    assert answers[1].headers["Idempotency-Replayed"] == "true"


def test_an_original_is_attached_by_one_signed_by_another_and_read_by_all(
    client, office, first, second, member
):
    version = a_published_version(office)
    address = f"/api/policy-versions/{version.id}"
    original = client.post(f"{address}/originals?name=原文.pdf", data=a_pdf("原文"), headers=first | BYTES)
    assert (original.status_code, original.json["signed_at"]) == (201, None)
    body = {"original_id": original.json["id"]}
    assert client.post(f"{address}/verification", json=body, headers=first).json["code"] == "own_original"
    signed = client.post(f"{address}/verification", json=body, headers=second)
    assert (signed.json["verified"], signed.json["verification"]["sha256"]) == (True, original.json["sha256"])
    listed = client.get(f"{address}/originals", headers=member).json["items"]
    assert [each["id"] for each in listed] == [original.json["id"]]
    content = client.get(f"/api/policy-originals/{original.json['id']}/content", headers=member)
    assert content.data == a_pdf("原文")
    seen = client.get(address, headers=member).json
    assert (seen["verified"], seen["label"], seen["withheld"]) == (True, None, False)
    assert seen["amount"]["words"]["zh"] == GRANT["words"]["zh"]


def test_two_versions_are_compared_over_http(client, office, first):
    former = a_draft(office)
    later = a_draft(office, level="武汉", amount=GRANT | {"cap": 300})
    answer = client.get(f"/api/policy-versions/{later.id}/diff", headers=first).json
    assert (answer["before"]["id"], answer["after"]["id"]) == (str(former.id), str(later.id))
    assert [(each["part"], each["kind"]) for each in answer["changes"]] == [
        ("amount", "changed"),
        ("level", "changed"),
    ]
    turned = client.get(f"/api/policy-versions/{former.id}/diff?against={later.id}", headers=first).json
    assert [each["before"] for each in turned["changes"]] == [each["after"] for each in answer["changes"]]
    foreign = a_draft(office, "P802").id
    refused = client.get(f"/api/policy-versions/{former.id}/diff?against={foreign}", headers=first)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "against")
    nothing = client.get(f"/api/policy-versions/{former.id}/diff", headers=first).json
    assert (nothing["before"], nothing["changes"]) == (None, [])


def test_the_list_is_paged_and_shows_what_counts_on_the_day_asked_for(client, office, member):
    former = a_published_version(office, valid={"from": "2024-01-01"})
    later = a_published_version(office, valid={"from": "2026-01-01"}, supersedes=former.id)
    a_published_version(office, "P802")
    page = client.get("/api/policies?limit=1", headers=member).json
    assert [row["key"] for row in page["items"]] == ["P801"]
    assert page["items"][0]["current"]["id"] == str(later.id)
    rest = client.get(f"/api/policies?limit=1&cursor={page['next_cursor']}", headers=member).json
    assert [row["key"] for row in rest["items"]] == ["P802"]
    past = client.get("/api/policies?on=2025-06-01", headers=member).json["items"][0]
    assert past["current"]["id"] == str(former.id)
    whole = client.get(f"/api/policies/{past['id']}", headers=member).json
    assert [version["state"] for version in whole["versions"]] == ["published", "superseded"]
