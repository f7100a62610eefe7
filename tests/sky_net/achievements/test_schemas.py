import pytest
from marshmallow import ValidationError

from backbone.http_requests import flatten
from sky_net.achievements import schemas
from sky_net.achievements.models import PERSONAL, Achievement


def wrong_fields(schema, sent):
    with pytest.raises(ValidationError) as refused:
        schema().load(sent)
    return [entry["field"] for entry in flatten(refused.value.messages_dict)]


@pytest.mark.parametrize("price", [
    {"kind": "fixed", "min_fen": 100}, {"kind": "fixed", "min_fen": 100, "max_fen": 100}, {"kind": "range", "min_fen": 0, "max_fen": 0},
    {"kind": "range", "min_fen": 1, "max_fen": 2**63 - 1}, {"kind": "negotiable"}, {"kind": "negotiable", "min_fen": None},
])  # fmt: skip
def test_prices_that_make_sense_pass(price):
    assert schemas.Price().load(price) == price


@pytest.mark.parametrize(("price", "field"), [
    ({"kind": "fixed"}, "min_fen"), ({"kind": "fixed", "min_fen": 1, "max_fen": 2}, "min_fen"), ({"kind": "range", "min_fen": 1}, "max_fen"),
    ({"kind": "range", "max_fen": 1}, "max_fen"), ({"kind": "range", "min_fen": 2, "max_fen": 1}, "max_fen"),
    ({"kind": "negotiable", "min_fen": 1}, "min_fen"), ({"kind": "negotiable", "max_fen": 1}, "min_fen"),
    ({"kind": "range", "min_fen": -1, "max_fen": 1}, "min_fen"), ({"min_fen": 1}, "kind"), ({"kind": "gift"}, "kind"),
    ({"kind": "fixed", "min_fen": 1.5}, "min_fen"), ({"kind": "fixed", "min_fen": 2**63}, "min_fen"),
])  # fmt: skip
def test_prices_that_do_not_are_refused_at_their_field(price, field):
    assert wrong_fields(schemas.Price, price) == [field]


def test_an_amendment_may_change_one_field_and_an_entry_needs_four():
    assert schemas.AchievementAmendment().load({"gain": None}) == {"gain": None}
    assert set(wrong_fields(schemas.AchievementEntry, {})) == {"institute_id", "title", "industry", "summary"}


def test_an_entry_is_an_achievement_unless_said_otherwise_and_an_amendment_says_nothing():
    least = {
        "institute_id": "01a20830-6a35-7290-9892-ce11616c8308",
        "title": "题",
        "industry": "opto",
        "summary": "摘要",
    }
    assert schemas.AchievementEntry().load(least)["kind"] == "achievement"
    assert schemas.AchievementAmendment().load({}) == {}


@pytest.mark.parametrize(
    "name",
    [
        "state",
        "number",
        "institute_id",
        "zone_code",
        "folded",
        "change_xid",
        "hidden_by",
        "last_confirmed_on",
    ],
)
def test_what_the_platform_decides_cannot_be_amended(name):
    assert wrong_fields(schemas.AchievementAmendment, {name: "x"}) == [name]


def test_the_open_view_holds_neither_contact_nor_what_is_between_institute_and_operator():
    secret = {"contact", "hidden_by", "hidden_reason", "withdrawn_at", "missing"}
    assert set(schemas.AchievementFull().fields) - set(schemas.AchievementOpen().fields) == secret
    assert not PERSONAL & set(schemas.AchievementOpen().fields)


def test_every_column_is_shown_or_named_here_as_inner():
    inner = {"version", "folded", "change_xid", "price_kind", "price_min_fen", "price_max_fen"}
    columns = set(Achievement.__table__.columns.keys())
    assert columns - set(schemas.AchievementFull().fields) == inner
    assert not columns & PERSONAL


def test_whatever_can_be_entered_can_be_read_back():
    entered = set(schemas.AchievementEntry().fields)
    assert entered <= set(schemas.AchievementFull().fields)
