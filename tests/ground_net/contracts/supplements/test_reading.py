"""Each supplement is kept with what it changed and what stood before it, for whoever reads the contract."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from backbone.audit import AuditEvent
from backbone.errors import NotFound
from ground_net.contracts.service import confirm_contract
from ground_net.contracts.signing import amend_contract
from ground_net.contracts.supplements.reading import list_supplements
from tests.factories.contracts import SIGNED_AT, a_contract, a_supplement
from tests.factories.invitations import an_exchange

LATER = SIGNED_AT + timedelta(days=1)


@pytest.fixture
def exchange(session):
    return an_exchange(session)


@pytest.fixture
def contract(exchange):
    return a_contract(exchange)


def test_it_keeps_the_changed_terms_alone_and_who_stood_behind_the_contract_before(exchange, contract):
    until = contract.disputable_until
    confirm_contract(exchange.session, exchange.poster, contract.id, now=SIGNED_AT)
    row = a_supplement(exchange, contract, by=exchange.poster, now=LATER, amount_fen=70_000_000)
    assert (row.terms_before["amount_fen"], row.terms_after["amount_fen"]) == (60_000_000, 70_000_000)
    assert set(row.terms_before) == set(row.terms_after) == {"amount_fen", "equipment_fen", "payment_plan"}
    assert (row.position, row.state, row.recorded_by, row.recorded_side, row.created_at) == (
        0, "recorded", exchange.poster.account_id, "buyer", LATER,
    )  # fmt: skip
    assert (row.earlier_recorded_side, row.earlier_confirmed_parties, row.earlier_confirmed_at) == (
        "seller", ["buyer"], SIGNED_AT,
    )  # fmt: skip
    assert row.earlier_disputable_until == until


def test_a_clause_is_kept_as_a_whole_and_the_parties_as_a_list(exchange, contract):
    clause = {"owner": "solver", "words": "新产生的知识产权双方共有。", "use_rights": "买方可在本厂使用。"}
    parties = [{"organisation": "测试设计院", "duties": "验证"}]
    row = a_supplement(exchange, contract, ip_clause=clause, parties=parties)
    assert row.said_before["ip_clause"] == clause | {"owner": "shared"}
    assert (row.terms_before["parties"], row.terms_after["parties"]) == ([], parties)


def test_the_same_again_is_no_supplement(session, exchange, contract):
    amend_contract(session, exchange.office, contract, {"kind": "development"}, now=LATER)
    assert list_supplements(session, exchange.office, contract.id) == []


def test_its_record_is_an_event_without_what_was_agreed(session, exchange, contract):
    row = a_supplement(exchange, contract, title="秘密的名称")
    told = session.scalars(select(AuditEvent).filter_by(action="record_supplement")).one()
    assert (told.subject_id, told.after) == (
        row.id, {"contract_id": str(contract.id), "position": 0, "fields": ["title"]},
    )  # fmt: skip


def test_over_http_they_stand_in_the_order_of_their_record(client, exchange, contract):
    a_supplement(exchange, contract, valid_to=contract.valid_to + timedelta(days=31))
    a_supplement(exchange, contract, by=exchange.poster, related_to_transfer=True)
    headers = exchange.headers(exchange.poster)
    items = client.get(f"/api/contracts/{contract.id}/supplements", headers=headers).json["items"]
    assert [(each["position"], each["recorded_side"], each["struck_at"]) for each in items] == [
        (0, "seller", None), (1, "buyer", None),
    ]  # fmt: skip
    assert (items[0]["terms_before"], items[0]["terms_after"]) == (
        {"valid_to": "2026-12-31"}, {"valid_to": "2027-01-31"},
    )  # fmt: skip
    assert items[1]["terms_before"] == {"related_to_transfer": None}


def test_whoever_does_not_read_the_contract_finds_none(session, exchange, contract):
    a_supplement(exchange, contract, title="新名称")
    for stranger in (exchange.rival_office, exchange.stranger):
        with pytest.raises(NotFound):
            list_supplements(session, stranger, contract.id)


def test_the_database_itself_keeps_no_struck_one_without_its_ground(session, exchange, contract):
    row = a_supplement(exchange, contract, title="新名称")
    row.state, row.struck_at, row.dispute = "struck", LATER, "没有"
    with pytest.raises(IntegrityError, match="struck_with_ground"), session.begin_nested():
        session.flush()
