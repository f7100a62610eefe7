"""Who may rule hears of a disputed proposal, its parties how it went; both sides can read the dispute."""

from datetime import timedelta

import pytest

from backbone.actor import PROVINCE, Role
from backbone.errors import Forbidden
from sky_net.disputes.reading import list_disputes
from sky_net.disputes.service import dispute_proposal, rule_on_dispute
from tests.factories.identity import an_actor, zone
from tests.factories.invitations import SUBMITTED_AT, an_exchange, an_invitation
from tests.factories.notices import accounts, heard
from tests.factories.proposals import a_proposal

LATER = SUBMITTED_AT + timedelta(hours=3)
WHY = {"reason_code": "not_a_solution", "message": "只写了请来电"}
ASKED = {"sort": "disputed_at", "limit": 20}


@pytest.fixture
def exchange(session):
    made = an_exchange(session)
    an_invitation(session, made.need, made.institute, state="accepted")
    return made


@pytest.mark.parametrize("has_colleague", [True, False])
def test_the_nearest_who_may_rule_are_asked_and_never_the_owner(session, exchange, has_colleague):
    supervisor = an_actor(session, (Role.OPERATOR, PROVINCE))
    asked = an_actor(session, (Role.OPERATOR, zone())) if has_colleague else supervisor
    dispute_proposal(session, exchange.poster, a_proposal(exchange).id, WHY, now=LATER)
    assert heard(session, "proposal_disputed") == accounts(asked)
    assert heard(session, "dispute_opened") == accounts(
        exchange.operator, exchange.researcher, exchange.office
    )


@pytest.mark.parametrize(("upheld", "kind"), [(True, "dispute_upheld"), (False, "dispute_dismissed")])
def test_both_sides_and_the_owner_hear_the_ruling(session, exchange, upheld, kind):
    supervisor = an_actor(session, (Role.OPERATOR, PROVINCE))
    dispute = dispute_proposal(session, exchange.poster, a_proposal(exchange).id, WHY, now=LATER)
    rule_on_dispute(session, supervisor, dispute.id, upheld=upheld, ruling="已核实", now=LATER)
    assert heard(session, kind) == accounts(
        exchange.poster, exchange.operator, exchange.researcher, exchange.office
    )


def test_either_side_lists_its_own_disputes_and_no_other(session, exchange):
    dispute = dispute_proposal(session, exchange.poster, a_proposal(exchange).id, WHY, now=LATER)
    for party in (exchange.poster, exchange.office, exchange.researcher, exchange.operator):
        assert [row.id for row in list_disputes(session, party, ASKED).items] == [dispute.id]
    for other in (exchange.stranger, exchange.rival_office):
        assert list_disputes(session, other, ASKED).items == []
    with pytest.raises(Forbidden):
        list_disputes(session, exchange.broker, ASKED)
