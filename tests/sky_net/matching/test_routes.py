"""Matches over HTTP: the same order as the command line, fresh at once, and nothing that may not be seen."""

import itertools
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backbone.actor import PROVINCE, Role
from backbone.clock import FrozenClock
from backbone.db import Database
from sky_net.matching.batch import catalogue, match_all
from sky_net.matching.building import build
from sky_net.matching.engine import Engine
from sky_net.matching.entries import Entry
from sky_net.matching.sources import ACHIEVEMENTS, NEEDS
from tests.factories.achievements import an_entry
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.identity import bearer, of
from tests.factories.matching import TODAY, shipped_encoder
from tests.factories.needs import SECRETS, a_need_body

LASER = "紫铜激光焊接飞溅抑制"
SUBJECTS = ("激光焊接", "动力电池", "光纤传感", "压铸铝合金", "碳化硅器件", "微球制剂", "轴承润滑")
EFFECTS = ("飞溅抑制", "热失控预警", "噪声降低", "寿命预测", "在线检测", "低温启动")


class Town:
    """One enterprise, two institutes and an operator, over HTTP."""

    def __init__(self, client: Any, session: Session) -> None:
        self.client = client
        self.enterprise, self.institutes = an_enterprise(session), [an_institute(session) for _ in range(2)]
        self.poster = bearer(session, (Role.ENTERPRISE_MEMBER, of(self.enterprise)))
        self.offices = [bearer(session, (Role.TRANSFER_OFFICE, of(each))) for each in self.institutes]
        self.operator = bearer(session, (Role.OPERATOR, PROVINCE))

    def call(
        self, method: str, path: str, headers: dict[str, str], body: Any = None, status: int = 200
    ) -> Any:
        answer = self.client.open(f"/api{path}", method=method, json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return answer

    def registers(self, title: str, summary: str, by: int = 0, **values: Any) -> str:
        """An achievement with nothing but these two texts."""
        body = {
            "institute_id": str(self.institutes[by].id), "title": title, "summary": summary, "industry": "opto",
        } | values  # fmt: skip
        made: str = self.call("POST", "/achievements", self.offices[by], body, 201).json["id"]
        return made

    def submits(self, **fields: Any) -> str:
        """A submitted need."""
        need: str = self.call("POST", "/needs", self.poster, fields, 201).json["id"]
        self.call("POST", f"/needs/{need}/submission", self.poster, {})
        return need

    def asks(self, title: str, problem: str) -> str:
        """A need with nothing but these two texts."""
        contact = {"name": "张测试", "phone": "027-00000000"}
        return self.submits(title=title, problem=problem, industry="opto", contact=contact)

    def matches(self, need: str, query: str = "", headers: dict[str, str] | None = None) -> Any:
        """The list as the poster gets it."""
        return self.call("GET", f"/needs/{need}/matches{query}", headers or self.poster).json

    def confirms(self, need: str) -> None:
        """The operator takes it on."""
        self.call("POST", f"/needs/{need}/confirmation", self.operator, {"complexity": "ordinary"})


@pytest.fixture
def town(client: Any, session: Session, engine: Engine) -> Town:
    return Town(client, session)


@pytest.fixture
def committed_town(committed_client: Any, committed_database: Database) -> Town:
    with committed_database.transaction() as session:
        return Town(committed_client, session)


def order_of(matches: Any) -> list[tuple[str, float]]:
    return [(hit["id"], hit["score"]) for hit in matches["achievements"]]


def some_texts() -> list[tuple[str, str]]:
    return [
        (f"{subject}{effect}", f"面向{subject}的{effect}方法，第{number}组试验验证。")
        for number, (subject, effect) in enumerate(itertools.product(SUBJECTS, EFFECTS))
    ]


def build_all(database: Database, engine: Engine, clock: FrozenClock) -> None:
    for source in (ACHIEVEMENTS, NEEDS):
        with database.transaction() as session:
            assert build(session, engine, source, TODAY, now=clock.now()) is not None


NEEDED = (
    ("紫铜焊接飞溅大", "激光焊接紫铜时飞溅颗粒多，需要抑制"),
    ("电池热失控提前预警", "动力电池包在热失控前十五分钟给出预警"),
    ("轴承降噪", ""),
    ("碳化硅器件寿命", "功率循环下的寿命预测方法，误差不超过一成"),
)


@pytest.mark.parametrize("is_indexed", [False, True], ids=["all in the delta", "in a generation"])
def test_http_and_the_command_line_rank_alike(
    committed_town: Town, committed_database: Database, engine: Engine, clock: FrozenClock, is_indexed: bool
):
    offers = [
        Entry(committed_town.registers(title, summary, number % 2), title, summary)
        for number, (title, summary) in enumerate(some_texts())
    ]
    if is_indexed:
        build_all(committed_database, engine, clock)
    needs = [
        Entry(committed_town.asks(title, problem or title), title, problem or title)
        for title, problem in NEEDED
    ]
    expected = match_all(needs, catalogue(offers, shipped_encoder()), top=20)
    for need_id, hits in expected:
        answered = committed_town.matches(need_id, "?top=20")
        assert (answered["generation"] is not None) == is_indexed
        assert order_of(answered) == [(hit.document_id, pytest.approx(hit.score, abs=2e-6)) for hit in hits]


def test_a_submission_brings_its_list_along_when_asked(town: Town):
    for number, (title, summary) in enumerate(some_texts()):
        town.registers(title, summary, number % 2)
    body = a_need_body(title=LASER, problem="飞溅污染绝缘件")
    need = town.call("POST", "/needs", town.poster, body, 201).json["id"]
    submitted = town.call("POST", f"/needs/{need}/submission?matches=5", town.poster, {}).json
    assert (submitted["state"], submitted["title"]) == ("submitted", LASER)
    assert len(submitted["matches"]["achievements"]) == 5
    assert submitted["matches"] == town.matches(need, "?top=5")


def test_a_submission_that_does_not_ask_brings_no_list(town: Town):
    need = town.call("POST", "/needs", town.poster, a_need_body(title=LASER), 201).json["id"]
    assert town.call("POST", f"/needs/{need}/submission", town.poster, {}).json["matches"] is None
    refused = town.call("POST", f"/needs/{need}/submission?matches=51", town.poster, {}, 422).json
    assert [each["field"] for each in refused["errors"]] == ["matches"]


@pytest.mark.parametrize("is_indexed", [False, True])
def test_a_new_achievement_is_found_by_the_next_request(
    committed_town: Town, committed_database: Database, engine: Engine, clock: FrozenClock, is_indexed: bool
):
    for title, summary in some_texts():
        committed_town.registers(title, summary)
    if is_indexed:
        build_all(committed_database, engine, clock)
    need = committed_town.asks("盾构机刀盘磨损", "砂卵石地层中刀盘磨损过快")
    assert committed_town.matches(need)["nothing_suitable"]
    new = committed_town.registers("盾构机刀盘耐磨堆焊", "降低砂卵石地层中的刀盘磨损")
    matches = committed_town.matches(need)
    assert matches["achievements"][0]["id"] == new
    assert not matches["nothing_suitable"]
    assert matches["advice"] is None


@pytest.mark.parametrize("is_indexed", [False, True])
@pytest.mark.parametrize("how", ["hiding", "withdrawal", "internal"])
def test_what_was_taken_back_is_never_shown(
    committed_town: Town,
    committed_database: Database,
    engine: Engine,
    clock: FrozenClock,
    is_indexed: bool,
    how: str,
):
    gone, stays = (committed_town.registers(LASER, f"第{number}种工艺") for number in range(2))
    if is_indexed:
        build_all(committed_database, engine, clock)
    need = committed_town.asks(LASER, "激光焊接紫铜时飞溅多")
    assert {each for each, _ in order_of(committed_town.matches(need))} == {gone, stays}
    office = committed_town.offices[0]
    match how:
        case "hiding":
            committed_town.call("POST", f"/achievements/{gone}/hiding", office, {})
        case "withdrawal":
            committed_town.call("DELETE", f"/achievements/{gone}", office | {"If-Match": "*"}, status=204)
        case _:
            change = {"secrecy": "internal"}
            committed_town.call("PATCH", f"/achievements/{gone}", office | {"If-Match": "*"}, change)
    assert [each for each, _ in order_of(committed_town.matches(need))] == [stays]
    if how == "hiding":
        committed_town.call("POST", f"/achievements/{gone}/publication", office, {})
        assert {each for each, _ in order_of(committed_town.matches(need))} == {gone, stays}


def test_an_expired_achievement_leaves_the_list_on_its_day(town: Town, clock: FrozenClock):
    until = clock.now().date().isoformat()
    town.registers(LASER, "短期有效", valid_until_on=until)
    need = town.asks(LASER, "激光焊接紫铜时飞溅多")
    assert len(town.matches(need)["achievements"]) == 1
    clock.advance(days=1)
    assert town.matches(need)["achievements"] == []


def test_a_match_says_what_everybody_may_know_and_why_it_fits(town: Town):
    entry = an_entry(town.institutes[0], title=f"{LASER}工艺")
    made = town.call("POST", "/achievements", town.offices[0], entry, 201).json
    (hit,) = town.matches(town.asks(LASER, "激光焊接紫铜时飞溅多"))["achievements"]
    shown = (
        "number",
        "title",
        "industry",
        "summary",
        "gain",
        "keywords",
        "indicators",
        "trl",
        "stage",
        "price",
    )
    assert {name: hit[name] for name in shown} == {name: made[name] for name in shown}
    assert hit["institute"] == {"id": str(town.institutes[0].id), "name": town.institutes[0].name}
    assert hit["rank"] == 1
    assert sum(hit["signals"].values()) == pytest.approx(hit["score"], abs=1e-5)
    assert "激光" in hit["sentence_zh"]
    assert "terms that both sides use" in hit["sentence_en"].lower()
    assert {"term", "weight", "field", "element"} == set(hit["matched_terms"][0])
    assert "contact" not in hit
    assert made["contact"]["phone"] not in str(hit)


def test_a_match_tells_which_indicators_it_meets_and_what_is_missing(town: Town):
    offered = [
        {"name": "飞溅颗粒数", "value": "≤6", "unit": "粒/m"},
        {"name": "熔深误差", "value": "300", "unit": "µm"},
    ]
    town.registers(f"{LASER}工艺", "激光焊接紫铜时抑制飞溅", indicators=offered)
    asked = [
        {"name": "飞溅颗粒", "target": "≤10", "unit": "粒/m"}, {"name": "熔深误差", "target": "≤0.1", "unit": "mm"},
        {"name": "节拍", "target": "≤9", "unit": "s"},
    ]  # fmt: skip
    contact = {"name": "张测试", "phone": "027-00000000"}
    need = town.submits(
        title=LASER, problem="激光焊接紫铜时飞溅多", industry="opto", contact=contact, indicators=asked
    )
    (hit,) = town.matches(need)["achievements"]
    assert [(each["name"], each["verdict"], each["stated"]) for each in hit["verdicts"]] == [
        ("飞溅颗粒", "met", "≤6 粒/m"),
        ("熔深误差", "missed", "300 µm = 0.3 mm"),
        ("节拍", "unknown", None),
    ]
    kinds = [each["kind"] for each in hit["gaps"]]
    assert kinds[:2] == ["indicator_missed", "indicator_unknown"]
    assert 0 < hit["explained"] <= 1
    assert "达到 1 项（飞溅颗粒要求不高于 10 粒/m，成果为不高于 6 粒/m）" in hit["sentence_zh"]


def test_nothing_suitable_comes_with_advice_in_the_callers_language(town: Town):
    town.registers("水稻稻瘟病抗性育种", "抗病新品种")
    need = town.asks("盾构机刀盘磨损", "砂卵石地层中刀盘磨损过快")
    assert town.matches(need)["nothing_suitable"]
    assert "技术经纪人" in town.matches(need)["advice"]
    english = town.matches(need, headers=town.poster | {"Accept-Language": "en"})
    assert "broker" in english["advice"]


def test_the_institutes_are_ranked_with_the_achievements_that_count(town: Town):
    ours = {town.registers(f"{LASER}{number}", "工艺", by=1) for number in range(2)}
    town.registers("水稻稻瘟病抗性育种", "抗病新品种", by=0)
    first = town.matches(town.asks(LASER, "激光焊接紫铜时飞溅多"))["institutes"][0]
    assert first["institute"]["id"] == str(town.institutes[1].id)
    assert set(first["achievements"]) == ours


def test_lists_of_words_filter(town: Town):
    town.registers(LASER, "甲", industry="opto", trl=8, transfer_modes=["licence"])
    town.registers(LASER, "乙", industry="nev", trl=3, transfer_modes=["equity"])
    need = town.asks(LASER, "激光焊接紫铜时飞溅多")
    for query, summaries in (
        ("?industry=opto&industry=nev", {"甲", "乙"}),
        ("?trl_min=5", {"甲"}),
        ("?mode=equity", {"乙"}),
        ("?region=420500", set()),
        ("?region=new-materials-corridor", set()),
        ("?top=1", None),
    ):
        hits = town.matches(need, query)["achievements"]
        assert summaries is None or {hit["summary"] for hit in hits} == summaries
        assert summaries is not None or len(hits) == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("top=0", "top"),
        ("top=51", "top"),
        ("top=ten", "top"),
        ("top=１０", "top"),
        ("trl_min=0", "trl_min"),
        ("trl_min=10", "trl_min"),
        ("industry=fishing", "industry.0"),
        ("region=110000", "region.0"),
        ("mode=barter", "mode.0"),
        ("colour=red", "colour"),
    ],
)
def test_wrong_filters_are_named(town: Town, query: str, field: str):
    need = town.asks(LASER, "激光焊接紫铜时飞溅多")
    answer = town.call("GET", f"/needs/{need}/matches?{query}", town.poster, status=422)
    assert [error["field"] for error in answer.json["errors"]] == [field]


