import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from backbone.people.normal import ERASED
from sky_net.achievements.models import Achievement
from tests.factories.achievements import an_achievement
from tests.factories.directory import an_institute

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize("wrong", [
    {"kind": "idea"}, {"state": "expired"}, {"stage": "ripe"}, {"attribute": "copied"}, {"secrecy": "secret"}, {"trl": 0, "stage": "early"},
    {"trl": 10, "stage": "mature"}, {"trl": 3, "stage": None}, {"price_kind": "gift"},
    {"level_claimed": "galactic"}, {"hidden_by": "stranger"}, {"price_kind": "range", "price_min_fen": 2, "price_max_fen": 1},
    {"price_kind": "fixed", "price_min_fen": -1, "price_max_fen": 1},
])  # fmt: skip
def test_the_database_itself_refuses_impossible_offers(session, wrong):
    with pytest.raises(IntegrityError):
        an_achievement(session, **wrong)


def test_numbers_are_unique(session):
    an_achievement(session, number="CG-2026-000001")
    with pytest.raises(IntegrityError):
        an_achievement(session, number="CG-2026-000001")


def test_an_institute_with_offers_cannot_vanish(session):
    institute = an_institute(session)
    an_achievement(session, institute=institute)
    session.delete(institute)
    with pytest.raises(IntegrityError):
        session.flush()


def current_xid(session):
    return session.scalar(text("select pg_current_xact_id()::text::bigint"))


def test_every_write_leaves_the_transaction_it_came_from(committed_database):
    with committed_database.transaction() as session:
        row = an_achievement(session)
        first = current_xid(session)
        assert row.change_xid == first
    with committed_database.transaction() as session:
        row = session.merge(row)
        row.title = "改题"
        session.flush()
        second = current_xid(session)
        assert row.change_xid == second > first
    with committed_database.transaction() as session:
        session.execute(text("update achievements set gain = 'x', change_xid = 1"))
        assert session.scalar(text("select change_xid from achievements")) == current_xid(session) > second


def test_contact_and_price_are_said_as_http_says_them(session):
    row = an_achievement(session, price_kind="range", price_min_fen=1, price_max_fen=2)
    assert row.contact == {"name": "张测试", "phone": "027-00000002", "email": "zhang@example.org"}
    assert row.price == {"kind": "range", "min_fen": 1, "max_fen": 2}
    assert [question.field for question in row.missing] == [
        "trl_evidence",
        "gain",
        "indicators",
        "ip",
        "use_cases",
    ]


def test_teams_that_hold_a_name_are_found_within_the_given_institutes_alone(session):
    institute, other = an_institute(session), an_institute(session)
    named = an_achievement(session, institute=institute, team="华测试、某某团队")
    an_achievement(session, institute=institute, team="某某团队")
    an_achievement(session, institute=institute, team=None)
    an_achievement(session, institute=other, team="华测试团队")
    assert Achievement.naming_freely(session, "华测试", [institute.id]) == [named]
    assert Achievement.naming_freely(session, "华测试", []) == []
    assert Achievement.naming_freely(session, "%", [institute.id]) == []


def test_a_name_taken_out_of_a_team_is_found_by_no_search_any_more(session):
    row = an_achievement(session, team="华测试、某某团队", title="焊接")
    version = row.version
    row.forget_name("华测试", row.updated_at)
    session.flush()
    assert row.team == f"{ERASED}、某某团队"
    assert "华测试" not in row.folded
    assert "某某团队" in row.folded
    assert row.version == version + 1
