"""Workers killed at a random statement of a job, or of the queue around it: each job is done, once in effect.

A seed decides what is waiting and at which statement each worker dies; the next one takes over what the dead one had
begun. `CRASH_SEED=17` runs seed 17 alone.
"""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

import sky_net.matching.runs  # noqa: F401  # with it, submitting a need searches for it
from backbone.clock import SystemClock, local_date
from backbone.db import Database
from backbone.directory.models import Enterprise
from backbone.forgetting import forget_answers
from backbone.idempotency import IdempotencyKey
from backbone.jobs import defer
from backbone.notices.jobs import deliver_overdue
from backbone.settings import Settings
from ground_net.leads.imports.jobs import queue_import
from ground_net.leads.imports.models import LeadImport
from ground_net.leads.imports.service import start_import
from ground_net.leads.models import Lead
from policy_pack.impacts.jobs import estimate
from policy_pack.impacts.models import ImpactEstimate
from sky_net.assignments.jobs import assign_day
from sky_net.matching import ordering
from sky_net.matching.generation import Generation
from sky_net.matching.models import MatchRun, SearchGeneration
from sky_net.matching.projection import directory
from sky_net.matching.sources import ACHIEVEMENTS
from sky_net.needs.jobs import expire, set_aside_silent
from sky_net.needs.models import NeedTransition
from sky_net.reminders.jobs import call
from sky_net.sla.jobs import refresh
from sky_net.sla.models import SlaClock
from tests.crash.conftest import Raise
from tests.crash.evidence import (
    audited,
    clocks_follow_from_the_log,
    states_follow_from_the_history,
    wait_until_gone,
)
from tests.crash.seeds import seeds
from tests.factories.achievements import an_achievement
from tests.factories.identity import an_account
from tests.factories.invitations import SUBMITTED_AT
from tests.factories.leads import a_desk
from tests.factories.matching import installed
from tests.factories.policy_office import a_draft, an_impact, an_office
from tests.factories.table_files import a_csv
from tests.factories.zones import a_zone

DEATHS = 3  # of one job, before it would be given up
LATEST_MOMENT = 300
TODAY = local_date(SystemClock().now())
OLDER = "an older release"
LEADS = 3


@seeds(50, always=1)
def test_every_job_is_done_once_wherever_its_worker_was_killed(
    seed: int, committed_database: Database, victim: Raise, settings: Settings
):
    rng = Random(seed)
    with installed(None), committed_database.transaction() as session:
        outlived = [outlived_need(session, rng) for _ in range(rng.randint(1, 5))]
        an_achievement(session, last_confirmed_on=TODAY)
        old_answers_and_stale_clocks(session)
        wait_for_an_estimate(session)
        wait_for_an_import(session)
        before = audited(session)
        queue_the_rest(session, rng)
    keep_working(rng, committed_database, victim)
    with committed_database.transaction() as session:
        assert waiting(session) == []
        expired_once(session, outlived)
        assert audited(session) - before == {
            "expire_need": len(outlived),
            "cancel_clock": len(outlived),
            "assign_day": 1,
            "start_clock": LEADS,
            "end_lead_import": 1,
        }
        searched_again_once(session, outlived)
        assert session.scalar(select(func.count()).select_from(IdempotencyKey)) == 1
        estimated_once(session)
        imported_once(session)
        assert OLDER not in set(session.scalars(select(SlaClock.calendar_version)))
        one_generation_is_current_and_whole(session, settings.var_dir / "search")
        states_follow_from_the_history(session)
        clocks_follow_from_the_log(session)
        session.rollback()


def keep_working(rng: Random, database: Database, victim: Raise) -> None:
    """Workers one after the other; each but the last may die."""
    deaths = 0
    while victim("jobs", rng.randint(1, LATEST_MOMENT) if deaths < DEATHS else 0).hear() is None:
        assert deaths < DEATHS, "a worker that nobody kills has failed"
        deaths += 1
        wait_until_gone(database)


def outlived_need(session: Session, rng: Random) -> UUID:
    """A need past its own validity; its search failed when it was submitted, so that a job waits to make that good."""
    zone = a_zone(session, "420100")
    need = zone.confirmed if rng.random() < 0.5 else zone.parked
    need.valid_until_on = SUBMITTED_AT.date()
    session.flush()
    return need.id


def old_answers_and_stale_clocks(session: Session) -> None:
    account = an_account(session)
    for days in (1, 1000):
        made = SystemClock().now() - timedelta(days=days)
        session.add(
            IdempotencyKey(
                account_id=account.id, key=str(days), request_hash="", authority="", created_at=made
            )
        )
    session.execute(update(SlaClock).values(calendar_version=OLDER))


def wait_for_an_estimate(session: Session) -> None:
    office = an_office(session)
    impact = an_impact(office, a_draft(office))
    defer(session, estimate, impact_id=str(impact.id))


def estimated_once(session: Session) -> None:
    """Every enterprise once, although a worker may have died over some of them."""
    (impact,) = session.scalars(select(ImpactEstimate))
    enterprises = session.scalar(select(func.count()).select_from(Enterprise))
    assert (impact.state, impact.done, impact.total) == ("done", enterprises, enterprises)
    assert sum(impact.result["after"].values()) == enterprises


def wait_for_an_import(session: Session) -> None:
    desk = a_desk(session)
    rows = [["2026-03-02", f"测试企业{n}", f"第{n}条原话"] for n in range(LEADS)]
    content = a_csv([["时间", "企业名称", "原话"], *rows, ["上周", "测试", "时间写错"]])
    told = {"node_key": desk.node.key, "name": "线索.csv", "only_check": False}
    started = start_import(session, desk.collector, content, **told, now=SUBMITTED_AT)
    queue_import(session, started.id)


def imported_once(session: Session) -> None:
    """Every row once, although a worker may have died over the part it stood in."""
    (started,) = session.scalars(select(LeadImport))
    assert (started.state, started.taken, started.known, started.refused) == ("done", LEADS, 0, 1)
    assert session.scalar(select(func.count()).select_from(Lead)) == LEADS


def queue_the_rest(session: Session, rng: Random) -> None:
    """In any order, behind the searches that wait already."""
    periodic = [expire, set_aside_silent, refresh, forget_answers, call, deliver_overdue, assign_day]
    rng.shuffle(periodic)
    for task in periodic:
        defer(session, task, timestamp=0)
    ordering.order(session, ACHIEVEMENTS, TODAY)


def waiting(session: Session) -> list[str]:
    return [
        f"{name} {status}"
        for name, status in session.execute(text("SELECT task_name, status FROM procrastinate_jobs"))
    ]


def expired_once(session: Session, needs: list[UUID]) -> None:
    closed = session.scalars(select(NeedTransition.need_id).where(NeedTransition.to_state == "expired"))
    assert Counter(closed) == Counter(needs)


def searched_again_once(session: Session, needs: list[UUID]) -> None:
    runs = session.execute(select(MatchRun.need_id, MatchRun.failure.is_(None)))
    assert Counter((need, good) for need, good in runs) == Counter(
        (need, good) for need in needs for good in (False, True)
    )


def one_generation_is_current_and_whole(session: Session, root: Path) -> None:
    """Others may lie beside it, half-built: none of them is named."""
    (current,) = session.scalars(select(SearchGeneration).where(SearchGeneration.retired_at.is_(None)))
    place = directory(root, session, ACHIEVEMENTS, current.name)
    assert len(Generation.open(place, current.checksum)) == current.documents == 1
