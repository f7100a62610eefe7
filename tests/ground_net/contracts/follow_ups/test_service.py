from datetime import date, timedelta

import pytest

from backbone.errors import Forbidden, Invalid, NotFound, StateConflict
from ground_net.contracts.delivery.service import plan_milestones
from ground_net.contracts.follow_ups.service import list_follow_ups, record_follow_up
from ground_net.contracts.service import terminate_contract
from tests.factories.contracts import SIGNED_AT, a_cash_receipt, a_contract, a_filing
from tests.factories.invitations import an_exchange
from tests.made_once import made_once

ASKED = {"sort": "follow_up_on", "limit": 20, "address": "test"}


@made_once
def exchange(session):
    return an_exchange(session)


@made_once
def contract(exchange):
    return a_contract(exchange)


def follow_up(exchange, contract, by=None, now=SIGNED_AT, **said):
    return record_follow_up(
        exchange.session, by or exchange.operator, contract.id, {"note": "已联系"} | said, now=now
    )


def listed(exchange, now, by=None, **asked):
    return list_follow_ups(exchange.session, by or exchange.operator, ASKED | asked, now=now).items


def test_a_contract_is_followed_up_until_it_has_ended(session, exchange, contract):
    assert contract.follow_up_on == date(2026, 4, 8)  # twenty working days, the holiday left out
    follow_up(exchange, contract, next_on=date(2026, 3, 20))
    assert contract.follow_up_on == date(2026, 3, 20)
    follow_up(exchange, contract)
    assert contract.follow_up_on == date(2026, 4, 8)
    assert [each.contract for each in listed(exchange, SIGNED_AT)] == [contract]
    terminate_contract(session, exchange.office, contract.id, {"reason_code": "agreed"}, now=SIGNED_AT)
    assert listed(exchange, SIGNED_AT) == []
    with pytest.raises(StateConflict):
        follow_up(exchange, contract)


def test_the_next_day_lies_ahead(exchange, contract):
    with pytest.raises(Invalid):
        follow_up(exchange, contract, next_on=date(2026, 3, 10))


def test_everything_overdue_is_named_the_oldest_first(session, exchange, contract):
    entry = {"title": "样机", "deliverable": "样机", "criterion": "按附件", "due_on": date(2026, 4, 1)}
    plan_milestones(session, exchange.office, contract.id, [entry], now=SIGNED_AT)
    a_filing(exchange, contract)
    a_cash_receipt(exchange, contract, amount_fen=20_000_000)
    (each,) = listed(exchange, SIGNED_AT + timedelta(days=60))
    assert [(row.what, row.due_on) for row in each.overdue] == [
        ("registration", date(2026, 3, 24)),
        ("milestone", date(2026, 4, 1)),
        ("follow_up", date(2026, 4, 8)),
        ("installment", date(2026, 4, 30)),
    ]
    assert each.overdue[-1].open_fen == 40_000_000


def test_only_those_whose_day_has_passed_if_asked(exchange, contract):
    day = SIGNED_AT.replace(month=4, day=8)
    assert listed(exchange, day, overdue=True) == []
    assert [each.contract for each in listed(exchange, day + timedelta(days=1), overdue=True)] == [contract]


def test_who_follows_up_and_who_is_shown_none(exchange, contract):
    for who, refusal in (
        (exchange.researcher, Forbidden),
        (exchange.auditor, Forbidden),
        (exchange.stranger, NotFound),
    ):
        with pytest.raises(refusal):
            follow_up(exchange, contract, by=who)
    assert listed(exchange, SIGNED_AT, by=exchange.rival_office) == []
    assert len(listed(exchange, SIGNED_AT, by=exchange.auditor)) == 1
