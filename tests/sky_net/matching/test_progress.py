"""A build that takes hours: seen by everybody, in nobody's way, and never begun from nothing again."""

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from backbone.db import Database
from sky_net.matching import encoding, progress
from sky_net.matching import engine as engines
from sky_net.matching.building import build, build_apart
from sky_net.matching.encoder import Vectors
from sky_net.matching.engine import Engine
from sky_net.matching.models import SearchBuild
from sky_net.matching.progress import KEPT_FOR, KILLED, reported
from sky_net.matching.sources import ACHIEVEMENTS, NEEDS
from tests.factories.achievements import an_achievement
from tests.factories.directory import an_institute
from tests.factories.matching import TODAY, an_engine, found, shipped_encoder

pytestmark = pytest.mark.postgres

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
LASER = "紫铜激光焊接飞溅抑制"
ROOT = Path(__file__).resolve().parents[3]


class SlowEncoder:
    """The shipped one, asking back before each block and counting texts."""

    def __init__(self, before: Callable[[], None] = lambda: None) -> None:
        inner = shipped_encoder()
        self.dimension, self.fingerprint, self._inner, self._before = (
            inner.dimension,
            inner.fingerprint,
            inner,
            before,
        )
        self.texts = 0

    def encode(self, texts: list[str]) -> Vectors:
        self._before()
        self.texts += len(texts)
        return self._inner.encode(texts)


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(encoding, "BLOCK", 2)
    monkeypatch.setattr(progress, "TELL_EVERY_S", 0.0)
    return


def offers(database: Database, count: int) -> list[str]:
    with database.transaction() as session:
        institute = an_institute(session)
        return sorted(
            str(an_achievement(session, institute=institute, title=f"{LASER}{number}", summary=LASER).id)
            for number in range(count)
        )


def rows(database: Database) -> list[SearchBuild]:
    with database.transaction() as session:
        return list(session.scalars(select(SearchBuild).order_by(SearchBuild.started_at)))


def engine_of(tmp_path: Path, encoder: SlowEncoder) -> Engine:
    return Engine(tmp_path / engines.FOLDER, lambda: encoder)  # type: ignore[arg-type,return-value]


def test_everybody_can_see_how_far_a_build_is(committed_database: Database, tmp_path: Path):
    offers(committed_database, 6)
    seen: list[tuple[str, int, int]] = []

    def look() -> None:
        (row,) = rows(committed_database)
        seen.append((row.phase, row.done, row.total))

    build_apart(engine_of(tmp_path, SlowEncoder(look)), ACHIEVEMENTS, TODAY)
    assert seen == [("encoding", 0, 6), ("encoding", 2, 6), ("encoding", 4, 6)]
    (row,) = rows(committed_database)
    assert row.ended_at is not None
    assert row.failure is None
    assert (row.phase, row.done, row.total) == ("words", 6, 6)


def test_nothing_is_open_in_the_database_while_texts_are_encoded(
    committed_database: Database, tmp_path: Path
):
    """An open snapshot for hours would keep the whole cluster from cleaning up."""
    offers(committed_database, 2)
    open_ones: list[int] = []
    count = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND (state LIKE 'idle in transaction%' OR backend_xmin IS NOT NULL)"
    )

    def look() -> None:
        with committed_database.transaction() as session:
            open_ones.append(session.scalar(count))

    build_apart(engine_of(tmp_path, SlowEncoder(look)), ACHIEVEMENTS, TODAY)
    assert open_ones == [0]


def test_one_process_builds_and_the_others_leave_it_alone(committed_database: Database, tmp_path: Path):
    offers(committed_database, 2)
    others: list[object] = []

    def try_too() -> None:
        others.append(build_apart(an_engine(tmp_path / "b"), ACHIEVEMENTS, TODAY))
        with committed_database.transaction() as session:
            others.append(build(session, an_engine(tmp_path / "b"), ACHIEVEMENTS, TODAY, now=NOW))
        others.append(build_apart(an_engine(tmp_path / "b"), NEEDS, TODAY))

    assert build_apart(engine_of(tmp_path, SlowEncoder(try_too)), ACHIEVEMENTS, TODAY) is not None
    assert others[:2] == [None, None]
    assert others[2] is not None, "another source is another lock"
    assert build_apart(an_engine(tmp_path / "b"), ACHIEVEMENTS, TODAY) is not None, "the lock was given back"


