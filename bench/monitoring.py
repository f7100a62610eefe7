"""The monitoring of 100,000 needs with 300,000 promise clocks, beside a plain GROUP BY over the same rows.

The clocks are real ones: 2,000 drawn logs projected by the platform's own code, each copied fifty times under other needs.
The plain statement counts by stage what was answered in time, late or not at all, from two columns: no states, no
pauses, no quantiles, no owners; it is the floor that no report can go below.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid5

import numpy as np
from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.orm import Session

import sanwang.models  # noqa: F401  # rows refer to tables that their own packages do not import
from backbone.actor import PROVINCE, Actor, Held, Role
from backbone.chain.content import content_hash
from backbone.db import Database, new_id
from backbone.directory.industries import INDUSTRIES
from backbone.directory.models import Enterprise
from backbone.identity.models import Account
from bench.scratch import scratch
from bench.simulated_year import DAYS, scores, simulate
from sky_net.monitoring import service
from sky_net.monitoring.metrics import exposition
from sky_net.sla.event_log import EventKind
from sky_net.sla.models import SlaClock, SlaEvent
from sky_net.sla.projection import project

DATABASE = "sanwang_bench_monitoring"
LOGS, COPIES, OPERATORS, TURNS = 2_000, 50, 40, 7
NOW = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
ZONES = (
    "420100",
    "420100-donghu",
    "420200",
    "420300",
    "420500",
    "420600",
    "420700",
    "420800",
    "420900",
    "421000",
)
YEAR: dict[str, Any] = {"from_on": date(2025, 11, 1), "to_on": date(2026, 12, 31), "party": "platform"}
OPERATOR = Actor(None, "bench", frozenset({Held(Role.OPERATOR, PROVINCE)}))
SEEDS = (1, 2, 3)
PLAIN = text(
    "SELECT stage, count(*) FILTER (WHERE stopped_at <= due_at), count(*) FILTER (WHERE stopped_at > due_at),"
    " count(*) FILTER (WHERE stopped_at IS NULL AND due_at < :now), count(*) FROM sla_clocks GROUP BY stage"
)
ANCHOR = "plain SQL GROUP BY over the same clocks"
Row = dict[str, object]


def compliance_by_stage() -> Row:
    """The report as operators open it: by stage, over all needs of a year."""
    return _timed("按时率报表，按阶段 / compliance by stage", _reported(["stage"]), goal=1.0)


def compliance_by_operator_and_month() -> Row:
    """The report cut finest."""
    return _timed(
        "按时率报表，按责任人与月 / compliance by operator and month",
        _reported(["operator", "month"]),
    )


def compliance_by_zone() -> Row:
    """Regions with all inside them: every clock counts in up to three rows."""
    return _timed("按时率报表，按地区 / compliance by zone", _reported(["zone"]), goal=1.0)


def at_risk() -> Row:
    """The first page of what is urgent, each clock read by replay."""
    asked = {"limit": 50, "sort": "due_at"}
    return _timed(
        "预警清单 50 条 / at-risk list, 50 clocks",
        lambda session: service.list_at_risk(session, OPERATOR, asked, now=NOW),
    )


def forecast() -> Row:
    """The forecast, its model fitted anew."""
    return _timed(
        "超时预测 / forecast of breaches",
        lambda session: service.forecast_breaches(session, OPERATOR, {}, now=NOW),
    )


def scrape() -> Row:
    """What Prometheus asks for every quarter of a minute."""
    return _timed("指标抓取 / metrics scrape", lambda session: exposition(session, NOW, ""), goal=1.0)


def forecast_quality() -> Row:
    """The Brier score over simulated years with a change of pace: below both the base rate and last month's."""
    found = [scores(simulate(seed)) for seed in SEEDS]
    ours, base, month, held = (float(np.mean([getattr(each, name) for each in found]))
                               for name in ("model", "base_rate", "last_month", "held"))  # fmt: skip
    return {
        "name": "超时预测的 Brier 分 / Brier score of the forecast",
        "ours": round(ours, 4),
        "anchor": round(month, 4),
        "anchor_version": f"as last month; base rate {base:.4f}; 90% interval holds {held:.2f}",
        "ratio": round(ours / month, 2),
        "goal": "below both, in every year",
        "met": all(each.model < min(each.base_rate, each.last_month) for each in found),
        "settings": f"{len(SEEDS)} simulated years of {DAYS} working days, seeds {SEEDS}",
    }


