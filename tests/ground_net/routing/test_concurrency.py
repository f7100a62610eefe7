"""Two at once, with real threads on committed data: one answer, one offer, one place filled once."""

from sqlalchemy import func, select

from backbone.errors import DomainError, StateConflict
from ground_net.routing.errors import BrokerFull, HandoverOpen
from ground_net.routing.models import Handover
from ground_net.routing.service import accept_handover, decline_handover, hand_need
from sky_net.needs.models import Need
from tests.conftest import TUESDAY_MORNING
from tests.factories.ground import a_broker
from tests.factories.identity import an_account
from tests.factories.invitations import an_exchange
from tests.factories.routing import a_handover
from tests.ground_net.leads.test_concurrency import at_once


def test_of_two_who_answer_at_once_one_counts(committed_database):
    with committed_database.transaction() as session:
        exchange = an_exchange(session)
        handover = a_handover(session, exchange.need, exchange.broker.account_id)

    def accept(session):
        return accept_handover(session, exchange.broker, handover.id, now=TUESDAY_MORNING).state

    def decline(session):
        return decline_handover(
            session, exchange.broker, handover.id, reason_code="load", now=TUESDAY_MORNING
        ).state

    answers = at_once(committed_database, accept, decline, accept)
    [kept] = [answer for answer in answers if not isinstance(answer, DomainError)]
    assert [type(answer) for answer in answers if isinstance(answer, DomainError)] == [StateConflict] * 2
    with committed_database.transaction() as session:
        owner = exchange.broker if kept == "accepted" else exchange.operator
        assert session.get_one(Need, exchange.need.id).owner_id == owner.account_id


def test_of_two_offers_of_one_need_one_stands(committed_database):
    with committed_database.transaction() as session:
        exchange = an_exchange(session)

    def hand(session):
        said = {"to_id": exchange.broker.account_id, "reason_code": "load"}
        return hand_need(session, exchange.operator, exchange.need.id, said, now=TUESDAY_MORNING)

    answers = at_once(committed_database, hand, hand)
    assert sorted(type(answer).__name__ for answer in answers) == ["Handover", HandoverOpen.__name__]
    with committed_database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Handover)) == 1


def test_two_needs_accepted_at_once_fill_the_last_place_once(committed_database):
    with committed_database.transaction() as session:
        first, second = an_exchange(session), an_exchange(session)
        a_broker(session, session.get(type(an_account(session)), first.broker.account_id), capacity=1)
        offers = [a_handover(session, each.need, first.broker.account_id).id for each in (first, second)]

    def accept(handover_id):
        return lambda session: accept_handover(session, first.broker, handover_id, now=TUESDAY_MORNING)

    answers = at_once(committed_database, *map(accept, offers))
    assert sorted(type(answer).__name__ for answer in answers) == [BrokerFull.__name__, "Handover"]
