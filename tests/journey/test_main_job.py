"""The main job from end to end over HTTP: every party logs in with its own role, the clock is moved by hand.

Times are those of Wuhan in March 2026, a month without holidays: submitted on Monday 9th at 10:00, so that the three
promises fall due at the close (17:30) of the 10th, the 16th and the 30th.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient

from backbone.actor import Role, Scope, ScopeKind
from backbone.clock import SHANGHAI, FrozenClock
from tests.factories.directory import a_credit_code
from tests.factories.identity import administrator, bearer
from tests.factories.talks import BOTH_SIDES

pytestmark = pytest.mark.postgres

PASSWORD = "journey-of-a-need"
NEED = {
    "title": "紫铜薄片激光焊接飞溅大", "industry": "nev", "need_type": "quality", "visibility": "masked",
    "masked_title": "动力电池连接件焊接质量", "masked_summary": "某电池企业的连接件焊接飞溅超标",
    "problem": "动力电池汇流排采用零点三毫米紫铜薄片，红外激光焊接时飞溅颗粒多，刺穿隔膜的风险不可接受。",
    "contact": {"name": "测试联系人", "phone": "027-00000000"},
}  # fmt: skip
INDICATORS = [
    {"name": "飞溅颗粒数", "now": "45", "target": "≤5", "unit": "粒/米", "weight": "must"},
    {"name": "焊接速度", "now": "80", "target": "≥150", "unit": "mm/s", "weight": "must"},
    {"name": "单米电耗", "target": "≤0.2", "unit": "kWh", "weight": "want"},
]
ACHIEVEMENT = {
    "kind": "achievement", "title": "蓝光复合激光焊接紫铜工艺", "industry": "nev", "trl": 7,
    "summary": "蓝光预热配合红外深熔，紫铜薄片焊接的飞溅颗粒降到每米三粒以下，用于动力电池汇流排。",
    "transfer_modes": ["licence", "service"],
}  # fmt: skip
OFFER = {
    "plan": "两个月工艺验证，一个月产线导入。", "duration_days": 90, "trl": 7,
    "price": {"kind": "range", "min_fen": 60_000_000, "max_fen": 90_000_000},
    "ip_terms": "许可使用，改进双方共有。", "no_confidential_content": True,
    "answers": [
        {"indicator": "飞溅颗粒数", "verdict": "met", "how": "中试线实测每米三粒"},
        {"indicator": "焊接速度", "verdict": "partly", "how": "目前一百二十毫米每秒"},
    ],
}  # fmt: skip


def wuhan(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of March 2026."""
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


