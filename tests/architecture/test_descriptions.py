"""An integrator reads the API document alone: everything that it names says what it is, in Chinese and in English."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from backbone.http_conventions import CONVENTIONS, both, joined, kind_of
from sanwang.api import VOCABULARIES

CHINESE, ENGLISH = re.compile("[\u4e00-\u9fff]"), re.compile("[A-Za-z]{2,}")
Node = dict[str, Any]


@pytest.fixture(scope="session")
def document(application: Any) -> Node:
    found: Node = application.test_client().get("/api/openapi.json").json
    return found


def operations(document: Node) -> Iterator[tuple[str, Node]]:
    for path, item in document["paths"].items():
        yield from ((path, entry) for entry in item.values() if isinstance(entry, dict))


def parameters(document: Node) -> Iterator[tuple[str, Node]]:
    """Those of each operation, and those that all operations of a path share."""
    for path, item in document["paths"].items():
        yield from ((path, parameter) for parameter in item.get("parameters", ()))
    for path, operation in operations(document):
        yield from ((path, parameter) for parameter in operation["parameters"])


def properties(document: Node) -> Iterator[tuple[str, str, Node]]:
    for schema, body in document["components"]["schemas"].items():
        yield from ((schema, name, entry) for name, entry in body.get("properties", {}).items())


def in_both(said: str | None) -> bool:
    return bool(said and CHINESE.search(said) and ENGLISH.search(said))


def test_every_parameter_says_what_it_is_in_both_languages(document: Node):
    kinds = {parameter["in"] for _, parameter in parameters(document)}
    assert kinds == {"header", "path", "query"}
    silent = {
        (path, parameter["name"])
        for path, parameter in parameters(document)
        if not in_both(parameter.get("description"))
    }
    assert silent == set()


def test_every_property_says_what_it_is_in_both_languages(document: Node):
    silent = [
        f"{schema}.{name}"
        for schema, name, entry in properties(document)
        if not in_both(entry.get("description"))
    ]
    assert silent == [], "describe them where they are defined, or their names in the api_words of their net"


def test_a_unit_in_a_name_is_of_a_type_that_has_it(document: Node):
    """A name that ends like an amount, an instant or a day and is none would be read as one."""
    ofs = {each.ending: each.kinds for each in CONVENTIONS if each.ending and each.alone}
    wrong = [
        f"{schema}.{name} is {kind_of(entry)}"
        for schema, name, entry in properties(document)
        for ending, kinds in ofs.items()
        if name.endswith(ending) and kind_of(entry) not in kinds
    ]
    assert wrong == []


def test_every_answer_says_what_it_is_in_both_languages(document: Node):
    for path, operation in operations(document):
        for status, answer in operation["responses"].items():
            assert in_both(answer["description"]), (path, status)
            for name, header in answer.get("headers", {}).items():
                assert in_both(header["description"]), (path, name)


def test_a_description_of_an_operation_says_more_than_its_summary(document: Node):
    for path, operation in operations(document):
        assert in_both(operation["summary"]), path
        assert in_both(operation.get("description", "没有 none")), path
        assert operation["summary"] not in operation.get("description", ""), path


def test_no_word_is_explained_that_the_document_does_not_use(document: Node):
    words = joined(VOCABULARIES)
    said = {entry["description"] for _, _, entry in properties(document)}
    said |= {parameter["description"] for _, parameter in parameters(document)}
    assert {name for name, each in words.names.items() if both(each) not in said} == set()
    named = [(name, entry) for _, name, entry in properties(document)]
    named += [(parameter["name"], parameter) for _, parameter in parameters(document)]
    used = {
        key
        for name, entry in named
        for key in (name, *(name.removesuffix(each.ending).rstrip("_") for each in CONVENTIONS))
        if entry["description"].startswith(words.parts.get(key, " "))
    }
    collections = {part for path in document["paths"] for part in path.split("/")}
    assert words.parts.keys() - used - collections == set()