def test_nobody_else_is_told_that_there_are_matches(town: Town, session: Session):
    need = town.asks(LASER, "激光焊接紫铜时飞溅多")
    strangers = [
        town.offices[0],
        bearer(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session)))),
        bearer(session, (Role.BROKER, PROVINCE)),
    ]
    for stranger in strangers:
        answer = town.call("GET", f"/needs/{need}/matches", stranger, status=404)
        assert answer.json["code"] == "not_found"
    assert town.matches(need, headers=town.operator)["need_id"] == need


def test_a_description_of_the_longest_length_in_traditional_characters_is_matched(town: Town):
    """Traditional characters are searched as Simplified ones."""
    right = town.registers("电动汽车动力电池热失控预警", "提前预警")
    town.registers("水稻稻瘟病抗性育种", "抗病")
    need = town.asks("電動汽車動力電池熱失控預警", "預警" * 1000)
    assert town.matches(need)["achievements"][0]["id"] == right


def test_an_institute_finds_needs_for_its_own_achievement(town: Town):
    offer = town.registers(f"{LASER}工艺", "抑制紫铜激光焊接的飞溅")
    public = town.submits(**a_need_body(title=LASER, visibility="public"))
    masked = town.submits(**a_need_body(visibility="masked"))
    assert town.call("GET", f"/achievements/{offer}/fitting-needs", town.offices[0]).json["needs"] == []
    for need in (public, masked):
        town.confirms(need)
    answer = town.call("GET", f"/achievements/{offer}/fitting-needs", town.offices[0])
    first, second = answer.json["needs"]
    assert (first["need"]["id"], first["need"]["view"]) == (public, "open")
    assert (second["need"]["id"], second["need"]["view"]) == (masked, "masked")
    assert not [word for word in (SECRETS["title"], town.enterprise.name) if word in str(second)]
    town.call("GET", f"/achievements/{offer}/fitting-needs", town.offices[1], status=403)
    town.call("GET", f"/achievements/{offer}/fitting-needs?top=0", town.offices[0], status=422)
    town.call("GET", f"/achievements/{masked}/fitting-needs", town.offices[0], status=404)


