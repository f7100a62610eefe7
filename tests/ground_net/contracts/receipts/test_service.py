from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from backbone.errors import Conflict, Forbidden, Invalid, NotFound
from backbone.money import yuan
from ground_net.contracts.events import ReceiptRecorded
from ground_net.contracts.models import Contract
from ground_net.contracts.receipts.errors import (
    ReceiptAboveContract,
    ReceiptOnRecord,
    ReceiptReversed,
    ReceiptRewarded,
)
from ground_net.contracts.receipts.models import CashReceipt
from ground_net.contracts.receipts.service import record_receipt, reverse_receipt
from ground_net.contracts.rewards.service import record_rewards
from policy_pack.subjects.models import PolicyFact
from tests.factories.contracts import SIGNED_AT, SIGNED_ON, a_cash_receipt, a_contract, receipt_entry
from tests.factories.directory import an_enterprise
from tests.factories.events import heard
from tests.factories.invitations import an_exchange
from tests.made_once import made_once

NEW_YEAR = datetime(2027, 1, 8, 2, 0, tzinfo=UTC)


@made_once
def exchange(session):
    return an_exchange(session)


@made_once
def contract(session, exchange):
    return a_contract(exchange, seller_enterprise_id=an_enterprise(session).id, valid_to=date(2027, 12, 31))


def cash_facts(session, contract):
    said = select(PolicyFact).filter_by(key="cash_received", retracted_at=None)
    rows = session.scalars(said).all()
    assert {row.enterprise_id for row in rows} <= {contract.seller_enterprise_id}
    return {row.as_of_on: row.value["number"] for row in rows}


def test_cash_is_kept_apart_from_the_amount_and_by_what_it_pays_for(session, exchange, contract):
    a_cash_receipt(exchange, contract, amount_fen=12_000_000, technology_fen=9_000_000)
    a_cash_receipt(exchange, contract, amount_fen=7, technology_fen=0, voucher="回单2")
    assert (contract.received_fen, contract.received_technology_fen) == (12_000_007, 9_000_000)
    assert (contract.amount_fen, contract.technology_fen) == (60_000_000, 50_000_000)
    assert cash_facts(session, contract) == {SIGNED_ON: "9"}


@pytest.mark.parametrize(
    ("values", "part", "open_fen"),
    [
        ({"amount_fen": 60_000_001, "technology_fen": 50_000_000}, "the contract", 60_000_000),
        ({"amount_fen": 50_000_001, "technology_fen": 50_000_001}, "its technology", 50_000_000),
        ({"amount_fen": 10_000_001, "technology_fen": 0}, "its equipment and material", 10_000_000),
    ],
)
def test_no_part_is_paid_more_than_once_and_the_numbers_are_named(
    session, exchange, contract, values, part, open_fen
):
    with pytest.raises(ReceiptAboveContract) as refused:
        a_cash_receipt(exchange, contract, **values)
    assert (refused.value.data["part"], refused.value.data["open_fen"]) == (part, open_fen)
    assert f"{yuan(open_fen)} 元" in refused.value.sentence().zh
    assert session.scalar(select(CashReceipt)) is None


def test_the_last_fen_fits(exchange, contract):
    a_cash_receipt(exchange, contract, amount_fen=60_000_000, technology_fen=50_000_000)
    with pytest.raises(ReceiptAboveContract) as refused:
        a_cash_receipt(exchange, contract, amount_fen=1, voucher="回单2")
    assert refused.value.data["open_fen"] == 0


@pytest.mark.parametrize("day", [SIGNED_ON - timedelta(days=1), SIGNED_ON + timedelta(days=1)])
def test_money_comes_in_between_the_signing_and_today(exchange, contract, day):
    with pytest.raises(Invalid) as refused:
        a_cash_receipt(exchange, contract, received_on=day)
    assert refused.value.data["errors"][0]["field"] == "received_on"


def test_which_part_it_pays_for_is_said_where_there_are_two(exchange, contract):
    with pytest.raises(Invalid) as refused:
        a_cash_receipt(exchange, contract, technology_fen=None)
    assert refused.value.data["errors"][0]["field"] == "technology_fen"
    with pytest.raises(Invalid):
        a_cash_receipt(exchange, contract, technology_fen=10_000_001)


def test_where_all_is_technology_so_is_the_money(session, exchange):
    contract = a_contract(exchange, technology_fen=60_000_000)
    assert a_cash_receipt(exchange, contract, technology_fen=None).technology_fen == 10_000_000


def test_a_voucher_is_recorded_once_until_it_is_reversed(session, exchange, contract):
    receipt = a_cash_receipt(exchange, contract)
    with pytest.raises(ReceiptOnRecord) as refused:
        a_cash_receipt(exchange, contract, amount_fen=5)
    assert refused.value.data["id"] == receipt.id
    reverse_receipt(session, exchange.poster, receipt.id, reason_code="mistaken", now=SIGNED_AT)
    assert a_cash_receipt(exchange, contract, amount_fen=5).amount_fen == 5


