import json

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import BadGateway, UnsupportedMediaType

from backbone import errors
from backbone.directory.models import Institute
from backbone.errors import Bilingual
from backbone.http_problems import MEDIA_TYPE, STATUS_OF, InternalError, Problem, status_of, title_of
from tests.factories.small_app import a_small_app


class Peculiar(errors.DomainError):
    code = "peculiar"


REFUSALS = {
    "malformed": errors.Malformed(what=Bilingual("读不懂", "unreadable")),
    "unauthenticated": errors.Unauthenticated(),
    "forbidden": errors.Forbidden(),
    "not_found": errors.NotFound(),
    "wrong_state": errors.StateConflict(
        stands=Bilingual("草稿", "draft"), state="draft", action="confirm", allowed=["submit"]
    ),
    "stale_version": errors.StaleVersion(),
    "too_large": errors.TooLarge(limit=7),
    "invalid": errors.Invalid.field("trl", Bilingual("应在 1 至 9 之间", "Must lie between 1 and 9")),
    "version_required": errors.VersionRequired(),
    "unavailable": errors.Unavailable(),
    "peculiar": Peculiar(code="mine", seen={"at": [Bilingual("甲", "a")]}, odd=object),
    "lost_race": StaleDataError("0 rows"),
    "database_away": OperationalError("select 1", {}, Exception("gone")),
    "cursor_closed": InterfaceError("select 1", {}, Exception("the cursor is closed")),
    "cut_off": DatabaseError("select 1", {}, Exception("lost"), connection_invalidated=True),
    "broken_rule": IntegrityError("insert", {}, Exception("a constraint that no check foresaw")),
    "fault": ZeroDivisionError("secret detail of ours"),
    "plain_502": BadGateway(),
    "plain_415": UnsupportedMediaType(),
    "brackets": errors.Malformed(what=Bilingual("{name} %s", "{name} \ud800")),
}


@pytest.fixture
def client(rolled_back, clock):
    return a_small_app(rolled_back, clock, REFUSALS).test_client()


def refused(client, name, language="zh"):
    answer = client.get(f"/api/refusals/{name}", headers={"Accept-Language": language})
    assert answer.mimetype == MEDIA_TYPE
    assert answer.headers["Content-Language"] == language
    return answer


@pytest.mark.parametrize(("name", "status"), [
    ("malformed", 400), ("unauthenticated", 401), ("forbidden", 403), ("not_found", 404), ("wrong_state", 409),
    ("stale_version", 412), ("too_large", 413), ("invalid", 422), ("version_required", 428), ("unavailable", 503),
    ("peculiar", 400), ("lost_race", 412), ("database_away", 503), ("cursor_closed", 503),
    ("cut_off", 503), ("broken_rule", 500), ("fault", 500), ("plain_502", 502), ("plain_415", 415),
])  # fmt: skip
def test_every_error_leaves_as_a_problem_with_its_status(client, name, status):
    answer = refused(client, name)
    problem = answer.get_json()
    assert answer.status_code == problem["status"] == status
    assert problem["type"] == f"/problems/{problem['code']}"
    assert problem["instance"] == f"/api/refusals/{name}"
    assert problem["title"] and problem["detail"]  # noqa: PT018 - both are one statement: nothing is left empty


@pytest.mark.parametrize("name", [name for name in REFUSALS if name not in {"peculiar", "brackets"}])
def test_a_problem_says_what_the_document_declares(client, name):
    problem = refused(client, name).get_json()
    declared = set(Problem().fields)
    extra = set(problem) - declared
    assert extra <= set(getattr(REFUSALS[name], "data", {})) | {"limit", "what"}
    assert {"type", "title", "status", "detail", "instance", "code"} <= set(problem)
    known = {key: value for key, value in problem.items() if key in declared}
    assert Problem().validate(known) == {}


def test_the_language_follows_accept_language(client):
    assert refused(client, "invalid", "zh").get_json()["errors"] == [
        {"field": "trl", "problem": "应在 1 至 9 之间"}
    ]
    assert refused(client, "invalid", "en").get_json()["errors"][0]["problem"] == "Must lie between 1 and 9"
    assert refused(client, "unauthenticated", "en").get_json()["advice"].startswith("Get one from issueToken")


