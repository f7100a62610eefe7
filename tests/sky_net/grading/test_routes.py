"""Grading a match over HTTP: by operators and brokers of the zone, for the record, the last one counts."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from backbone.db import new_id
from sky_net.grading.gathering import counting_grades
from tests.factories.achievements import an_achievement
from tests.factories.invitations import Exchange, an_exchange
from tests.made_once import made_once


@made_once
def exchange(session: Session) -> Exchange:
    return an_exchange(session, visibility="masked")


def grade(client: Any, exchange: Exchange, who: str, body: dict[str, Any]) -> Any:
    return client.post(
        f"/api/needs/{exchange.need.id}/match-grades",
        json=body,
        headers=exchange.headers(getattr(exchange, who)),
    )


def test_what_a_broker_graded_last_counts_and_nothing_is_lost(client: Any, exchange: Exchange, clock: Any):
    offer = an_achievement(exchange.session, institute=exchange.institute)
    first = {"achievement_id": str(offer.id), "grade": 0, "reason_code": "science_doubt"}
    answer = grade(client, exchange, "broker", first)
    assert answer.status_code == 201, answer.text
    told = {
        "achievement_id": answer.json["achievement_id"],
        "grade": answer.json["grade"],
        "reason_code": answer.json["reason_code"],
    }
    assert told == first
    clock.advance(hours=1)
    assert (
        grade(client, exchange, "operator", {"achievement_id": str(offer.id), "grade": 3}).status_code == 201
    )
    assert counting_grades(exchange.session) == {exchange.need.id: {offer.id: 3}}
    listed = client.get(
        f"/api/needs/{exchange.need.id}/match-grades", headers=exchange.headers(exchange.operator)
    ).json["items"]
    assert [(row["grade"], row["reason_code"]) for row in listed] == [(3, None), (0, "science_doubt")]
    assert listed[0]["graded_by"] == str(exchange.operator.account_id)


@pytest.mark.parametrize(
    ("who", "status"), [("poster", 403), ("auditor", 403), ("office", 403), ("stranger", 404)]
)
def test_neither_side_grades_and_strangers_are_told_nothing(
    client: Any, exchange: Exchange, who: str, status: int
):
    offer = an_achievement(exchange.session, institute=exchange.institute)
    body = {"achievement_id": str(offer.id), "grade": 3}
    assert grade(client, exchange, who, body).status_code == status
    path = f"/api/needs/{exchange.need.id}/match-grades"
    read = client.get(path, headers=exchange.headers(getattr(exchange, who)))
    assert read.status_code == (200 if who == "auditor" else status)
    assert counting_grades(exchange.session) == {}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"grade": 4}, "grade"),
        ({"grade": -1}, "grade"),
        ({"grade": "3"}, "grade"),
        ({"reason_code": "bad"}, "reason_code"),
        ({"achievement_id": "x"}, "achievement_id"),
        ({"achievement_id": str(new_id())}, "achievement_id"),
    ],
)
def test_what_is_no_grade_is_refused_by_its_field(
    client: Any, exchange: Exchange, wrong: dict[str, Any], field: str
):
    offer = an_achievement(exchange.session, institute=exchange.institute)
    answer = grade(client, exchange, "broker", {"achievement_id": str(offer.id), "grade": 2} | wrong)
    assert answer.status_code == 422
    assert field in answer.text


def test_a_hidden_achievement_of_elsewhere_is_none(client: Any, exchange: Exchange):
    offer = an_achievement(exchange.session, state="hidden")
    answer = grade(client, exchange, "broker", {"achievement_id": str(offer.id), "grade": 2})
    assert answer.status_code == 422
