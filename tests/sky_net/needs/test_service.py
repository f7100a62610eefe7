from datetime import date, timedelta

import pytest
from sqlalchemy import select

from backbone import events
from backbone.actor import Actor, Role
from backbone.audit import AuditEvent
from backbone.errors import Forbidden, Invalid, NotFound, StateConflict
from sky_net.needs import service
from sky_net.needs.errors import NeedIncomplete
from sky_net.needs.events import NeedEvent, NeedSubmitted, NeedWithdrawn
from sky_net.needs.life_cycle import advance
from sky_net.needs.models import NeedTransition
from sky_net.needs.states import refusal
from sky_net.sla import service as sla
from tests.factories.directory import an_enterprise
from tests.factories.identity import an_actor, of, zone
from tests.factories.needs import MADE_AT, a_need

MINIMUM = {
    "title": "低温抖动", "problem": "抖动过大", "industry": "opto", "contact_name": "甲", "contact_phone": "027-1",
}  # fmt: skip


@pytest.fixture
def enterprise(session):
    return an_enterprise(session, region_code="420100-donghu")


@pytest.fixture
def poster(session, enterprise):
    return an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))


@pytest.fixture
def heard(monkeypatch):
    """What the needs published, in order; who listens may publish events of its own (a list without a hit)."""
    said = []
    publish = events.publish

    def overheard(session, event):
        if isinstance(event, NeedEvent):
            said.append(event)
        publish(session, event)

    monkeypatch.setattr(events, "publish", overheard)
    return said


def audited(session, need):
    query = select(AuditEvent).where(AuditEvent.subject_id == need.id).order_by(AuditEvent.id)
    return session.scalars(query).all()


def test_a_draft_gets_its_number_its_zone_and_its_maker(session, poster, enterprise, clock):
    need = service.draft_need(session, poster, {"title": "低温抖動"}, now=clock.now())
    other = service.draft_need(session, poster, {"title": "另一项"}, now=clock.now())
    assert need.number.startswith("XQ-2026-")
    assert int(other.number[8:]) == int(need.number[8:]) + 1
    assert len(need.number) == len("XQ-2026-000123")
    assert (need.zone_code, need.enterprise_id, need.created_by) == (
        "420100-donghu",
        enterprise.id,
        poster.account_id,
    )
    assert (need.state, need.visibility, need.urgency, need.submitted_at) == (
        "draft",
        "masked",
        "normal",
        None,
    )
    assert (need.title, need.title_folded) == ("低温抖動", "低温抖动")


def test_the_year_of_the_number_is_the_year_in_wuhan(session, poster, clock):
    clock.instant = MADE_AT.replace(year=2026, month=12, day=31, hour=16, minute=30)
    assert service.draft_need(session, poster, {"title": "跨年"}, now=clock.now()).number.startswith(
        "XQ-2027-"
    )


def test_members_of_several_enterprises_say_for_which_one(session, enterprise, clock):
    second = an_enterprise(session)
    actor = an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)), (Role.ENTERPRISE_MEMBER, of(second)))
    with pytest.raises(Invalid) as refused:
        service.draft_need(session, actor, {"title": "题"}, now=clock.now())
    assert refused.value.data["errors"][0]["field"] == "enterprise_id"
    named = service.draft_need(session, actor, {"title": "题", "enterprise_id": second.id}, now=clock.now())
    assert named.enterprise_id == second.id


def test_nobody_drafts_for_a_foreign_enterprise(session, poster, clock):
    foreign = an_enterprise(session)
    with pytest.raises(Forbidden):
        service.draft_need(session, poster, {"title": "题", "enterprise_id": foreign.id}, now=clock.now())
    with pytest.raises(Forbidden):
        service.draft_need(
            session, an_actor(session, (Role.OPERATOR, zone())), {"title": "题"}, now=clock.now()
        )


def test_the_audit_of_a_draft_holds_its_texts_but_no_personal_data(session, poster, clock):
    need = service.draft_need(session, poster, MINIMUM | {"decision_owner": "刘某"}, now=clock.now())
    (event,) = audited(session, need)
    assert (event.action, event.actor_id, event.occurred_at) == ("draft_need", poster.account_id, clock.now())
    assert event.after["problem"] == "抖动过大"
    for name in ("contact_name", "contact_phone", "decision_owner"):
        assert event.after[name].startswith("hmac:")


def test_an_amendment_changes_what_was_sent_and_nothing_else(session, poster, clock):
    need = service.draft_need(session, poster, MINIMUM, now=clock.now())
    clock.advance(hours=1)
    service.amend_need(session, poster, need, {"title": "高溫抖動", "industry": None}, now=clock.now())
    assert (need.title, need.title_folded, need.industry, need.problem) == (
        "高溫抖動",
        "高温抖动",
        None,
        "抖动过大",
    )
    assert (need.version, need.updated_at) == (2, clock.now())
    assert audited(session, need)[-1].before == {"title": "低温抖动", "industry": "opto"}