@pytest.mark.parametrize(("asked", "spoken"), [("", "zh"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-GB", "en"), ("fr", "zh"),
                                               ("fr,en;q=0.5", "en"), ("en;q=0.1,zh;q=0.2", "zh"), ("*", "zh"), ("\x7f;;q=x", "zh"),
                                               ("zh-CN,en;q=0.8", "zh"), ("zh-TW,en;q=0.5", "zh"), ("en-US,zh;q=0.9", "en"), ("zh;q=0", "zh")])  # fmt: skip
def test_chinese_is_spoken_unless_english_is_preferred(client, asked, spoken):
    answer = client.get("/api/refusals/not_found", headers={"Accept-Language": asked})
    assert answer.headers["Content-Language"] == spoken
    assert answer.headers["Vary"] == "Accept-Language, Authorization"


def test_the_data_of_an_error_travels_but_never_replaces_the_standard_members(client):
    problem = refused(client, "peculiar").get_json()
    assert problem["code"] == "peculiar"
    assert problem["seen"] == {"at": ["甲"]}
    assert isinstance(problem["odd"], str)


def test_what_is_possible_instead_is_said(client):
    problem = refused(client, "wrong_state").get_json()
    assert (problem["state"], problem["action"], problem["allowed"]) == ("draft", "confirm", ["submit"])


def test_braces_and_surrogates_in_the_data_do_no_harm(client):
    assert refused(client, "brackets").get_json()["detail"] == "{name} %s"
    answer = refused(client, "brackets", "en")
    assert b"{name} \\ud800" in answer.data
    assert answer.get_json()["detail"] == "{name} \ud800"


def test_chinese_is_sent_as_it_is_read(client):
    answer = refused(client, "wrong_state")
    assert answer.get_json()["title"] in answer.data.decode()


def test_a_fault_of_ours_tells_nothing_of_the_inside(client):
    answer = refused(client, "fault")
    assert b"secret" not in answer.data
    assert answer.get_json()["code"] == "internal_error"


def test_a_fault_leaves_nothing_half_written(client, session):
    assert client.post("/api/doors/fault").status_code == 500
    assert session.scalar(select(func.count()).select_from(Institute).where(Institute.name == "fault")) == 0


def test_an_unknown_address_and_an_unknown_method_are_problems_too(client):
    nowhere = client.get("/api/nowhere")
    assert (nowhere.status_code, nowhere.mimetype) == (404, MEDIA_TYPE)
    wrong = client.put("/api/plates")
    assert (wrong.status_code, wrong.mimetype) == (405, MEDIA_TYPE)
    assert wrong.get_json()["code"] == "method_not_allowed"
    assert {"GET", "POST"} <= set(wrong.headers["Allow"].split(", "))


def test_a_status_is_found_for_subclasses_and_for_strangers():
    assert status_of(errors.IdempotencyConflict(key="x")) == 409
    assert status_of(InternalError()) == 400
    assert status_of(Peculiar()) == 400


def test_no_row_of_the_table_hides_a_later_one():
    kinds = [kind for kind, _ in STATUS_OF]
    assert not [(a, b) for i, a in enumerate(kinds) for b in kinds[i + 1 :] if issubclass(b, a)]


def test_the_document_declares_problems_for_every_error_an_operation_can_answer(client):
    document = client.get("/api/openapi.json").get_json()
    operations = [one for path in document["paths"].values() for one in path.values() if "operationId" in one]
    assert len(operations) == 8
    for operation in operations:
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert list(response["content"]) == [MEDIA_TYPE]
                assert response["content"][MEDIA_TYPE]["schema"] == {"$ref": "#/components/schemas/Problem"}
    assert set(document["components"]["schemas"]["Problem"]["properties"]) == set(Problem().fields)


def test_the_document_declares_428_and_412_where_if_match_is_demanded_and_304_on_reading(client):
    paths = client.get("/api/openapi.json").get_json()["paths"]["/api/plates/{plate_id}"]
    assert {"428", "412", "422", "401", "404"} <= set(paths["patch"]["responses"])
    assert "304" in paths["get"]["responses"]
    assert "428" not in paths["get"]["responses"]
    assert {p["name"] for p in paths["patch"]["parameters"] if p["in"] == "header"} == {
        "Accept-Language",
        "If-Match",
    }
    assert len(paths["get"]["responses"]["200"]["content"]["application/json"]["schema"]["anyOf"]) == 2


def test_the_document_holds_no_sentence_that_json_cannot_carry(client):
    json.dumps(client.get("/api/openapi.json").get_json(), ensure_ascii=False).encode()


def test_a_status_is_titled_by_the_first_error_that_has_it():
    assert title_of(404) == errors.NotFound.title
    assert title_of(500) == InternalError.title
