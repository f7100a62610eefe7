"""Processes killed while they take a payment back that a statement told of: it is taken back once, or nothing of it was."""

from random import Random

from sqlalchemy import select

from backbone.db import Database
from backbone.identity.models import Account
from finance_net.awards.payments.models import Payment
from finance_net.awards.reconciliation.models import ReconciliationItem
from finance_net.cases.models import CaseStep
from finance_net.ledger.models import Transfer
from finance_net.ledger.proving import prove
from tests.conftest import TUESDAY_MORNING
from tests.crash.conftest import Raise
from tests.crash.evidence import audited, fingerprint, wait_until_gone
from tests.crash.seeds import seeds
from tests.crash.victims import Request
from tests.factories.awards import an_award_desk
from tests.factories.identity import headers_of

DEATHS = 3
LATEST_MOMENT = 200
LEFT = ("return_payment", "fall_back_tranche", "lapse_clawback", "withdraw_effect", "resolve_difference")


@seeds(10, always=1)
def test_what_came_back_is_taken_back_once_wherever_the_processes_were_killed(
    seed: int, committed_database: Database, victim: Raise
):
    rng = Random(seed)
    with committed_database.transaction() as session:
        desk = an_award_desk(session, now=TUESDAY_MORNING)
        payment = desk.paid()
        desk.clawback(payment, 1)
        desk.stated(["TH-1", "in", f"{payment.amount_fen / 100:.2f}", desk.day])
        item = session.scalars(
            select(ReconciliationItem.id).where(ReconciliationItem.bank_ref == "TH-1")
        ).one()
        headers = headers_of(session, session.get_one(Account, desk.second.account_id))
        body = {"reason": "户名不符", "payment_id": str(payment.id)}
        known = audited(session)
    path = f"/api/reconciliation-items/{item}/resolution"
    request = Request(path, body, headers, f"key-{seed}", TUESDAY_MORNING)
    before, halfway, deaths = fingerprint(committed_database), [], 0
    while (
        answer := victim("requests", rng.randint(1, LATEST_MOMENT) if deaths < DEATHS else 0).ask(request)
    ) is None:
        assert deaths < DEATHS, "a process that nobody kills has died"
        deaths += 1
        wait_until_gone(committed_database)
        halfway.append(fingerprint(committed_database))
    after = fingerprint(committed_database)
    assert answer.status == 200, answer
    assert all(seen in (before, after) for seen in halfway)
    with committed_database.transaction() as session:
        assert session.scalars(select(Payment.state)).one() == "returned"
        kinds = session.scalars(select(Transfer.kind).order_by(Transfer.number)).all()
        assert kinds[-3:] == ["pay", "reverse_payment", "approve_tranche"]
        assert session.scalars(select(CaseStep.kind).order_by(CaseStep.ordinal.desc())).first() == "return"
        since = audited(session) - known
        assert [since[action] for action in LEFT] == [1] * len(LEFT)
        assert prove(session).differences == []
