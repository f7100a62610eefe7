import json
from contextlib import suppress

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as some

from backbone.errors import Invalid, Malformed
from backbone.fields import Flag, Schema, Several, Text, Whole
from backbone.http_requests import (
    LONGEST_KEY,
    idempotency_key,
    load,
    preferred_media,
    query_arguments,
    read_json,
)

APP = Flask(__name__)


class Asked(Schema):
    limit = Whole(1, 9, spelled=True)
    mode = Several(Text(9), 3)
    expired = Flag(spelled=True)


def what_of(raw):
    with pytest.raises(Malformed) as refused:
        read_json(raw)
    return refused.value.data["what"]


def test_an_empty_body_is_an_empty_object():
    assert read_json(b"") == {}


@pytest.mark.parametrize("value", [{"a": "需求"}, [1, 2], "text", 7, None, 1.5, {"𠀀": "😀"}])
def test_json_arrives_as_it_was_written(value):
    assert read_json(json.dumps(value, ensure_ascii=False).encode()) == value


def test_a_syntax_error_says_where_it_is():
    what = what_of('{\n  "title": "甲",,\n}'.encode())
    assert what.zh == "JSON 第 2 行第 16 列有语法错误"
    assert str(what) == "JSON syntax error at line 2, column 16"


@pytest.mark.parametrize("raw", [b'{"trl": 1, "trl": 2}', b'{"a": [{"trl": 1, "trl": 1}]}'])
def test_a_name_that_comes_twice_is_refused_by_name(raw):
    assert what_of(raw).zh == "字段 'trl' 出现两次"
    assert str(what_of(raw)) == "the field 'trl' comes twice"


def test_a_name_that_comes_twice_may_be_anything():
    assert "\\ud800" in what_of(b'{"\\ud800": 1, "\\ud800": 2}').zh


@pytest.mark.parametrize(("raw", "at"), [(b"\xff", 0), ('{"a":"需'.encode()[:-1], 6), (b'{"a":"\xc0\x80"}', 6),
                                         (b'"\xed\xa0\x80"', 1)])  # fmt: skip
def test_bytes_that_are_not_utf8_are_refused_with_their_position(raw, at):
    assert what_of(raw).zh == f"第 {at} 字节不是 UTF-8"


@pytest.mark.parametrize(
    "raw", [b"NaN", b"Infinity", b"-Infinity", b'{"trl": NaN}', b"9" * 5000, b'{"a": -' + b"1" * 4301 + b"}"]
)
def test_impossible_numbers_are_refused(raw):
    assert what_of(raw).zh == "JSON 含有无法接受的数字或嵌套过深"


@pytest.mark.parametrize(
    "raw", [b"[" * 100_000, b'{"a":' * 100_000 + b"1" + b"}" * 100_000, b"[" * 100_000 + b"]" * 100_000]
)
def test_nesting_without_end_is_refused(raw):
    assert "嵌套过深" in what_of(raw).zh


@pytest.mark.parametrize(
    "raw", [b"{", b'{"a" 1}', b"{'a': 1}", b'{"a": 1,}', b"\xef\xbb\xbf{}", b"tru", b'"\x01"', b"{}{}"]
)
def test_what_is_not_json_is_refused(raw):
    assert "语法错误" in what_of(raw).zh


@given(some.binary(max_size=200))
def test_whatever_bytes_come_they_are_read_or_refused_and_nothing_else(raw):
    with suppress(Malformed):
        json.dumps(read_json(raw))


def arguments(query):
    with APP.test_request_context(f"/?{query}"):
        return query_arguments(Asked)


def test_lists_take_every_value_and_the_rest_the_last():
    assert arguments("mode=a&limit=1&mode=b&limit=2") == {"mode": ["a", "b"], "limit": "2"}


def test_without_a_schema_there_is_no_query():
    with APP.test_request_context("/?limit=1"):
        assert query_arguments(None) == {}


def test_a_single_value_is_a_list_of_one_where_a_list_is_wanted():
    assert load(Asked, arguments("mode=a&expired=false")) == {"mode": ["a"], "expired": False}


def test_bytes_in_a_query_that_are_not_utf8_do_no_harm():
    assert arguments("mode=%ff") == {"mode": ["%FF"]}


def test_every_wrong_field_is_named_at_once():
    with pytest.raises(Invalid) as refused:
        load(Asked, {"limit": "１", "mode": ["a"] * 4, "colour": "red"})
    assert {entry["field"] for entry in refused.value.data["errors"]} == {"limit", "mode", "colour"}
    assert refused.value.data["count"] == 3


def test_without_a_schema_nothing_is_loaded():
    assert load(None, {"anything": 1}) == {}


def key_of(value):
    with APP.test_request_context("/", headers={} if value is None else {"Idempotency-Key": value}):
        return idempotency_key()


@pytest.mark.parametrize("key", [None, "a", "8d0f-1", "x" * LONGEST_KEY, "with blank"])
def test_keys_of_printable_ascii_pass(key):
    assert key_of(key) == key


@pytest.mark.parametrize("key", ["", "x" * (LONGEST_KEY + 1), "键", "tab\there"])
def test_other_keys_are_refused_by_name(key):
    with pytest.raises(Invalid) as refused:
        key_of(key)
    assert refused.value.data["errors"][0]["field"] == "Idempotency-Key"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv"),
        ("text/*", "text/csv"),
        ("text/csv;q=0.4, application/json;q=0.9", "application/json"),
        ("image/png", "application/json"),
        ("text/csv;q=0", "application/json"),
        ("nonsense", "application/json"),
    ],
)
def test_the_caller_has_the_media_type_it_would_rather_have(accept, expected):
    headers = {} if accept is None else {"Accept": accept}
    with APP.test_request_context(headers=headers):
        assert preferred_media(("application/json", "text/csv")) == expected
