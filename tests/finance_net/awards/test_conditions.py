"""Facts of the ground network as conditions: read when they count, of a contract of the beneficiaries alone."""

import pytest

from backbone.errors import Invalid
from finance_net.awards.errors import TrancheConditionsOpen
from ground_net.contracts.delivery.service import accept_milestone, plan_milestones
from ground_net.contracts.registration.service import register_contract
from tests.factories.awards import an_award_desk
from tests.factories.contracts import SIGNED_AT, SIGNED_ON, a_contract, a_filing, a_registrar
from tests.factories.invitations import an_exchange
from tests.factories.ledger import WAN

PLAN = {"title": "样机", "deliverable": "样机", "criterion": "按合同", "due_on": SIGNED_ON}


def test_a_tranche_waits_for_its_milestone_and_the_contracts_registration(session):
    sold = an_exchange(session)
    contract = a_contract(sold)
    (milestone,) = plan_milestones(session, sold.office, contract.id, [PLAN], now=SIGNED_AT)
    a_filing(sold, contract)
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
    accept_milestone(session, sold.poster, milestone.id, now=SIGNED_AT)
    with pytest.raises(TrancheConditionsOpen, match="1 open conditions: contract registered “开发合同”"):
        desk.claimed()
    told = {"register_number": "HB-1"}
    register_contract(session, a_registrar(sold), contract.id, told, now=SIGNED_AT)
    assert desk.approved().state == "approved"
