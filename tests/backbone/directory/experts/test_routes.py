import json

import pytest

from backbone.actor import PROVINCE, Role
from tests.factories.directory import an_expert, an_institute
from tests.factories.identity import bearer, of, operator, zone

NO_ACCOUNT = "01890000-0000-7000-8000-000000000000"


@pytest.fixture
def institute(session):
    return an_institute(session, name="测试激光研究所")


@pytest.fixture
def office(session, institute):
    return bearer(session, (Role.TRANSFER_OFFICE, of(institute)))


def entry(institute, **values):
    return {
        "institute_id": str(institute.id), "name": "测专家甲", "phone": "13900001234", "email": "expert@example.test",
        "title": "研究员", "industries": ["opto", "equipment"], "tech_fields": ["激光焊接"], "keywords": ["紫铜"],
        "techniques": ["蓝光复合焊"], "works": [{"kind": "patent", "title": "测试专利", "year": 2025, "reference": "ZL0000"}],
        "deals": [{"title": "某产线改造", "year": 2024}], "trl": {"least": 3, "most": 7}, "region_code": "420200",
        "availability": "limited", "languages": ["zh", "en"], "conflicts": ["某竞争企业"],
    } | values  # fmt: skip


def test_an_institute_enters_an_expert_with_every_field(client, institute, office):
    answer = client.post("/api/experts", json=entry(institute), headers=office)
    assert answer.status_code == 201
    shown = client.get(answer.headers["Location"], headers=office).get_json()
    sent = entry(institute)
    del sent["institute_id"]
    assert {name: shown[name] for name in sent} == sent
    assert shown["institute"] == {"id": str(institute.id), "name": "测试激光研究所"}
    assert (shown["is_consenting"], shown["consents"]) == (False, [])


def test_consent_is_recorded_shown_and_revoked_at_once(client, session, institute, office):
    made = client.post("/api/experts", json=entry(institute), headers=office)
    address, stranger = made.headers["Location"], bearer(session)
    assert client.get(address, headers=stranger).status_code == 404
    consented = client.post(
        f"{address}/consents", json={"given_on": "2026-03-09", "evidence": "同意书"}, headers=office
    )
    assert consented.status_code == 201
    assert [each["given_by"] for each in consented.get_json()["consents"]] == ["institute"]
    assert client.get(address, headers=stranger).status_code == 200
    assert client.post(f"{address}/consents/revocation", headers=stranger).status_code == 403
    assert client.post(f"{address}/consents/revocation", headers=office).status_code == 204
    assert client.get(address, headers=stranger).status_code == 404
    assert client.get("/api/experts", headers=stranger).get_json()["items"] == []
    history = client.get(address, headers=office).get_json()["consents"]
    assert [(each["revoked_by"], each["revoked_at"]) for each in history] == [
        ("institute", "2026-03-10T01:30:00Z")
    ]


WHO = {
    "office": lambda institute: (Role.TRANSFER_OFFICE, of(institute)),
    "zone": lambda institute: (Role.OPERATOR, zone("420100")),
    "province": lambda institute: (Role.OPERATOR, PROVINCE),
    "broker": lambda institute: (Role.BROKER, PROVINCE),
    "other institute": lambda institute: (Role.INSTITUTE_MEMBER, of(institute)),
}


@pytest.mark.parametrize("who", WHO)
def test_a_list_never_has_a_telephone_an_address_or_a_whole_name(client, session, institute, who):
    an_expert(session, institute, name="测专家甲", phone="13900001234", email="expert@example.test")
    theirs = institute if who == "office" else an_institute(session)
    answer = client.get("/api/experts", headers=bearer(session, WHO[who](theirs)))
    (item,) = answer.get_json()["items"]
    assert item["name"] == "测**"
    for secret in ("13900001234", "1234", "expert@example", "测专家甲", "某竞争企业", "同意书"):
        assert secret not in answer.text


@pytest.mark.parametrize(("who", "more"), [
    ("office", {"conflicts", "phone", "email", "account_id", "consents"}), ("zone", {"conflicts"}), ("province", {"conflicts"}),
    ("broker", set()), ("other institute", set()),
])  # fmt: skip
def test_each_reads_the_own_view_and_its_etag_differs(client, session, institute, who, more):
    expert = an_expert(session, institute, name="测专家甲", phone="13900001234")
    theirs = institute if who == "office" else an_institute(session)
    answer = client.get(f"/api/experts/{expert.id}", headers=bearer(session, WHO[who](theirs)))
    shown = answer.get_json()
    assert {"conflicts", "phone", "email", "account_id", "consents"} & shown.keys() == more
    assert shown["name"] == "测专家甲"
    assert ("13900001234" in answer.text) == ("phone" in more)
    view = "full" if "phone" in more else "review" if more else "open"
    assert f".{view}." in answer.headers["ETag"]


