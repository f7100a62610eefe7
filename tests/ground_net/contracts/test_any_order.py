"""Whatever is done with contracts and in whatever order, the need stands where the contract that stands puts it."""

from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from sqlalchemy import select

from backbone.errors import DomainError
from ground_net.contracts import service
from ground_net.contracts.delivery.service import accept_delivery, deliver_contract, plan_milestones
from ground_net.contracts.models import Contract
from ground_net.contracts.reading import locked_contract
from ground_net.contracts.signing import amend_contract, sign_contract
from ground_net.contracts.states import ANNULLED
from ground_net.contracts.striking.service import strike_supplement
from ground_net.contracts.supplements.reading import list_supplements
from sky_net.needs.life_cycle import lock_need
from sky_net.needs.models import NeedTransition
from tests.factories.contracts import SIGNED_AT, a_chosen_proposal, contract_entry
from tests.factories.invitations import an_exchange

WHERE = {
    "signed": "contracted", "in_delivery": "contracted", "delivered": "delivered", "accepted": "accepted", "closed": "accepted",
}  # fmt: skip
LAST = {"accept", "close"}
"""Nothing comes after these."""
PART = {"title": "样机", "deliverable": "样机", "criterion": "按附件", "due_on": SIGNED_AT.date()}


class Walk:
    """The verbs of contracts upon one need, each tried in a savepoint."""

    def __init__(self, session, seed):
        self.session, self.random, self.now = session, Random(seed), SIGNED_AT
        self.exchange = an_exchange(session)
        self.proposal = a_chosen_proposal(self.exchange)

    def contracts(self):
        return self.session.scalars(select(Contract).order_by(Contract.number)).all()

    def supplement_of(self, contract):
        """Any of its supplements; where it has none, an id that is nobody's."""
        rows = list_supplements(self.session, self.exchange.operator, contract.id)
        return self.random.choice([row.id for row in rows] or [contract.id])

    def verbs(self):
        person = self.random.choice([self.exchange.poster, self.exchange.office, self.exchange.operator])
        said = {"now": self.now}
        known = [each.id for each in self.contracts()] or [self.proposal.id]
        upon = self.random.choice([*known, *[known[-1]] * len(known)])  # the latest is the one that may stand

        def lock(contract_id):
            return locked_contract(self.session, self.exchange.operator, contract_id)

        return {
            "sign": lambda: sign_contract(self.session, person, self.proposal.id, contract_entry(), **said),
            "plan": lambda: plan_milestones(self.session, person, upon, self.random.choice([[], [PART]]), **said),
            "deliver": lambda: deliver_contract(self.session, self.exchange.office, upon, **said),
            "accept": lambda: accept_delivery(self.session, self.exchange.poster, upon, **said),
            "close": lambda: service.close_contract(self.session, person, upon, message="余款另结", **said),
            "terminate": lambda: service.terminate_contract(
                self.session, person, upon, {"reason_code": "agreed"}, **said
            ),
            "dispute": lambda: service.dispute_contract(self.session, person, upon, reason="不符", **said),
            "amend": lambda: amend_contract(
                self.session, person, lock(upon), {"licence_years": self.random.randint(1, 9)}, **said
            ),
            "strike": lambda: strike_supplement(
                self.session, self.exchange.operator, self.supplement_of(lock(upon)), ground="未见文本", **said
            ),
            "settle": lambda: service.settle_contract(
                self.session, self.exchange.operator, upon, stands=self.random.random() < 0.5, **said
            ),
        }  # fmt: skip

    def take_a_step(self, *, may_accept):
        """True where the verb was possible."""
        verbs = self.verbs()
        name = self.random.choice(sorted(verbs.keys() - (set() if may_accept else LAST)))
        self.now += timedelta(hours=1)
        try:
            with self.session.begin_nested():
                verbs[name]()
        except DomainError:
            return False
        return True


@pytest.mark.parametrize("seed", range(6))
def test_the_need_stands_where_the_one_contract_that_stands_puts_it(session, seed):
    walk, seen = Walk(session, seed), set()
    for count in range(60):
        was = lock_need(session, walk.exchange.need.id).state
        done = walk.take_a_step(may_accept=count > 40)
        contracts, need = walk.contracts(), lock_need(session, walk.exchange.need.id)
        standing = [each for each in contracts if each.state not in ANNULLED]
        seen |= {each.state for each in contracts}
        assert len(standing) <= 1
        assert need.state == (WHERE[standing[0].state] if standing else "selected")
        assert done or need.state == was
    assert seen & set(ANNULLED)
    steps = session.scalars(
        select(NeedTransition).filter_by(need_id=walk.exchange.need.id).order_by(NeedTransition.id)
    ).all()
    assert all(later.from_state == earlier.to_state for earlier, later in pairwise(steps))
    annulled = [each for each in walk.contracts() if each.state in ANNULLED]
    assert sum(step.action == "annul_contract" for step in steps) == len(annulled)
