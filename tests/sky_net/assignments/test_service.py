"""The batch of a day out of the database: who takes part, whom it offers, and that there is one a day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select, text

from backbone.audit import AuditEvent
from sky_net.assignments import jobs, service
from sky_net.assignments.models import Assigned, AssignmentRun, InstituteQuota
from sky_net.assignments.service import assign_day, names_in, plan_day
from sky_net.matching.engine import Engine
from sky_net.matching.errors import SearchNotReady
from tests.factories.assignments import LASER, a_laser_institute, a_laser_need
from tests.factories.invitations import an_invitation
from tests.factories.needs import MADE_AT


def planned(session, clock, **asked):
    """(need, institute) pairs of the plan, and the reasons of the others, by need."""
    plan = plan_day(session, now=clock.now(), **asked)
    return {(offer.need, offer.institute) for offer in plan.assignment.offers()}, plan.assignment.unserved()


def pairs(*offers):
    return {(str(need.id), str(institute.id)) for need, institute in offers}


def with_quota(session, institute, needs):
    session.add(
        InstituteQuota(institute_id=institute.id, needs=needs, created_at=MADE_AT, updated_at=MADE_AT)
    )
    session.flush()


def test_open_needs_go_to_institutes_that_suit_them(session, clock, engine):
    need, institute = a_laser_need(session), a_laser_institute(session)
    other = a_laser_institute(session, "水稻抗病育种")
    odd = a_laser_need(session, title="……", problem="……")
    offers, unserved = planned(session, clock)
    assert (str(need.id), str(institute.id)) in offers
    assert unserved == {str(odd.id): "nothing_suitable"}
    assert offers <= pairs((need, institute), (need, other))


@pytest.mark.parametrize(
    "values",
    [
        {"state": "submitted"}, {"state": "proposed"}, {"state": "selected"}, {"state": "parked"},
        {"visibility": "operators"},
    ],
    ids=str,
)  # fmt: skip
def test_needs_for_which_nobody_is_asked_take_no_part(session, clock, engine, values):
    a_laser_institute(session)
    a_laser_need(session, **values)
    assert planned(session, clock) == (set(), {})


def test_a_masked_need_is_matched_by_its_masked_words_alone(session, clock, engine):
    a_laser_institute(session)
    silent = a_laser_need(
        session, visibility="masked", masked_title="某行业性能提升", masked_summary="寻求方案"
    )
    assert planned(session, clock) == (set(), {str(silent.id): "nothing_suitable"})
    silent.masked_title = LASER
    session.flush()
    assert planned(session, clock)[1] == {}


def test_one_for_the_invited_alone_is_matched_by_its_own_words(session, clock, engine):
    institute, need = a_laser_institute(session), a_laser_need(session, visibility="invited")
    assert planned(session, clock)[0] == pairs((need, institute))


def test_whoever_was_asked_before_is_not_offered_again(session, clock, engine):
    need, asked, refused, fresh = a_laser_need(session), *(a_laser_institute(session) for _ in range(3))
    an_invitation(session, need, asked)
    an_invitation(session, need, refused, state="declined")
    assert planned(session, clock)[0] == pairs((need, fresh))


def test_standing_invitations_fill_the_places_of_a_need(session, clock, engine):
    need, asked, *_ = a_laser_need(session), *(a_laser_institute(session) for _ in range(4))
    an_invitation(session, need, asked)
    assert len(planned(session, clock, places=3)[0]) == 2
    assert planned(session, clock, places=1) == (set(), {str(need.id): "no_place"})


def test_a_quota_less_what_is_taken_is_what_an_institute_gets(session, clock, engine):
    institute = a_laser_institute(session)
    busy = a_laser_need(session, title="别的", problem="别的")
    an_invitation(session, busy, institute, state="accepted")
    needs = [a_laser_need(session) for _ in range(4)]
    with_quota(session, institute, 3)
    offers, unserved = planned(session, clock)
    assert len(offers) == 2
    assert sorted(unserved.values()) == ["nothing_suitable", "quotas_spent", "quotas_spent"]
    assert {need for need, _ in offers} <= {str(need.id) for need in needs}
    with_none = a_laser_institute(session)
    with_quota(session, with_none, 0)
    assert str(with_none.id) not in {institute for _, institute in planned(session, clock)[0]}


def test_an_invitation_to_a_need_that_is_over_takes_nothing(session, clock, engine):
    institute = a_laser_institute(session)
    an_invitation(session, a_laser_need(session, state="withdrawn"), institute)
    a_laser_need(session)
    assert len(planned(session, clock, ordinary=1)[0]) == 1


def test_a_hidden_or_expired_achievement_speaks_for_nobody(session, clock, engine):
    a_laser_institute(session, state="hidden")
    a_laser_institute(session, valid_until_on=clock.now().date() - timedelta(days=1))
    need = a_laser_need(session)
    assert planned(session, clock) == (set(), {str(need.id): "nothing_suitable"})


def test_the_run_keeps_the_numbers_the_offers_and_what_was_left_over(session, clock, engine):
    need, institute = a_laser_need(session), a_laser_institute(session)
    odd = a_laser_need(session, title="……", problem="……")
    run = assign_day(session, now=clock.now())
    assert (run.run_on.isoformat(), run.needs, run.offered, run.quotas_broken) == ("2026-03-10", 2, 1, 0)
    assert (run.ndcg_kept, run.searched) == (1, 1)
    rows = {row.need_id: row for row in session.scalars(select(Assigned).where(Assigned.run_id == run.id))}
    assert (rows[need.id].institute_id, rows[need.id].rank, len(rows[need.id].achievements)) == (
        institute.id,
        1,
        1,
    )
    assert (rows[odd.id].institute_id, rows[odd.id].reason) == (None, "nothing_suitable")
    events = session.scalars(select(AuditEvent).where(AuditEvent.action == "assign_day")).all()
    assert [(event.subject_id, event.actor_id) for event in events] == [(run.id, None)]


def test_a_day_without_needs_has_a_run_too(session, clock, engine):
    run = assign_day(session, now=clock.now())
    assert (run.needs, run.offered, run.ndcg_kept, run.gini) == (0, 0, 1, 0)


def test_there_is_one_run_a_day(session, clock, engine):
    first = assign_day(session, now=clock.now())
    a_laser_need(session)
    a_laser_institute(session)
    assert assign_day(session, now=clock.now() + timedelta(hours=10)) is first
    assert session.scalar(select(func.count()).select_from(Assigned)) == 0
    second = assign_day(session, now=clock.now() + timedelta(days=1))
    assert (second.id != first.id, second.offered) == (True, 1)


def test_a_plan_writes_nothing_and_names_what_it_speaks_of(session, clock, engine):
    need, institute = a_laser_need(session), a_laser_institute(session)
    plan = plan_day(session, now=clock.now())
    assert names_in(session, plan) == {str(need.id): need.number, str(institute.id): institute.name}
    assert session.scalar(select(func.count()).select_from(AssignmentRun)) == 0


def test_history_cannot_be_rewritten(session, clock, engine):
    assign_day(session, now=clock.now())
    with pytest.raises(Exception, match=r"permission denied|append-only"):
        session.execute(text("UPDATE assignment_runs SET gini = 0"))


def test_the_job_does_it_once_and_bears_to_run_again(session, engine):
    a_laser_need(session)
    a_laser_institute(session, last_confirmed_on=service.local_date(jobs.SystemClock().now()))
    for _ in range(2):
        jobs.assign_day(timestamp=0)
    assert session.scalar(select(func.count()).select_from(AssignmentRun)) == 1
    assert session.scalar(select(func.count()).select_from(Assigned)) == 1


def test_two_workers_at_once_make_one_run(committed_database, clock, engine: Engine):
    with committed_database.transaction() as session:
        for _ in range(5):
            a_laser_need(session)
            a_laser_institute(session)
    together = Barrier(2)

    def work(_):
        with committed_database.transaction() as session:
            together.wait()
            return assign_day(session, now=clock.now()) is not None

    with ThreadPoolExecutor(2) as pool:
        assert any(pool.map(work, range(2)))
    with committed_database.transaction() as session:
        (run,) = session.scalars(select(AssignmentRun))
        kept = session.scalar(select(func.count()).select_from(Assigned).where(Assigned.rank.is_not(None)))
        assert kept == run.offered == 15


class Killed(BaseException):
    """The process ends here."""


def test_a_run_that_dies_at_any_statement_leaves_nothing_and_is_made_anew(committed_database, clock, engine):
    with committed_database.transaction() as session:
        a_laser_need(session)
        a_laser_institute(session)
    for dies_at in range(1, 40):
        try:
            with committed_database.transaction() as session:
                _die_at(session, dies_at)
                assign_day(session, now=clock.now())
        except Killed:
            with committed_database.transaction() as session:
                assert session.scalar(select(func.count()).select_from(AssignmentRun)) == 0
                assert session.scalar(select(func.count()).select_from(Assigned)) == 0
        else:
            break
    assert dies_at > 8, "every statement was died at"
    with committed_database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Assigned)) == 1


def _die_at(session, number):
    from sqlalchemy import event

    seen = [0]

    @event.listens_for(session.connection(), "before_cursor_execute")
    def count(*_):
        seen[0] += 1
        if seen[0] == number:
            raise Killed


def test_a_search_that_is_not_ready_is_told_and_nothing_is_kept(session, clock, engine, monkeypatch):
    def not_ready(*_):
        raise SearchNotReady(documents=99_999)

    monkeypatch.setattr(service, "open_source", not_ready)
    with pytest.raises(SearchNotReady):
        assign_day(session, now=clock.now())
