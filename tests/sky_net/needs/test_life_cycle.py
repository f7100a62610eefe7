from uuid import uuid4

import pytest
from sqlalchemy import select

from backbone import events
from backbone.actor import SYSTEM, Actor, Role
from backbone.audit import AuditEvent
from backbone.errors import Forbidden, NotFound, StateConflict
from sky_net.needs import service
from sky_net.needs.events import NeedCommunicating, NeedConfirmed, NeedMatched
from sky_net.needs.life_cycle import Reasons, advance, lock_need, lock_visible, step_of
from sky_net.needs.models import NeedTransition
from sky_net.sla import service as sla
from sky_net.sla.refusals import StopRefused
from sky_net.sla.stops import ConfirmEvidence
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.identity import an_actor, of, zone
from tests.factories.needs import a_need

pytestmark = pytest.mark.postgres

MINIMUM = {"title": "题", "problem": "问题", "industry": "opto", "contact_name": "甲", "contact_phone": "1"}


@pytest.fixture
def enterprise(session):
    return an_enterprise(session)


@pytest.fixture
def poster(session, enterprise):
    return an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))


@pytest.fixture
def operator(session):
    return an_actor(session, (Role.OPERATOR, zone()))


@pytest.fixture
def submitted(session, poster, clock):
    need = service.draft_need(session, poster, MINIMUM, now=clock.now())
    return service.submit_need(session, poster, need.id, now=clock.now())


def steps_of(session, need):
    query = select(NeedTransition).where(NeedTransition.need_id == need.id).order_by(NeedTransition.id)
    return session.scalars(query).all()


def complete_evidence(operator, clock, **changes):
    facts = {
        "confirmed_by": operator.account_id, "industry": "opto", "complexity": "simple",
        "owner_id": operator.account_id, "enterprise_told_at": clock.now(),
    }  # fmt: skip
    return ConfirmEvidence(**facts | changes)


def test_a_step_moves_the_state_the_version_and_the_instant_and_sets_what_came_with_it(
    session, submitted, operator, clock
):
    version = submitted.version
    clock.advance(hours=1)
    advance(session, operator, submitted, "confirm", now=clock.now(), values={"complexity": "hard"})
    assert (submitted.state, submitted.complexity, submitted.updated_at) == ("confirmed", "hard", clock.now())
    assert submitted.version == version + 1


def test_a_step_leaves_one_line_of_history_and_one_audit_event(session, submitted, operator, clock):
    reasons = Reasons("code", ["scene"], "给企业的话")
    advance(session, operator, submitted, "return", now=clock.now(), reasons=reasons)
    step = steps_of(session, submitted)[-1]
    assert (step.reason_code, step.missing_items, step.actor_role) == ("code", ["scene"], "operator")
    query = select(AuditEvent).where(
        AuditEvent.subject_id == submitted.id, AuditEvent.action == "return_need"
    )
    (event,) = session.scalars(query)
    assert (event.before["state"], event.after["state"]) == ("submitted", "returned")
    assert event.after["state_message"].startswith("hmac:")


def test_the_capacity_in_which_somebody_acted_is_kept(session, enterprise, clock):
    broker = an_actor(session, (Role.BROKER, zone()))
    researcher = an_actor(session, (Role.INSTITUTE_MEMBER, of(an_institute(session))))
    need = a_need(session, enterprise, state="confirmed")
    advance(session, broker, need, "match", now=clock.now())
    advance(session, researcher, need, "communicate", now=clock.now())
    assert [(step.action, step.actor_role) for step in steps_of(session, need)] == [
        ("match", "broker"), ("communicate", "institute"),
    ]  # fmt: skip


def test_the_event_of_the_step_is_published_after_the_clock_has_stopped(
    session, submitted, operator, clock, monkeypatch
):
    heard = []

    def hear(session, event):
        heard.append(
            (type(event), sla.readings(session, [event.need.id], now=clock.now())[event.need.id][0].state)
        )

    monkeypatch.setattr(events, "publish", hear)
    evidence = complete_evidence(operator, clock)
    advance(session, operator, submitted, "confirm", now=clock.now(), evidence=evidence)
    assert heard == [(NeedConfirmed, "met")]


def test_each_action_publishes_its_own_event(session, enterprise, operator, clock, monkeypatch):
    heard = []
    monkeypatch.setattr(events, "publish", lambda session, event: heard.append(type(event)))
    need = a_need(session, enterprise, state="confirmed")
    for action in ("match", "communicate"):
        advance(session, operator, need, action, now=clock.now())
    assert heard == [NeedMatched, NeedCommunicating]


def test_evidence_that_does_not_carry_the_stop_refuses_the_step(session, submitted, operator, clock):
    evidence = complete_evidence(operator, clock, industry=None)
    with pytest.raises(StopRefused) as refused:
        advance(session, operator, submitted, "confirm", now=clock.now(), evidence=evidence)
    assert refused.value.sentence().zh.startswith("“确认”时钟还缺：")
    assert refused.value.data["stage"] == "confirm"
    assert [entry["condition"] for entry in refused.value.data["missing"]] == ["industry"]


def test_a_step_of_another_state_is_refused_with_what_is_possible(session, submitted, operator):
    with pytest.raises(StateConflict) as refused:
        step_of(submitted, "match")
    assert refused.value.data == {
        "state": "submitted", "action": "match", "allowed": ["return", "confirm", "reject", "withdraw"],
    }  # fmt: skip


def test_nobody_takes_a_step_in_a_capacity_that_the_table_does_not_name(
    session, submitted, poster, operator, clock
):
    for actor, action in ((poster, "confirm"), (operator, "withdraw"), (Actor(None, "nobody"), "confirm")):
        with pytest.raises(Forbidden):
            advance(session, actor, submitted, action, now=clock.now())
    assert submitted.state == "submitted"
    assert len(steps_of(session, submitted)) == 1


def test_only_jobs_of_the_platform_expire_a_need(session, submitted, operator, clock):
    advance(session, operator, submitted, "confirm", now=clock.now())
    with pytest.raises(Forbidden):
        advance(session, operator, submitted, "expire", now=clock.now())
    advance(session, SYSTEM, submitted, "expire", now=clock.now())
    assert submitted.state == "expired"


def test_locking_reads_what_others_wrote_meanwhile(session, submitted):
    session.execute(submitted.__table__.update().values(title="别处改的"))
    assert submitted.title == "题"
    assert lock_need(session, submitted.id).title == "别处改的"


def test_what_does_not_exist_or_may_not_be_seen_cannot_be_locked(session, submitted):
    with pytest.raises(NotFound):
        lock_need(session, uuid4())
    stranger = an_actor(session, (Role.OPERATOR, zone("420500")))
    with pytest.raises(NotFound):
        lock_visible(session, stranger, submitted.id)
