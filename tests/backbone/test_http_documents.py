"""What the API document adds to the summary of an operation: only what nothing else in it says."""

from typing import Any

import pytest

from backbone.errors import Bilingual
from backbone.fields import Schema
from backbone.http import Operation
from backbone.http_documents import BY_VIEW, READERS_TOO, WRITERS_ALONE, document
from backbone.pages import NEXT_CURSOR


class WholePlate(Schema):
    """A plate."""


class MaskedPlate(Schema):
    """What anybody may know of a plate."""


def documented(method: str = "GET", **about: Any) -> dict[str, Any]:
    said = {
        "answer": WholePlate, "answers": (WholePlate,), "body": None, "query": None, "status": 200,
        "public": False, "guarded": False, "listed": False, "for_readers": False,
    }  # fmt: skip
    return document(
        Operation(method, "/plates", "showPlate", Bilingual("看盘子", "Show a plate"), **said | about)
    )


@pytest.mark.parametrize(
    ("about", "rules"),
    [
        ({}, None),
        ({"method": "POST", "public": True}, None),
        ({"method": "POST"}, [WRITERS_ALONE]),
        ({"method": "POST", "for_readers": True}, [READERS_TOO]),
        ({"method": "PATCH", "answers": (WholePlate, MaskedPlate)}, [WRITERS_ALONE, BY_VIEW]),
    ],
)
def test_an_operation_says_who_may_call_it_and_what_the_answer_hangs_on(about: Any, rules: Any):
    said = documented(**about).get("description")
    assert said == (rules and "\n\n".join(f"{rule.zh} / {rule}" for rule in rules))


def test_the_summary_is_in_both_languages():
    assert documented()["summary"] == "看盘子 / Show a plate"


def test_every_answer_is_titled_in_both_languages():
    answers = documented("POST", status=201)["responses"]
    assert answers["201"]["description"] == "已建立 / made"
    assert answers["404"]["description"] == "没有找到 / Not found"


def test_a_page_says_how_the_next_one_is_had():
    page = documented(listed=True)["responses"]["200"]["content"]["application/json"]["schema"]
    assert page["properties"]["next_cursor"]["description"] == NEXT_CURSOR


def test_a_file_says_what_its_headers_are():
    headers = documented(gives_bytes=("text/csv",))["responses"]["200"]["headers"]
    assert {name: header["description"] for name, header in headers.items()} == {
        "Content-Disposition": "文件名 / name of the file",
        "ETag": "内容的标记，未变则相同 / tag of the content, the same as long as it is",
    }
