"""Who is paid is a person: nowhere in clear, and gone after an erasure, while the money stays divided."""

from uuid import UUID

from sqlalchemy import select

from backbone.actor import SYSTEM
from backbone.people.erasing import erase
from backbone.people.finding import Asked
from backbone.people.models import Person
from backbone.people.normal import ERASED
from tests.factories.contracts import a_cash_receipt, a_contract
from tests.factories.invitations import an_exchange
from tests.factories.people import everything, standing_in

INVENTOR = "测试完成人欧阳"


def test_an_inventor_stands_nowhere_in_clear_and_can_be_erased(client, session, clock):
    exchange = an_exchange(session)
    contract = a_contract(exchange)
    a_cash_receipt(exchange, contract)
    path, headers = f"/api/contracts/{contract.id}/rewards", exchange.headers(exchange.office)
    body = {
        "income_fen": 100,
        "inventors_fen": 70,
        "inventors": [{"inventor": INVENTOR}, {"inventor": "测试乙", "weight": 6}],
    }
    sent = client.post(path, json=body, headers=headers | {"Idempotency-Key": "reward"})
    assert sent.status_code == 201
    assert standing_in(everything(session), (INVENTOR,)) == []

    share = UUID(sent.json["inventors"][0]["id"])
    person_id = session.scalar(select(Person.id).where(Person.holder_id == share))
    erase(session, SYSTEM, Asked("id", str(person_id)), reason="本人申请", now=clock.now())
    (reward,) = client.get(path, headers=headers).json["items"]
    assert [(each["inventor"], each["amount_fen"]) for each in reward["inventors"]] == [
        (ERASED, 10),
        ("测试乙", 60),
    ]
    again = client.post(path, json=body, headers=headers | {"Idempotency-Key": "reward"})
    assert (again.status_code, again.json["code"]) == (409, "answer_erased")
