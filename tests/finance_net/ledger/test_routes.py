"""The ledger over HTTP, as two managers and an auditor use it."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from backbone.actor import PROVINCE, Role
from tests.factories.identity import bearer

REASON = {"reason": "测试"}


@pytest.fixture
def call(client: Any, session: Session) -> Any:
    """call("first", "POST", "/funds", {...}): the answer's status and body."""
    roles = {"first": Role.FUND_MANAGER, "second": Role.FUND_MANAGER, "auditor": Role.AUDITOR}
    headers = {name: bearer(session, (role, PROVINCE)) for name, role in roles.items()}

    def send(who: str, method: str, path: str, body: Any = None, status: int | None = None) -> Any:
        answer = client.open(f"/api{path}", method=method, json=body, headers=headers[who])
        assert answer.status_code == (status or (201 if method == "POST" else 200)), answer.text
        return answer.json

    return send


def test_a_grant_from_its_fund_to_its_payment(call: Any):
    fund = call("first", "POST", "/funds", {"key": "grants", "title": "政策资金", "kind": "grants"})
    whole = fund["envelope_id"]
    order = call("first", "POST", f"/fund-envelopes/{whole}/limit-changes", REASON | {"limit_fen": 100_000})
    assert call("second", "POST", f"/fund-orders/{order['id']}/approval", status=200)["kind"] == "raise_limit"
    project = call(
        "first",
        "POST",
        f"/fund-envelopes/{whole}/parts",
        {"level": "project", "key": "p1", "title": "项目一"},
    )
    order = call(
        "first", "POST", f"/fund-envelopes/{project['id']}/limit-changes", REASON | {"limit_fen": 50_000}
    )
    call("second", "POST", f"/fund-orders/{order['id']}/approval", status=200)
    held = call(
        "first", "POST", f"/fund-envelopes/{project['id']}/reservations", REASON | {"amount_fen": 30_000}
    )
    order = call("first", "POST", f"/fund-holds/{held['id']}/commitments", REASON | {"amount_fen": 20_000})
    promised = call("second", "POST", f"/fund-orders/{order['id']}/approval", status=200)
    tranche = call("first", "POST", f"/fund-holds/{promised['id']}/tranches", REASON | {"amount_fen": 5_000})
    order = call("first", "POST", f"/fund-holds/{tranche['id']}/payments", REASON)
    paid = call("second", "POST", f"/fund-orders/{order['id']}/approval", status=200)
    shown = call("auditor", "GET", f"/fund-envelopes/{whole}")
    expected = {
        "limit_fen": 100_000, "available_fen": 80_000, "reserved_fen": 0, "committed_fen": 15_000, "approved_fen": 0,
        "paid_fen": 5_000, "recovered_fen": 0,
    }  # fmt: skip
    assert shown["balances"] == expected
    assert [part["balances"]["available_fen"] for part in shown["parts"]] == [30_000]
    legs = call("auditor", "GET", f"/fund-transfers/{paid['id']}")["legs"]
    assert [(leg["envelope_id"], leg["approved_fen"], leg["paid_fen"]) for leg in legs] == [
        (whole, -5_000, 5_000), (project["id"], -5_000, 5_000),
    ]  # fmt: skip
    holds = call("auditor", "GET", f"/fund-envelopes/{whole}/holds")["items"]
    assert {(each["bucket"], each["open_fen"]) for each in holds} == {("paid", 5_000), ("committed", 15_000)}
    assert len(call("auditor", "GET", f"/fund-envelopes/{whole}/holds?with_closed=true")["items"]) == 4
    listed = call("auditor", "GET", f"/fund-transfers?envelope_id={project['id']}&kind=pay")["items"]
    assert [each["id"] for each in listed] == [paid["id"]]
    assert call("auditor", "GET", f"/fund-orders?state=proposed&fund_id={fund['id']}")["items"] == []
    replayed = call("auditor", "GET", f"/funds/{fund['id']}/replay")["envelopes"][0]
    assert replayed["balances"] == expected
    assert call("auditor", "GET", "/fund-ledger/verification")["is_intact"] is True
    assert call("auditor", "GET", f"/funds/{fund['id']}")["balances"] == expected
    assert [each["key"] for each in call("auditor", "GET", "/funds")["items"]] == ["grants"]


@pytest.mark.parametrize("amount", [0, -1, 1.5, 2**63, "5", True])
def test_an_amount_that_is_none_is_refused_by_its_field(call: Any, amount: Any):
    fund = call("first", "POST", "/funds", {"key": "grants", "title": "政策资金", "kind": "grants"})
    said = REASON | {"amount_fen": amount}
    refused = call("first", "POST", f"/fund-envelopes/{fund['envelope_id']}/reservations", said, status=422)
    assert [each["field"] for each in refused["errors"]] == ["amount_fen"]


def test_a_refusal_is_a_sentence_with_its_numbers(call: Any):
    fund = call("first", "POST", "/funds", {"key": "grants", "title": "政策资金", "kind": "grants"})
    said = REASON | {"amount_fen": 1}
    refused = call("first", "POST", f"/fund-envelopes/{fund['envelope_id']}/reservations", said, status=409)
    assert (refused["code"], refused["available_fen"], refused["asked_fen"]) == ("envelope_exceeded", 0, 1)
    assert refused["detail"] == "“政策资金”限额 0.00 元，可用 0.00 元，本次需要 0.01 元，差 0.01 元"
