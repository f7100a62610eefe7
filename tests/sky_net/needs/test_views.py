"""What leaves: the masked view holds no secret, whatever the need says."""

import json
from datetime import date, datetime

import pytest

from sky_net.needs.models import Need
from sky_net.needs.permissions import INVITED
from sky_net.needs.reading import Reading
from sky_net.needs.views import (
    EntryInView,
    NeedEntry,
    NeedFull,
    NeedInView,
    NeedMasked,
    NeedMaskedEntry,
    NeedOpen,
    NeedOpenEntry,
)
from sky_net.needs.vocabulary import NEED_TYPES
from tests.factories.needs import OPEN_FACTS, SECRETS, a_need

PLATFORM_ONLY = {
    "title_folded",
    "masked_title_folded",
    "signature",
    "version",
    "created_by",
    "change_xid",
    "inherits_id",
    "entrusted_to",
}
MASKED_FIELDS = {
    "id", "number", "view", "kind", "state", "need_type", "industry", "visibility", "urgency", "trl_now", "trl_required",
    "cooperation_modes", "budget", "ip_ownership", "nda_required", "respond_by_on", "wanted_on", "valid_until_on",
    "submitted_at", "confirmed_at", "created_at", "updated_at", "title", "summary",
}  # fmt: skip


def words_of(value):
    """Every text inside a value, however deep."""
    if isinstance(value, dict):
        return [word for inner in value.values() for word in words_of(inner)]
    if isinstance(value, list):
        return [word for inner in value for word in words_of(inner)]
    return [value] if isinstance(value, str) else []


@pytest.fixture
def request_context(app):
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        yield


def secret_words(need, enterprise):
    own = [enterprise.name, enterprise.credit_code, str(enterprise.id), need.zone_code]
    contact = [need.contact_name, need.contact_phone, need.contact_email]
    texts = [word for word in words_of(SECRETS) if word not in {"must", "want"}]
    return own + contact + [word for word in texts if len(word) > 3]


def test_no_secret_occurs_anywhere_in_a_masked_answer(session, request_context):
    from tests.factories.directory import an_enterprise

    enterprise = an_enterprise(session, name="湖北极光测试科技有限公司")
    need = a_need(
        session, enterprise, state="confirmed", state_message="内部意见一二三四", rejection_code=None
    )
    for schema in (NeedMasked, NeedMaskedEntry):
        said = json.dumps(schema().dump(Reading(need, "masked", enterprise)), ensure_ascii=False)
        for secret in [*secret_words(need, enterprise), "内部意见"]:
            assert secret not in said, secret


def test_no_column_leaks_into_the_masked_answer_by_being_added(session, request_context):
    """Every text column gets a mark of its own; of free text the masked answer holds the two masked ones alone."""
    need = a_need(session, state="confirmed")
    for column in Need.__table__.columns:
        if column.type.python_type is str and column.key not in {
            "number",
            "kind",
            "state",
            "visibility",
            "urgency",
        }:
            setattr(need, column.key, f"mark-{column.key}")
    session.expunge(need)
    said = json.dumps(NeedMasked().dump(Reading(need, "masked")), ensure_ascii=False)
    marks = {column.key for column in Need.__table__.columns if f'mark-{column.key}"' in said}
    assert marks == {"need_type", "industry", "ip_ownership", "budget_kind", "masked_title", "masked_summary"}


def test_the_masked_view_is_exactly_the_fields_written_here():
    assert set(NeedMasked().fields) == MASKED_FIELDS
    assert set(NeedMaskedEntry().fields) == MASKED_FIELDS - {"summary"}


def test_a_masked_need_without_a_masked_title_shows_industry_and_type(session, request_context):
    need = a_need(session, state="confirmed", masked_title=None, masked_summary=None)
    said = NeedMasked().dump(Reading(need, "masked"))
    assert (said["title"], said["summary"]) == (f"光电子信息 · {NEED_TYPES['quality'].zh}", None)
    need.industry = need.need_type = None
    assert NeedMasked().dump(Reading(need, "masked"))["title"] == "技术需求"


