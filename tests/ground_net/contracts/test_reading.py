import io

import pytest
from openpyxl import load_workbook

from backbone.errors import NotFound
from backbone.identity.models import Account
from ground_net.contracts.reading import list_contracts, read_contract
from tests.factories.contracts import SIGNED_AT, a_contract
from tests.factories.identity import operator, zone
from tests.factories.invitations import an_exchange
from tests.made_once import made_once

ASKED = {"sort": "-signed_on", "limit": 20, "address": "test"}


@made_once
def exchange(session):
    return an_exchange(session)


@made_once
def contract(exchange):
    exchange.need.owner_id = exchange.broker.account_id
    return a_contract(exchange, title="=2+5 合同")


def numbers(exchange, by, **asked):
    return [row.number for row in list_contracts(exchange.session, by, ASKED | asked).items]


def test_each_party_reads_all_of_it_and_the_broker_an_outline(session, exchange, contract):
    for who in (exchange.poster, exchange.researcher, exchange.office, exchange.operator, exchange.auditor):
        assert read_contract(session, who, contract.id)[1] == "full"
    assert read_contract(session, exchange.broker, contract.id)[1] == "outline"
    for who in (exchange.rival_office, exchange.stranger):
        with pytest.raises(NotFound):
            read_contract(session, who, contract.id)
        assert numbers(exchange, who) == []


def test_the_outline_has_nothing_that_was_agreed(exchange, contract):
    (row,) = list_contracts(exchange.session, exchange.broker, ASKED).items
    assert (row.number, row.credited_as) == (contract.number, "owner")
    assert not {"title", "amount_fen", "buyer", "payment_plan", "ip_words"} & set(vars(row))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"state": ["signed"]}, True), ({"state": ["closed"]}, False), ({"kind": ["development"]}, True),
        ({"kind": ["service"]}, False), ({"zone": "420000"}, True), ({"zone": "420500"}, False),
        ({"signed_from": SIGNED_AT.date()}, True), ({"signed_to": SIGNED_AT.date().replace(day=9)}, False),
        ({"registration": ["registered"]}, False),
    ],
)  # fmt: skip
def test_what_was_asked_for_is_what_is_listed(exchange, contract, asked, found):
    assert numbers(exchange, exchange.operator, **asked) == ([contract.number] if found else [])


def test_contracts_are_found_by_need_and_by_whom_they_are_credited_to(exchange, contract):
    assert numbers(exchange, exchange.operator, credited_to=exchange.broker.account_id) == [contract.number]
    assert numbers(exchange, exchange.operator, credited_to=exchange.operator.account_id) == []
    assert numbers(exchange, exchange.poster, need_id=exchange.need.id) == [contract.number]


def test_no_zone_finds_a_contract_for_who_is_shown_an_outline(exchange, contract):
    assert numbers(exchange, exchange.broker, zone="420000") == []


def test_a_spreadsheet_takes_no_title_for_a_formula(client, session, exchange, contract):
    headers = operator(session, zone("420100"))
    csv = client.get("/api/contracts/export", headers=headers)
    assert csv.mimetype == "text/csv"
    assert "'=2+5 合同" in csv.get_data().decode("utf-8-sig")
    assert "60000000" in csv.text
    xlsx = client.get("/api/contracts/export?format=xlsx", headers=headers)
    rows = list(load_workbook(io.BytesIO(xlsx.data))["技术合同"].values)
    assert [row[2] for row in rows[1:]] == ["'=2+5 合同"]
    assert [row[10] for row in rows[1:]] == [60_000_000]
    broker = session.get_one(Account, contract.credited_to)
    assert [(row[3], row[4], row[17]) for row in rows[1:]] == [("技术开发", "已签订", broker.name)]


def test_the_file_of_a_broker_has_no_amount(client, session, exchange, contract):
    exported = client.get("/api/contracts/export", headers=exchange.headers(exchange.broker)).text
    assert contract.number in exported
    assert "60000000" not in exported
    assert "合同" not in exported.splitlines()[1]
