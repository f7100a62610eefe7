import threading
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from backbone.actor import Role, actor_with
from backbone.audit import AuditEvent
from backbone.errors import Forbidden, Invalid, NotFound, StateConflict
from sky_net.achievements import service
from sky_net.achievements.errors import HiddenByOperator
from sky_net.achievements.models import Achievement
from sky_net.achievements.schemas import AchievementEntry
from tests.factories.achievements import an_achievement, an_entry
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


# --- hiding, publishing, withdrawing ---


def test_an_institute_hides_and_publishes_its_own(session, office, institute):
    row = register(session, office, institute)
    service.hide_achievement(session, office, row.id, now=NOW)
    assert (row.state, row.hidden_by, row.hidden_reason) == ("hidden", "institute", None)
    service.publish_achievement(session, office, row.id, now=NOW)
    assert (row.state, row.hidden_by) == ("visible", None)
    session.flush()
    assert actions(session, row)[1:] == ["hide_achievement", "publish_achievement"]


def test_what_an_operator_hid_only_an_operator_shows_again(session, office, institute):
    row = register(session, office, institute)
    service.hide_achievement(session, OPERATOR, row.id, reason="权属有争议", now=NOW)
    assert row.hidden_by == "operator"
    with pytest.raises(HiddenByOperator) as refused:
        service.publish_achievement(session, office, row.id, now=NOW)
    assert "权属有争议" in refused.value.sentence().zh
    service.publish_achievement(session, OPERATOR, row.id, now=NOW)
    assert (row.state, row.hidden_reason) == ("visible", None)


def test_what_an_operator_wrote_when_hiding_is_not_in_the_history_in_clear(session, office, institute):
    row = register(session, office, institute)
    service.hide_achievement(session, OPERATOR, row.id, reason="李测试称权属有争议", now=NOW)
    service.publish_achievement(session, OPERATOR, row.id, now=NOW)
    session.flush()
    events = session.scalars(select(AuditEvent).where(AuditEvent.subject_id == row.id)).all()
    assert len(events) == 3
    assert "李测试" not in str([(event.before, event.after) for event in events])


def test_an_operator_must_say_why(session, office, institute):
    row = register(session, office, institute)
    with pytest.raises(Invalid) as refused:
        service.hide_achievement(session, OPERATOR, row.id, now=NOW)
    assert problem_of(refused)[0] == "reason"


def test_withdrawing_is_for_good(session, office, institute):
    row = register(session, office, institute)
    service.withdraw_achievement(session, office, row, now=NOW)
    assert (row.state, row.withdrawn_at) == ("withdrawn", NOW)
    for attempt in (
        lambda: service.withdraw_achievement(session, office, row, now=NOW),
        lambda: service.amend_achievement(session, office, row, {"title": "x"}, now=NOW),
        lambda: service.hide_achievement(session, office, row.id, now=NOW),
        lambda: service.publish_achievement(session, office, row.id, now=NOW),
        lambda: service.reconfirm_achievement(session, office, row.id, now=NOW),
    ):
        with pytest.raises(StateConflict) as refused:
            attempt()
        assert (refused.value.data["state"], refused.value.data["allowed"]) == ("withdrawn", [])


def test_a_hidden_offer_cannot_be_hidden_again_nor_a_visible_one_published(session, office, institute):
    row = register(session, office, institute)
    with pytest.raises(StateConflict) as refused:
        service.publish_achievement(session, office, row.id, now=NOW)
    assert "hide" in refused.value.data["allowed"]
    service.hide_achievement(session, office, row.id, now=NOW)
    with pytest.raises(StateConflict):
        service.hide_achievement(session, office, row.id, now=NOW)


def test_an_operator_does_not_withdraw_and_others_do_not_hide(session, office, institute):
    row = register(session, office, institute)
    with pytest.raises(Forbidden):
        service.withdraw_achievement(session, OPERATOR, row, now=NOW)
    with pytest.raises(Forbidden):
        service.hide_achievement(session, actor_with((Role.BROKER, zone())), row.id, now=NOW)


def test_what_a_stranger_may_not_see_does_not_exist_for_it(session):
    row, stranger = an_achievement(session, state="hidden"), actor_with((Role.BROKER, zone()))
    for achievement_id in (row.id, uuid4()):
        for verb in (service.hide_achievement, service.publish_achievement, service.reconfirm_achievement):
            with pytest.raises(NotFound):
                verb(session, stranger, achievement_id, now=NOW)


# --- confirming ---


def test_confirming_anew_brings_an_expired_offer_back_for_a_year(session, institute, office):
    row = an_achievement(session, institute=institute, last_confirmed_on=date(2025, 1, 1))
    assert row.valid_until_on == date(2026, 1, 1)
    assert service.achievements_by_id(session, office, [row.id], now=NOW) == {}
    service.reconfirm_achievement(session, office, row.id, now=NOW)
    assert (row.last_confirmed_on, row.valid_until_on) == (TODAY, TODAY + timedelta(days=365))
    assert service.achievements_by_id(session, office, [row.id], now=NOW) == {row.id: row}


def test_the_institute_may_say_until_when_it_vouches(session, institute, office):
    row = an_achievement(session, institute=institute)
    service.reconfirm_achievement(session, office, row.id, valid_until_on=date(2026, 5, 1), now=NOW)
    assert row.valid_until_on == date(2026, 5, 1)
    with pytest.raises(Invalid):
        service.reconfirm_achievement(session, office, row.id, valid_until_on=date(2026, 3, 9), now=NOW)


def test_an_operator_cannot_vouch_for_an_institute(session, institute):
    row = an_achievement(session, institute=institute)
    with pytest.raises(Forbidden):
        service.reconfirm_achievement(session, OPERATOR, row.id, now=NOW)


# --- two at once ---


def test_hiding_and_publishing_from_many_threads_take_turns(committed_database):
    with committed_database.transaction() as session:
        institute = an_institute(session)
        row, office = (
            an_achievement(session, institute=institute),
            an_actor(session, (Role.TRANSFER_OFFICE, of(institute))),
        )
    start, done, refused = threading.Barrier(8), [], []

    def hide():
        start.wait(10)
        try:
            with committed_database.transaction() as session:
                service.hide_achievement(session, office, row.id, now=NOW)
            done.append(True)
        except StateConflict:
            refused.append(True)

    threads = [threading.Thread(target=hide) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (len(done), len(refused)) == (1, 7)
    with committed_database.transaction() as session:
        assert session.get_one(Achievement, row.id).version == 2
        assert session.scalar(select(func.count()).select_from(AuditEvent)) == 1


def test_numbers_stay_unique_and_growing_under_many_threads(committed_database):
    with committed_database.transaction() as session:
        institute = an_institute(session)
        office = an_actor(session, (Role.TRANSFER_OFFICE, of(institute)))
    numbers = []

    def work():
        for _ in range(5):
            with committed_database.transaction() as session:
                numbers.append(register(session, office, institute).number)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(set(numbers)) == 20