def _reported(by: list[str]) -> Callable[[Session], object]:
    return lambda session: service.report_compliance(session, OPERATOR, YEAR | {"by": by}, now=NOW)


def _timed(name: str, ours: Callable[[Session], object], goal: float | None = None) -> Row:
    with _platform() as database:
        taken: dict[str, list[float]] = {"ours": [], "plain": []}
        for _ in range(TURNS):
            for side, work in (("ours", ours), ("plain", _plain)):
                begun = time.perf_counter()
                with database.transaction() as session:
                    work(session)
                taken[side].append(time.perf_counter() - begun)
    own, other = (float(np.median(each)) for each in taken.values())
    return {
        "name": f"监测 / monitoring: {name}, median",
        "ours": round(own, 3),
        "anchor": round(other, 3),
        "anchor_version": ANCHOR,
        "unit": "s",
        "ratio": round(own / other, 1),
        "goal": None if goal is None else f"< {goal} s",
        "met": None if goal is None else own < goal,
        "settings": f"{LOGS * COPIES:,} needs, {3 * LOGS * COPIES:,} clocks, {TURNS} turns, embedded PostgreSQL",
    }


def _plain(session: Session) -> object:
    return session.execute(PLAIN, {"now": NOW}).all()


@contextmanager
def _platform() -> Iterator[Database]:
    with scratch(DATABASE) as database:
        with database.transaction() as session:
            fill(session)
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
        yield database


def fill(session: Session, copies: int = COPIES) -> None:
    """The needs, their logs, steps and clocks."""
    draw = random.Random(20261126)
    stamps = {"created_at": NOW, "updated_at": NOW}
    accounts = [
        Account(login=f"bench-{n}", name=f"基准{n}", password_hash="!", **stamps)  # noqa: S106  # nobody logs in by it
        for n in range(OPERATORS)
    ]
    enterprise = Enterprise(name="基准企业", credit_code="BENCH-1", region_code=ZONES[0], labels=[], **stamps)
    session.add_all([*accounts, enterprise])
    session.flush()
    logs = _logs()
    needs = [(new_id(), template, copy) for template in range(len(logs)) for copy in range(copies)]
    owners = [account.id for account in accounts]
    industries, zone_of = sorted(INDUSTRIES), {need: draw.choice(ZONES) for need, _, _ in needs}
    _copy(session, "needs", ("id", "version", "created_at", "updated_at", "number", "enterprise_id", "zone_code", "title", "state",
                             "industry", "owner_id", "submitted_at", *_EMPTY_NEED), (
        (need, 1, NOW, NOW, f"XQ-2026-{place:06d}", enterprise.id, zone_of[need], "基准", "confirmed", draw.choice(industries),
         draw.choice(owners), logs[template][0].occurred_at, *_EMPTY_NEED.values())
        for place, (need, template, _) in enumerate(needs)
    ))  # fmt: skip
    _copy_clocks(session, needs, zone_of, logs)
    _copy_events(session, needs, zone_of, logs)
    _copy(session, "need_transitions", ("id", "need_id", "action", "from_state", "to_state", "actor_role", "occurred_at", "missing_items"), (
        (new_id(), need, *step, "operator", logs[template][0].occurred_at, [])
        for need, template, copy in needs
        for step in (_RETURNED if template % 7 == 0 else _STEPS)
    ))  # fmt: skip