def test_the_expert_with_an_account_of_their_own_sees_and_revokes(client, session, institute, office):
    headers = bearer(session)
    account_id = client.get("/api/me", headers=headers).get_json()["id"]
    made = client.post("/api/experts", json=entry(institute, account_id=account_id), headers=office)
    address = made.headers["Location"]
    assert client.get(address, headers=headers).get_json()["phone"] == "13900001234"
    assert (
        client.post(f"{address}/consents", json={"given_on": "2026-03-10"}, headers=headers).status_code
        == 201
    )
    assert client.post(f"{address}/consents/revocation", headers=headers).status_code == 204


@pytest.mark.parametrize(("field", "value"), [
    ("name", ""), ("name", "\0"), ("name", None), ("name", "长" * 41), ("industries", ["alchemy"]), ("industries", ["opto", "opto"]),
    ("works", [{"kind": "poem", "title": "x"}]), ("works", [{"kind": "paper", "title": "x"}] * 11), ("works", [{"title": "x"}]),
    ("works", [{"kind": "paper", "title": "x", "year": "２０２５"}]), ("trl", {"least": 7, "most": 3}), ("trl", {"least": 3}),
    ("trl", {"least": 0, "most": 3}), ("trl", {"least": "３", "most": 5}), ("region_code", "auto-corridor"), ("region_code", "110000"),
    ("availability", "maybe"), ("languages", ["klingon"]), ("languages", ["zh", "zh"]), ("conflicts", "某厂"), ("account_id", "４２"),
    ("account_id", NO_ACCOUNT), ("salary", 1), ("consents", []), ("phone", 13900001234), ("keywords", ["a"] * 2),
])  # fmt: skip
def test_bad_experts_are_422_naming_the_field(client, institute, office, field, value):
    answer = client.post("/api/experts", data=json.dumps(entry(institute, **{field: value})), headers=office)
    assert answer.status_code == 422
    assert all(problem["field"].startswith(field) for problem in answer.get_json()["errors"])


@pytest.mark.parametrize("body", [
    {}, {"given_on": "２０２６-03-01", "evidence": "x"}, {"given_on": "2026-03-11", "evidence": "x"}, {"given_on": "2026-03-01"},
    {"given_on": "2026-03-01", "evidence": ""}, {"given_on": "2026-03-01", "evidence": "\0"}, {"given_on": "2026-03-01", "given_by": "expert"},
])  # fmt: skip
def test_bad_consents_are_422(client, session, institute, office, body):
    expert = an_expert(session, institute, consents=False)
    assert client.post(f"/api/experts/{expert.id}/consents", json=body, headers=office).status_code == 422


@pytest.mark.parametrize("query", [
    "industry=alchemy", "region=110000", "trl=10", "trl=３", "language=klingon", "availability=maybe", "sort=name", "institute_id=1",
    "q=%00", "limit=0", "name=x", "phone=13900001234",
])  # fmt: skip
def test_wrong_filters_are_422(client, session, query):
    assert client.get(f"/api/experts?{query}", headers=bearer(session)).status_code == 422


def test_an_amendment_and_a_removal_are_of_the_version_that_was_read(client, session, institute, office):
    expert = an_expert(session, institute)
    address = f"/api/experts/{expert.id}"
    assert client.patch(address, json={"title": "x"}, headers=office).status_code == 428
    tag = client.get(address, headers=office).headers["ETag"]
    amended = client.patch(
        address, json={"title": "教授", "phone": "027-1"}, headers=office | {"If-Match": tag}
    )
    assert (amended.get_json()["title"], amended.get_json()["phone"]) == ("教授", "027-1")
    assert client.patch(address, json={"title": "y"}, headers=office | {"If-Match": tag}).status_code == 412
    assert client.delete(address, headers=office | {"If-Match": tag}).status_code == 412
    stranger = bearer(session) | {"If-Match": "*"}
    assert client.patch(address, json={"title": "y"}, headers=stranger).status_code == 403
    assert client.delete(address, headers=office | {"If-Match": "*"}).status_code == 204
    assert client.get(address, headers=office).status_code == 404


def test_a_consent_that_stands_and_a_taken_account_are_409(client, session, institute, office):
    expert = an_expert(session, institute)
    body = {"given_on": "2026-03-01", "evidence": "x"}
    answer = client.post(f"/api/experts/{expert.id}/consents", json=body, headers=office)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "consent_stands")
    account_id = client.get("/api/me", headers=office).get_json()["id"]
    for status in (201, 409):
        answer = client.post("/api/experts", json=entry(institute, account_id=account_id), headers=office)
        assert answer.status_code == status
    assert answer.get_json()["code"] == "expert_account_taken"


def test_an_operator_does_not_see_who_has_not_consented_nor_enter_anybody(client, session, institute):
    expert = an_expert(session, institute, consents=False)
    for scope in (zone("420100"), PROVINCE):
        headers = operator(session, scope)
        assert client.get(f"/api/experts/{expert.id}", headers=headers).status_code == 404
        assert client.get("/api/experts", headers=headers).get_json()["items"] == []
        assert client.post("/api/experts", json=entry(institute), headers=headers).status_code == 403