def spelled(instant: datetime) -> str:
    """The instant as HTTP says it."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


@dataclass(frozen=True)
class Party:
    """Somebody with a token; every answer is checked for its status."""

    client: FlaskClient
    headers: dict[str, str]

    def post(self, path: str, body: Any = None, *, status: int = 200, **headers: str) -> Any:
        return self._checked("POST", path, status, json=body or {}, headers=self.headers | headers)

    def get(self, path: str, *, status: int = 200) -> Any:
        return self._checked("GET", path, status, headers=self.headers)

    def patch(self, path: str, body: Any) -> Any:
        etag = self.client.get(f"/api{path}", headers=self.headers).headers["ETag"]
        return self._checked("PATCH", path, 200, json=body, headers=self.headers | {"If-Match": etag})

    def _checked(self, method: str, path: str, status: int, **sent: Any) -> Any:
        answer = self.client.open(f"/api{path}", method=method, **sent)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json


@pytest.fixture
def world(client: FlaskClient, session: Any, clock: FrozenClock) -> SimpleNamespace:
    """An administrator sets up organisations and accounts; the poster and the operator log in with a password."""
    clock.instant = wuhan(2, 9)
    admin = Party(client, administrator(session))

    def organisation(kind: str, name: str, **more: Any) -> str:
        body = {"name": name, "credit_code": a_credit_code(), "region_code": "420100", **more}
        return str(admin.post(f"/{kind}", body, status=201)["id"])

    def login(name: str, role: str, kind: str, reach: str) -> Party:
        entry = {"login": name, "name": f"测试{name}", "password": PASSWORD}
        account = admin.post("/accounts", entry, status=201)["id"]
        admin.post(
            f"/accounts/{account}/memberships",
            {"role": role, "scope": {"kind": kind, "id": reach}},
            status=201,
        )
        token = Party(client, {}).post("/tokens", {"login": name, "password": PASSWORD}, status=201)["token"]
        return Party(client, {"Authorization": f"Bearer {token}"})

    def member(role: Role, reach: str) -> Party:
        scope = Scope(ScopeKind.ORGANISATION, reach)
        return Party(client, bearer(session, (role, scope)))

    enterprise = organisation("enterprises", "测试电池企业")
    institute = organisation("institutes", "测试激光研究院", type="research_institute")
    rival = organisation("institutes", "测试材料大学", type="university")
    return SimpleNamespace(
        institute=institute,
        rival=rival,
        poster=login("poster", "enterprise_member", "organisation", enterprise),
        operator=login("operator", "operator", "zone", "420100"),
        # Hashing a password is slow by design: two logins show the way, the others get their tokens directly.
        researcher=member(Role.INSTITUTE_MEMBER, institute),
        office=member(Role.TRANSFER_OFFICE, institute),
        rival_office=member(Role.TRANSFER_OFFICE, rival),
        stranger=member(Role.ENTERPRISE_MEMBER, organisation("enterprises", "测试旁观企业")),
    )


def clocks_of(party: Party, need: str) -> dict[str, str]:
    return {row["stage"]: row["state"] for row in party.get(f"{need}/clocks")["items"]}


def clock_of(party: Party, need: str, stage: str) -> Any:
    return next(row for row in party.get(f"{need}/clocks")["items"] if row["stage"] == stage)


def state_of(party: Party, need: str) -> str:
    return str(party.get(need)["state"])


def a_submitted_need(world: SimpleNamespace, clock: FrozenClock) -> str:
    """The path of a need drafted, completed and submitted on Monday at 10:00."""
    clock.instant = wuhan(9, 10)
    draft = world.poster.post("/needs", NEED, status=201)
    need = f"/needs/{draft['id']}"
    world.poster.patch(need, {"indicators": INDICATORS})
    world.poster.post(f"{need}/submission")
    return need


def test_the_quality_gate_advises_and_the_submission_opens_three_clocks(world, clock):
    clock.instant = wuhan(9, 10)
    draft = world.poster.post("/needs", {"title": NEED["title"]}, status=201)
    need = f"/needs/{draft['id']}"

    advice = world.poster.get(f"{need}/completeness")
    refused = world.poster.post(f"{need}/submission", status=422)
    assert set(advice["compulsory_missing"]) == {"problem", "contact", "industry"}
    assert set(refused["missing"]) == set(advice["compulsory_missing"])
    assert (state_of(world.poster, need), clocks_of(world.poster, need)) == ("draft", {})

    amended = world.poster.patch(need, NEED | {"indicators": INDICATORS})
    better = world.poster.get(f"{need}/completeness")
    assert better["score"] > advice["score"]
    assert better["compulsory_missing"] == []
    assert amended["indicators"][0]["name"] == "飞溅颗粒数"

    submitted = world.poster.post(f"{need}/submission")
    rows = world.poster.get(f"{need}/clocks")["items"]
    assert (submitted["state"], submitted["submitted_at"]) == ("submitted", spelled(wuhan(9, 10)))
    assert {row["stage"]: row["due_at"] for row in rows} == {
        "confirm": spelled(wuhan(10, 17, 30)),
        "communicate": spelled(wuhan(16, 17, 30)),
        "propose": spelled(wuhan(30, 17, 30)),
    }
    assert {row["state"] for row in rows} == {"running"}


def test_the_main_job_from_submission_to_choice(world, clock):
    clock.instant = wuhan(6, 15)
    offer = ACHIEVEMENT | {"institute_id": world.institute}
    achievement = world.researcher.post("/achievements", offer, status=201)
    need = a_submitted_need(world, clock)

    clock.instant = wuhan(9, 11)
    the_poster_sees_matches_and_institutes_see_nothing(world, need, achievement)
    clock.instant = wuhan(10, 9, 30)
    the_operator_confirms_in_time(world, need)
    clock.instant = wuhan(10, 10)
    an_institute_is_invited_and_reads_in_full(world, need, achievement)
    clock.instant = wuhan(12, 15)
    contact = a_call_is_put_on_record(world, need)
    clock.instant = wuhan(13, 9)
    the_enterprise_agrees_to_the_call(world, need, contact)
    clock.instant = wuhan(19, 9)
    proposal = the_transfer_office_releases_a_proposal(world, need)
    clock.instant = wuhan(20, 9)
    rival = a_second_institute_offers_too(world, need, proposal)
    clock.instant = wuhan(23, 9)
    the_enterprise_compares(world, need, [proposal, rival])
    the_enterprise_chooses(world, need, proposal, rival)
    every_step_is_on_record(world, need)


def the_poster_sees_matches_and_institutes_see_nothing(world, need, achievement):
    matches = world.poster.get(f"{need}/matches")
    assert matches["nothing_suitable"] is False
    assert matches["achievements"][0]["id"] == achievement["id"]
    assert matches["achievements"][0]["sentence_zh"]
    assert matches["institutes"][0]["institute"]["id"] == world.institute
    world.office.get(need, status=404)
    world.stranger.get(need, status=404)
    too_early = world.operator.post(f"{need}/invitations", {"institute_id": world.institute}, status=409)
    assert too_early["code"] == "need_not_open"


def the_operator_confirms_in_time(world, need):
    world.operator.post(f"{need}/confirmation", {"complexity": "ordinary"})
    assert state_of(world.poster, need) == "confirmed"
    assert clocks_of(world.poster, need) == {"confirm": "met", "communicate": "running", "propose": "running"}


def an_institute_is_invited_and_reads_in_full(world, need, achievement):
    masked = world.office.get(need)
    assert (masked["view"], masked["title"]) == ("masked", NEED["masked_title"])
    assert NEED["problem"] not in str(masked)
    assert "测试电池企业" not in str(masked)

    body = {"institute_id": world.institute, "achievement_id": achievement["id"], "message": "请评估"}
    key = {"Idempotency-Key": "invite"}
    invitation = world.operator.post(f"{need}/invitations", body, status=201, **key)
    assert world.operator.post(f"{need}/invitations", body, status=201, **key) == invitation
    assert world.operator.post(f"{need}/invitations", body, status=409)["id"] == invitation["id"]

    full = world.office.get(need)
    assert (full["view"], full["problem"], full["state"]) == ("invited", NEED["problem"], "matched")
    assert world.rival_office.get(need)["view"] == "masked"
    world.rival_office.get(f"/invitations/{invitation['id']}", status=404)
    (received,) = world.researcher.get("/invitations")["items"]
    assert world.researcher.post(f"/invitations/{received['id']}/acceptance")["state"] == "accepted"
    assert clocks_of(world.poster, need)["communicate"] == "running"


def a_call_is_put_on_record(world, need):
    call = {
        "kind": "call", "happened_on": "2026-03-12", "institute_id": world.institute, "people": BOTH_SIDES,
        "result": "工艺窗口可行，需要来料样件", "next_step": "企业寄样二十件", "next_step_on": "2026-03-17",
    }  # fmt: skip
    one_sided = world.researcher.post(f"{need}/contacts", call | {"people": BOTH_SIDES[1:]}, status=422)
    assert one_sided["errors"][0]["field"] == "people"

    contact = world.researcher.post(f"{need}/contacts", call, status=201)

    assert state_of(world.poster, need) == "communicating"
    waiting = clock_of(world.poster, need, "communicate")
    assert (waiting["state"], waiting["awaiting_until"]) == ("running", spelled(wuhan(16, 17, 30)))
    assert world.rival_office.get(f"{need}/contacts")["items"] == []
    return contact


def the_enterprise_agrees_to_the_call(world, need, contact):
    world.poster.post(f"/contacts/{contact['id']}/agreement")
    met = clock_of(world.poster, need, "communicate")
    assert (met["state"], met["stopped_at"]) == ("met", spelled(wuhan(12, 15)))


def the_transfer_office_releases_a_proposal(world, need):
    draft = world.researcher.post(f"{need}/proposals", {"title": "蓝光复合焊接导入"}, status=201)
    path = f"/proposals/{draft['id']}"
    incomplete = world.office.post(f"{path}/release", status=422)
    assert {"飞溅颗粒数", "焊接速度", "plan", "price"} <= set(incomplete["missing"])

    world.researcher.patch(path, OFFER)
    world.researcher.post(f"{path}/release", status=403)
    world.poster.get(path, status=404)
    assert "plan" not in world.operator.get(path)
    assert clocks_of(world.poster, need)["propose"] == "running"

    world.office.post(f"{path}/release")
    assert state_of(world.poster, need) == "proposed"
    assert clocks_of(world.poster, need) == dict.fromkeys(("confirm", "communicate", "propose"), "met")
    return draft


def a_second_institute_offers_too(world, need, proposal):
    invitation = world.poster.post(f"{need}/invitations", {"institute_id": world.rival}, status=201)
    world.rival_office.post(f"/invitations/{invitation['id']}/acceptance")
    offer = OFFER | {"title": "镀层改性", "trl": 4}
    rival = world.rival_office.post(f"{need}/proposals", offer, status=201)
    world.rival_office.post(f"/proposals/{rival['id']}/release")

    assert [row["id"] for row in world.rival_office.get(f"{need}/proposals")["items"]] == [rival["id"]]
    world.rival_office.get(f"/proposals/{proposal['id']}", status=404)
    world.office.get(f"/proposals/{rival['id']}", status=404)
    return rival


def the_enterprise_compares(world, need, proposals):
    table = world.poster.get(f"{need}/proposal-comparison")
    assert [column["id"] for column in table["proposals"]] == [row["id"] for row in proposals]
    assert [column["trl"] for column in table["proposals"]] == [7, 4]
    verdicts = {row["name"]: [cell["verdict"] for cell in row["answers"]] for row in table["indicators"]}
    assert verdicts == {
        "飞溅颗粒数": ["met", "met"], "焊接速度": ["partly", "partly"], "单米电耗": [None, None],
    }  # fmt: skip


def the_enterprise_chooses(world, need, proposal, rival):
    world.operator.post(f"/proposals/{proposal['id']}/acceptance", status=403)
    assert world.poster.post(f"/proposals/{proposal['id']}/acceptance")["state"] == "accepted"
    lost = world.rival_office.get(f"/proposals/{rival['id']}")
    assert (lost["state"], lost["reason_code"]) == ("not_selected", "not_selected")
    assert world.poster.post(f"/proposals/{rival['id']}/acceptance", status=409)["state"] == "not_selected"
    assert state_of(world.poster, need) == "selected"


def every_step_is_on_record(world, need):
    steps = [(step["to_state"], step["occurred_at"]) for step in world.poster.get(f"{need}/history")["items"]]
    assert steps == [
        ("submitted", spelled(wuhan(9, 10))),
        ("confirmed", spelled(wuhan(10, 9, 30))),
        ("matched", spelled(wuhan(10, 10))),
        ("communicating", spelled(wuhan(12, 15))),
        ("proposed", spelled(wuhan(19, 9))),
        ("selected", spelled(wuhan(23, 9))),
    ]
    met = world.operator.get("/clocks?state=met")["items"]
    assert {row["clock"]["stage"] for row in met} == {"confirm", "communicate", "propose"}


def test_a_promise_that_nobody_keeps_is_at_risk_and_then_breached_and_stays_so(world, clock):
    need = a_submitted_need(world, clock)

    clock.instant = wuhan(10, 16, 30)
    assert clocks_of(world.poster, need)["confirm"] == "at_risk"
    clock.instant = wuhan(10, 17, 30)
    assert clocks_of(world.poster, need)["confirm"] == "at_risk"
    clock.instant = wuhan(11, 9, 30)
    assert clocks_of(world.poster, need)["confirm"] == "breached"
    world.operator.post(f"{need}/confirmation", {"complexity": "simple"})

    late = clock_of(world.poster, need, "confirm")
    assert (late["state"], late["over_minutes"]) == ("breached", 30)
    breached = world.operator.get("/clocks?state=breached")["items"]
    assert [row["subject_id"] for row in breached] == [need.removeprefix("/needs/")]


def test_a_dispute_opens_the_promise_to_communicate_again(world, clock):
    need = a_submitted_need(world, clock)
    world.operator.post(f"{need}/confirmation", {"complexity": "simple"})
    world.operator.post(f"{need}/invitations", {"institute_id": world.institute}, status=201)
    clock.instant = wuhan(10, 11)
    contact = world.operator.post(
        f"{need}/contacts",
        {
            "kind": "meeting", "happened_on": "2026-03-10", "institute_id": world.institute,
            "people": BOTH_SIDES, "result": "已介绍需求", "next_step": "院方内部讨论",
        },
        status=201,
    )  # fmt: skip

    clock.instant = wuhan(11, 9)
    world.poster.post(f"/contacts/{contact['id']}/dispute", {"message": "没有开过这个会"})

    assert clocks_of(world.poster, need)["communicate"] == "running"
    assert world.operator.get(f"/contacts/{contact['id']}")["state"] == "disputed"
    clock.instant = wuhan(18, 9)
    assert clocks_of(world.poster, need)["communicate"] == "breached"


def test_with_nothing_on_offer_the_poster_is_told_so_and_what_to_do(world, clock):
    need = a_submitted_need(world, clock)

    matches = world.poster.get(f"{need}/matches")

    assert (matches["nothing_suitable"], matches["achievements"]) == (True, [])
    assert matches["advice"]
