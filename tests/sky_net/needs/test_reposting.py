"""Withdrawn and posted again: the clocks run from the first instant, and nobody gains or loses time by it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier, Event

import pytest

from backbone.actor import PROVINCE, Role
from backbone.clock import SHANGHAI
from sky_net.needs import review, service
from sky_net.needs.clocks import clocks
from sky_net.needs.models import Need
from sky_net.needs.silence import set_aside_silent
from sky_net.sla import service as sla
from sky_net.sla.calendars.models import EVERYWHERE
from sky_net.sla.calendars.service import load_text
from sky_net.sla.clocks import ClockState
from tests.factories.calendars import a_text
from tests.factories.directory import an_enterprise
from tests.factories.identity import an_actor, of, zone

TEXT = {
    "title": "激光雷达驱动电路低温抖动抑制", "industry": "opto", "contact_name": "甲", "contact_phone": "027-1",
    "problem": "零下四十度启动时，激光器驱动脉冲的抖动达到一百二十皮秒，测距误差超出整车厂要求，需要降到五十皮秒以内。",
}  # fmt: skip
ANOTHER = TEXT | {
    "title": "酿酒废水的深度处理与回用",
    "problem": "白酒酿造产生的高浓度有机废水处理成本高，希望降低药剂用量并回用一半。",
}
TUESDAY = datetime(2026, 3, 10, 10, 0, tzinfo=SHANGHAI)


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
def post(session, poster, clock):
    def submitted(text=TEXT, by=None):
        made = service.draft_need(session, by or poster, text, now=clock.now())
        return service.submit_need(session, by or poster, made.id, now=clock.now())

    clock.instant = TUESDAY
    return submitted


@pytest.fixture
def withdraw(session, poster, clock):
    return lambda need: service.withdraw_need(session, poster, need.id, now=clock.now())


def read(session, operator, need, now):
    return {reading.stage: reading for reading in clocks(session, operator, need.id, now=now)["items"]}


def test_a_near_duplicate_inherits_the_first_instant_and_the_time_used_up(
    session, post, withdraw, operator, clock
):
    first = post()
    clock.instant = datetime(2026, 3, 12, 12, 0, tzinfo=SHANGHAI)  # one and a half working days used
    before = read(session, operator, first, clock.now())["propose"].consumed
    withdraw(first)
    clock.advance(days=10)
    again = post(TEXT | {"title": TEXT["title"] + "（修订）"})
    now = read(session, operator, again, clock.now())
    assert again.inherits_id == first.id
    assert {reading.started_at for reading in now.values()} == {TUESDAY}
    assert now["propose"].consumed == before
    assert (now["propose"].state, now["confirm"].state) == (ClockState.RUNNING, ClockState.BREACHED)
    assert again.submitted_at == clock.now()
    assert clocks(session, operator, again.id, now=clock.now())["inherits_from"] is first


def test_the_first_of_a_whole_chain_is_what_counts(session, post, withdraw, operator, clock):
    need = first = post()
    for _ in range(2):
        clock.advance(days=3)
        withdraw(need)
        clock.advance(days=3)
        need = post()
    assert {each.started_at for each in read(session, operator, need, clock.now()).values()} == {TUESDAY}
    assert need.inherits_id != first.id


@pytest.mark.parametrize(("days", "inherits"), [(1, True), (30, True), (31, False)])
def test_after_the_days_of_the_policy_it_starts_anew(
    session, post, withdraw, operator, clock, days, inherits
):
    withdraw(post())
    clock.advance(days=days)
    again = post()
    assert (again.inherits_id is not None) == inherits
    started = {each.started_at for each in read(session, operator, again, clock.now()).values()}
    assert started == {TUESDAY if inherits else clock.now()}


def test_what_is_not_similar_or_of_another_enterprise_starts_anew(session, post, withdraw, clock):
    withdraw(post())
    clock.advance(days=1)
    stranger = an_actor(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session))))
    assert post(ANOTHER).inherits_id is None
    assert post(by=stranger).inherits_id is None


def test_a_draft_that_was_withdrawn_leaves_nothing_to_inherit(session, poster, post, withdraw, clock):
    withdraw(service.draft_need(session, poster, TEXT, now=clock.now()))
    assert post().inherits_id is None


def test_a_promise_kept_before_is_to_be_kept_again_from_where_it_stood(
    session, post, withdraw, operator, clock
):
    first = post()
    clock.instant = datetime(2026, 3, 11, 10, 0, tzinfo=SHANGHAI)  # one hour of the day that counts
    review.confirm_need(session, operator, first.id, complexity="simple", now=clock.now())
    clock.advance(days=5)
    withdraw(first)
    clock.instant = datetime(2026, 3, 19, 9, 0, tzinfo=SHANGHAI)
    confirm = read(session, operator, post(), clock.now())["confirm"]
    assert (confirm.state, confirm.consumed) == (ClockState.RUNNING, timedelta(hours=1))
    assert confirm.due_at == datetime(2026, 3, 19, 16, 30, tzinfo=SHANGHAI)


def test_what_counted_for_nobody_before_the_withdrawal_counts_for_nobody_after_it(
    session, post, poster, withdraw, operator, clock
):
    """Its enterprise was silent for weeks, and answered: no deadline passes for that."""
    first = post()
    clock.instant = datetime(2026, 3, 11, 10, 0, tzinfo=SHANGHAI)
    review.return_need(session, operator, first.id, missing=["indicators"], message="请补充", now=clock.now())
    clock.instant = datetime(2026, 4, 2, 9, 0, tzinfo=SHANGHAI)
    set_aside_silent(session, now=clock.now())
    assert first.state == "silent"
    service.submit_need(session, poster, first.id, now=clock.now())
    clock.advance(hours=2)
    before = read(session, operator, first, clock.now())
    withdraw(first)
    clock.advance(days=10)
    after = read(session, operator, post(), clock.now())
    for stage in ("confirm", "communicate", "propose"):
        assert (after[stage].consumed, after[stage].state) == (before[stage].consumed, before[stage].state)
    assert after["propose"].state is ClockState.RUNNING


def test_what_was_excused_stays_excused(session, post, withdraw, operator, clock):
    first = post()
    clock.instant = datetime(2026, 3, 16, 10, 0, tzinfo=SHANGHAI)
    sla.waive(session, operator, first.id, "confirm", "other", "系统故障", now=clock.now())
    withdraw(first)
    assert read(session, operator, post(), clock.now())["confirm"].state is ClockState.WAIVED


def test_a_breach_that_a_revision_kept_stays_one(session, post, withdraw, operator, clock):
    first = post()
    clock.instant = datetime(2026, 3, 16, 10, 0, tzinfo=SHANGHAI)
    closed = [{"date": "2026-03-11", "to": "2026-03-13", "kind": "closed", "name": "停工"}]
    supervisor = an_actor(session, (Role.ADMINISTRATOR, PROVINCE))
    load_text(session, supervisor, a_text(closed, year=None), key=EVERYWHERE, now=clock.now())
    assert read(session, operator, first, clock.now())["confirm"].kept_breached
    withdraw(first)
    again = read(session, operator, post(), clock.now())["confirm"]
    assert (again.state, again.kept_breached) == (ClockState.BREACHED, True)


def test_a_breach_stays_one(session, post, withdraw, operator, clock):
    first = post()
    clock.instant = datetime(2026, 3, 16, 10, 0, tzinfo=SHANGHAI)
    withdraw(first)
    assert read(session, operator, post(), clock.now())["confirm"].state is ClockState.BREACHED


def test_pauses_are_inherited_and_one_still_open_ends_with_the_reposting(
    session, post, withdraw, operator, clock
):
    first = post()
    clock.instant = datetime(2026, 3, 11, 10, 0, tzinfo=SHANGHAI)
    review.return_need(session, operator, first.id, missing=["indicators"], message="请补充", now=clock.now())
    clock.advance(days=1)
    withdraw(first)
    clock.advance(days=3)
    again = read(session, operator, post(), clock.now())["confirm"]
    assert (again.state, again.consumed) == (ClockState.RUNNING, timedelta(hours=1))


def test_one_withdrawn_need_is_continued_once(post, withdraw, clock):
    withdraw(post())
    clock.advance(days=1)
    assert [post().inherits_id is not None for _ in range(2)] == [True, False]


def test_where_another_was_quicker_the_next_withdrawn_duplicate_is_continued(committed_database, clock):
    """Two were withdrawn; two are posted at once, and each looks at the later one first."""
    clock.instant = TUESDAY
    with committed_database.transaction() as session:
        poster = an_actor(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session))))
        drafts = [service.draft_need(session, poster, TEXT, now=clock.now()).id for _ in range(4)]
        for need_id in drafts[:2]:
            service.submit_need(session, poster, need_id, now=clock.now())
        for hours, need_id in enumerate(drafts[:2]):
            service.withdraw_need(session, poster, need_id, now=clock.now() + timedelta(hours=hours))
    first_looks, done = Event(), Event()

    def quicker():
        with committed_database.transaction() as session:
            service.submit_need(session, poster, drafts[2], now=TUESDAY + timedelta(hours=3))
            first_looks.set()
            done.wait(0.5)  # until the other one waits for the lock on what this one continues

    def slower():
        first_looks.wait()
        with committed_database.transaction() as session:
            service.submit_need(session, poster, drafts[3], now=TUESDAY + timedelta(hours=3))
        done.set()

    with ThreadPoolExecutor(2) as pool:
        for ended in [pool.submit(quicker), pool.submit(slower)]:
            ended.result()
    with committed_database.transaction() as session:
        continued = [session.get_one(Need, need_id).inherits_id for need_id in drafts[2:]]
    assert continued == [drafts[1], drafts[0]]


def test_nor_twice_when_two_are_posted_at_once(committed_database, clock):
    clock.instant = TUESDAY
    with committed_database.transaction() as session:
        poster = an_actor(session, (Role.ENTERPRISE_MEMBER, of(an_enterprise(session))))
        first = service.draft_need(session, poster, TEXT, now=clock.now())
        service.submit_need(session, poster, first.id, now=clock.now())
        service.withdraw_need(session, poster, first.id, now=clock.now())
        drafts = [service.draft_need(session, poster, TEXT, now=clock.now()).id for _ in range(3)]
    together = Barrier(3)

    def submit(need_id):
        with committed_database.transaction() as session:
            together.wait()
            service.submit_need(session, poster, need_id, now=clock.now() + timedelta(hours=1))

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(submit, drafts))
    with committed_database.transaction() as session:
        assert sum(session.get_one(Need, need_id).inherits_id is not None for need_id in drafts) == 1
