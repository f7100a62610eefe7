import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backbone.errors import say
from sky_net.matching.entries import BadLine, Entry, read_entries

GOOD = b'{"id": "1", "title": "t", "description": "d"}'


def read(tmp_path, content, renames=None):
    file = tmp_path / "lines.jsonl"
    file.write_bytes(content)
    return read_entries(file, renames)


def test_entries_come_in_file_order(tmp_path):
    content = '{"id":"b","title":"激光","description":"焊接"}\n{"title":"光纤","id":"a"}\n'.encode()
    assert read(tmp_path, content) == [Entry("b", "激光", "焊接"), Entry("a", "光纤", "")]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + GOOD,
        GOOD + b"\r\n",
        b"\n\r\n  \n" + GOOD + b"\n\n",
        GOOD[:-1] + b', "keywords": ["x"], "nested": {"a": null}}',
        b'  {"id": "1", "title": "t", "description": "d"}  ',
    ],
)
def test_harmless_differences_of_form_are_accepted(tmp_path, content):
    assert read(tmp_path, content) == [Entry("1", "t", "d")]


def test_absent_null_and_empty_descriptions_are_empty(tmp_path):
    content = b'{"id":"1","title":"t"}\n{"id":"2","title":"t","description":null}\n{"id":"3","title":"","description":""}'
    assert [entry.description for entry in read(tmp_path, content)] == ["", "", ""]


def test_a_whole_number_is_an_id(tmp_path):
    assert read(tmp_path, b'{"id": 17, "title": "t"}')[0].id == "17"


def test_an_empty_file_has_no_entries(tmp_path):
    assert read(tmp_path, b"") == []


@pytest.mark.parametrize(
    ("line", "zh", "en"),
    [
        (b"{", "不是合法 JSON", "not JSON"),
        (b"not json", "不是合法 JSON", "not JSON"),
        (GOOD + b" " + GOOD, "不是合法 JSON", "not JSON"),
        (b"[]", "不是 JSON 对象", "not a JSON object"),
        (b'"text"', "不是 JSON 对象", "not a JSON object"),
        (b"null", "不是 JSON 对象", "not a JSON object"),
        (b'{"title": "t"}', "缺少 id", "id is missing"),
        (b'{"id": null, "title": "t"}', "缺少 id", "id is missing"),
        (b'{"id": "", "title": "t"}', "id 为空", "id is empty"),
        (b'{"id": "  ", "title": "t"}', "id 为空", "id is empty"),
        (b'{"id": true, "title": "t"}', "id 不是文字", "id is not a string"),
        (b'{"id": 1.5, "title": "t"}', "id 不是文字", "id is not a string"),
        (b'{"id": ["2"], "title": "t"}', "id 不是文字", "id is not a string"),
        (b'{"id": "2"}', "缺少 title", "title is missing"),
        (b'{"id": "2", "title": null}', "缺少 title", "title is missing"),
        (b'{"id": "2", "title": 7}', "title 不是文字", "title is not a string"),
        (
            b'{"id": "2", "title": "t", "description": ["d"]}',
            "description 不是文字",
            "description is not a string",
        ),
        (
            b'{"id": "2", "title": "t", "description": 0}',
            "description 不是文字",
            "description is not a string",
        ),
        (
            b'{"id": "2", "title": "t", "description": false}',
            "description 不是文字",
            "description is not a string",
        ),
        (b'{"id": "2", "title": NaN}', "NaN 不是 JSON", "NaN is not a JSON"),
        (b'{"id": "2", "title": "t", "score": -Infinity}', "-Infinity 不是 JSON", "-Infinity is not a JSON"),
        (b'{"id": "2", "title": "a\\u0000b"}', "NUL", "NUL"),
        (b'{"id": "2\\u0000", "title": "t"}', "NUL", "NUL"),
        (b'{"id": "2", "title": "a\x00b"}', "不是合法 JSON", "not JSON"),
        (b'{"id": "2", "title": "\\ud800"}', "代理字符", "surrogate"),
        (b'{"id": "2\\udc00", "title": "t"}', "代理字符", "surrogate"),
        (b'{"id": "2", "title": "t", "description": "x\\udfff"}', "代理字符", "surrogate"),
        (b'{"id": "2", "title": "\xff"}', "不是 UTF-8", "not UTF-8"),
        ('{"id": "2", "title": "激光"}'.encode("gb18030"), "不是 UTF-8", "not UTF-8"),
        ('{"id": "2", "title": "激光"}'.encode("utf-16"), "不是 UTF-8", "not UTF-8"),
        (b'{"id": "2", "title": "t", "x": ' + b"[" * 200_000, "嵌套过深", "nested too deeply"),
        (b'{"id": ' + b"9" * 10_000 + b', "title": "t"}', "数字过长", "too long a number"),
    ],
)
def test_a_bad_line_is_named_with_file_line_and_problem(tmp_path, line, zh, en):
    with pytest.raises(BadLine) as caught:
        read(tmp_path, GOOD + b"\n\n" + line + b"\n" + GOOD)
    sentence = caught.value.sentence()
    assert caught.value.data["line"] == 3
    assert str(tmp_path / "lines.jsonl") in sentence
    assert "line 3" in sentence
    assert "第 3 行" in str(say(sentence, "zh"))
    assert en in sentence
    assert zh in sentence.zh


def test_a_repeated_id_names_both_lines(tmp_path):
    with pytest.raises(BadLine, match="repeats line 1") as caught:
        read(tmp_path, GOOD + b'\n{"id": "2", "title": "t"}\n' + GOOD)
    assert caught.value.data["line"] == 3


def test_a_number_and_its_digits_are_one_id(tmp_path):
    with pytest.raises(BadLine, match="repeats"):
        read(tmp_path, b'{"id": "17", "title": "t"}\n{"id": 17, "title": "t"}')


def test_a_field_is_read_under_another_key_where_the_line_has_it(tmp_path):
    content = (
        b'{"id":"1","title":"t","abstract":"a","description":"d"}\n{"id":"2","title":"t","description":"d"}'
    )
    assert [entry.description for entry in read(tmp_path, content, {"description": "abstract"})] == ["a", "d"]


def test_a_renamed_key_is_checked_like_the_field_itself(tmp_path):
    with pytest.raises(BadLine, match="title is not a string"):
        read(tmp_path, b'{"id":"1","keywords":["a"]}', {"title": "keywords"})


def test_a_missing_file_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_entries(tmp_path / "none.jsonl")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path, content):
    lines = content.count(b"\n") + 1
    try:
        assert len(read(tmp_path, content)) <= lines
    except BadLine as error:
        refused = error.data["line"]
        assert 1 <= refused <= lines


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), max_size=5))
def test_whatever_text_is_written_comes_back(tmp_path, texts):
    content = "\n".join(json.dumps({"id": f"{place}", "title": text}) for place, text in enumerate(texts))
    assert [entry.title for entry in read(tmp_path, content.encode())] == texts
