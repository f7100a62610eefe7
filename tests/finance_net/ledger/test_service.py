"""Money from its reservation to its payment and back."""

import pytest
from sqlalchemy.orm import Session

from finance_net.ledger.service import approve_tranche, commit, pay, recover, reserve, reverse, void
from tests.factories.ledger import AT, Treasury, a_treasury, an_envelope, standing


@pytest.fixture
def treasury(session: Session) -> Treasury:
    return a_treasury(session, limit_fen=1000)


def test_money_goes_from_reserved_to_paid_and_every_level_shows_it(treasury: Treasury):
    session, one = treasury.session, {"reason": "测试", "now": AT}
    two = one | {"approver": treasury.second}
    year = an_envelope(treasury, treasury.root, "year", limit_fen=800)
    project = an_envelope(treasury, year, limit_fen=500)

    def everywhere(**buckets: int) -> None:
        for envelope, limit in ((treasury.root, 1000), (year, 800), (project, 500)):
            used = sum(buckets.values()) - 2 * buckets.get("recovered", 0)
            assert standing(session, envelope) == {"available": limit - used} | buckets

    held = reserve(session, treasury.first, project.id, 400, **one)
    everywhere(reserved=400)
    promised = commit(session, treasury.first, held.id, 300, **two)
    everywhere(committed=300)
    tranche = approve_tranche(session, treasury.first, promised.id, 200, **one)
    everywhere(committed=100, approved=200)
    paid = pay(session, treasury.first, tranche.id, 150, **two)
    everywhere(committed=150, paid=150)
    back = recover(session, treasury.first, paid.id, 50, **two)
    everywhere(committed=150, paid=150, recovered=50)
    reverse(session, treasury.first, back.id, **two)
    everywhere(committed=150, paid=150)
    reverse(session, treasury.first, paid.id, **two)
    everywhere(committed=300)
    void(session, treasury.first, promised.id, **one)
    everywhere()
