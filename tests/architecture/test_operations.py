"""The API keeps its promises: names, authentication, documents, errors."""

import json
from pathlib import Path
from typing import Any

import pytest

from backbone import errors
from backbone.http_problems import MEDIA_TYPE, STATUS_OF, status_of

OPERATIONS = Path(__file__).with_name("operations.txt")
PUBLIC = {
    "issueToken",
    "changePassword",
    "listRegions",
    "listRegionGroups",
    "listIndustries",
    "listFactKinds",
    "listPolicyFactKinds",
}


@pytest.fixture(scope="session")
def document(application: Any) -> dict[str, Any]:
    return application.test_client().get("/api/openapi.json").json


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method.upper(), path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in {"get", "post", "put", "patch", "delete"}
    ]


def test_operation_ids_are_stable(document: dict[str, Any]):
    served = sorted(
        f"{operation['operationId']} {method} {path}" for method, path, operation in operations(document)
    )
    assert served == OPERATIONS.read_text("utf-8").splitlines(), (
        "an operationId is a promise: change the list knowingly"
    )


def test_the_document_is_openapi_3_1_and_leaves_nothing_unresolved(document: dict[str, Any]):
    assert document["openapi"] == "3.1.0"
    text = json.dumps(document)
    for reference in {part.split('"')[0] for part in text.split('"$ref": "#/components/')[1:]}:
        kind, name = reference.split("/")
        assert name in document["components"][kind], reference


def test_every_operation_needs_a_token_but_the_named_ones(document: dict[str, Any], client: Any):
    for method, path, operation in operations(document):
        if operation["operationId"] in PUBLIC:
            continue
        assert operation["security"] == [{"bearer": []}]
        url = path
        for name in [part[1:-1] for part in path.split("/") if part.startswith("{")]:
            url = url.replace(f"{{{name}}}", "01890000-0000-7000-8000-000000000000")
        answer = client.open(url, method=method, json={} if method != "GET" else None)
        assert answer.status_code == 401, (method, path, answer.status_code)
        assert answer.mimetype == MEDIA_TYPE


def test_every_error_is_declared_as_problem_json(document: dict[str, Any]):
    for method, path, operation in operations(document):
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                assert list(answer["content"]) == [MEDIA_TYPE], (method, path, status)


def test_changes_of_a_version_declare_if_match(document: dict[str, Any]):
    for method, path, operation in operations(document):
        if method in {"PUT", "PATCH", "DELETE"}:
            headers = {entry["name"] for entry in operation["parameters"] if entry["in"] == "header"}
            assert "If-Match" in headers, (method, path)
            assert "428" in operation["responses"]


def test_every_post_with_a_caller_takes_an_idempotency_key(document: dict[str, Any]):
    for method, path, operation in operations(document):
        if method == "POST" and operation["operationId"] not in PUBLIC:
            names = {entry["name"] for entry in operation["parameters"] if entry["in"] == "header"}
            assert "Idempotency-Key" in names, path


def all_errors(base: type[errors.DomainError] = errors.DomainError) -> set[type[errors.DomainError]]:
    """Of the platform; other tests of this run make some of their own."""
    found = {error for kind in base.__subclasses__() for error in all_errors(kind)}
    return {base} | {error for error in found if not error.__module__.startswith("tests")}


def test_every_error_has_a_code_of_its_own_and_both_languages(application: Any):
    codes: dict[str, type] = {}
    for kind in all_errors() - {errors.DomainError}:
        assert codes.setdefault(kind.code, kind) is kind, f"{kind} and {codes[kind.code]} share {kind.code}"
        for sentence in (kind.title, kind.detail, kind.advice):
            assert sentence is None or (sentence.zh and str(sentence)), kind


def test_every_error_finds_its_status_in_the_table(application: Any):
    for kind in all_errors() - {errors.DomainError}:
        if kind.code == "internal_error":
            continue
        assert any(issubclass(kind, base) for base, _ in STATUS_OF), kind
        assert 400 <= status_of(kind.__new__(kind)) < 600


def test_the_documentation_page_asks_nothing_of_the_internet(client: Any):
    page = client.get("/api/docs/").text
    assert "http://" not in page
    assert "https://" not in page
    for name in ("swagger-ui.css", "swagger-ui-bundle.js"):
        with client.get(f"/api/docs/static/{name}") as file:
            assert file.status_code == 200
