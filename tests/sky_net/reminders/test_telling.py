"""Who is told that a deadline came nearer, and that nothing suits a need."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from backbone.actor import PROVINCE, Role, actor_with
from backbone.clock import SHANGHAI
from backbone.notices.models import Notice
from sky_net.matching.runs import NothingSuits
from sky_net.needs import service
from sky_net.reminders import telling
from sky_net.sla.calendars.service import load_notice
from tests.factories.calendars import a_notice, an_order
from tests.factories.directory import an_enterprise
from tests.factories.identity import an_account, an_actor, of, zone
from tests.factories.matching import an_engine, installed
from tests.factories.sla import opened

CHIEF = actor_with((Role.ADMINISTRATOR, PROVINCE))
WUHAN = "420100"
TUESDAY = datetime(2026, 3, 10, 11, 0, tzinfo=SHANGHAI)
COMPLETE = {
    "title": "低温抖动", "problem": "抖动过大", "industry": "opto", "contact_name": "甲", "contact_phone": "027-1",
}  # fmt: skip


def told(session, kind):
    return session.scalars(select(Notice).where(Notice.kind == kind).order_by(Notice.id)).all()


@pytest.fixture
def operator(session):
    assert telling  # its handlers are registered on import
    return an_account(session, (Role.OPERATOR, zone(WUHAN)))


def test_a_deadline_that_comes_nearer_is_told_and_one_that_moves_away_is_not(session, operator):
    opened(session, now=TUESDAY)
    load_notice(session, CHIEF, an_order("2026-03-12"), key=WUHAN, now=TUESDAY)
    assert told(session, "clock_due_moved") == []
    back = a_notice([{"date": "2026-03-12", "kind": "open", "name": "复工"}], year=None, source="测试复工令")
    load_notice(session, CHIEF, back, key=WUHAN, now=TUESDAY + timedelta(hours=1))
    notices = told(session, "clock_due_moved")
    assert {notice.recipient_id for notice in notices} == {operator.id}
    assert {notice.payload["stage"] for notice in notices} == {"communicate", "propose"}


@pytest.mark.parametrize(("visibility", "reader"), [("masked", "broker"), ("operators", "operator")])
def test_a_need_that_nothing_suits_goes_to_a_broker_once(session, operator, clock, visibility, reader):
    broker = an_account(session, (Role.BROKER, zone(WUHAN)))
    an_account(session, (Role.BROKER, zone("420500")))
    clock.instant = TUESDAY
    poster = an_actor(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session))))
    need = service.draft_need(session, poster, COMPLETE | {"visibility": visibility}, now=clock.now())
    for _ in range(2):
        telling.hand_over_to_a_broker(session, NothingSuits(need, clock.now()))
    expected = {"broker": broker, "operator": operator}[reader]
    assert [notice.recipient_id for notice in told(session, "nothing_suits")] == [expected.id]


def test_a_search_without_an_answer_says_so_and_operators_stand_in_for_brokers(
    session, operator, clock, tmp_path
):
    clock.instant = TUESDAY
    poster = an_actor(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session))))
    need = service.draft_need(session, poster, COMPLETE, now=clock.now())
    with installed(an_engine(tmp_path / "search")):
        service.submit_need(session, poster, need.id, now=clock.now())
    assert {notice.recipient_id for notice in told(session, "nothing_suits")} == {operator.id}