_EMPTY_NEED: dict[str, Any] = {
    "kind": "technology", "indicators": Jsonb([]), "deliverables": [], "cooperation_modes": [], "region_preference": [],
    "visibility": "masked", "nda_required": False, "source_channel": "sky_net", "urgency": "normal", "related_policies": [],
    "return_count": 0, "missing_items": [], "title_folded": "", "masked_title_folded": "", "signature": [],
}  # fmt: skip
_STEPS = (
    ("submit", "draft", "submitted"), ("confirm", "submitted", "confirmed"), ("communicate", "confirmed", "communicating"),
    ("propose", "communicating", "proposed"),
)  # fmt: skip
_RETURNED = (
    *_STEPS[:1],
    ("return", "submitted", "returned"),
    ("resubmit", "returned", "submitted"),
    *_STEPS[1:],
)


@cache
def _logs() -> list[list[SlaEvent]]:
    draw = random.Random(1_5_15)
    return [_log(draw, number) for number in range(LOGS)]


def _log(draw: random.Random, number: int) -> list[SlaEvent]:
    """A need's log over the last year: some paused, each promise answered in time, late or not yet."""
    subject, at = new_id(), NOW - timedelta(minutes=draw.randrange(3 * 24 * 60, 365 * 24 * 60))
    events = [
        _event(
            subject,
            1,
            EventKind.START,
            at,
            evidence={"number": f"XQ-2026-{number:06d}", "zone_code": ZONES[0]},
        )
    ]
    if draw.random() < 0.15:
        events.append(_event(subject, 2, EventKind.PAUSE, at + timedelta(hours=3), reason="return"))
        events.append(
            _event(
                subject, 3, EventKind.RESUME, at + timedelta(hours=draw.randrange(20, 200)), reason="return"
            )
        )
    for stage, usual in (("confirm", 30), ("communicate", 130), ("propose", 420)):
        answered_at = at + timedelta(hours=usual * draw.lognormvariate(0, 0.5))
        if answered_at < NOW and draw.random() < 0.97:
            events.append(
                _event(
                    subject,
                    len(events) + 1,
                    EventKind.STOP,
                    max(answered_at, events[-1].recorded_at),
                    stage=stage,
                    evidence={},
                )
            )
    return events


def _event(subject: UUID, seq: int, kind: EventKind, at: datetime, **more: Any) -> SlaEvent:
    return SlaEvent(
        subject_id=subject, seq=seq, kind=kind, party="platform", occurred_at=at, recorded_at=at, **more
    )


def _copy_clocks(
    session: Session, needs: list[tuple[UUID, int, int]], zone_of: dict[UUID, str], logs: list[list[SlaEvent]]
) -> None:
    projected = [project(events) for events in logs]
    names = tuple(column.key for column in SlaClock.__table__.columns)

    def rows() -> Iterator[tuple[Any, ...]]:
        for need, template, _ in needs:
            for row in projected[template]:
                own = {"id": uuid5(need, row["stage"]), "subject_id": need, "zone_code": zone_of[need]}
                yield tuple((row | own)[name] for name in names)

    _copy(session, "sla_clocks", names, rows())


def _copy_events(
    session: Session, needs: list[tuple[UUID, int, int]], zone_of: dict[UUID, str], logs: list[list[SlaEvent]]
) -> None:
    names = (
        "id",
        "subject_id",
        "seq",
        "stage",
        "kind",
        "party",
        "occurred_at",
        "recorded_at",
        "reason",
        "evidence",
    )
    _copy(session, "sla_events", (*names, "content_hash"), (
        (*(Jsonb(value) if isinstance(value, dict) else value for value in said), content_hash("sla_events", dict(zip(names, said, strict=True))))
        for need, template, _ in needs
        for event in logs[template]
        for said in [(new_id(), need, event.seq, event.stage, str(event.kind), event.party, event.occurred_at,
                      event.recorded_at, event.reason, event.evidence)]
    ))  # fmt: skip


def _copy(session: Session, table: str, names: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> None:
    cursor = session.connection().connection.cursor()
    with cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copying:
        for row in rows:
            copying.write_row(row)


ROWS: list[Callable[[], Row]] = [
    compliance_by_stage, compliance_by_operator_and_month, compliance_by_zone, at_risk, forecast, scrape, forecast_quality,
]  # fmt: skip
