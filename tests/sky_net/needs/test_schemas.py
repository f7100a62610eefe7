from uuid import uuid4

import pytest
from marshmallow import ValidationError

from sky_net.needs import views
from sky_net.needs.completeness import LABELS
from sky_net.needs.models import PERSONAL, Need
from sky_net.needs.schemas import NeedAmendment, NeedConfirmation, NeedDraft, NeedQuery, NeedReturn
from tests.factories.needs import a_need_body

WRITTEN_BY_THE_PLATFORM = {
    "id", "version", "created_at", "updated_at", "number", "kind", "zone_code", "created_by", "state", "complexity",
    "owner_id", "submitted_at", "confirmed_at", "return_count", "missing_items", "rejection_code", "state_message",
    "title_folded", "masked_title_folded", "signature", "change_xid",
    "inherits_id", "entrusted_to",
}  # fmt: skip


def test_a_draft_becomes_exactly_the_columns_that_people_write():
    loaded = NeedDraft().load(a_need_body(valid_until_on="2027-01-01", chain_id=str(uuid4())))
    columns = {column.key for column in Need.__table__.columns}
    assert set(loaded) == (columns | PERSONAL) - WRITTEN_BY_THE_PLATFORM - {"enterprise_id"}
    assert not columns & PERSONAL


def test_budget_and_contact_become_their_columns():
    loaded = NeedAmendment().load({"budget": {"kind": "fixed", "max_fen": 5}, "contact": {"name": "甲"}})
    assert loaded == {
        "budget_kind": "fixed", "budget_min_fen": None, "budget_max_fen": 5,
        "contact_name": "甲", "contact_phone": None, "contact_email": None,
    }  # fmt: skip


def test_null_clears_a_whole_group():
    assert set(NeedAmendment().load({"budget": None, "contact": None}).values()) == {None}


def test_what_was_not_sent_is_not_changed():
    assert NeedAmendment().load({}) == {}


@pytest.mark.parametrize(
    "field", ["title", "visibility", "urgency", "nda_required", "source_channel", "indicators"]
)
def test_what_every_need_has_cannot_be_cleared(field):
    with pytest.raises(ValidationError):
        NeedAmendment().load({field: None})


def test_an_indicator_is_a_must_unless_said_otherwise():
    loaded = NeedAmendment().load({"indicators": [{"name": "精度"}, {"name": "成本", "weight": "want"}]})
    assert [indicator["weight"] for indicator in loaded["indicators"]] == ["must", "want"]


@pytest.mark.parametrize(
    "budget",
    [
        {"kind": "fixed", "min_fen": 5, "max_fen": 5}, {"kind": "fixed", "max_fen": 5}, {"kind": "negotiable"},
        {"kind": "range", "min_fen": 1, "max_fen": 2}, {"kind": "hidden", "max_fen": 2**63 - 1}, {"kind": "range", "min_fen": 0},
    ],
)  # fmt: skip
def test_these_budgets_are_possible(budget):
    assert NeedAmendment().load({"budget": budget})["budget_kind"] == budget["kind"]


def test_a_return_names_at_least_one_thing_and_only_known_ones():
    assert NeedReturn().load({"missing": ["indicators"], "message": "补"})["missing"] == ["indicators"]
    for missing in ([], ["state"], ["scene", "scene"], ["nonsense"]):
        with pytest.raises(ValidationError):
            NeedReturn().load({"missing": missing, "message": "补"})
    assert set(LABELS) <= set(views.NeedFull().fields) | {"test_method"}


def test_a_confirmation_says_how_hard_it_is():
    with pytest.raises(ValidationError):
        NeedConfirmation().load({})


def test_a_list_asks_for_the_latest_submissions_unless_told_otherwise():
    assert NeedQuery().load({}) == {"sort": "-submitted_at", "limit": 20}