def test_the_open_view_is_the_full_one_without_persons_and_what_the_platform_noted(session):
    held_back = {
        "contact", "decision_owner", "collector", "masked_title", "masked_summary", "missing_items", "rejection_code",
        "state_message", "complexity", "owner_id", "return_count",
    }  # fmt: skip
    assert set(NeedFull().fields) - set(NeedOpen().fields) == held_back
    assert set(NeedOpen().fields) < set(NeedFull().fields)


def test_the_full_view_tells_every_field_of_the_need(session):
    told = set(NeedFull().fields)
    parts = {
        "budget_kind",
        "budget_min_fen",
        "budget_max_fen",
    }
    assert {"decision_owner", "collector"} <= told
    assert {column.key for column in Need.__table__.columns} - told - parts - PLATFORM_ONLY == {
        "enterprise_id"
    }
    assert {"contact", "budget", "enterprise"} <= told


def test_a_hidden_budget_stays_with_the_poster_and_the_operators(session, request_context):
    need = a_need(
        session, state="confirmed", budget_kind="hidden", budget_max_fen=777_000_000, budget_min_fen=None
    )
    for schema in (NeedOpen, NeedMasked, NeedOpenEntry, NeedMaskedEntry):
        said = schema().dump(Reading(need, "open"))
        assert said["budget"] == {"kind": "hidden"}
        assert "777000000" not in json.dumps(said)
    for schema in (NeedFull, NeedEntry):
        assert schema().dump(Reading(need, "full"))["budget"]["max_fen"] == 777_000_000


def test_a_list_shows_each_need_in_its_own_view(session, request_context):
    need = a_need(session, state="confirmed")
    full, opened, masked = EntryInView().dump(
        [Reading(need, v) for v in ("full", "open", "masked")], many=True
    )
    assert [full["view"], opened["view"], masked["view"]] == ["full", "open", "masked"]
    assert full["title"] == opened["title"] == SECRETS["title"]
    assert masked["title"] == OPEN_FACTS["masked_title"]
    assert set(full) == set(NeedEntry().fields)
    assert set(opened) == set(NeedOpenEntry().fields)
    assert set(masked) == set(NeedMaskedEntry().fields)


@pytest.mark.parametrize(("view", "schema"), [("full", NeedFull), ("open", NeedOpen), ("masked", NeedMasked)])
def test_one_need_is_shown_by_the_schema_of_its_view(session, request_context, view, schema):
    reading = Reading(a_need(session, state="confirmed"), view)
    assert NeedInView().dump(reading) == schema().dump(reading)


def test_what_was_given_comes_back_as_it_was_given(session, request_context):
    need = a_need(session, state="draft")
    said = NeedFull().dump(Reading(need, "full"))
    for name, value in (SECRETS | OPEN_FACTS).items():
        assert said[name] == (value.isoformat() if isinstance(value, date | datetime) else value), name
    assert said["contact"] == {"name": "测试联系人甲", "phone": "027-88880001", "email": "a@example.test"}
    assert said["budget"] == {"kind": "range", "min_fen": 80_000_000, "max_fen": 120_000_000}


def test_the_invited_see_the_texts_and_the_contact_but_neither_a_hidden_budget_nor_the_platforms_notes():
    need = Need(
        title="标题", problem="问题", budget_kind="hidden", budget_min_fen=1_234_500, budget_max_fen=9_876_500,
        contact_name="联系人", decision_owner="决策人", collector="采集人", state_message="内部说明", state="confirmed",
        visibility="invited", industry="opto", missing_items=["budget"],
    )  # fmt: skip
    shown = NeedInView().dump(Reading(need, INVITED))
    assert (shown["problem"], shown["contact"]["name"], shown["budget"]) == (
        "问题",
        "联系人",
        {"kind": "hidden"},
    )
    for note in ("1234500", "9876500", "采集人", "内部说明", "missing_items"):
        assert note not in str(shown)
