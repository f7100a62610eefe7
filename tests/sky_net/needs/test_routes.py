"""The way of a need over HTTP, as each party sees it."""

import pytest

from backbone.actor import Role
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.identity import bearer, of, operator, zone
from tests.factories.needs import SECRETS, a_need, a_need_body

ZH, EN = {"Accept-Language": "zh"}, {"Accept-Language": "en"}


@pytest.fixture
def enterprise(session):
    return an_enterprise(session, name="测试光电企业")


@pytest.fixture
def poster(session, enterprise):
    return bearer(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))


@pytest.fixture
def reviewer(session):
    return operator(session, zone())


@pytest.fixture
def institute(session):
    return an_institute(session)


@pytest.fixture
def researcher(session, institute):
    return bearer(session, (Role.INSTITUTE_MEMBER, of(institute)))


@pytest.fixture
def act(client):
    """POST to a need and return the answer's body, refusing anything but 200."""

    def post(headers, need, verb, body=None):
        response = client.post(f"/api/needs/{need['id']}/{verb}", json=body or {}, headers=headers)
        assert response.status_code == 200, response.get_data(as_text=True)
        return response.get_json()

    return post


def test_a_draft_is_made_with_its_address_and_tag_and_read_back_the_same(client, poster):
    made = client.post("/api/needs", json=a_need_body(), headers=poster)
    assert made.status_code == 201
    body = made.get_json()
    assert made.headers["Location"] == f"/api/needs/{body['id']}"
    assert (body["state"], body["view"], body["submitted_at"]) == ("draft", "full", None)
    assert body["enterprise"]["name"] == "测试光电企业"
    for name, value in a_need_body().items():
        assert body[name] == value, name
    again = client.get(made.headers["Location"], headers=poster)
    assert again.get_json() == body
    assert again.headers["ETag"] == made.headers["ETag"]


def test_null_clears_and_a_group_is_replaced_as_a_whole(client, poster):
    made = client.post("/api/needs", json=a_need_body(), headers=poster)
    change = {
        "scene": None,
        "contact": {"name": "乙", "email": "b@example.test"},
        "budget": None,
        "indicators": [],
    }
    changed = client.patch(
        made.headers["Location"], json=change, headers=poster | {"If-Match": made.headers["ETag"]}
    )
    body = changed.get_json()
    assert changed.status_code == 200
    assert (body["scene"], body["budget"], body["indicators"]) == (None, None, [])
    assert body["contact"] == {"name": "乙", "phone": None, "email": "b@example.test"}
    assert body["problem"] == SECRETS["problem"]
    assert changed.headers["ETag"] != made.headers["ETag"]


def test_the_whole_way_from_draft_to_confirmed_with_a_return(client, session, poster, reviewer, act, clock):
    need = client.post("/api/needs", json=a_need_body(trl_required=None), headers=poster).get_json()
    assert act(poster, need, "submission")["state"] == "submitted"
    clock.advance(hours=2)
    returned = act(reviewer, need, "return", {"missing": ["trl_required"], "message": "请补充成熟度要求"})
    assert (returned["state"], returned["missing_items"], returned["return_count"]) == (
        "returned",
        ["trl_required"],
        1,
    )
    shown = client.get(f"/api/needs/{need['id']}", headers=poster)
    assert shown.get_json()["state_message"] == "请补充成熟度要求"
    tag = {"If-Match": shown.headers["ETag"]}
    assert (
        client.patch(f"/api/needs/{need['id']}", json={"trl_required": 6}, headers=poster | tag).status_code
        == 200
    )
    assert act(poster, need, "submission")["submitted_at"] == "2026-03-10T01:30:00Z"
    confirmed = act(reviewer, need, "confirmation", {"complexity": "ordinary"})
    assert (confirmed["state"], confirmed["complexity"]) == ("confirmed", "ordinary")
    history = client.get(f"/api/needs/{need['id']}/history", headers=poster).get_json()["items"]
    assert [step["action"] for step in history] == ["submit", "return", "resubmit", "confirm"]
    assert history[1] == {
        "action": "return", "from_state": "submitted", "to_state": "returned", "actor_role": "operator",
        "occurred_at": "2026-03-10T03:30:00Z", "reason_code": None, "missing_items": ["trl_required"],
    }  # fmt: skip


def test_the_clocks_are_shown_with_the_need(client, poster, reviewer, act):
    need = client.post("/api/needs", json=a_need_body(), headers=poster).get_json()
    address = f"/api/needs/{need['id']}/clocks"
    assert client.get(address, headers=poster).get_json() == {
        "items": [],
        "inherits_from": None,
        "parties": [],
    }
    act(poster, need, "submission")
    act(reviewer, need, "confirmation", {"complexity": "simple", "industry": "nev"})
    clocks = client.get(address, headers=poster).get_json()["items"]
    assert {entry["stage"]: entry["state"] for entry in clocks} == {
        "confirm": "met", "communicate": "running", "propose": "running",
    }  # fmt: skip
    assert clocks[0]["due_at"] == "2026-03-11T09:30:00Z"


