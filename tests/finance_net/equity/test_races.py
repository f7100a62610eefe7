"""Many at once on real PostgreSQL: the last yuan of a commitment is called once, and every statement stays in order."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from backbone.db import Database
from backbone.errors import Conflict
from finance_net.equity.investing import call_capital
from finance_net.equity.models import Deal
from finance_net.funds.service import capital_of
from tests.factories.equity import an_equity_desk
from tests.factories.ledger import AT

CALLERS = 6


def test_callers_at_once_never_call_more_than_was_committed(committed_database: Database):
    with committed_database.transaction() as session:
        desk = an_equity_desk(session, subscribed_fen=100)
        deal_id, fund_id, manager = desk.deal("agreed").id, desk.treasury.fund.id, desk.treasury.first
    start = Barrier(CALLERS)

    def call(number: int) -> Any:
        start.wait(30)
        said: dict[str, Any] = {"amount_fen": 30, "due_on": AT.date(), "purpose": f"第 {number} 次"}
        try:
            with committed_database.transaction() as session:
                return call_capital(session, manager, deal_id, now=AT, **said).id
        except Conflict as refusal:
            return refusal.code

    with ThreadPoolExecutor(CALLERS) as pool:
        found = list(pool.map(call, range(CALLERS)))
    assert sorted(map(str, found))[-3:] == ["hold_exceeded"] * 3
    with committed_database.transaction() as session:
        deal = session.get_one(Deal, deal_id)
        assert (deal.called_fen, deal.agreed_fen) == (90, 100)
        assert capital_of(session, fund_id, AT.date())["called"].amount_fen == 90
