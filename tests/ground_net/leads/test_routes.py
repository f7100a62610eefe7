"""The walk over HTTP: a visit in a minute, questions, a need with its clocks, and where it came from."""

import json

import pytest
from sqlalchemy.orm import Session

from backbone.actor import Role
from backbone.db import new_id
from tests.factories.identity import bearer, of, zone
from tests.factories.leads import ANSWERS, Desk, a_desk
from tests.factories.needs import a_need
from tests.factories.network import a_node

LEAST = {
    "enterprise_name": "测试精工",
    "words": "焊接太慢，希望快一点",
    "happened_at": "2026-03-09T14:00:00+08:00",
}
AGREED = {
    "by": "王测试",
    "how": "spoken",
    "at": "2026-03-09T14:30:00+08:00",
    "covers": ["keep_contact", "pass_on"],
}
CALLED = {"name": "王测试", "phone": "027-88880001"}


@pytest.fixture
def desk(session: Session) -> Desk:
    return a_desk(session)


def record(client, desk, actor=None, **more):
    body = LEAST | {"node_key": desk.node.key} | more
    answer = client.post("/api/leads", json=body, headers=desk.headers(actor or desk.collector))
    assert answer.status_code == 201, answer.text
    return answer.json


def ask(client, headers, method, path, body=None, status=200, **more):
    answer = client.open(f"/api{path}", method=method, json=body, headers=headers | more)
    assert answer.status_code == status, answer.text
    return answer.json


def test_four_fields_record_a_visit_and_the_answer_asks_the_next_question(client, desk):
    lead = record(client, desk)
    assert lead["number"].startswith("XS-2026-")
    assert (lead["state"], lead["channel"]) == ("recorded", "visit")
    assert lead["clock"]["state"] == "running"
    # Recorded on Tuesday the 10th: the fifth working day after it is the 17th, at the close.
    assert lead["clock"]["due_at"] == "2026-03-17T09:30:00Z"
    first = lead["interview"]["questions"][0]
    assert first["field"] == "consent"
    assert all(first[said] for said in ("ask", "example", "why"))
    assert set(lead["interview"]["lacking"]) == {"consent", "title", "problem", "contact", "industry"}


def test_a_vague_word_is_asked_for_its_number_until_an_indicator_has_it(client, desk):
    lead, headers = record(client, desk), desk.headers(desk.collector)
    path = f"/leads/{lead['id']}"
    asked = ask(client, headers, "GET", f"{path}/questions?at_most=30", **{"Accept-Language": "zh"})[
        "questions"
    ]
    vague = next(each for each in asked if each["about"] == "太慢")
    assert vague["parts"] == ["target", "unit", "now", "test_method"]
    assert "现在" in vague["ask"]
    told = {"answers": {"indicators": [{"name": "单件节拍", "target": "≤18"}]}}
    ask(client, headers, "POST", f"{path}/answers", told)
    asked = ask(client, headers, "GET", f"{path}/questions?at_most=30")["questions"]
    assert [each["parts"] for each in asked if each["about"] == "单件节拍"] == [["unit"]]
    ask(
        client,
        headers,
        "POST",
        f"{path}/answers",
        {"answers": {"indicators": [{"name": "单件节拍", "unit": "s"}]}},
    )
    lead = ask(client, headers, "GET", path)
    assert lead["answers"]["indicators"][0] | {"now": None} == {
        "name": "单件节拍", "target": "≤18", "unit": "s", "weight": "must", "now": None,
    }  # fmt: skip
    asked = ask(client, headers, "GET", f"{path}/questions?at_most=30")["questions"]
    assert not [each for each in asked if each["about"] == "太慢"]


