from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from backbone.actor import Role, actor_with
from backbone.audit import AuditEvent
from backbone.errors import Forbidden, Invalid
from sky_net.achievements import service
from sky_net.achievements.models import Achievement
from sky_net.achievements.schemas import AchievementEntry
from tests.factories.achievements import an_entry
from tests.factories.directory import an_institute
from tests.factories.identity import an_actor, of, zone

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
TODAY = date(2026, 3, 10)
OPERATOR = actor_with((Role.OPERATOR, zone("420100")))


@pytest.fixture
def institute(session):
    return an_institute(session, region_code="420100-donghu")


@pytest.fixture
def office(session, institute):
    return an_actor(session, (Role.TRANSFER_OFFICE, of(institute)))


def register(session, actor, institute, now=NOW, **values):
    return service.register_achievement(
        session, actor, AchievementEntry().load(an_entry(institute, **values)), now=now
    )


def actions(session, row):
    return list(
        session.scalars(
            select(AuditEvent.action).where(AuditEvent.subject_id == row.id).order_by(AuditEvent.id)
        )
    )


def problem_of(refused):
    (entry,) = refused.value.data["errors"]
    return entry["field"], entry["problem"].zh


# --- registering ---


def test_an_offer_is_visible_at_once_numbered_and_confirmed_for_a_year(session, office, institute):
    row = register(session, office, institute)
    session.refresh(row)
    assert row.number.startswith("CG-2026-")
    assert len(row.number) == len("CG-2026-000001")
    assert (row.state, row.stage, row.version) == ("visible", "middle", 1)
    assert (row.last_confirmed_on, row.valid_until_on) == (TODAY, TODAY + timedelta(days=365))
    assert (row.zone_code, row.region_code) == ("420100-donghu", "420100-donghu")
    assert (row.price_kind, row.price_min_fen, row.price_max_fen) == ("range", 60_000_000, 130_000_000)
    assert row.ip[0]["expires_on"] == "2041-05-01"
    assert row.missing == []


def test_the_least_entry_has_honest_defaults(session, office, institute):
    entry = {"institute_id": str(institute.id), "title": "题", "industry": "opto", "summary": "摘要"}
    row = service.register_achievement(session, office, AchievementEntry().load(entry), now=NOW)
    session.refresh(row)
    assert (row.kind, row.trl, row.stage, row.secrecy, row.price_kind) == (
        "achievement",
        None,
        None,
        "open",
        "negotiable",
    )
    assert (row.keywords, row.ip, row.try_before_pay) == ([], [], False)


def test_the_year_of_the_number_is_that_of_wuhan(session, office, institute):
    new_year = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    assert register(session, office, institute, now=new_year).number.startswith("CG-2027-")


def test_the_offer_may_be_had_elsewhere_but_its_zone_is_the_institutes(session, office, institute):
    row = register(session, office, institute, region_code="420200")
    assert (row.region_code, row.zone_code) == ("420200", "420100-donghu")


def test_registering_leaves_one_event_without_personal_data(session, office, institute):
    row = register(session, office, institute)
    session.flush()
    (event,) = session.scalars(select(AuditEvent).where(AuditEvent.subject_id == row.id))
    assert (event.action, event.actor_id) == ("register_achievement", office.account_id)
    assert event.after["number"] == row.number
    assert event.after["contact_email"].startswith("hmac:")
    assert "example.org" not in str(event.after)
    assert event.after["team"].startswith("hmac:")


@pytest.mark.parametrize("held", [(), ((Role.OPERATOR, zone("420100")),)])
def test_others_register_nothing_operators_included(session, institute, held):
    with pytest.raises(Forbidden):
        register(session, an_actor(session, *held), institute)
    with pytest.raises(Forbidden):
        register(session, an_actor(session, (Role.TRANSFER_OFFICE, of(an_institute(session)))), institute)
    assert session.scalar(select(func.count()).select_from(Achievement)) == 0


@pytest.mark.parametrize(("trl", "stage"), [(4, "early"), (5, "middle"), (7, "middle"), (8, "mature")])
def test_a_stage_that_agrees_with_the_trl_passes(session, office, institute, trl, stage):
    assert register(session, office, institute, trl=trl, stage=stage).stage == stage