def test_an_amendment_moves_the_near_duplicate_signature_with_the_text(session, poster, clock):
    need = service.draft_need(session, poster, MINIMUM, now=clock.now())
    before = list(need.signature)
    service.amend_need(session, poster, need, {"problem": "完全不同的另一个问题"}, now=clock.now())
    assert need.signature != before


def test_an_amendment_that_changes_nothing_leaves_no_trace(session, poster, clock):
    need = service.draft_need(session, poster, MINIMUM, now=clock.now())
    service.amend_need(session, poster, need, {"title": MINIMUM["title"]}, now=clock.now())
    session.flush()
    assert need.version == 1
    assert len(audited(session, need)) == 1


def test_a_submitted_need_is_amended_only_after_a_return(session, poster, enterprise, clock):
    for state in ("submitted", "confirmed", "matched", "accepted"):
        need = a_need(session, enterprise, state=state)
        with pytest.raises(StateConflict) as refused:
            service.amend_need(session, poster, need, {"title": "改"}, now=clock.now())
        assert refused.value.data["state"] == state
    returned = a_need(session, enterprise, state="returned")
    assert service.amend_need(session, poster, returned, {"title": "改"}, now=clock.now()).title == "改"


def test_operators_read_a_need_but_do_not_amend_it(session, enterprise):
    need = a_need(session, enterprise, state="returned")
    with pytest.raises(Forbidden):
        service.need_to_amend(session, an_actor(session, (Role.OPERATOR, zone())), need.id)
    with pytest.raises(NotFound):
        service.need_to_amend(session, an_actor(session, (Role.OPERATOR, zone("420500"))), need.id)


def test_submission_takes_the_four_compulsory_things_and_no_more(session, poster, clock, heard):
    need = service.draft_need(session, poster, {"title": "低温抖动"}, now=clock.now())
    with pytest.raises(NeedIncomplete) as refused:
        service.submit_need(session, poster, need.id, now=clock.now())
    assert refused.value.data["missing"] == ["problem", "contact", "industry"]
    assert need.state == "draft"
    assert heard == []
    service.amend_need(session, poster, need, MINIMUM, now=clock.now())
    service.submit_need(session, poster, need.id, now=clock.now())
    assert (need.state, need.submitted_at) == ("submitted", clock.now())
    assert [(type(event), event.need, event.actor, event.now) for event in heard] == [
        (NeedSubmitted, need, poster, clock.now())
    ]


def test_submission_opens_the_three_promise_clocks(session, poster, clock):
    need = service.draft_need(session, poster, MINIMUM, now=clock.now())
    assert sla.readings(session, [need.id], now=clock.now()).get(need.id, []) == []
    service.submit_need(session, poster, need.id, now=clock.now())
    read = sla.readings(session, [need.id], now=clock.now())[need.id]
    assert [(reading.stage, reading.state) for reading in read] == [
        ("confirm", "running"), ("communicate", "running"), ("propose", "running"),
    ]  # fmt: skip
    assert {reading.started_at for reading in read} == {clock.now()}


def test_submission_is_written_into_the_history_with_the_capacity(session, poster, clock):
    need = service.draft_need(session, poster, MINIMUM, now=clock.now())
    service.submit_need(session, poster, need.id, now=clock.now())
    (step,) = session.scalars(select(NeedTransition).where(NeedTransition.need_id == need.id))
    assert (step.action, step.from_state, step.to_state, step.actor_role) == (
        "submit",
        "draft",
        "submitted",
        "poster",
    )
    assert (step.actor_id, step.occurred_at) == (poster.account_id, clock.now())
    assert [event.action for event in audited(session, need)] == ["draft_need", "submit_need"]


def test_a_need_is_submitted_once(session, poster, enterprise, clock):
    need = a_need(session, enterprise, state="submitted")
    with pytest.raises(StateConflict) as refused:
        service.submit_need(session, poster, need.id, now=clock.now())
    assert refused.value.data["allowed"] == ["return", "confirm", "reject", "withdraw"]


def test_resubmission_keeps_the_first_instant(session, poster, enterprise, clock):
    need = service.draft_need(session, poster, MINIMUM, now=clock.now())
    service.submit_need(session, poster, need.id, now=clock.now())
    first = clock.now()
    operator = an_actor(session, (Role.OPERATOR, zone("420100")))
    from sky_net.needs import review

    review.return_need(
        session, operator, need.id, missing=["indicators"], message="请补指标", now=clock.now()
    )
    clock.advance(days=1)
    service.submit_need(session, poster, need.id, now=clock.now())
    assert (need.state, need.submitted_at, need.missing_items, need.state_message) == (
        "submitted",
        first,
        [],
        None,
    )
    read = sla.readings(session, [need.id], now=clock.now())[need.id]
    assert {(reading.state, reading.started_at) for reading in read} == {("running", first)}


