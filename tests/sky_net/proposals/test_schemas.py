"""What may be said in a proposal."""

import pytest
from marshmallow import ValidationError

from sky_net.proposals.schemas import (
    ProposalAmendment,
    ProposalEntry,
    ProposalOutline,
    ProposalPrice,
    ProposalView,
)
from tests.factories.proposals import proposal_entry

ANSWER = {"indicator": "键合良率", "verdict": "met", "how": "实测"}


def test_a_complete_proposal_is_taken_as_it_is():
    assert ProposalEntry().load(proposal_entry()) == proposal_entry()


@pytest.mark.parametrize(("field", "longest"), [("title", 80), ("hypothesis", 825), ("plan", 1025)])
def test_the_lengths_are_those_of_the_form(field, longest):
    assert ProposalAmendment().load({field: "字" * longest})
    with pytest.raises(ValidationError):
        ProposalAmendment().load({field: "字" * (longest + 1)})


def test_ten_proofs_are_enough():
    assert ProposalAmendment().load({"proofs": [{"title": "报告"}] * 10})
    with pytest.raises(ValidationError):
        ProposalAmendment().load({"proofs": [{"title": "报告"}] * 11})


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": None}, "title"),
        ({"trl": 0}, "trl"),
        ({"trl": 10}, "trl"),
        ({"trl": "６"}, "trl"),
        ({"duration_days": 0}, "duration_days"),
        ({"duration_days": 10**30}, "duration_days"),
        ({"price": {"kind": "range", "min_fen": -1}}, "price"),
        ({"price": {"kind": "cheap"}}, "price"),
        ({"answers": [ANSWER, ANSWER]}, "answers"),
        ({"answers": [{**ANSWER, "verdict": "maybe"}]}, "answers"),
        ({"answers": [{"indicator": "键合良率", "verdict": "met"}]}, "answers"),
        ({"no_confidential_content": "true"}, "no_confidential_content"),
        ({"state": "accepted"}, "state"),
        ({"plan": "计划\ud800"}, "plan"),
    ],
)
def test_a_wrong_value_names_its_field(wrong, field):
    with pytest.raises(ValidationError) as refused:
        ProposalAmendment().load(wrong)

    assert list(refused.value.normalized_messages()) == [field]


@pytest.mark.parametrize(
    ("price", "field"),
    [
        ({"kind": "range", "min_fen": 2, "max_fen": 1}, "min_fen"),
        ({"kind": "fixed", "min_fen": 1, "max_fen": 2}, "max_fen"),
    ],
)
def test_a_price_stands_in_order(price, field):
    with pytest.raises(ValidationError) as refused:
        ProposalPrice().load(price)

    assert list(refused.value.normalized_messages()) == [field]


def test_an_open_price_range_may_stand_in_a_draft():
    for price in (
        {"kind": "negotiable"},
        {"kind": "range", "min_fen": 5},
        {"kind": "fixed", "max_fen": None},
    ):
        assert ProposalPrice().load(price) == price


def test_the_outline_holds_nothing_of_the_contents():
    outline = set(ProposalOutline().fields)

    assert outline < set(ProposalView().fields)
    assert outline.isdisjoint(ProposalAmendment().fields)