def test_the_walk_from_a_visit_to_a_confirmed_need_for_an_enterprise_without_members(client, session, desk):
    headers, operator = desk.headers(desk.collector), desk.headers(desk.operator)
    lead = record(client, desk, credit_code=desk.enterprise.credit_code)
    assert lead["enterprise_id"] == str(desk.enterprise.id)
    path = f"/leads/{lead['id']}"
    assert ask(client, headers, "POST", f"{path}/claim")["owner_name"] == "采集员甲"
    told = {"answers": ANSWERS, "contact": CALLED, "consent": AGREED, "decision_owner": "李副总"}
    lead = ask(client, headers, "POST", f"{path}/answers", told)
    assert lead["interview"]["lacking"] == []
    lead = ask(client, headers, "POST", f"{path}/promotion", {}, **{"Idempotency-Key": "once"})
    assert (lead["state"], lead["need_state"], lead["clock"]["state"]) == ("promoted", "submitted", "met")
    again = ask(client, headers, "POST", f"{path}/promotion", {}, **{"Idempotency-Key": "once"})
    assert again["need_id"] == lead["need_id"]
    need = ask(client, headers, "GET", f"/needs/{lead['need_id']}")
    assert (need["view"], need["source_channel"], need["collector"]) == ("full", "station", "采集员甲")
    assert need["decision_owner"] == "李副总"
    assert need["contact"]["phone"] == CALLED["phone"]
    clocks = ask(client, headers, "GET", f"/needs/{need['id']}/clocks")["items"]
    assert [each["stage"] for each in clocks] == ["confirm", "communicate", "propose"]
    [origin] = ask(client, operator, "GET", f"/needs/{need['id']}/provenance")["items"]
    assert (origin["number"], origin["node_key"], origin["recorded_by"]) == (
        lead["number"],
        desk.node.key,
        "采集员甲",
    )
    assert origin["consent_covers"] == ["keep_contact", "pass_on"]
    confirmed = ask(client, operator, "POST", f"/needs/{need['id']}/confirmation", {"complexity": "ordinary"})
    assert confirmed["state"] == "confirmed"


def test_a_draft_is_for_the_enterprises_own_member_to_submit(client, session, desk):
    member = bearer(session, (Role.ENTERPRISE_MEMBER, of(desk.enterprise)))
    lead = desk.full_lead()
    promoted = ask(
        client, desk.headers(desk.collector), "POST", f"/leads/{lead.id}/promotion", {"submit": False}
    )
    assert promoted["need_state"] == "draft"
    need = f"/needs/{promoted['need_id']}"
    assert ask(client, member, "GET", f"{need}/provenance")["items"][0]["number"] == promoted["number"]
    assert ask(client, member, "GET", f"{need}/clocks")["items"] == []
    ask(client, member, "POST", f"{need}/submission")
    assert len(ask(client, member, "GET", f"{need}/clocks")["items"]) == 3


def test_the_collector_submits_a_draft_that_was_entrusted_and_answers_its_return(client, session, desk):
    headers, operator = desk.headers(desk.colleague), desk.headers(desk.operator)
    lead = desk.full_lead()
    promoted = ask(client, headers, "POST", f"/leads/{lead.id}/promotion", {"submit": False})
    need = f"/needs/{promoted['need_id']}"
    ask(client, headers, "POST", f"{need}/submission")
    ask(client, operator, "POST", f"{need}/return", {"missing": ["scene"], "message": "请补充场景"})
    ask(client, headers, "PATCH", need, {"scene": "电池托盘产线"}, **{"If-Match": "*"})
    assert ask(client, headers, "POST", f"{need}/submission")["state"] == "submitted"


def test_people_are_masked_for_an_auditor_and_absent_from_the_list(client, session, desk):
    lead = desk.full_lead()
    seen = ask(client, desk.headers(desk.auditor), "GET", f"/leads/{lead.id}")
    assert seen["contact"]["phone"] != "027-88880001"
    assert "王测试" not in str(seen)
    listed = client.get("/api/leads", headers=desk.headers(desk.auditor)).text
    assert lead.number in listed
    assert "王测试" not in listed
    assert "88880001" not in listed


def test_leads_are_filtered_by_node_state_owner_deadline_and_text(client, session, desk):
    first, second = desk.lead(), desk.lead(enterprise_name="别家测试", words="漏水")
    headers = desk.headers(desk.collector)
    ask(client, headers, "POST", f"/leads/{first.id}/claim")

    def numbers(query):
        return {each["number"] for each in ask(client, headers, "GET", f"/leads?{query}")["items"]}

    assert numbers(f"node={desk.node.key}") == {first.number, second.number}
    assert (
        numbers("state=claimed")
        == numbers("mine=true")
        == numbers(f"owner_id={desk.collector.account_id}")
        == {first.number}
    )
    assert numbers("q=漏水") == {second.number}
    assert numbers("due_before=2026-03-17T00:00:00Z") == set()
    assert numbers("due_before=2026-03-18T00:00:00Z&sort=due_at") == {first.number, second.number}
    assert numbers(f"node={a_node(session).key}") == set()


