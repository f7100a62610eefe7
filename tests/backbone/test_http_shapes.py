"""Answers in the API document: null where nothing was given, no limits of requests, a twin for what serves both."""

from typing import Any

from backbone.http_shapes import shape_answers


def reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def document(**schemas: dict[str, Any]) -> dict[str, Any]:
    def content(name: str) -> dict[str, Any]:
        return {"content": {"application/json": {"schema": reference(name)}}}

    operation = {"requestBody": content("Draft"), "responses": {"200": content("View")}}
    return {"openapi": "3.1.0", "paths": {"/x": {"post": operation}}, "components": {"schemas": schemas}}


DRAFT = {"type": "object", "properties": {"price": reference("Price")}, "additionalProperties": False}
PRICE = {
    "type": "object",
    "required": ["kind"],
    "properties": {
        "kind": {"type": "string", "enum": ["fixed", "range"]},
        "least": {"type": "integer", "minimum": 0},
        "said": {"type": ["string", "null"], "enum": ["a"], "maxLength": 3},
    },
    "additionalProperties": False,
}
VIEW = {
    "type": "object",
    "properties": {"price": reference("Price"), "title": {"type": "string", "minLength": 1}},
}


def shaped() -> dict[str, Any]:
    made = shape_answers(document(Draft=DRAFT, Price=PRICE, View=VIEW, Orphan={"type": "object"}))
    schemas: dict[str, Any] = made["components"]["schemas"]
    return schemas


def test_what_only_answers_hold_keeps_its_name_and_what_serves_both_gets_a_twin():
    assert list(shaped()) == ["Draft", "Price", "PriceAnswer", "View"]


def test_an_answer_may_be_null_wherever_it_is_not_always_given():
    price = shaped()["PriceAnswer"]
    assert price["properties"]["kind"] == {"type": "string", "enum": ["fixed", "range"]}
    assert price["properties"]["least"] == {"type": ["integer", "null"], "minimum": 0}
    assert shaped()["View"]["properties"]["price"] == {"anyOf": [reference("PriceAnswer"), {"type": "null"}]}


def test_limits_of_requests_do_not_bind_answers():
    assert shaped()["View"]["properties"]["title"] == {"type": ["string", "null"]}
    assert "additionalProperties" not in shaped()["PriceAnswer"]


def test_requests_stay_as_declared_but_for_the_null_that_an_enumeration_forgot():
    assert shaped()["Draft"] == DRAFT
    said = shaped()["Price"]["properties"]["said"]
    assert said == {"type": ["string", "null"], "enum": ["a", None], "maxLength": 3}
    assert shaped()["Price"]["additionalProperties"] is False


def test_references_of_answers_lead_to_the_twins_and_those_of_requests_do_not():
    made = shape_answers(document(Draft=DRAFT, Price=PRICE, View=DRAFT))
    assert made["components"]["schemas"]["Draft"]["properties"]["price"] == reference("Price")
    shown = made["components"]["schemas"]["View"]["properties"]["price"]
    assert shown["anyOf"][0] == reference("PriceAnswer")


def test_a_schema_that_holds_itself_ends():
    tree = {"type": "object", "properties": {"branches": {"type": "array", "items": reference("View")}}}
    made = shape_answers(document(Draft={"type": "object"}, View=tree))
    branches = made["components"]["schemas"]["View"]["properties"]["branches"]
    assert branches == {"type": ["array", "null"], "items": reference("View")}
