"""What it costs to ask who may see what: the same reads with and without authentication and permission conditions.

Both sides open a transaction, load the same rows through the same mappings and dump them with the same schemas, so that
the ratio is the price of the check alone. The two sides take turns, so that a busy machine slows down both.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

import numpy as np
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

import sanwang.models  # noqa: F401  # rows refer to tables that their own packages do not import
from backbone.actor import Role, ScopeKind
from backbone.chinese import fold
from backbone.db import Database, new_id
from backbone.directory.models import Enterprise, Institute
from backbone.fields import instance_of
from backbone.identity.bearer import authenticate
from backbone.identity.models import Account, Membership
from backbone.identity.service import issue_token_for
from bench.offers import Mixer
from bench.scratch import scratch
from sky_net.needs import duplicates, views
from sky_net.needs.models import Need
from sky_net.needs.permissions import OPEN
from sky_net.needs.reading import SORTS, Reading, list_needs, show_need

DATABASE = "sanwang_bench_isolation"
NEEDS, ENTERPRISES, TURNS = 5_000, 200, 500
NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
UNCHECKED = "the same read without token, roles and conditions"
FIRST_PAGE = {"sort": "-submitted_at", "limit": 20}
Side = Callable[[Session, int], object]


def reading_a_need() -> dict[str, object]:
    """A public need shown to an institute's member: token, roles, view and enterprise, against loading it by id."""
    with _platform() as (database, token, ids):
        shown = instance_of(views.NeedInView)

        def ours(session: Session, turn: int) -> object:
            actor = authenticate(session, token, NOW)
            return shown.dump(show_need(session, actor, ids[turn % NEEDS], now=NOW))

        def anchor(session: Session, turn: int) -> object:
            need = session.get_one(Need, ids[turn % NEEDS])
            enterprise: Any = session.get_one(Enterprise, need.enterprise_id)
            return shown.dump(Reading(need, OPEN, enterprise))

        return _row("看一条需求 / showing a need", database, ours, anchor)


def listing_needs() -> dict[str, object]:
    """The first 20 needs of a list, filtered by what the institute's member may see, against the first 20 of all."""
    with _platform() as (database, token, _):
        shown = instance_of(views.EntryInView)
        order = (SORTS["submitted_at"].desc(), Need.id.desc())

        def ours(session: Session, turn: int) -> object:
            actor = authenticate(session, token, NOW)
            return shown.dump(list_needs(session, actor, FIRST_PAGE, now=NOW).items, many=True)

        def anchor(session: Session, turn: int) -> object:
            rows: Any = session.execute(
                select(Need, Enterprise)
                .join(Enterprise, Enterprise.id == Need.enterprise_id)
                .order_by(*order)
                .limit(20)
            )
            return shown.dump([Reading(need, OPEN, enterprise) for need, enterprise in rows], many=True)

        return _row("需求列表 20 条 / listing 20 needs", database, ours, anchor)


def holding_authority() -> dict[str, object]:
    """One row written and committed under an authority that is held by share locks, against one that is only read."""
    with _platform() as (database, token, ids):

        def write(session: Session, turn: int, *, hold: bool) -> None:
            authenticate(session, token, NOW, hold=hold)
            session.execute(update(Need).where(Need.id == ids[turn % NEEDS]).values(updated_at=NOW))

        ours, anchor = partial(write, hold=True), partial(write, hold=False)
        return _row(
            "写操作锁住权限 / a write's authority held",
            database,
            ours,
            anchor,
            "the same write without locks",
        )


def _row(
    name: str, database: Database, ours: Side, anchor: Side, against: str = UNCHECKED
) -> dict[str, object]:
    app = Flask(__name__)  # the schemas ask the request for its language
    times: dict[Side, list[float]] = {ours: [], anchor: []}
    with app.test_request_context():
        for turn in range(TURNS):
            for side, measured in times.items():
                begun = time.perf_counter()
                with database.transaction() as session:
                    side(session, turn)
                measured.append((time.perf_counter() - begun) * 1000)
    own, other = (float(np.median(measured[50:])) for measured in times.values())
    return {
        "name": f"隔离检查 / isolation check: {name}, median",
        "ours": round(own, 3),
        "anchor": round(other, 3),
        "anchor_version": against,
        "unit": "ms",
        "ratio": round(own / other, 2),
        "settings": f"{NEEDS:,} needs of {ENTERPRISES} enterprises, {TURNS:,} turns each, embedded PostgreSQL, fsync on",
    }


@contextmanager
def _platform() -> Iterator[tuple[Database, str, list[Any]]]:
    """A database of public needs, an institute's member's token, and the ids of the needs."""
    with scratch(DATABASE) as database:
        with database.transaction() as session:
            token, ids = _fill(session)
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
        yield database, token, ids


def _fill(session: Session) -> tuple[str, list[Any]]:
    stamps = {"created_at": NOW, "updated_at": NOW}
    enterprises = [
        Enterprise(
            name=f"基准企业{n}", credit_code=f"BENCH-{n:06d}", region_code="420100", labels=[], **stamps
        )
        for n in range(ENTERPRISES)
    ]
    institute = Institute(
        name="基准院所", region_code="420100", type="university", labs=[], pilot_lines=[], **stamps
    )
    account = Account(login="bench", name="基准", password_hash="!", **stamps)  # noqa: S106  # nobody logs in by it
    session.add_all([*enterprises, institute, account])
    session.flush()
    session.add(
        Membership(account_id=account.id, role=Role.INSTITUTE_MEMBER, scope_kind=ScopeKind.ORGANISATION,
                   scope_id=str(institute.id), granted_at=NOW)
    )  # fmt: skip
    ids = [new_id() for _ in range(NEEDS)]
    for number, (need_id, body) in enumerate(zip(ids, Mixer().needs(NEEDS), strict=True)):
        said = {name: value for name, value in body.items() if name != "contact"}
        session.add(Need(
            id=need_id, number=f"XQ-2026-{number:06d}", enterprise_id=enterprises[number % ENTERPRISES].id,
            zone_code="420100", state="confirmed", visibility="public", title_folded=fold(body["title"]),
            masked_title_folded="", signature=duplicates.signature(body["title"]), submitted_at=NOW, confirmed_at=NOW,
            **said, **stamps,
        ))  # fmt: skip
    _, token = issue_token_for(session, account, days=1, now=NOW)
    return token, ids


ROWS: list[Callable[[], dict[str, object]]] = [reading_a_need, listing_needs, holding_authority]
