"""Who sees which proposals, and how much of them."""

import pytest

from backbone.errors import Forbidden, NotFound
from sky_net.proposals.models import Proposal
from sky_net.proposals.reading import Outline, compare_proposals, list_proposals, read_proposal
from sky_net.proposals.service import accept_proposal, decline_proposal, withdraw_proposal
from tests.factories.invitations import SUBMITTED_AT, an_exchange, an_invitation
from tests.factories.proposals import a_proposal
from tests.made_once import made_once

NOW = SUBMITTED_AT
ASKED = {"limit": 20, "sort": "-created_at"}


@made_once
def exchange(session):
    made = an_exchange(session)
    for institute in (made.institute, made.rival):
        an_invitation(session, made.need, institute, state="accepted")
    return made


def listed(exchange, actor, **more):
    return list_proposals(exchange.session, actor, exchange.need.id, ASKED | more).items


def view(exchange, actor, proposal):
    try:
        return read_proposal(exchange.session, actor, proposal.id)[1]
    except NotFound:
        return None


@pytest.mark.parametrize(
    ("who", "of_draft", "of_released"),
    [
        ("researcher", "full", "full"),
        ("office", "full", "full"),
        ("poster", None, "full"),
        ("operator", "outline", "full"),
        ("auditor", "outline", "full"),
        ("broker", None, None),
        ("rival_office", None, None),
        ("stranger", None, None),
    ],
)
def test_each_party_sees_what_the_table_says(exchange, who, of_draft, of_released):
    actor = getattr(exchange, who)
    draft = a_proposal(exchange, released=False)
    assert view(exchange, actor, draft) == of_draft
    withdraw_proposal(exchange.session, exchange.office, draft.id, now=NOW)
    assert view(exchange, actor, draft) == of_draft  # it was never released

    assert view(exchange, actor, a_proposal(exchange)) == of_released


@pytest.mark.parametrize(
    ("who", "drafts", "released"),
    [("researcher", 0, 1), ("rival_office", 1, 0), ("poster", 0, 1), ("operator", 1, 1), ("broker", 0, 0)],
)
def test_the_list_and_the_single_view_agree(exchange, who, drafts, released):
    a_proposal(exchange)
    a_proposal(exchange, by=exchange.rival_office, released=False)

    states = sorted(row.state for row in listed(exchange, getattr(exchange, who)))

    assert states == ["draft"] * drafts + ["released"] * released


def test_operators_learn_that_a_draft_exists_and_nothing_of_its_contents(exchange):
    draft = a_proposal(exchange, released=False)

    (outline,) = listed(exchange, exchange.operator)

    assert isinstance(outline, Outline)
    assert outline.id == draft.id
    contents = set(Proposal.__table__.columns.keys()) - set(Outline.__dataclass_fields__)
    assert {"title", "plan", "hypothesis", "answers", "price_min_fen", "ip_terms"} <= contents
    assert not any(hasattr(outline, name) for name in contents)


def test_no_page_of_a_competitor_has_a_gap_where_the_other_stands(exchange):
    a_proposal(exchange)

    page = list_proposals(exchange.session, exchange.rival_office, exchange.need.id, ASKED | {"limit": 1})

    assert (page.items, page.next_cursor) == ([], None)


def test_a_released_proposal_stays_readable_after_its_withdrawal(exchange):
    proposal = a_proposal(exchange)
    withdraw_proposal(exchange.session, exchange.office, proposal.id, now=NOW)

    assert view(exchange, exchange.poster, proposal) == "full"
    assert [row.state for row in listed(exchange, exchange.poster, state=["withdrawn"])] == ["withdrawn"]


def test_an_institute_that_was_passed_over_sees_its_own_outcome_and_not_the_winner(exchange):
    winner = a_proposal(exchange)
    loser = a_proposal(exchange, by=exchange.rival_office)
    accept_proposal(exchange.session, exchange.poster, winner.id, now=NOW)

    (row,) = listed(exchange, exchange.rival_office)

    assert (row.id, row.state, row.reason_code) == (loser.id, "not_selected", "not_selected")
    assert view(exchange, exchange.rival_office, winner) is None


@pytest.mark.parametrize("who", ["poster", "operator", "auditor"])
def test_a_comparison_shows_released_proposals_alone(exchange, who):
    released = a_proposal(exchange)
    a_proposal(exchange, by=exchange.rival_office, released=False)

    table = compare_proposals(exchange.session, getattr(exchange, who), exchange.need.id, now=NOW)

    assert [column["id"] for column in table["proposals"]] == [released.id]
    assert [len(row["answers"]) for row in table["indicators"]] == [1, 1, 1]


def test_what_was_declined_or_withdrawn_leaves_the_table_and_the_choice_stays_on_it(exchange):
    first = a_proposal(exchange)
    decline_proposal(exchange.session, exchange.poster, first.id, {"reason_code": "price"}, now=NOW)
    second = a_proposal(exchange)
    withdraw_proposal(exchange.session, exchange.office, second.id, now=NOW)
    third, rival = a_proposal(exchange), a_proposal(exchange, by=exchange.rival_office)
    accept_proposal(exchange.session, exchange.poster, third.id, now=NOW)

    table = compare_proposals(exchange.session, exchange.poster, exchange.need.id, now=NOW)

    assert {(column["id"], column["state"]) for column in table["proposals"]} == {
        (third.id, "accepted"), (rival.id, "not_selected"),
    }  # fmt: skip


@pytest.mark.parametrize("who", ["researcher", "rival_office", "broker"])
def test_institutes_and_brokers_compare_nothing(exchange, who):
    a_proposal(exchange)

    with pytest.raises(Forbidden):
        compare_proposals(exchange.session, getattr(exchange, who), exchange.need.id, now=NOW)


def test_a_stranger_compares_nothing_because_there_is_no_need(exchange):
    with pytest.raises(NotFound):
        compare_proposals(exchange.session, exchange.stranger, exchange.need.id, now=NOW)
