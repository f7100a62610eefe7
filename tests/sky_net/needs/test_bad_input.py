"""What people really send: each gets a problem that names the field in their language, and nothing is half-written."""

import json

import pytest
from sqlalchemy import func, select

from backbone.actor import Role
from backbone.audit import AuditEvent
from backbone.idempotency import IdempotencyKey
from sky_net.needs.models import Need
from tests.factories.directory import an_enterprise
from tests.factories.identity import an_account, headers_of, of
from tests.factories.needs import a_need_body
from tests.made_once import made_once

ZH, EN = {"Accept-Language": "zh"}, {"Accept-Language": "en"}


@made_once
def poster(session):
    account = an_account(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session))))
    return headers_of(session, account)


@pytest.fixture
def written(session):
    """How many rows there are of everything a refused request might have left."""

    def count():
        tables = (Need, AuditEvent, IdempotencyKey)
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]

    return count


def problem_of(response, status, field=None):
    assert response.status_code == status, response.get_data(as_text=True)[:500]
    assert response.mimetype == "application/problem+json"
    problem = json.loads(response.get_data())
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    if field is not None:
        assert [error["field"] for error in problem["errors"]] == [field], problem
    return problem


def post(client, poster, body, language=ZH, **kwargs):
    headers = poster | language | kwargs.pop("headers", {})
    if isinstance(body, bytes | str):
        return client.post("/api/needs", data=body, content_type="application/json", headers=headers)
    return client.post("/api/needs", json=body, headers=headers)


WRONG_FIELDS = [
    ({"title": None}, "title", "必填", "required"),
    ({"title": 7}, "title", "应为文字", "must be a string"),
    ({"title": "  \u3000"}, "title", "不能为空", "blank"),
    ({"title": "长" * 201}, "title", "最多 200 字", "at most 200"),
    ({"title": "题\x00"}, "title", "NUL", "NUL"),
    ({"problem": "坏\ud83d"}, "problem", "代理字符", "surrogate"),
    ({"descripton": "x"}, "descripton", "没有这个字段", "no such field"),
    ({"need_type": "newproduct"}, "need_type", "可选：new_product", "new_product"),
    ({"industry": "光电"}, "industry", "可选值", "choices"),
    ({"cooperation_modes": ["gift"]}, "cooperation_modes.0", "可选值", "choices"),
    ({"cooperation_modes": ["equity", "equity"]}, "cooperation_modes", "重复", "repeated"),
    ({"cooperation_modes": "equity"}, "cooperation_modes", "应为列表", "list"),
    ({"visibility": "secret"}, "visibility", "可选值", "choices"),
    ({"visibility": None, "urgency": "now"}, "urgency", "可选值", "choices"),
    ({"trl_now": 0}, "trl_now", "应在 1 至 9 之间", "between 1 and 9"),
    ({"trl_required": 10}, "trl_required", "应在 1 至 9 之间", "between 1 and 9"),
    ({"trl_now": "６"}, "trl_now", "半角数字", "ASCII digits"),
    ({"trl_now": "6"}, "trl_now", "不加引号", "unquoted"),
    ({"trl_now": True}, "trl_now", "应为整数", "whole number"),
    ({"trl_now": 6.5}, "trl_now", "应为整数", "whole number"),
    ({"nda_required": "yes"}, "nda_required", "true 或 false", "true or false"),
    ({"wanted_on": "1989-12-31"}, "wanted_on", "1990 年", "1990"),
    ({"wanted_on": "2026-02-30"}, "wanted_on", "YYYY-MM-DD", "YYYY-MM-DD"),
    ({"wanted_on": "２０２６-03-01"}, "wanted_on", "YYYY-MM-DD", "YYYY-MM-DD"),
    ({"valid_until_on": 20260301}, "valid_until_on", "YYYY-MM-DD", "YYYY-MM-DD"),
    ({"valid_until_on": "2026-03-09"}, "valid_until_on", "不能早于今天", "before today"),
    ({"budget": {"kind": "range", "min_fen": -1}}, "budget.min_fen", "应在 0", "between 0"),
    ({"budget": {"kind": "range", "min_fen": 10**30}}, "budget.min_fen", "应在 0", "between 0"),
    ({"budget": {"kind": "range", "max_fen": "１００"}}, "budget.max_fen", "半角数字", "ASCII digits"),
    (
        {"budget": {"kind": "range", "min_fen": 2, "max_fen": 1}},
        "budget.min_fen",
        "大于上限 1",
        "over the maximum 1",
    ),
    (
        {"budget": {"kind": "fixed", "min_fen": 1, "max_fen": 2}},
        "budget.max_fen",
        "只有一个数额",
        "one amount",
    ),
    ({"budget": {"kind": "range"}}, "budget.max_fen", "至少给出一个数额", "at least one amount"),
    ({"budget": {"kind": "fixed"}}, "budget.max_fen", "至少给出一个数额", "at least one amount"),
    (
        {"budget": {"kind": "negotiable", "min_fen": 1}},
        "budget.min_fen",
        "面议时不给金额",
        "takes no amounts",
    ),
    ({"title": "\u200b\u2060 "}, "title", "不能为空", "blank"),
    ({"budget": {"min_fen": 1}}, "budget.kind", "必填", "required"),
    ({"budget": 100}, "budget", "对象", "object"),
    ({"budget": {"kind": "range", "currency": "CNY"}}, "budget.currency", "没有这个字段", "no such field"),
    ({"contact": {"phone": "1"}}, "contact.name", "必填", "required"),
    ({"indicators": [{"target": "1"}]}, "indicators.0.name", "必填", "required"),
    ({"indicators": [{"name": "精度"}, {"name": "精度"}]}, "indicators", "同名", "same name"),
    ({"indicators": [{"name": "精度A"}, {"name": "精度ａ "}]}, "indicators", "同名", "same name"),
    ({"indicators": [{"name": "精度", "weight": "maybe"}]}, "indicators.0.weight", "可选值", "choices"),
    ({"indicators": [{"name": "精\x00度"}]}, "indicators.0.name", "NUL", "NUL"),
    ({"indicators": [{"name": "精度", "\ud800": 1}]}, "indicators.0.\ufffd", "没有这个字段", "no such field"),
    ({"indicators": [{"name": "精度"}] * 31}, "indicators", "最多 30 项", "at most 30"),
    ({"indicators": [["精度"]]}, "indicators.0", "对象", "object"),
    ({"deliverables": [None]}, "deliverables.0", "null", "null"),
    ({"region_preference": ["430000"]}, "region_preference.0", "可选值", "choices"),
    ({"enterprise_id": "1"}, "enterprise_id", "UUID", "UUID"),
    ({"\ud83d\x00": 1}, "\ufffd\ufffd", "没有这个字段", "no such field"),
]


