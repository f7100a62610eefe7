"""How an institute has answered so far, and who may know."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from backbone.actor import PROVINCE, Role, actor_with
from backbone.errors import Forbidden, NotFound
from sky_net.proposals.record import response_record
from sky_net.proposals.service import accept_proposal
from tests.factories.achievements import an_achievement
from tests.factories.identity import of, zone
from tests.factories.invitations import SUBMITTED_AT, an_exchange, an_invitation
from tests.factories.needs import a_need
from tests.factories.proposals import a_proposal
from tests.made_once import made_once

NOW = datetime(2026, 3, 12, 1, 30, tzinfo=UTC)
BROKER = actor_with((Role.BROKER, zone()))


@made_once
def exchange(session):
    return an_exchange(session)


def counts(rows):
    return {row["state"]: row["count"] for row in rows}


def test_an_institute_that_was_never_asked_has_an_empty_record(session, exchange):
    record = response_record(session, BROKER, exchange.institute.id, now=NOW)
    assert (record.achievements_offered, record.invitations, record.proposals) == (0, [], [])
    assert record.median_answer_minutes is None


def test_offers_invitations_and_released_proposals_are_counted_of_this_institute_alone(session, exchange):
    institute = exchange.institute
    an_achievement(session, institute=institute)
    an_achievement(session, institute=institute, state="hidden", hidden_by="institute")
    an_achievement(session)
    an_invitation(session, exchange.need, institute, state="accepted")
    an_invitation(session, exchange.need, exchange.rival, state="accepted")
    an_invitation(session, a_need(session, state="confirmed"), institute)
    proposal = a_proposal(exchange)
    a_proposal(exchange, by=exchange.rival_office)
    record = response_record(session, BROKER, institute.id, now=NOW)
    assert record.achievements_offered == 1
    assert counts(record.invitations) == {"accepted": 1, "open": 1}
    assert counts(record.proposals) == {"released": 1}
    accept_proposal(session, exchange.poster, proposal.id, now=SUBMITTED_AT)
    session.flush()
    assert counts(response_record(session, BROKER, institute.id, now=NOW).proposals) == {"accepted": 1}
    assert counts(response_record(session, BROKER, exchange.rival.id, now=NOW).proposals) == {
        "not_selected": 1
    }


def test_a_draft_is_nobodys_business(session, exchange):
    an_invitation(session, exchange.need, exchange.institute, state="accepted")
    a_proposal(exchange, released=False)
    assert response_record(session, BROKER, exchange.institute.id, now=NOW).proposals == []


def test_the_median_is_of_the_time_between_invitation_and_answer(session, exchange):
    for hours in (1, 2, 30):
        need = a_need(session, state="confirmed")
        answered_at = SUBMITTED_AT + timedelta(hours=hours)
        an_invitation(session, need, exchange.institute, state="declined", answered_at=answered_at)
    an_invitation(session, exchange.need, exchange.institute)
    record = response_record(session, BROKER, exchange.institute.id, now=NOW)
    assert record.median_answer_minutes == 120


MAY = {
    "operator": ((Role.OPERATOR, zone("420200")), True), "auditor": ((Role.AUDITOR, PROVINCE), True),
    "broker": ((Role.BROKER, zone()), True), "fund": ((Role.FUND_MANAGER, PROVINCE), False),
    "policy": ((Role.POLICY_OFFICER, PROVINCE), False),
}  # fmt: skip


@pytest.mark.parametrize("who", MAY)
def test_who_brings_needs_or_watches_may_know(session, exchange, who):
    held, may = MAY[who]
    if may:
        assert response_record(session, actor_with(held), exchange.institute.id, now=NOW)
    else:
        with pytest.raises(Forbidden):
            response_record(session, actor_with(held), exchange.institute.id, now=NOW)


def test_a_competitor_may_not_and_the_institute_itself_and_an_enterprise_may(session, exchange):
    for actor in (exchange.office, exchange.researcher, exchange.poster, exchange.stranger):
        assert response_record(session, actor, exchange.institute.id, now=NOW)
    with pytest.raises(Forbidden):
        response_record(session, exchange.rival_office, exchange.institute.id, now=NOW)


def test_what_is_no_institute_has_no_record(session, exchange):
    for institute_id in (uuid4(), exchange.enterprise.id):
        with pytest.raises(NotFound):
            response_record(session, BROKER, institute_id, now=NOW)


def test_over_http_it_reads_as_lists_of_states(client, session, exchange):
    an_invitation(session, exchange.need, exchange.institute, state="accepted")
    address = f"/api/institutes/{exchange.institute.id}/response-record"
    shown = client.get(address, headers=exchange.headers(exchange.broker)).get_json()
    assert shown == {
        "institute_id": str(exchange.institute.id), "achievements_offered": 0,
        "invitations": [{"state": "accepted", "count": 1}], "proposals": [], "median_answer_minutes": 0,
    }  # fmt: skip
    assert client.get(address, headers=exchange.headers(exchange.rival_office)).status_code == 403
    assert client.get(address).status_code == 401
    assert of(exchange.institute).id == shown["institute_id"]