def test_a_reversal_takes_it_out_of_every_sum_and_both_stay(session, exchange, contract):
    kept, wrong = a_cash_receipt(exchange, contract), a_cash_receipt(exchange, contract, voucher="回单2")
    assert cash_facts(session, contract) == {SIGNED_ON: "20"}
    with heard(ReceiptRecorded) as events:
        reversal = reverse_receipt(
            session, exchange.operator, wrong.id, reason_code="duplicate", now=SIGNED_AT
        )
    assert [(event.amount_fen, event.technology_fen) for event in events] == [(-10_000_000, -10_000_000)]
    assert (reversal.reverses_id, contract.received_fen) == (wrong.id, 10_000_000)
    assert cash_facts(session, contract) == {SIGNED_ON: "10"}
    assert set(session.scalars(select(CashReceipt.id))) == {kept.id, wrong.id, reversal.id}
    for row in (wrong, reversal):
        with pytest.raises(ReceiptReversed):
            reverse_receipt(session, exchange.operator, row.id, reason_code="mistaken", now=SIGNED_AT)


def test_money_that_inventors_were_paid_of_is_not_reversed_below_it(session, exchange, contract):
    receipt = a_cash_receipt(exchange, contract)
    share = {
        "income_fen": 4_000_000,
        "costs_fen": 0,
        "inventors_fen": 4_000_000,
        "inventors": [{"inventor": "甲", "weight": 1}],
    }
    record_rewards(session, exchange.office, contract.id, share, now=SIGNED_AT)
    with pytest.raises(ReceiptRewarded):
        reverse_receipt(session, exchange.office, receipt.id, reason_code="mistaken", now=SIGNED_AT)
    a_cash_receipt(exchange, contract, amount_fen=4_000_000, voucher="更正")
    reverse_receipt(session, exchange.office, receipt.id, reason_code="mistaken", now=SIGNED_AT)
    assert contract.received_technology_fen == 4_000_000


def test_the_cash_is_that_of_the_year(session, exchange, contract):
    a_cash_receipt(exchange, contract)
    a_cash_receipt(
        exchange, contract, voucher="新年", amount_fen=3_000_000, received_on=date(2027, 1, 5), now=NEW_YEAR
    )
    late = {"voucher": "补记", "amount_fen": 1_000_000, "received_on": date(2026, 12, 30), "now": NEW_YEAR}
    a_cash_receipt(exchange, contract, **late)
    assert cash_facts(session, contract) == {SIGNED_ON: "10", date(2026, 12, 30): "11", date(2027, 1, 5): "3"}


def test_an_earlier_payment_that_is_recorded_later_changes_the_days_after_it(session, exchange, contract):
    def record(day, voucher, fen):
        a_cash_receipt(exchange, contract, received_on=day, voucher=voucher, amount_fen=fen, now=NEW_YEAR)

    record(date(2026, 5, 1), "二", 2_000_000)
    record(date(2026, 4, 1), "一", 1_000_000)
    assert cash_facts(session, contract) == {date(2026, 4, 1): "1", date(2026, 5, 1): "3"}


def test_who_may_not_record_and_who_does_not_know(session, exchange, contract):
    for who, refusal in (
        (exchange.researcher, Forbidden),
        (exchange.auditor, Forbidden),
        (exchange.stranger, NotFound),
    ):
        with pytest.raises(refusal):
            record_receipt(session, who, contract.id, receipt_entry(), now=SIGNED_AT)
    receipt = a_cash_receipt(exchange, contract)
    for who, refusal in ((exchange.researcher, Forbidden), (exchange.rival_office, NotFound)):
        with pytest.raises(refusal):
            reverse_receipt(session, who, receipt.id, reason_code="mistaken", now=SIGNED_AT)


def test_of_many_who_record_the_last_fen_one_does(committed_database):
    with committed_database.transaction() as session:
        exchange = an_exchange(session)
        contract = a_contract(exchange)
        a_cash_receipt(exchange, contract, amount_fen=59_999_999, technology_fen=49_999_999)
    start, seen = Barrier(4), []

    def record(number):
        said = receipt_entry(amount_fen=1, technology_fen=1, voucher=f"末{number}")
        try:
            with committed_database.transaction() as session:
                start.wait()
                record_receipt(session, exchange.office, contract.id, said, now=SIGNED_AT)
            seen.append("recorded")
        except Conflict as refused:
            seen.append(refused.code)

    threads = [Thread(target=record, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == ["receipt_above_contract"] * 3 + ["recorded"]
    with committed_database.transaction() as session:
        rows = session.scalars(select(CashReceipt).where(CashReceipt.contract_id == contract.id)).all()
        assert sum(row.sign * row.amount_fen for row in rows) == 60_000_000
        assert session.get_one(Contract, contract.id).received_fen == 60_000_000
