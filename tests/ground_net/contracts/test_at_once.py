"""Two at once, with real threads on committed data: a contract ends in one way, and its need with it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from backbone.errors import DomainError, StateConflict
from ground_net.contracts.delivery.models import Milestone
from ground_net.contracts.delivery.service import (
    accept_delivery,
    accept_milestone,
    deliver_contract,
    plan_milestones,
)
from ground_net.contracts.errors import ContractExists
from ground_net.contracts.models import Contract
from ground_net.contracts.service import terminate_contract
from ground_net.contracts.signing import sign_contract
from sky_net.needs.models import Need, NeedTransition
from sky_net.needs.service import withdraw_need
from tests.factories.contracts import SIGNED_AT, a_contract, contract_entry
from tests.factories.invitations import an_exchange
from tests.ground_net.leads.test_concurrency import at_once

pytestmark = pytest.mark.postgres
LATER = SIGNED_AT + timedelta(days=1)
ROUNDS = range(4)


@pytest.fixture(params=ROUNDS)
def exchange(request, committed_database):
    with committed_database.transaction() as session:
        return an_exchange(session)


@pytest.fixture
def contract(committed_database, exchange):
    """Delivered, and not accepted."""
    with committed_database.transaction() as session:
        contract = a_contract(exchange.met_by(session))
        return deliver_contract(session, exchange.office, contract.id, now=LATER)


def terminating(exchange, contract, who="office"):
    said = {"reason_code": "agreed"}
    return lambda session: (
        terminate_contract(session, getattr(exchange, who), contract.id, said, now=LATER).state
    )


def accepting(exchange, contract):
    return lambda session: accept_delivery(session, exchange.poster, contract.id, now=LATER).state


def states_of(database, contract):
    with database.transaction() as session:
        return session.get_one(Contract, contract.id).state, session.get_one(Need, contract.need_id).state


def steps_of(database, contract, action):
    counted = (
        select(func.count()).select_from(NeedTransition).filter_by(need_id=contract.need_id, action=action)
    )
    with database.transaction() as session:
        return session.scalar(counted)


def test_of_a_termination_and_an_acceptance_one_counts_and_the_need_follows_it(
    committed_database, exchange, contract
):
    answers = at_once(committed_database, terminating(exchange, contract), accepting(exchange, contract))
    [won] = [answer for answer in answers if not isinstance(answer, DomainError)]
    [lost] = [answer for answer in answers if isinstance(answer, DomainError)]
    assert isinstance(lost, StateConflict)
    assert lost.data["state"] == won
    assert states_of(committed_database, contract) in {("terminated", "selected"), ("accepted", "accepted")}
    assert states_of(committed_database, contract)[0] == won
    assert steps_of(committed_database, contract, "annul_contract") == (won == "terminated")


def test_of_both_sides_who_terminate_one_frees_the_need(committed_database, exchange, contract):
    both = (terminating(exchange, contract, who) for who in ("office", "poster"))
    answers = at_once(committed_database, *both)
    assert sorted(map(str, (type(answer).__name__ for answer in answers))) == ["StateConflict", "str"]
    assert states_of(committed_database, contract) == ("terminated", "selected")
    assert steps_of(committed_database, contract, "annul_contract") == 1


def test_a_part_is_accepted_before_the_end_or_not_at_all(committed_database, exchange):
    with committed_database.transaction() as session:
        contract = a_contract(exchange.met_by(session))
        plan = {"title": "样机", "deliverable": "样机", "criterion": "按附件", "due_on": date(2026, 6, 30)}
        [part] = plan_milestones(session, exchange.office, contract.id, [plan], now=SIGNED_AT)
        deliver_contract(session, exchange.office, contract.id, now=LATER)

    def accept(session):
        return accept_milestone(session, exchange.poster, part.id, now=LATER).accepted_on

    ended, accepted = at_once(committed_database, terminating(exchange, contract), accept)
    assert ended == "terminated"
    with committed_database.transaction() as session:
        stands = session.get_one(Milestone, part.id).accepted_on
    assert (stands is None) == isinstance(accepted, StateConflict)
    assert states_of(committed_database, contract) == ("terminated", "selected")


def test_signed_anew_while_it_is_ending_there_is_never_a_second_contract_that_stands(
    committed_database, exchange, contract
):
    def sign(session):
        return sign_contract(
            session, exchange.poster, contract.proposal_id, contract_entry(), now=LATER
        ).state

    answers = at_once(committed_database, terminating(exchange, contract), sign, sign)
    refused = [answer for answer in answers if isinstance(answer, DomainError)]
    assert answers[0] == "terminated"
    assert {type(answer) for answer in refused} == {ContractExists}
    with committed_database.transaction() as session:
        standing = select(Contract.state).where(Contract.state != "terminated")
        stands = session.scalars(standing).all()
    assert len(stands) == 2 - len(refused)
    assert len(stands) <= 1
    assert states_of(committed_database, contract) == ("terminated", "contracted" if stands else "selected")


def test_free_again_it_is_withdrawn_or_contracted_and_never_both(committed_database, exchange, contract):
    at_once(committed_database, terminating(exchange, contract))

    def sign(session):
        return sign_contract(
            session, exchange.office, contract.proposal_id, contract_entry(), now=LATER
        ).state

    def withdraw(session):
        return withdraw_need(session, exchange.poster, contract.need_id, now=LATER).state

    answers = at_once(committed_database, sign, withdraw)
    [won] = [answer for answer in answers if not isinstance(answer, DomainError)]
    with committed_database.transaction() as session:
        assert session.get_one(Need, contract.need_id).state == {"signed": "contracted"}.get(won, "withdrawn")
        assert len(session.scalars(select(Contract)).all()) == (2 if won == "signed" else 1)
