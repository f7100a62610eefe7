"""An institute hears at once that it is asked, and whoever waits what it answers."""

from datetime import timedelta

import pytest

from sky_net.invitations.service import accept_invitation, decline_invitation, invite_institute
from tests.factories.invitations import SUBMITTED_AT, an_exchange
from tests.factories.notices import accounts, heard

LATER = SUBMITTED_AT + timedelta(hours=1)


@pytest.mark.parametrize("by", ["operator", "poster"])
def test_everybody_of_the_institute_is_told_and_nobody_else(session, by):
    exchange = an_exchange(session)
    invite_institute(
        session, getattr(exchange, by), exchange.need.id, {"institute_id": exchange.institute.id}, now=LATER
    )
    assert heard(session, "invitation_made") == accounts(exchange.researcher, exchange.office)


@pytest.mark.parametrize("answer", ["accepted", "declined"])
def test_whoever_invited_and_whoever_answers_for_the_need_hear_the_answer(session, answer):
    exchange = an_exchange(session)
    asked = {"institute_id": exchange.institute.id}
    invitation = invite_institute(session, exchange.poster, exchange.need.id, asked, now=LATER)
    if answer == "accepted":
        accept_invitation(session, exchange.office, invitation.id, now=LATER)
    else:
        decline_invitation(session, exchange.office, invitation.id, {"reason_code": "capacity"}, now=LATER)
    assert heard(session, f"invitation_{answer}") == accounts(exchange.poster, exchange.operator)
