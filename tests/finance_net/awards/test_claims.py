"""What is an award's is not moved by hand in the ledger: no payment past the bank's answer, no recovery past its clawback."""

from typing import Any

import pytest
from sqlalchemy import select

from backbone.errors import Forbidden
from backbone.identity.models import Account
from finance_net.awards.claims import award_of_hold
from finance_net.awards.clawbacks.models import Recovery
from finance_net.awards.clawbacks.service import record_recovery
from finance_net.ledger.claims import HeldElsewhere
from finance_net.ledger.orders.service import propose_draw, propose_reversal
from finance_net.ledger.steps import Kind
from tests.factories.awards import an_award_desk
from tests.factories.identity import headers_of
from tests.factories.ledger import AT, WAN


def test_nothing_of_an_award_is_drawn_reversed_or_voided_by_hand(client: Any, session: Any):
    desk = an_award_desk(session, now=AT)
    desk.planned(30 * WAN, 10 * WAN)
    payment = desk.paid()
    approved = desk.approved(2).parts[0].hold_id
    said: dict[str, Any] = {"reason": "测试", "amount_fen": None}
    for kind, hold in (
        (Kind.PAY, approved),
        (Kind.RECOVER, payment.transfer_id),
        (Kind.COMMIT, desk.award.hold_id),
    ):
        with pytest.raises(HeldElsewhere, match=f"It is that of {desk.award.number}"):
            propose_draw(session, desk.first, kind, hold, said, now=AT)
        with pytest.raises(Forbidden):
            propose_draw(session, desk.member, kind, hold, said, now=AT)
    clawback = desk.clawback(payment, WAN)
    back = {"amount_fen": WAN, "bank_ref": "YH", "received_on": AT.date(), "now": AT}
    record_recovery(session, desk.first, clawback.id, **back)
    recovery = session.scalars(select(Recovery)).one()
    for transfer in (payment.transfer_id, recovery.transfer_id):
        with pytest.raises(HeldElsewhere):
            propose_reversal(session, desk.first, transfer, {"reason": "测试"}, now=AT)
    headers = headers_of(session, session.get_one(Account, desk.first.account_id))
    for path, body in (
        (f"{desk.award.hold_id}/tranches", {"reason": "测试", "amount_fen": 1}),
        (f"{approved}/voiding", {"reason": "测试"}),
    ):
        answer = client.post(f"/api/fund-holds/{path}", json=body, headers=headers)
        assert (answer.status_code, answer.json["code"]) == (409, "held_elsewhere")
    assert award_of_hold(session, desk.award.id) is None