@pytest.mark.parametrize(("change", "field", "zh", "en"), WRONG_FIELDS)
def test_a_wrong_field_is_named_in_both_languages_and_nothing_is_written(
    client, poster, written, change, field, zh, en
):
    before = written()
    for language, expected in ((ZH, zh), (EN, en)):
        problem = problem_of(post(client, poster, a_need_body(**change), language), 422, field)
        assert expected in problem["errors"][0]["problem"]
        assert problem["code"] == "invalid"
    assert written() == before


def test_all_wrong_fields_are_named_at_once(client, poster):
    response = post(
        client, poster, a_need_body(trl_now=0, need_type="x", budget={"kind": "y", "min_fen": -5})
    )
    problem = problem_of(response, 422)
    assert {error["field"] for error in problem["errors"]} == {
        "trl_now",
        "need_type",
        "budget.kind",
        "budget.min_fen",
    }
    assert problem["count"] == 4


MALFORMED = [
    (b'{"title": "x"', "JSON 第 1 行", "JSON syntax error at line 1"),
    (b'{"title": "x",}', "JSON", "JSON"),
    (b"{'title': 1}", "JSON", "JSON"),
    (b'{"title": "\xff"}', "UTF-8", "UTF-8"),
    ('{"title": "光"}'.encode("gb18030"), "UTF-8", "UTF-8"),
    (b'{"trl_now": NaN}', "数字", "number"),
    (b'{"trl_now": Infinity}', "数字", "number"),
    (b'{"trl_now": ' + b"9" * 5000 + b"}", "数字", "number"),
    (b"[" * 100_000, "嵌套过深", "nests too deep"),
]


@pytest.mark.parametrize(("raw", "zh", "en"), MALFORMED)
def test_what_cannot_be_read_is_said_so(client, poster, written, raw, zh, en):
    before = written()
    for language, expected in ((ZH, zh), (EN, en)):
        assert expected in problem_of(post(client, poster, raw, language), 400)["detail"]
    assert written() == before