def test_what_is_committed_while_a_build_encodes_is_found_before_and_after(
    committed_database: Database, tmp_path: Path
):
    first = offers(committed_database, 2)
    late: list[str] = []
    engine = engine_of(
        tmp_path, SlowEncoder(lambda: late.extend(offers(committed_database, 1)) if not late else None)
    )
    build_apart(engine, ACHIEVEMENTS, TODAY)
    with committed_database.transaction() as session:
        assert sorted(found(session, an_engine(tmp_path / engines.FOLDER), LASER)) == sorted(first + late)


def test_compaction_encodes_what_changed_and_nothing_else(committed_database: Database, tmp_path: Path):
    offers(committed_database, 5)
    build_apart(engine_of(tmp_path, SlowEncoder()), ACHIEVEMENTS, TODAY)
    with committed_database.transaction() as session:
        an_achievement(session, title="光纤传感在线检测", summary="噪声降低")
    again = SlowEncoder()
    build_apart(engine_of(tmp_path, again), ACHIEVEMENTS, TODAY)
    assert again.texts == 2


def test_a_failure_is_kept_and_the_search_goes_on(committed_database: Database, tmp_path: Path):
    ids = offers(committed_database, 2)

    def fail() -> None:
        raise MemoryError("no room")

    with pytest.raises(MemoryError):
        build_apart(engine_of(tmp_path, SlowEncoder(fail)), ACHIEVEMENTS, TODAY)
    (row,) = rows(committed_database)
    assert row.failure == "MemoryError: no room"
    assert row.ended_at is not None
    with committed_database.transaction() as session:
        assert sorted(found(session, an_engine(tmp_path / engines.FOLDER), LASER)) == ids


DIES_WHILE_ENCODING = """
import os, signal, sys
from datetime import date
from pathlib import Path
from backbone import db
from backbone.db import Database
from sky_net.matching import encoding
from sky_net.matching.building import build_apart
from sky_net.matching.encoder import open_encoder
from sky_net.matching.engine import Engine
from sky_net.matching.sources import ACHIEVEMENTS
import sanwang.models

url, root = sys.argv[1:]
encoding.BLOCK = 2
db.bind(Database(url))

def watch(phase, done, total):
    if done >= 4:
        os.kill(os.getpid(), signal.SIGKILL)

build_apart(Engine(Path(root), open_encoder), ACHIEVEMENTS, date(2026, 3, 10), watch)
"""


@pytest.mark.slow
def test_a_killed_build_is_taken_up_where_it_was(committed_database: Database, tmp_path: Path):
    ids = offers(committed_database, 7)
    root = tmp_path / engines.FOLDER
    killed = subprocess.run(
        [sys.executable, "-c", DIES_WHILE_ENCODING, committed_database.url, str(root)],
        env=os.environ | {"PYTHONPATH": str(ROOT / "platform")},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    (row,) = rows(committed_database)
    assert row.ended_at is None, "it could not say goodbye"
    encoder = SlowEncoder()
    build_apart(engine_of(tmp_path, encoder), ACHIEVEMENTS, TODAY)
    assert encoder.texts == 2 * 3, "four of the seven were on the disk"
    first, second = rows(committed_database)
    assert (first.failure, second.failure) == (KILLED, None)
    with committed_database.transaction() as session:
        assert sorted(found(session, an_engine(root), LASER)) == ids
    assert not [path for path in root.rglob(".left-*")]


def test_old_rows_are_forgotten_and_those_of_another_source_left(committed_database: Database):
    now = datetime.now(UTC)
    for source in (ACHIEVEMENTS, NEEDS):
        with reported(source, "model", lambda: now - KEPT_FOR - timedelta(minutes=1)):
            pass
    with reported(ACHIEVEMENTS, "model", lambda: now):
        pass
    assert sorted(row.source for row in rows(committed_database)) == ["achievements", "needs"]


def test_the_log_tells_every_phase(
    committed_database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    offers(committed_database, 3)
    with caplog.at_level(logging.INFO, "sky_net.matching.progress"):
        build_apart(an_engine(tmp_path), ACHIEVEMENTS, TODAY)
    assert [record.message for record in caplog.records] == [
        "achievements: encoding, 0 of 3",
        "achievements: words, 0 of 3",
    ]
