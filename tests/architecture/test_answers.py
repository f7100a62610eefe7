"""The check that `client` makes of every answer of the suite can fail."""

from typing import Any

import pytest
from flask import Response

from tests.answers import Declared


@pytest.fixture
def declared(app: Any) -> Declared:
    return app.extensions["declared_answers"]


def answer(status: int, body: str, mimetype: str = "application/json") -> Any:
    return Response(body, status, mimetype=mimetype)


@pytest.mark.parametrize(
    ("refused", "why"),
    [
        (answer(418, "{}"), "is not declared"),
        (answer(404, "{}"), "is declared as"),
        (answer(200, '{"items": 3}'), "declared shape"),
        (answer(200, '{"items": [{"code": 7}]}'), "declared shape"),
    ],
)
def test_an_answer_that_is_not_declared_fails_its_test(declared: Declared, refused: Any, why: str):
    with pytest.raises(AssertionError, match=why):
        declared.check("GET", "/api/regions", refused)


def test_every_operation_of_the_document_is_found_again(app: Any, declared: Declared):
    for path, operations in declared._document["paths"].items():
        url = path
        for name in [part[1:-1] for part in path.split("/") if part.startswith("{")]:
            url = url.replace(f"{{{name}}}", "01890000-0000-7000-8000-000000000000")
        for method in operations.keys() - {"parameters"}:
            placed = declared._operation(method.upper(), url)
            assert placed is not None
            assert placed.path_in_document == path
