import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

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