@pytest.mark.parametrize(("trl", "stage", "right"), [(4, "middle", "early"), (7, "mature", "middle")])
def test_a_stage_that_disagrees_is_refused_naming_the_right_one(
    session, office, institute, trl, stage, right
):
    with pytest.raises(Invalid) as refused:
        register(session, office, institute, trl=trl, stage=stage)
    assert problem_of(refused) == ("stage", f"与 trl 不符，应为 {right}")


@pytest.mark.parametrize("days", [0, 1, 3 * 365])
def test_the_institute_may_set_the_end_within_three_years(session, office, institute, days):
    until = TODAY + timedelta(days=days)
    assert register(session, office, institute, valid_until_on=until.isoformat()).valid_until_on == until


@pytest.mark.parametrize("days", [-1, 3 * 365 + 1])
def test_an_end_in_the_past_or_out_of_sight_is_refused(session, office, institute, days):
    with pytest.raises(Invalid) as refused:
        register(session, office, institute, valid_until_on=(TODAY + timedelta(days=days)).isoformat())
    assert problem_of(refused) == ("valid_until_on", "应在 2026-03-10 至 2029-03-09 之间")


def test_a_fixed_price_has_one_amount(session, office, institute):
    row = register(session, office, institute, price={"kind": "fixed", "min_fen": 500})
    assert (row.price_min_fen, row.price_max_fen) == (500, 500)


# --- amending ---


def test_amending_changes_only_what_is_given_and_refolds_what_lists_search(session, office, institute):
    row = register(session, office, institute)
    service.amend_achievement(
        session,
        office,
        row,
        {"title": "鐳射切割", "trl": 9, "contact": {"phone": None}},
        now=NOW + timedelta(days=9),
    )
    session.refresh(row)
    assert (row.title, row.stage, row.version) == ("鐳射切割", "mature", 2)
    assert "镭射切割" in row.folded
    assert row.contact == {"name": "张测试", "phone": None, "email": "zhang@example.org"}
    assert row.summary == an_entry(institute)["summary"]
    assert row.last_confirmed_on == TODAY
    assert actions(session, row) == ["register_achievement", "amend_achievement"]


def test_null_clears_what_is_optional(session, office, institute):
    row = register(session, office, institute)
    service.amend_achievement(
        session, office, row, {"trl": None, "gain": None, "contact": None, "price": None}, now=NOW
    )
    session.refresh(row)
    assert (row.trl, row.stage, row.gain, row.contact_name) == (None, None, None, None)
    assert row.price == {"kind": "negotiable", "min_fen": None, "max_fen": None}


def test_a_stage_stands_by_itself_until_a_trl_is_known(session, office, institute):
    row = register(session, office, institute, trl=None, stage="middle")
    assert (row.trl, row.stage) == (None, "middle")
    service.amend_achievement(session, office, row, {"stage": "early"}, now=NOW)
    assert row.stage == "early"
    service.amend_achievement(session, office, row, {"trl": 8}, now=NOW)
    assert (row.trl, row.stage) == (8, "mature")
    service.amend_achievement(session, office, row, {"trl": None}, now=NOW)
    assert (row.trl, row.stage) == (None, None)


def test_a_stage_alone_must_agree_with_the_trl_that_is_stored(session, office, institute):
    row = register(session, office, institute, trl=7)
    service.amend_achievement(session, office, row, {"stage": "middle"}, now=NOW)
    assert row.version == 1
    with pytest.raises(Invalid):
        service.amend_achievement(session, office, row, {"stage": "mature"}, now=NOW)


def test_an_end_taken_back_is_a_year_from_the_last_confirmation(session, office, institute):
    row = register(session, office, institute, valid_until_on="2026-06-01")
    service.amend_achievement(session, office, row, {"valid_until_on": None}, now=NOW + timedelta(days=20))
    assert row.valid_until_on == TODAY + timedelta(days=365)


def test_amending_nothing_writes_nothing(session, office, institute):
    row = register(session, office, institute)
    service.amend_achievement(session, office, row, {"title": row.title, "trl": 7, "ip": row.ip}, now=NOW)
    session.flush()
    assert (row.version, actions(session, row)) == (1, ["register_achievement"])


def test_an_operator_reads_everything_and_amends_nothing(session, office, institute):
    row = register(session, office, institute)
    with pytest.raises(Forbidden):
        service.amend_achievement(session, OPERATOR, row, {"title": "x"}, now=NOW)
