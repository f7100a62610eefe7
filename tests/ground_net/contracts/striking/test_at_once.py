"""Two who settle the same dispute follow one another: one strikes the supplement, the other finds it struck."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from backbone.errors import DomainError
from ground_net.contracts.models import Contract
from ground_net.contracts.service import settle_contract
from ground_net.contracts.striking.service import strike_supplement
from ground_net.contracts.supplements.models import Supplement
from tests.factories.contracts import SIGNED_AT, a_disputed_supplement
from tests.factories.invitations import an_exchange

LATER = SIGNED_AT + timedelta(days=1)


@pytest.mark.parametrize(
    ("other", "codes"), [("strike", {"wrong_state"}), ("settle", {"contract_undisputed"})]
)
def test_of_two_who_settle_at_once_one_finds_it_settled(committed_database, other, codes):
    with committed_database.transaction() as session:
        exchange = an_exchange(session)
        supplement = a_disputed_supplement(exchange, title="补充协议")
        supplement_id, contract_id = supplement.id, supplement.contract_id
    both, refused = Barrier(2), []

    def strike(session):
        strike_supplement(session, exchange.operator, supplement_id, ground="未见文本", now=LATER)

    def settle(session):
        settle_contract(session, exchange.operator, contract_id, stands=True, now=LATER)

    def run(step):
        try:
            with committed_database.transaction() as session:
                both.wait()
                step(session)
        except DomainError as refusal:
            refused.append(refusal.code)

    threads = [Thread(target=run, args=(step,)) for step in (strike, strike if other == "strike" else settle)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(refused), set(refused) <= codes) == (1, True)
    with committed_database.transaction() as session:
        contract, row = session.scalars(select(Contract)).one(), session.scalars(select(Supplement)).one()
        assert contract.disputed_at is None
        assert (contract.title == "补充协议") is (row.state == "recorded")
