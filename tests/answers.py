"""A test client that holds every answer against the API document: status, media type and shape."""

import json
from functools import cache, lru_cache
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from backbone.http import Operation


class Declared:
    """What the application's own document says of its answers."""

    def __init__(self, app: Flask) -> None:
        self._document: dict[str, Any] = app.test_client().get("/api/openapi.json").get_json()
        self._app = app
        self._validator = cache(self._made)
        self._operation = lru_cache(1024)(self._found)
        # Refusals are the same to the sign for one caller after the other.
        self._problems = lru_cache(1024)(self._told)

    def check(self, method: str, path: str, answer: Any) -> None:
        """AssertionError when the answer is none of those declared; addresses outside the document are passed over."""
        operation = self._operation(method, path)
        if operation is None:
            return
        said = f"{method} {path}: {answer.status_code} {answer.mimetype}"
        declared = self._document["paths"][operation.path_in_document][method.lower()]["responses"]
        assert str(answer.status_code) in declared, f"{said} is not declared"
        contents = declared[str(answer.status_code)].get("content", {})
        if not contents:
            assert not answer.get_data(), f"{said} is declared without a body"
            return
        assert answer.mimetype in contents, f"{said} is declared as {list(contents)}"
        if answer.mimetype.endswith("json") and contents[answer.mimetype]:
            key = (operation.path_in_document, method.lower(), str(answer.status_code), answer.mimetype)
            problems = self._problems(key, answer.get_data())
            assert not problems, f"{said} does not have its declared shape: {problems[:5]}"

    def _told(self, key: tuple[str, str, str, str], body: bytes) -> list[str]:
        return [error.message for error in self._validator(key).iter_errors(json.loads(body))]

    def _found(self, method: str, path: str) -> "Placed | None":
        adapter = self._app.url_map.bind("localhost")
        if not adapter.test(path, method=method):
            return None
        rule, _ = adapter.match(path, method=method, return_rule=True)
        about: Operation | None = getattr(
            _innermost(self._app.view_functions[rule.endpoint]), "operation", None
        )
        return Placed(about, rule.rule) if about else None

    def _made(self, key: tuple[str, str, str, str]) -> Any:
        path, method, status, media = key
        schema = self._document["paths"][path][method]["responses"][status]["content"][media]["schema"]
        return Draft202012Validator({"allOf": [schema], "components": self._document["components"]})


class Placed:
    """An operation under the name that the document gives its path."""

    def __init__(self, about: Operation, rule: str) -> None:
        self.about = about
        parts = rule.replace("<uuid:", "{").replace("<", "{").replace(">", "}")
        self.path_in_document = parts


def _innermost(view: Any) -> Any:
    while not hasattr(view, "operation") and hasattr(view, "__wrapped__"):
        view = view.__wrapped__
    return view


class CheckedClient(FlaskClient):
    """Every test that speaks HTTP with the assembled application checks the document by the way."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        answer = super().open(*args, **kwargs)
        declared: Declared | None = self.application.extensions.get("declared_answers")
        if declared is not None:
            declared.check(answer.request.method, answer.request.path, answer)
        return answer