def test_a_rejection_is_told_with_its_code_and_words(client, poster, reviewer, act):
    need = client.post("/api/needs", json=a_need_body(), headers=poster).get_json()
    act(poster, need, "submission")
    act(reviewer, need, "rejection", {"reason_code": "not_technology", "message": "属于融资需求"})
    shown = client.get(f"/api/needs/{need['id']}", headers=poster).get_json()
    assert (shown["state"], shown["rejection_code"], shown["state_message"]) == (
        "rejected",
        "not_technology",
        "属于融资需求",
    )


def test_withdrawal_needs_no_body(client, poster):
    need = client.post("/api/needs", json=a_need_body(), headers=poster).get_json()
    response = client.post(f"/api/needs/{need['id']}/withdrawal", headers=poster)
    assert (response.status_code, response.get_json()["state"]) == (200, "withdrawn")


def test_a_hard_problem_is_parked_and_taken_up_again(client, poster, reviewer, act):
    need = client.post("/api/needs", json=a_need_body(), headers=poster).get_json()
    act(poster, need, "submission")
    act(reviewer, need, "confirmation", {"complexity": "hard"})
    assert act(reviewer, need, "parking", {"message": "尚无技术路线"})["state"] == "parked"
    assert act(reviewer, need, "resumption")["state"] == "confirmed"


@pytest.mark.parametrize("verb", ["return", "confirmation", "rejection", "parking", "resumption"])
def test_the_poster_does_not_review_its_own_need(client, session, enterprise, poster, verb):
    state = {"parking": "confirmed", "resumption": "parked"}.get(verb, "submitted")
    need = a_need(session, enterprise, state=state)
    body = {
        "return": {"missing": ["scene"], "message": "补"}, "confirmation": {"complexity": "hard"},
        "rejection": {"reason_code": "other"}, "parking": {"message": "难"},
    }.get(verb, {})  # fmt: skip
    assert client.post(f"/api/needs/{need.id}/{verb}", json=body, headers=poster).status_code == 403


def test_an_action_of_another_state_names_what_is_possible(client, session, enterprise, poster):
    need = a_need(session, enterprise, state="confirmed")
    for language, expected in ((ZH, "当前状态为“已确认”"), (EN, "It is “confirmed”")):
        response = client.post(f"/api/needs/{need.id}/submission", headers=poster | language)
        assert response.status_code == 409
        assert expected in response.get_json()["detail"]
        assert "park" in response.get_json()["allowed"]


def test_a_return_must_name_what_is_missing(client, session, enterprise, reviewer):
    need = a_need(session, enterprise, state="submitted")
    for missing in ([], ["state"], None):
        response = client.post(
            f"/api/needs/{need.id}/return", json={"missing": missing, "message": "补"}, headers=reviewer
        )
        assert response.status_code == 422
        assert response.get_json()["errors"][0]["field"].startswith("missing")


def test_the_advice_is_said_in_the_callers_language(client, poster):
    need = client.post(
        "/api/needs", json={"title": "只有名称", "visibility": "public"}, headers=poster
    ).get_json()
    address = f"/api/needs/{need['id']}/completeness"
    chinese = client.get(address, headers=poster | ZH).get_json()
    english = client.get(address, headers=poster | EN).get_json()
    assert chinese["score"] == english["score"] == 4
    assert chinese["compulsory_missing"] == ["problem", "contact", "industry"]
    assert (chinese["missing"][0]["label"], english["missing"][0]["label"]) == ("核心指标", "indicators")
    assert chinese["missing"][0]["weight"] == 15
    assert chinese["near_duplicates"] == 0


def test_near_duplicates_are_listed_with_their_similarity(client, poster):
    first, second = (
        client.post("/api/needs", json=a_need_body(), headers=poster).get_json() for _ in range(2)
    )
    found = client.get(f"/api/needs/{second['id']}/near-duplicates", headers=poster).get_json()["items"]
    assert [(entry["need"]["number"], entry["similarity_percent"]) for entry in found] == [
        (first["number"], 100)
    ]


def test_the_document_carries_the_life_cycle_and_every_operation(client):
    document = client.get("/api/openapi.json").get_json()
    schemas = document["components"]["schemas"]
    assert (
        "confirm: submitted → confirmed (operator), stops confirm"
        in schemas["NeedFull"]["properties"]["state"]["description"]
    )
    operations = {
        entry["operationId"]
        for path in document["paths"].values()
        for entry in path.values()
        if isinstance(entry, dict) and "operationId" in entry
    }
    assert operations >= {
        "draftNeed", "listNeeds", "showNeed", "amendNeed", "assessNeed", "listNearDuplicates", "submitNeed", "returnNeed",
        "confirmNeed", "rejectNeed", "withdrawNeed", "parkNeed", "resumeNeed", "showClocks", "showNeedHistory",
    }  # fmt: skip
