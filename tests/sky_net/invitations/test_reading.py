"""Who sees which invitations."""

from datetime import timedelta

import pytest

from backbone.errors import NotFound
from sky_net.invitations.reading import (
    accepted_institutes,
    invitation_between,
    list_invitations,
    list_own_invitations,
    show_invitation,
)
from tests.factories.directory import an_institute
from tests.factories.invitations import SUBMITTED_AT, an_exchange, an_invitation
from tests.made_once import made_once

ASKED = {"limit": 20, "sort": "-invited_at"}


@made_once
def exchange(session):
    return an_exchange(session)


def test_an_institute_finds_its_own_invitation_and_nothing_of_the_others(exchange):
    mine = an_invitation(exchange.session, exchange.need, exchange.institute)
    theirs = an_invitation(exchange.session, exchange.need, exchange.rival)

    page = list_invitations(exchange.session, exchange.researcher, exchange.need.id, ASKED)

    assert [row.id for row in page.items] == [mine.id]
    assert page.next_cursor is None
    with pytest.raises(NotFound):
        show_invitation(exchange.session, exchange.researcher, theirs.id)


@pytest.mark.parametrize("who", ["poster", "operator", "broker", "auditor"])
def test_the_side_that_asks_sees_all_of_them(exchange, who):
    rows = [
        an_invitation(exchange.session, exchange.need, institute)
        for institute in (exchange.institute, exchange.rival)
    ]

    page = list_invitations(exchange.session, getattr(exchange, who), exchange.need.id, ASKED)

    assert {row.id for row in page.items} == {row.id for row in rows}
    assert show_invitation(exchange.session, getattr(exchange, who), rows[0].id) is rows[0]


def test_for_a_stranger_there_is_no_need_and_no_invitation(exchange):
    invitation = an_invitation(exchange.session, exchange.need, exchange.institute)

    with pytest.raises(NotFound):
        list_invitations(exchange.session, exchange.stranger, exchange.need.id, ASKED)
    with pytest.raises(NotFound):
        show_invitation(exchange.session, exchange.stranger, invitation.id)


def test_an_institute_that_was_not_invited_sees_an_empty_list_under_a_masked_need(exchange):
    an_invitation(exchange.session, exchange.need, exchange.rival)

    assert list_invitations(exchange.session, exchange.office, exchange.need.id, ASKED).items == []


def test_the_own_list_holds_the_invitations_of_every_need_and_of_no_other_institute(exchange):
    other = an_exchange(exchange.session)
    mine = [an_invitation(exchange.session, ex.need, exchange.institute) for ex in (exchange, other)]
    an_invitation(exchange.session, exchange.need, exchange.rival)

    page = list_own_invitations(exchange.session, exchange.office, ASKED)

    assert {row.id for row in page.items} == {row.id for row in mine}
    assert list_own_invitations(exchange.session, exchange.poster, ASKED).items == []


def test_lists_are_filtered_by_state_and_cut_into_pages_that_do_not_overlap(exchange):
    for n, state in enumerate(("open", "accepted", "declined", "open")):
        an_invitation(
            exchange.session, exchange.need, an_institute(exchange.session), state=state,
            created_at=SUBMITTED_AT + timedelta(minutes=n),
        )  # fmt: skip

    def read(**more):
        return list_invitations(exchange.session, exchange.operator, exchange.need.id, ASKED | more)

    first = read(limit=3)
    rest = read(limit=3, cursor=first.next_cursor)
    assert [row.state for row in (*first.items, *rest.items)] == ["open", "declined", "accepted", "open"]
    assert [row.state for row in read(state=["declined", "accepted"]).items] == ["declined", "accepted"]


def test_accepted_institutes_are_those_that_said_yes_among_the_ones_asked_about(exchange):
    an_invitation(exchange.session, exchange.need, exchange.institute, state="accepted")
    an_invitation(exchange.session, exchange.need, exchange.rival, state="declined")
    both = [exchange.institute.id, exchange.rival.id]

    assert list(accepted_institutes(exchange.session, exchange.need.id, both)) == [exchange.institute.id]
    assert list(accepted_institutes(exchange.session, exchange.need.id, [exchange.rival.id])) == []
    assert invitation_between(exchange.session, exchange.need.id, exchange.rival.id).state == "declined"
    elsewhere = an_institute(exchange.session)
    assert invitation_between(exchange.session, exchange.need.id, elsewhere.id) is None