@pytest.mark.parametrize("is_indexed", [False, True])
def test_both_directions_rank_by_the_same_function(
    committed_town: Town, committed_database: Database, engine: Engine, clock: FrozenClock, is_indexed: bool
):
    """Needs for an achievement come in the order in which the command line would put them for it as a need."""
    needs = []
    for title, problem in NEEDED:
        body = {"title": title, "problem": problem or title, "industry": "opto", "visibility": "public"}
        need = committed_town.submits(**body, contact={"name": "张测试", "phone": "027-00000000"})
        committed_town.confirms(need)
        needs.append(Entry(need, title, problem or title))
    offer = committed_town.registers("激光焊接飞溅抑制", "紫铜激光焊接的飞溅抑制方法")
    if is_indexed:
        build_all(committed_database, engine, clock)
    asked = Entry(offer, "激光焊接飞溅抑制", "紫铜激光焊接的飞溅抑制方法")
    (expected,) = (hits for _, hits in match_all([asked], catalogue(needs, shipped_encoder()), top=10))
    answer = committed_town.call(
        "GET", f"/achievements/{offer}/fitting-needs", committed_town.offices[0]
    ).json
    assert [(each["need"]["id"], each["score"]) for each in answer["needs"]] == [
        (hit.document_id, pytest.approx(hit.score, abs=2e-6)) for hit in expected
    ]