def test_a_withdrawn_draft_has_no_clocks_to_cancel(session, poster, clock, heard):
    need = service.draft_need(session, poster, {"title": "题"}, now=clock.now())
    service.withdraw_need(session, poster, need.id, now=clock.now())
    assert need.state == "withdrawn"
    assert sla.readings(session, [need.id], now=clock.now()).get(need.id, []) == []
    assert [type(event) for event in heard] == [NeedWithdrawn]


def test_withdrawal_cancels_the_clocks_and_keeps_the_words(session, poster, clock):
    need = service.draft_need(session, poster, MINIMUM, now=clock.now())
    service.submit_need(session, poster, need.id, now=clock.now())
    clock.advance(hours=1)
    service.withdraw_need(session, poster, need.id, message="已自行解决", now=clock.now())
    assert (need.state, need.state_message) == ("withdrawn", "已自行解决")
    assert {r.state for r in sla.readings(session, [need.id], now=clock.now())[need.id]} == {"cancelled"}


def test_only_the_poster_withdraws(session, enterprise, clock):
    need = a_need(session, enterprise, state="submitted")
    with pytest.raises(Forbidden):
        service.withdraw_need(session, an_actor(session, (Role.OPERATOR, zone())), need.id, now=clock.now())
    with pytest.raises(NotFound):
        service.withdraw_need(session, Actor(None, "nobody"), need.id, now=clock.now())


def test_a_need_that_has_run_out_is_not_handed_in_before_its_day_is_put_off(session, poster, clock):
    need = service.draft_need(
        session, poster, MINIMUM | {"valid_until_on": date(2026, 3, 10)}, now=clock.now()
    )
    clock.advance(days=1)
    with pytest.raises(Invalid) as refused:
        service.submit_need(session, poster, need.id, now=clock.now())
    assert [each["field"] for each in refused.value.data["errors"]] == ["valid_until_on"]
    with pytest.raises(Invalid):
        service.amend_need(session, poster, need, {"valid_until_on": date(2026, 3, 9)}, now=clock.now())
    service.amend_need(session, poster, need, {"valid_until_on": date(2026, 3, 11)}, now=clock.now())
    assert service.submit_need(session, poster, need.id, now=clock.now()).state == "submitted"


def test_needs_past_their_validity_expire_and_others_stay(session, poster, enterprise, clock):
    yesterday = date(2026, 3, 9)
    due = service.draft_need(session, poster, MINIMUM, now=clock.now())
    service.submit_need(session, poster, due.id, now=clock.now())
    due.state, due.confirmed_at, due.valid_until_on = "confirmed", clock.now(), yesterday
    today = a_need(session, enterprise, state="confirmed", valid_until_on=yesterday + timedelta(days=1))
    answered = a_need(session, enterprise, state="proposed", valid_until_on=yesterday)
    draft = a_need(session, enterprise, valid_until_on=yesterday)
    for_ever = a_need(session, enterprise, state="confirmed", valid_until_on=None)
    session.flush()
    assert due.id in service.expire_needs(session, now=clock.now())
    assert [need.state for need in (due, today, answered, draft, for_ever)] == [
        "expired", "confirmed", "proposed", "draft", "confirmed",
    ]  # fmt: skip
    (step,) = session.scalars(
        select(NeedTransition).where(NeedTransition.need_id == due.id, NeedTransition.action == "expire")
    )
    assert (step.actor_role, step.actor_id) == ("system", None)
    assert service.expire_needs(session, now=clock.now()) == []


def test_one_need_that_cannot_expire_does_not_keep_the_others(session, poster, clock, monkeypatch):
    needs = []
    for _ in range(2):
        need = service.draft_need(session, poster, MINIMUM, now=clock.now())
        service.submit_need(session, poster, need.id, now=clock.now())
        need.state, need.confirmed_at, need.valid_until_on = "confirmed", clock.now(), date(2026, 3, 9)
        needs.append(need)
    session.flush()

    def refuse_the_first(session, actor, need, action, **more):
        if need.id == needs[0].id:
            raise refusal(need.state, action)
        return advance(session, actor, need, action, **more)

    monkeypatch.setattr(service, "advance", refuse_the_first)
    looked_at = service.expire_needs(session, now=clock.now())
    assert list(looked_at) == sorted(need.id for need in needs)
    assert service.expire_needs(session, now=clock.now(), after=looked_at[-1]) == []
    assert [need.state for need in needs] == ["confirmed", "expired"]


def test_who_may_not_submit_is_not_told_what_is_missing(session, poster, enterprise, clock):
    need = service.draft_need(session, poster, MINIMUM, now=clock.now())
    service.submit_need(session, poster, need.id, now=clock.now())
    need.state, need.contact_name, need.visibility = "returned", None, "public"
    session.flush()
    broker = an_actor(session, (Role.BROKER, zone("420100-donghu")))
    with pytest.raises(Forbidden):
        service.submit_need(session, broker, need.id, now=clock.now())
