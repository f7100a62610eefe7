"""Grants and awards ask about contracts through one reader, which the assembly puts in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from sqlalchemy import event

from finance_net.grants import contracts
from ground_net.contracts.delivery.service import accept_milestone, plan_milestones
from ground_net.contracts.registration.service import refuse_registration, register_contract
from ground_net.contracts.service import terminate_contract
from sanwang.grant_contracts import READER
from tests.factories.contracts import SIGNED_AT, SIGNED_ON, a_contract, a_filing, a_registrar
from tests.factories.directory import an_enterprise
from tests.factories.invitations import an_exchange

PLAN = {"title": "样机", "deliverable": "样机", "criterion": "按合同", "due_on": SIGNED_ON}
ENDED = {"reason_code": "agreed"}


@pytest.fixture
def exchange(session):
    return an_exchange(session)


@contextmanager
def statements(session) -> Iterator[list[str]]:
    ran: list[str] = []
    session.flush()
    listen = ("before_cursor_execute", lambda *given: ran.append(given[2]))
    event.listen(session.get_bind(), *listen)
    yield ran
    event.remove(session.get_bind(), *listen)


def test_the_assembly_has_put_it_in():
    import sanwang.features  # noqa: F401

    assert contracts.contracts() is READER


def test_without_it_no_answer_is_made_up(monkeypatch):
    monkeypatch.setattr(contracts, "_installed", [])
    with pytest.raises(RuntimeError, match="grant_contracts"):
        contracts.contracts()


def test_the_parties_are_the_buyer_the_institute_and_the_enterprise_it_sells_through(session, exchange):
    contract = a_contract(exchange)
    assert READER.parties(session, contract.id) == {exchange.enterprise.id, exchange.institute.id}
    sold = an_exchange(session)
    seller = an_enterprise(session)
    through = a_contract(sold, seller_enterprise_id=seller.id)
    assert READER.parties(session, through.id) == {sold.enterprise.id, sold.institute.id, seller.id}


def test_a_milestone_is_accepted_once_the_buyer_said_so(session, exchange):
    contract = a_contract(exchange)
    (row,) = plan_milestones(session, exchange.office, contract.id, [PLAN], now=SIGNED_AT)
    assert READER.contract_of_milestone(session, row.id) == contract.id
    assert not READER.is_accepted(session, row.id)
    accept_milestone(session, exchange.poster, row.id, now=SIGNED_AT)
    assert READER.is_accepted(session, row.id)


def test_a_contract_is_registered_neither_when_it_was_filed_nor_when_it_was_refused(session, exchange):
    contract, registrar = a_contract(exchange), a_registrar(exchange)
    a_filing(exchange, contract)
    assert not READER.is_registered(session, contract.id)
    refuse_registration(
        session, registrar, contract.id, {"reason_code": "not_technology", "message": None}, now=SIGNED_AT
    )
    assert not READER.is_registered(session, contract.id)
    a_filing(exchange, contract)
    register_contract(session, registrar, contract.id, {"register_number": "HB-1"}, now=SIGNED_AT)
    assert READER.is_registered(session, contract.id)


def test_a_contract_that_was_terminated_is_registered_for_no_money_any_more(session, exchange):
    """What was handed over and accepted under it stays accepted."""
    contract, registrar = a_contract(exchange), a_registrar(exchange)
    (row,) = plan_milestones(session, exchange.office, contract.id, [PLAN], now=SIGNED_AT)
    accept_milestone(session, exchange.poster, row.id, now=SIGNED_AT)
    a_filing(exchange, contract)
    register_contract(session, registrar, contract.id, {"register_number": "HB-1"}, now=SIGNED_AT)
    terminate_contract(session, exchange.poster, contract.id, ENDED, now=SIGNED_AT)
    assert not READER.is_registered(session, contract.id)
    assert READER.is_accepted(session, row.id)


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        (READER.parties, set()),
        (READER.contract_of_milestone, None),
        (READER.is_accepted, False),
        (READER.is_registered, False),
    ],
)
def test_what_does_not_exist_takes_one_statement_and_answers_as_none_does(
    session, exchange, ask: Callable, answer
):
    known = a_contract(exchange).id
    with statements(session) as missing:
        assert ask(session, uuid4()) == answer
    with statements(session) as found:
        ask(session, known)
    assert len(missing) == len(found) == 1
