import pytest
from marshmallow import ValidationError

from backbone.errors import Bilingual
from backbone.fields import (
    Record,
    Schema,
    Several,
    Text,
    Whole,
)
from backbone.http_requests import flatten


def problem(field, value):
    with pytest.raises(ValidationError) as refused:
        field.deserialize(value)
    (message,) = refused.value.messages
    assert isinstance(message, Bilingual)
    assert message.zh != str(message)
    return message


class Part(Schema):
    name = Text(10, required=True)
    amount = Whole(0, 5)


class Whole_(Schema):
    title = Text(20, required=True)
    parts = Several(Record(Part), 3)
    one = Record(Part)


# --- lists and records ---


def test_lists_know_their_length():
    assert problem(Several(Text(), 2), ["a", "b", "c"]).zh == "共 3 项，最多 2 项"


@pytest.mark.parametrize("value", ["ab", 1, {}, {"0": "a"}])
def test_only_lists_are_lists(value):
    assert problem(Several(Text()), value).zh == "应为列表"


def test_repeated_entries_are_refused_where_they_must_differ():
    assert problem(Several(Text(), distinct=True), ["a", "b", "a"]).zh == "有重复的项"
    assert Several(Text()).deserialize(["a", "a"]) == ["a", "a"]


def errors_of(sent):
    with pytest.raises(ValidationError) as refused:
        Whole_().load(sent)
    return {entry["field"]: entry["problem"].zh for entry in flatten(refused.value.normalized_messages())}


def test_problems_are_named_by_the_path_of_their_field():
    found = errors_of({"parts": [{"name": "a"}, {"name": "b", "amount": 9}, {"amount": "1"}], "one": 3})
    assert found == {
        "title": "必填", "parts.1.amount": "应在 0 至 5 之间", "parts.2.name": "必填",
        "parts.2.amount": "应为整数（半角数字，不加引号）", "one": "应为 JSON 对象",
    }  # fmt: skip


def test_unknown_fields_are_refused_at_every_depth():
    assert errors_of({"title": "x", "colour": 1, "one": {"name": "a", "size": 2}}) == {
        "colour": "没有这个字段", "one.size": "没有这个字段",
    }  # fmt: skip


def test_null_where_nothing_may_be_null_is_said_so():
    assert errors_of({"title": None}) == {"title": "不能为 null"}


@pytest.mark.parametrize("sent", [[], "text", 7, None, True])
def test_a_body_that_is_no_object_is_said_so(sent):
    assert errors_of(sent) == {"(body)": "应为 JSON 对象"}


def test_names_of_unknown_fields_are_made_harmless():
    found = errors_of({"title": "x", "\ud800\0" + "n" * 500: 1})
    (name,) = found
    assert name.startswith("��n")
    assert len(name) == 200


def test_messages_in_lists_are_all_kept():
    first, second = Bilingual("甲", "a"), Bilingual("乙", "b")
    assert flatten({"x": [first, second]}) == [{"field": "x", "problem": "a"}, {"field": "x", "problem": "b"}]
