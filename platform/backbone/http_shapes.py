"""What answers look like in the API document, made from schemas that say what a request may hold.

The two differ: what was never given is answered as null, limits of length bind who writes and not who reads, and an
answer may gain members in a later version. A schema that serves both gets a twin for answers.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

SCHEMAS = "#/components/schemas/"
OF_REQUESTS_ALONE = frozenset({"minLength", "maxLength", "minItems", "maxItems", "additionalProperties"})
TWIN = "{}Answer"

Node = dict[str, Any]


def shape_answers(document: Node) -> Node:
    """The OpenAPI document with its answers as they are sent; schemas that nothing refers to are left out."""
    schemas: Mapping[str, Node] = document["components"]["schemas"]
    operations = [operation for path in document["paths"].values() for operation in _operations(path)]
    asked = _reachable([{**operation, "responses": None} for operation in operations], schemas)
    answered = _reachable([operation["responses"] for operation in operations], schemas)
    names = {name: TWIN.format(name) if name in asked else name for name in answered}
    for operation in operations:
        operation["responses"] = _answer(operation["responses"], names)
    shapes = {name: _with_null_in_enums(schemas[name]) for name in asked}
    shapes |= {names[name]: _answer(schemas[name], names) for name in answered}
    return document | {"components": {**document["components"], "schemas": dict(sorted(shapes.items()))}}


def _operations(path: Node) -> Iterator[Node]:
    return (entry for entry in path.values() if isinstance(entry, dict) and "responses" in entry)


def _reachable(roots: Iterable[Any], schemas: Mapping[str, Node]) -> set[str]:
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        fresh = set(_references(waiting.pop())) - found
        found |= fresh
        waiting += [schemas[name] for name in fresh]
    return found


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(reference := node.get("$ref"), str) and reference.startswith(SCHEMAS):
            yield reference.removeprefix(SCHEMAS)
        for inner in node.values():
            yield from _references(inner)
    elif isinstance(node, list | tuple):
        for inner in node:
            yield from _references(inner)


def _answer(node: Any, names: Mapping[str, str]) -> Any:
    """The node as answers hold it, its references turned to the twins."""
    if isinstance(node, list | tuple):
        return [_answer(inner, names) for inner in node]
    if not isinstance(node, dict):
        return node
    if isinstance(reference := node.get("$ref"), str) and reference.startswith(SCHEMAS):
        return node | {"$ref": SCHEMAS + names[reference.removeprefix(SCHEMAS)]}
    shaped = {key: _answer(inner, names) for key, inner in node.items() if key not in OF_REQUESTS_ALONE}
    if isinstance(properties := shaped.get("properties"), dict):
        always = node.get("required", ())
        shaped["properties"] = {
            name: inner if name in always else _or_null(inner) for name, inner in properties.items()
        }
    return shaped


def _or_null(node: Node) -> Node:
    if "type" not in node:
        return {"anyOf": [node, {"type": "null"}]} if node.keys() & {"$ref", "allOf", "anyOf"} else node
    types = node["type"] if isinstance(node["type"], list) else [node["type"]]
    shaped: Node = _with_null_in_enums(node | {"type": [*types, *({"null"} - set(types))]})
    return shaped


def _with_null_in_enums(node: Any) -> Any:
    """A null that the type allows is allowed by the enumeration too."""
    if isinstance(node, list | tuple):
        return [_with_null_in_enums(inner) for inner in node]
    if not isinstance(node, dict):
        return node
    shaped = {key: _with_null_in_enums(inner) for key, inner in node.items()}
    if "null" in shaped.get("type", ()) and None not in shaped.get("enum", [None]):
        shaped["enum"] = [*shaped["enum"], None]
    return shaped


__all__ = ["shape_answers"]