def test_duplicates_are_found_among_needs_and_leads_that_one_may_read(client, session, desk):
    lead, twin = desk.full_lead(), desk.full_lead()
    need = a_need(
        session, desk.enterprise, title=ANSWERS["title"], problem=ANSWERS["problem"], state="confirmed"
    )
    operator = ask(client, desk.headers(desk.operator), "GET", f"/leads/{lead.id}/near-duplicates")
    assert [(each["need"]["number"], each["similarity_percent"]) for each in operator["needs"]] == [
        (need.number, 100)
    ]
    assert [each["number"] for each in operator["leads"]] == [twin.number]
    need.visibility = "masked"
    session.flush()
    broker = ask(client, desk.headers(desk.broker), "GET", f"/leads/{lead.id}/near-duplicates")
    assert broker["needs"] == []
    refused = ask(client, desk.headers(desk.operator), "POST", f"/leads/{lead.id}/promotion", {}, status=409)
    assert refused["code"] == "looks_like_duplicate"
    closing = {"reason_code": "duplicate_of_lead", "lead_id": str(twin.id)}
    ask(client, desk.headers(desk.collector), "POST", f"/leads/{lead.id}/closing", closing)
    assert ask(client, desk.headers(desk.collector), "GET", f"/leads/{twin.id}")["merged"] == [lead.number]
    despite = {"despite_duplicates": True}
    promoted = ask(client, desk.headers(desk.collector), "POST", f"/leads/{twin.id}/promotion", despite)
    origins = ask(client, desk.headers(desk.operator), "GET", f"/needs/{promoted['need_id']}/provenance")[
        "items"
    ]
    assert [(each["number"], each["kind"]) for each in origins] == [
        (twin.number, "promoted"),
        (lead.number, "merged"),
    ]


def test_an_export_disarms_formulas_and_names_nobody(client, session, desk):
    desk.full_lead(words='=HYPERLINK("http://example.test")')
    answer = client.get("/api/leads/file?format=csv", headers=desk.headers(desk.collector))
    assert answer.status_code == 200
    text = answer.get_data().decode("utf-8-sig")
    assert "'=HYPERLINK" in text
    assert "王测试" not in text
    assert "进行中" in answer.get_data().decode("utf-8-sig")
    assert client.get("/api/leads/file", headers=desk.headers(desk.collector)).status_code == 200


def test_what_the_words_propose_is_shown_beside_them_and_is_no_answer(client, desk):
    lead = record(client, desk, words="焊接良率现在92%，年底前要做到98%以上。")
    proposed = {each["field"]: each for each in lead["proposed"]}
    assert proposed["wanted_on"]["value"] == '"2026-12-31"'
    assert proposed["wanted_on"]["read_from"] == "年底"
    [indicator] = json.loads(proposed["indicators"]["value"])
    assert (indicator["now"], indicator["target"], indicator["unit"]) == ("92", "≥98", "%")
    assert lead["answers"] == {name: None for name in lead["answers"]}


def test_an_event_is_recorded_once_and_its_leads_name_it(client, session, desk):
    headers = desk.headers(desk.collector)
    body = {"node_key": desk.node.key, "title": "测试对接会", "held_on": "2026-03-09", "enterprises": 12}
    event = ask(client, headers, "POST", "/outreaches", body, status=201)
    assert ask(client, headers, "POST", "/outreaches", body, status=409)["code"] == "event_known"
    lead = record(client, desk, event_id=event["id"])
    assert (lead["channel"], lead["event_title"]) == ("event", "测试对接会")
    assert [each["id"] for each in ask(client, headers, "GET", "/outreaches")["items"]] == [event["id"]]
    stranger = bearer(session, (Role.COLLECTOR, zone("420200")))
    assert ask(client, stranger, "GET", "/outreaches")["items"] == []


def test_the_same_offline_form_sent_again_is_the_same_lead(client, desk):
    client_id = str(new_id())
    first, second = record(client, desk, client_id=client_id), record(client, desk, client_id=client_id)
    assert first["id"] == second["id"]
    body = LEAST | {"node_key": desk.node.key, "client_id": client_id, "words": "别的话"}
    answer = client.post("/api/leads", json=body, headers=desk.headers(desk.collector))
    assert (answer.status_code, answer.json["code"]) == (409, "client_id_taken")
