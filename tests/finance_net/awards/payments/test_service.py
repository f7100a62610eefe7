"""Ordering payments: by one and sent by another, to a sealed account, in one file that stays the same."""

import hashlib

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from backbone import encryption
from backbone.encryption import Keyring
from backbone.errors import Forbidden, NotFound, StateConflict
from backbone.people.rotating import count_outdated, reseal_some
from finance_net.awards.errors import AccountMissing, NothingToPay, SecondPerson
from finance_net.awards.payments.accounts import account_of, enter_account
from finance_net.awards.payments.models import BankAccount, PaymentBatch
from finance_net.awards.payments.reading import download_file
from finance_net.awards.payments.service import export_batch, instruct_payments, withdraw_batch
from tests.conftest import PERSONAL_DATA_KEY
from tests.factories.awards import ACCOUNT, NUMBER, an_award_desk
from tests.factories.directory import an_enterprise
from tests.factories.grants import member_of
from tests.factories.ledger import WAN
from tests.made_once import made_once


@made_once
def desk(session):
    desk = an_award_desk(session)
    desk.planned(30 * WAN, 10 * WAN)
    desk.approved(1)
    return desk


def instructed(desk, *tranches):
    return instruct_payments(
        desk.session, desk.first, desk.award.fund_id, [each.id for each in tranches], now=desk.now
    )


def test_nobody_is_paid_without_an_account_and_nothing_is_ordered_twice(desk):
    first, second = desk.tranches
    with pytest.raises(AccountMissing, match="These 1 have no bank account: 测试"):
        instructed(desk, first)
    desk.with_accounts()
    batch = instructed(desk, first, second)
    assert (batch.lines, batch.sum_fen, batch.state) == (1, 30 * WAN, "proposed")
    with pytest.raises(
        NothingToPay, match="Of the 2 tranches none is approved and unpaid: planned 1, being paid 1"
    ):
        instructed(desk, first, second)
    assert [each.state for each in desk.tranches] == ["paying", "planned"]


def test_one_orders_and_another_sends_what_left_is_not_withdrawn(desk, session):
    batch = desk.instructed()
    with pytest.raises(SecondPerson):
        export_batch(session, desk.first, batch.id, now=desk.now)
    with pytest.raises(Forbidden):
        export_batch(session, desk.member, batch.id, now=desk.now)
    withdraw_batch(session, desk.first, batch.id, now=desk.now)
    assert (desk.payments[0].state, desk.tranches[0].state) == ("withdrawn", "approved")
    again = desk.exported()
    for decide in (export_batch, withdraw_batch):
        with pytest.raises(StateConflict):
            decide(session, desk.second, again.id, now=desk.now)


def test_the_file_is_the_same_bytes_each_time_though_the_account_changed_meanwhile(desk, session):
    batch = desk.exported()
    enter_account(
        session, desk.member, desk.payments[0].enterprise_id, ACCOUNT | {"number": "99999999"}, now=desk.now
    )
    read = [download_file(session, desk.second, batch.id, now=desk.now) for _ in range(2)]
    first, again = (each.read() for each in read)
    assert first == again
    assert hashlib.sha256(first).hexdigest() == batch.sha256 == read[0].etag
    line = first.decode("utf-8-sig").splitlines()[1]
    reference, number = desk.payments[0].reference, desk.award.number
    assert (
        line == f"{reference},{ACCOUNT['holder']},{NUMBER},{ACCOUNT['bank']},104521000011,300000.00,{number}"
    )
    with pytest.raises(Forbidden):
        download_file(session, desk.member, batch.id, now=desk.now)


def test_an_account_is_sealed_at_rest_and_masked_in_every_view(desk, session):
    desk.exported()
    session.flush()
    for table in ("bank_accounts", "payment_batches", "audit_events", "award_payments"):
        rows = session.scalars(text(f"SELECT {table}::text FROM {table}")).all()
        assert not [
            row for row in rows if NUMBER in row or NUMBER.encode().hex() in row or ACCOUNT["holder"] in row
        ]
    enterprise = desk.award.beneficiaries[0].enterprise_id
    assert account_of(session, desk.member, enterprise).tail == "9012"
    stranger = member_of(session, an_enterprise(session))
    with pytest.raises(NotFound):
        account_of(session, stranger, enterprise)
    with pytest.raises(NotFound):
        enter_account(session, stranger, enterprise, ACCOUNT, now=desk.now)
    with pytest.raises(Forbidden):
        enter_account(session, desk.first, enterprise, ACCOUNT, now=desk.now)


def test_an_account_does_not_open_in_another_row_and_is_sealed_anew_with_a_new_key(desk, session):
    batch = desk.exported()
    (account,) = session.query(BankAccount).filter_by(enterprise_id=desk.payments[0].enterprise_id)
    thief = BankAccount(id=batch.id, details_sealed=account.details_sealed)
    with pytest.raises(encryption.Unopened):
        _ = thief.details
    old = encryption.keyring()
    encryption.configure(Keyring.parse(f"2:{'another key' * 4},1:{PERSONAL_DATA_KEY}"))
    try:
        while reseal_some(session):
            pass
        assert count_outdated(session) == 0
        session.expire_all()
        assert session.get_one(BankAccount, account.id).details == ACCOUNT
        assert session.get_one(PaymentBatch, batch.id).file.startswith(b"\xef\xbb\xbf")
        assert account.details_sealed[0] == 2
    finally:
        encryption.configure(old)


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ("UPDATE payment_batches SET exported_by = instructed_by", "ck_payment_batches_two_people"),
        ("UPDATE award_payments SET state = 'settled'", "ck_award_payments_settled"),
        ("UPDATE clawbacks SET decided_by = proposed_by", "ck_clawbacks_two_people"),
        ("UPDATE clawbacks SET recovered_fen = amount_fen + 1", "ck_clawbacks_amounts"),
    ],
)
def test_the_database_itself_refuses_one_person_for_two_and_money_that_no_transfer_moved(
    desk, session, wrong, constraint
):
    desk.exported(1)
    desk.answered(desk.line("settled"))
    desk.clawback(desk.payments[0], WAN)
    desk.approved(2)
    desk.exported(2)
    with pytest.raises(IntegrityError, match=constraint), session.begin_nested():
        session.execute(text(wrong))


def test_a_part_is_paid_by_one_attempt_at_a_time_whoever_writes_it(desk, session):
    desk.exported()
    again = (
        "INSERT INTO award_payments SELECT (jsonb_populate_record(payment, jsonb_build_object('id', gen_random_uuid(), 'reference', 'FK-x'))).*"
        " FROM award_payments payment"
    )
    with pytest.raises(IntegrityError, match="uq_award_payments_live"), session.begin_nested():
        session.execute(text(again))
