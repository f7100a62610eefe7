"""Why the deadlines of a need fall where they fall, and that what is foretold comes true."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from backbone.actor import PROVINCE, Role
from backbone.clock import SHANGHAI
from backbone.errors import Forbidden, Invalid, NotFound
from sky_net.needs import deadlines, review, service, silence, states
from sky_net.needs.clocks import clocks
from sky_net.sla import service as sla
from sky_net.sla.calendars.models import EVERYWHERE
from sky_net.sla.calendars.service import load_text
from sky_net.sla.clocks import ClockState
from tests.factories.calendars import a_text
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.identity import an_actor, bearer, of, operator, zone
from tests.factories.needs import a_need_body

COMPLETE = {
    "title": "低温抖动", "problem": "抖动过大", "industry": "opto", "contact_name": "甲", "contact_phone": "027-1",
}  # fmt: skip
TUESDAY = datetime(2026, 3, 10, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture
def enterprise(session):
    return an_enterprise(session)


@pytest.fixture
def poster(session, enterprise):
    return an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))


@pytest.fixture
def reviewer(session):
    return an_actor(session, (Role.OPERATOR, zone()))


@pytest.fixture
def need(session, poster, clock):
    clock.instant = TUESDAY
    made = service.draft_need(session, poster, COMPLETE, now=clock.now())
    return service.submit_need(session, poster, made.id, now=clock.now())


@pytest.fixture
def returned(session, need, reviewer, clock):
    return review.return_need(
        session, reviewer, need.id, missing=["indicators"], message="请补充", now=clock.now()
    )


def promised(session, actor, need, now):
    return {reading.stage: reading for reading in clocks(session, actor, need.id, now=now)["items"]}


def dues(found):
    return {item["stage"]: item["then"].due_at for item in found["items"]}


# -- why ---------------------------------------------------------------------------------------------------


def test_the_card_ends_with_the_deadline_that_the_clock_shows(session, need, poster, clock):
    clock.advance(hours=3)
    for stage, reading in promised(session, poster, need, clock.now()).items():
        card = deadlines.explain_clock(session, poster, need.id, stage, now=clock.now())
        assert card.lines()[-1].on == card.due_at == reading.due_at
        assert card.lines()[0].zh.startswith("首次提交：2026-03-10（周二）10:00")


def test_a_pause_is_shown_with_its_step_and_capacity_and_without_a_name(
    session, returned, poster, reviewer, clock
):
    clock.advance(days=1)
    service.submit_need(session, poster, returned.id, now=clock.now())
    card = deadlines.explain_clock(session, poster, returned.id, "propose", now=clock.now())
    [pause] = [line for line in card.lines() if line.code == "pause"]
    assert pause.zh == (
        "暂停（退回补充；平台运营）：2026-03-10（周二）10:00 至 2026-03-11（周三）10:00，扣除 60 分钟"
    )
    assert pause.en.startswith("Pause (returned for clarification; the platform's operators): ")
    assert reviewer.name not in "".join(line.zh + line.en for line in card.lines())


def test_every_pause_of_the_life_cycle_has_words():
    pausing = [step for step in states.TRANSITIONS if step.clocks is states.Clocks.PAUSE]
    assert pausing
    for step in pausing:
        reason, by = deadlines.pause_words(step.action)
        assert reason.zh == states.STATES[step.to].zh
        assert by.zh == "平台运营"
    assert set(deadlines.CAPACITIES) == set(states.Party)
    assert deadlines.pause_words("something_older")[0].zh == "something_older"


def test_the_enterprises_own_clock_has_a_card_too(session, returned, poster, clock):
    [asked] = clocks(session, poster, returned.id, now=clock.now())["parties"]
    card = deadlines.explain_clock(
        session, poster, returned.id, "enterprise_reply", asked.subject_id, now=clock.now()
    )
    assert card.due_at == asked.reading.due_at == datetime(2026, 3, 13, 17, 30, tzinfo=SHANGHAI)
    assert card.lines()[0].zh == "提问或退回：2026-03-10（周二）10:00；时限 3 个工作日"


def test_a_clock_that_is_not_there_is_not_found(session, need, returned, poster, clock):
    draft = service.draft_need(session, poster, COMPLETE, now=clock.now())
    [asked] = clocks(session, poster, returned.id, now=clock.now())["parties"]
    other = service.draft_need(session, poster, COMPLETE | {"title": "另一条"}, now=clock.now())
    service.submit_need(session, poster, other.id, now=clock.now())
    missing = [
        (draft.id, "confirm", None),
        (need.id, "nonsense", None),
        (need.id, "enterprise_reply", None),
        (need.id, "confirm", asked.subject_id),
        (need.id, "enterprise_reply", uuid4()),
        (other.id, "enterprise_reply", asked.subject_id),
        (uuid4(), "confirm", None),
    ]
    for need_id, stage, asked_id in missing:
        with pytest.raises(NotFound):
            deadlines.explain_clock(session, poster, need_id, stage, asked_id, now=clock.now())


def test_only_who_reads_the_need_in_full_may_ask(session, need, clock):
    broker = an_actor(session, (Role.BROKER, zone()))
    stranger = an_actor(session, (Role.INSTITUTE_MEMBER, of(an_institute(session))))
    for actor, refusal in ((broker, Forbidden), (stranger, NotFound)):
        with pytest.raises(refusal):
            deadlines.explain_clock(session, actor, need.id, "confirm", now=clock.now())
        with pytest.raises(refusal):
            deadlines.foretell_clocks(session, actor, need.id, clock.now(), now=clock.now())


# -- what if -----------------------------------------------------------------------------------------------


def test_what_is_foretold_of_a_return_comes_true(session, returned, poster, clock):
    answered_at = TUESDAY + timedelta(days=2, hours=5, minutes=17)
    clock.advance(hours=4)
    found = deadlines.foretell_clocks(session, poster, returned.id, answered_at, now=clock.now())
    assert {item["now"].due_at for item in found["items"]} == {None}
    clock.instant = answered_at
    service.submit_need(session, poster, returned.id, now=clock.now())
    after = promised(session, poster, returned, clock.now())
    assert dues(found) == {stage: reading.due_at for stage, reading in after.items()}


def test_what_is_foretold_of_a_silent_need_comes_true(session, returned, poster, clock):
    clock.instant = TUESDAY + timedelta(days=15)
    silence.set_aside_silent(session, now=clock.now())
    answered_at = TUESDAY + timedelta(days=23)
    found = deadlines.foretell_clocks(session, poster, returned.id, answered_at, now=clock.now())
    assert {item["now"].state for item in found["items"]} == {ClockState.CANCELLED}
    clock.instant = answered_at
    service.submit_need(session, poster, returned.id, now=clock.now())
    after = promised(session, poster, returned, clock.now())
    assert dues(found) == {stage: reading.due_at for stage, reading in after.items()}


def test_what_is_foretold_of_a_suspended_need_comes_true(session, need, poster, reviewer, clock):
    review.confirm_need(session, reviewer, need.id, complexity="simple", now=clock.now())
    silence.ask_enterprise(session, reviewer, need, uuid4(), now=clock.now())
    clock.instant = TUESDAY + timedelta(days=15)
    assert silence.set_aside_silent(session, now=clock.now()) == [need.id]
    answered_at = TUESDAY + timedelta(days=17)
    found = deadlines.foretell_clocks(session, poster, need.id, answered_at, now=clock.now())
    clock.instant = answered_at
    silence.take_up_again(session, poster, need, now=clock.now())
    after = promised(session, poster, need, clock.now())
    assert dues(found) == {stage: reading.due_at for stage, reading in after.items()}
    assert {item["stage"]: item["then"].state for item in found["items"]}["confirm"] is ClockState.MET


def test_the_answers_that_the_enterprise_owes_are_listed_with_whether_they_come_in_time(
    session, returned, poster, clock
):
    early, late = (
        deadlines.foretell_clocks(
            session, poster, returned.id, TUESDAY + timedelta(days=days), now=clock.now()
        )
        for days in (3, 4)
    )
    assert [owed["in_time"] for owed in early["awaited"]] == [True]
    assert [owed["in_time"] for owed in late["awaited"]] == [False]
    clock.advance(days=1)
    service.submit_need(session, poster, returned.id, now=clock.now())
    assert not deadlines.foretell_clocks(session, poster, returned.id, clock.now(), now=clock.now())[
        "awaited"
    ]


def test_a_sentence_says_what_changes(session, returned, poster, clock):
    items = deadlines.foretell_clocks(
        session, poster, returned.id, TUESDAY + timedelta(days=1), now=clock.now()
    )["items"]
    assert items[0]["zh"] == (
        "若于 2026-03-11（周三）10:00 答复，期限为 2026-03-12（周四）10:00；一直不答复则自 2026-03-24（周二）17:30 起搁置"
    )
    assert items[0]["en"] == (
        "If the answer comes on Wed 2026-03-11 10:00 it is due Thu 2026-03-12 10:00; "
        "without any answer it is set aside from Tue 2026-03-24 17:30"
    )


def test_a_draft_has_nothing_to_foretell(session, poster, clock):
    draft = service.draft_need(session, poster, COMPLETE, now=clock.now())
    found = deadlines.foretell_clocks(session, poster, draft.id, clock.now(), now=clock.now())
    assert (found["items"], found["awaited"]) == ([], [])


@pytest.mark.parametrize(
    "answered_at", [TUESDAY - timedelta(minutes=1), datetime(2199, 1, 1, tzinfo=SHANGHAI)]
)
def test_an_answer_before_the_question_or_past_the_calendar_is_refused_by_field(
    session, returned, poster, clock, answered_at
):
    with pytest.raises(Invalid) as refusal:
        deadlines.foretell_clocks(session, poster, returned.id, answered_at, now=clock.now())
    assert [error["field"] for error in refusal.value.data["errors"]] == ["answered_at"]


# -- over HTTP ---------------------------------------------------------------------------------------------


def test_the_card_over_http(client, session, enterprise):
    poster = bearer(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
    need = client.post("/api/needs", json=a_need_body(), headers=poster).get_json()
    address = f"/api/needs/{need['id']}/clocks"
    assert client.get(f"{address}/confirm/proof", headers=poster).status_code == 404
    client.post(f"/api/needs/{need['id']}/submission", json={}, headers=poster)
    shown = client.get(f"{address}/confirm/proof", headers=poster).get_json()
    assert list(shown) == ["stage", "due_at", "provisional", "policy_version", "calendar_version", "lines"]
    assert (shown["stage"], shown["due_at"]) == ("confirm", "2026-03-11T09:30:00Z")
    assert shown["lines"][0] == {
        "code": "began", "zh": "首次提交：2026-03-10（周二）09:30；时限 1 个工作日",
        "en": "First submission: Tue 2026-03-10 09:30; 1 working day allowed", "on": "2026-03-10T01:30:00Z", "from": None,
        "to": None, "minutes": None, "source": "",
    }  # fmt: skip
    assert shown["lines"][2]["minutes"] == 420
    assert (shown["lines"][-1]["code"], shown["lines"][-1]["on"]) == ("due", shown["due_at"])
    assert client.get(f"{address}/nonsense/proof", headers=poster).status_code == 404
    wrong = client.get(f"{address}/confirm/proof?subject_id=x", headers=poster)
    assert wrong.status_code == 422


def test_the_card_says_what_became_of_the_verdict_after_a_revision_and_a_waiver(session, need, poster, clock):
    """Breached under the calendar of its day, then a typhoon order closes that day, then it is excused."""
    supervisor = an_actor(session, (Role.OPERATOR, PROVINCE))
    clock.instant = datetime(2026, 3, 16, 10, 0, tzinfo=SHANGHAI)
    closed = [{"date": "2026-03-11", "kind": "closed", "name": "停工"}]
    load_text(
        session,
        an_actor(session, (Role.ADMINISTRATOR, PROVINCE)),
        a_text(closed, year=None),
        key=EVERYWHERE,
        now=clock.now(),
    )
    clock.instant = datetime(2026, 3, 17, 10, 0, tzinfo=SHANGHAI)
    sla.waive(session, supervisor, need.id, "confirm", "force_majeure", "台风", now=clock.now())
    card = deadlines.explain_clock(session, poster, need.id, "confirm", now=clock.now()).lines()
    told = {line.code: line.zh for line in card if line.code in ("revised", "waived")}
    assert "原期限 2026-03-11（周三）17:30；当时已超时，修订后仍计超时" in told["revised"]
    assert "豁免超时（理由代码 force_majeure）" in told["waived"]
    assert card[-1].code == "due"
    other = deadlines.explain_clock(session, poster, need.id, "propose", now=clock.now()).lines()
    assert [line.code for line in other if line.code in ("revised", "waived")] == ["revised"]


def test_what_if_over_http(client, session, enterprise):
    poster = bearer(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
    need = client.post("/api/needs", json=a_need_body(), headers=poster).get_json()
    client.post(f"/api/needs/{need['id']}/submission", json={}, headers=poster)
    body = {"missing": ["indicators"], "message": "请补充"}
    back = client.post(f"/api/needs/{need['id']}/return", json=body, headers=operator(session, zone()))
    assert back.status_code == 200
    address = f"/api/needs/{need['id']}/clocks/what-if"
    found = client.get(
        address, query_string={"answered_at": "2026-03-11T10:00:00+08:00"}, headers=poster
    ).get_json()
    assert found["answered_at"] == "2026-03-11T02:00:00Z"
    first = found["items"][0]
    assert (first["stage"], first["now"]["state"], first["now"]["due_at"]) == ("confirm", "paused", None)
    assert first["then"] == {"state": "running", "due_at": "2026-03-12T02:00:00Z", "provisional": False}
    assert first["latest_due_at"] is None  # the tenth working day of silence ends before it
    assert "一直不答复则自 2026-03-24（周二）17:30 起搁置" in first["zh"]
    assert [owed["party"] for owed in found["awaited"]] == ["enterprise"]
    for wrong in (
        {},
        {"answered_at": "tomorrow"},
        {"answered_at": "2026-03-11T10:00"},
        {"answered_at": "2020-01-01T00:00Z"},
    ):
        assert client.get(address, query_string=wrong, headers=poster).status_code == 422


def test_a_supervisor_sees_the_same_card_as_the_enterprise(session, need, poster, clock):
    supervisor = an_actor(session, (Role.OPERATOR, PROVINCE))
    cards = [
        deadlines.explain_clock(session, actor, need.id, "propose", now=clock.now()).lines()
        for actor in (poster, supervisor)
    ]
    assert cards[0] == cards[1]