@pytest.mark.parametrize("raw", [b"[]", b'"text"', b"7", b"null"])
def test_a_body_that_is_no_object_is_refused(client, poster, raw):
    problem = problem_of(post(client, poster, raw), 422, "(body)")
    assert "JSON 对象" in problem["errors"][0]["problem"]


def test_ten_megabytes_of_text_are_refused_by_the_field(client, poster, written):
    before = written()
    body = json.dumps(a_need_body(problem="长" * 3_500_000), ensure_ascii=False).encode()
    for language, expected in (
        (ZH, "共 3500000 字，最多 10000 字"),
        (EN, "3500000 characters, at most 10000"),
    ):
        problem = problem_of(post(client, poster, body, language), 422, "problem")
        assert expected in problem["errors"][0]["problem"]
    assert written() == before


def test_more_than_the_platform_reads_is_refused_unread(client, poster, app):
    limit = app.config["MAX_CONTENT_LENGTH"]
    for language, expected in ((ZH, "上限"), (EN, "limit")):
        problem = problem_of(post(client, poster, b" " * (limit + 1), language), 413)
        assert expected in problem["detail"]


def test_traditional_characters_are_kept_as_given_and_found_by_simplified(client, poster):
    given = "車載激光雷達的低溫抖動抑制"
    made = post(client, poster, a_need_body(title=given))
    assert made.status_code == 201
    for wanted in ("激光雷达", "激光雷達", "低温"):
        found = client.get("/api/needs", query_string={"q": wanted}, headers=poster).get_json()
        assert [need["title"] for need in found["items"]] == [given]
    assert client.get("/api/needs", query_string={"q": "雷达站"}, headers=poster).get_json()["items"] == []


def test_full_width_text_is_text(client, poster):
    made = post(client, poster, a_need_body(title="ＧａＮ驱动１２Ｖ"))
    assert made.get_json()["title"] == "ＧａＮ驱动１２Ｖ"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": "０"}, "limit"), ({"limit": "101"}, "limit"), ({"sort": "password"}, "sort"), ({"state": "done"}, "state.0"),
        ({"cursor": "abc"}, "cursor"), ({"cursor": "WzFd"}, "cursor"), ({"page": "2"}, "page"), ({"mine": "1"}, "mine"),
        ({"submitted_from": "1989-01-01"}, "submitted_from"), ({"q": "\x00"}, "q"), ({"zone": "1"}, "zone"),
    ],
)  # fmt: skip
def test_a_wrong_filter_is_named(client, poster, query, field):
    for language in (ZH, EN):
        problem_of(client.get("/api/needs", query_string=query, headers=poster | language), 422, field)


def test_an_amendment_is_checked_like_a_draft(client, poster):
    made = post(client, poster, a_need_body())
    headers = poster | {"If-Match": made.headers["ETag"]}
    for change, field in (({"title": None}, "title"), ({"trl_now": 0}, "trl_now"), ({"state": "confirmed"}, "state"),
                          ({"indicators": [{}]}, "indicators.0.name"), ({"enterprise_id": made.get_json()["id"]}, "enterprise_id")):  # fmt: skip
        problem_of(client.patch(made.headers["Location"], json=change, headers=headers), 422, field)
    assert client.get(made.headers["Location"], headers=poster).headers["ETag"] == made.headers["ETag"]


def test_an_incomplete_need_says_what_is_compulsory_in_both_languages(client, poster):
    made = post(client, poster, {"title": "只有名称"}).get_json()
    for language, expected in ((ZH, "提交前必填：技术问题"), (EN, "Compulsory before submission: problem")):
        response = client.post(f"/api/needs/{made['id']}/submission", headers=poster | language)
        problem = problem_of(response, 422)
        assert problem["code"] == "need_incomplete"
        assert problem["missing"] == ["problem", "contact", "industry"]
        assert problem["errors"][0] == {"field": "problem", "problem": expected}


@pytest.mark.parametrize(
    "address", ["/api/needs/1", "/api/needs/00000000-0000-0000-0000-00000000000g", "/api/needs/%00"]
)
def test_an_address_that_names_nothing_is_not_found(client, poster, address):
    problem_of(client.get(address, headers=poster), 404)


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer wrong", "Basic eDp5", "Bearer \u00ff\u00ff"])
def test_no_token_no_answer(client, token):
    for method, address in (("get", "/api/needs"), ("post", "/api/needs")):
        response = getattr(client, method)(address, headers={"Authorization": token})
        problem_of(response, 401)
        assert response.headers["WWW-Authenticate"] == "Bearer"
