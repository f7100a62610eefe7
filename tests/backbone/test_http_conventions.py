"""Names in the API document: units and ids said by rule, shared names by word, and what a field says of itself stands."""

from typing import Any

import pytest

from backbone.errors import Bilingual
from backbone.http_conventions import Words, describe, joined, kind_of, said_of

FEN = {"type": "integer", "format": "int64"}
INSTANT = {"type": ["string", "null"], "format": "date-time"}
DAY = {"type": "string", "format": "date"}
ID = {"type": "string", "format": "uuid"}
TEXT = {"type": "string"}
LINES = {"type": "array", "items": {"$ref": "#/components/schemas/Line"}}
NEED = Bilingual("需求", "the need")
WORDS = Words(
    parts={"paid": "已支付", "need": "需求", "asked": "提出", "asked_fen": "申请", "good-batches": "好批次", "batch": "批次"},
    names={
        "lines:objects": Bilingual("逐行", "line by line"),
        "lines:array": Bilingual("行", "lines"),
        "lines:integer": Bilingual("行数", "how many lines"),
        "need:object": NEED,
        "tried": Bilingual("已尝试", "what was tried"),
        "?tried": Bilingual("只列已尝试的", "tried ones alone"),
    },
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "entry", "said"),
    [
        ("paid_fen", FEN, "已支付：金额，单位分 / paid: amount in fen (1 yuan = 100 fen)"),
        ("other_fen", FEN, "金额，单位分 / amount in fen (1 yuan = 100 fen)"),
        (
            "asked_at",
            INSTANT,
            "提出：带时区的时刻，返回时为 UTC / asked: instant with its offset, answered in UTC",
        ),
        ("asked_fen", FEN, "申请：金额，单位分 / asked: amount in fen (1 yuan = 100 fen)"),
        ("valid_until", DAY, "日期，按北京时间（Asia/Shanghai） / day in the province (Asia/Shanghai)"),
        ("need_id", ID, "需求的 id / id of the need"),
        ("asked_by", ID, "提出人的账号 id / id of the account it was asked by"),
        ("text_sha256", TEXT, "SHA-256 摘要，十六进制 / SHA-256 digest, hexadecimal"),
    ],
)
def test_what_follows_a_convention_is_said_by_it(name: str, entry: dict[str, Any], said: str):
    assert said_of(name, entry, WORDS) == said


@pytest.mark.parametrize(
    ("name", "entry"),
    [("unknown", TEXT), ("other_id", ID), ("paid_fen", TEXT), ("asked_by", TEXT), ("need", TEXT)],
)
def test_nothing_is_said_where_the_type_is_another_or_nobody_knows_the_thing(
    name: str, entry: dict[str, Any]
):
    assert said_of(name, entry, WORDS) is None


def test_a_name_of_several_meanings_is_told_apart_by_its_type():
    assert said_of("lines", LINES, WORDS) == "逐行 / line by line"
    assert said_of("lines", {"type": "array", "items": TEXT}, WORDS) == "行 / lines"
    assert said_of("lines", FEN, WORDS) == "行数 / how many lines"


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        ({}, "any"), ({"type": ["null", "string"]}, "string"), (ID, "uuid"), (LINES, "objects"), ({"type": "null"}, "null"),
        ({"anyOf": [{"$ref": "#/x"}, {"type": "null"}]}, "object"), ({"type": "string", "format": "email"}, "string"),
    ],
)  # fmt: skip
def test_the_kind_is_the_format_where_that_tells_more(entry: dict[str, Any], kind: str):
    assert kind_of(entry) == kind


def described(properties: dict[str, Any], path: str = "/x", *parameters: dict[str, Any]) -> dict[str, Any]:
    thing = {"type": "object", "properties": properties}
    operation = {"parameters": list(parameters), "responses": {}}
    paths = {path: {"parameters": [], "get": operation}}
    return describe({"paths": paths, "components": {"schemas": {"Thing": thing}}}, WORDS)


def properties_of(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"]["Thing"]["properties"]
    return found


def test_what_a_field_says_of_itself_stands():
    found = properties_of(described({"paid_fen": FEN | {"description": "own"}, "tried": dict(TEXT)}))
    assert found["paid_fen"]["description"] == "own"
    assert found["tried"]["description"] == "已尝试 / what was tried"


def test_what_the_entries_of_a_list_or_the_thing_beside_null_say_is_said_of_the_whole():
    thing = {"$ref": "#/components/schemas/Thing", "description": "own"}
    found = properties_of(
        described(
            {"tried": {"type": "array", "items": TEXT | {"description": "own"}}, "need": {"anyOf": [thing]}}
        )
    )
    assert found["tried"] == {"type": "array", "items": TEXT, "description": "own"}
    assert found["need"]["description"] == "own"
    assert "description" not in thing


def test_properties_within_properties_are_described_and_one_of_that_name_is_no_schema():
    inner = {"type": ["object", "null"], "properties": {"properties": dict(TEXT), "need_id": dict(ID)}}
    found = properties_of(described({"outer": inner}))["outer"]["properties"]
    assert found["need_id"]["description"] == "需求的 id / id of the need"
    assert found["properties"] == TEXT


def parameter(place: str, name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"in": place, "name": name, "schema": dict(schema)}


def test_a_parameter_of_the_path_is_of_its_collection_where_the_name_alone_would_mislead():
    path = "/good-batches/{batch_id}/needs/{need_id}"
    batch, need = parameter("path", "batch_id", ID), parameter("path", "need_id", ID)
    described({}, path, batch, need)
    assert batch["description"] == "好批次的 id / id of one of the good-batches"
    assert need["description"] == "需求的 id / id of the need"


def test_a_filter_has_words_of_its_own():
    tried, own = parameter("query", "tried", TEXT), parameter("query", "tried", TEXT) | {"description": "own"}
    lines = parameter("query", "codes", {"type": "array", "items": TEXT | {"description": "a: 甲 / a"}})
    described({}, "/x", tried, own, lines)
    assert tried["description"] == "只列已尝试的 / tried ones alone"
    assert own["description"] == "own"
    assert lines["description"] == "a: 甲 / a"


def test_two_nets_cannot_explain_the_same_name():
    assert joined([Words({"a": "甲"}, {}), Words({}, {"b": NEED})]) == Words({"a": "甲"}, {"b": NEED})
    with pytest.raises(ValueError, match="explained twice: need:object"):
        joined([WORDS, Words({}, {"need:object": NEED})])
    with pytest.raises(ValueError, match="explained twice: paid"):
        joined([WORDS, Words({"paid": "已付"}, {})])
