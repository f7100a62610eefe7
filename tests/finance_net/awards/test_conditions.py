"""Facts of the ground network as conditions: read when they count, of a contract of the beneficiaries alone."""

import pytest
from sqlalchemy import text

from backbone.errors import Invalid
from finance_net.awards.errors import TrancheConditionsOpen
from ground_net.contracts.delivery.service import plan_milestones
from tests.factories.awards import an_award_desk
from tests.factories.contracts import SIGNED_AT, SIGNED_ON, a_contract, a_filing
from tests.factories.invitations import an_exchange
from tests.factories.ledger import WAN

PLAN = {"title": "样机", "deliverable": "样机", "criterion": "按合同", "due_on": SIGNED_ON}


def test_a_tranche_waits_for_its_milestone_and_the_contracts_registration(session):
    sold = an_exchange(session)
    contract = a_contract(sold)
    (milestone,) = plan_milestones(session, sold.office, contract.id, [PLAN], now=SIGNED_AT)
    filing = a_filing(sold, contract)
    conditions = [
        {"kind": "milestone_accepted", "title": "样机", "ref": str(milestone.id)},
        {"kind": "contract_registered", "title": "开发合同", "ref": str(contract.id)},
    ]
    other = an_award_desk(session)
    with pytest.raises(Invalid, match="2 thing"):
        other.planned(40 * WAN, conditions=conditions)
    desk = an_award_desk(session, applicant=sold.enterprise)
    desk.planned(40 * WAN, conditions=conditions)
    with pytest.raises(
        TrancheConditionsOpen, match="2 open conditions: milestone accepted “样机”, contract registered"
    ):
        desk.claimed()
    accepted = "UPDATE contract_milestones SET accepted_at = now(), accepted_on = current_date WHERE id = :id"
    session.execute(text(accepted), {"id": milestone.id})
    with pytest.raises(TrancheConditionsOpen, match="1 open conditions: contract registered “开发合同”"):
        desk.claimed()
    registered = "UPDATE contract_registrations SET state = 'registered', decided_at = now() WHERE id = :id"
    session.execute(text(registered), {"id": filing.id})
    assert desk.approved().state == "approved"
