"""Generations are made by one process at a time, named in one transaction, and cleared away when nobody needs them."""

import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backbone.db import Database
from sky_net.achievements.models import Achievement
from sky_net.matching import engine as engines
from sky_net.matching import generation
from sky_net.matching.building import GRACE, build
from sky_net.matching.engine import Engine
from sky_net.matching.models import SearchGeneration
from sky_net.matching.sources import ACHIEVEMENTS, NEEDS, SOURCES
from tests.factories.achievements import an_achievement
from tests.factories.matching import TODAY, an_engine, found
from tests.factories.needs import a_need

pytestmark = pytest.mark.postgres

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
LASER = "紫铜激光焊接飞溅抑制"
ROOT = Path(__file__).resolve().parents[3]


def offers(database: Database, count: int) -> list[str]:
    with database.transaction() as session:
        return sorted(str(an_achievement(session, title=LASER, summary=LASER).id) for _ in range(count))


def build_at(database: Database, engine: Engine, now: datetime) -> SearchGeneration:
    with database.transaction() as session:
        made = build(session, engine, ACHIEVEMENTS, TODAY, now=now)
    assert made is not None
    return made


def folders(engine: Engine) -> set[str]:
    return {path.name for path in next(engine.root.glob("*/achievements")).iterdir()}


def test_a_build_names_one_generation_current(committed_database: Database, engine: Engine):
    offers(committed_database, 3)
    first = build_at(committed_database, engine, NOW)
    second = build_at(committed_database, engine, NOW + timedelta(minutes=1))
    with committed_database.transaction() as session:
        rows = {row.name: row for row in session.scalars(select(SearchGeneration))}
    assert rows[first.name].retired_at == NOW + timedelta(minutes=1)
    assert rows[second.name].retired_at is None
    assert rows[second.name].documents == 3
    assert folders(engine) == {first.name, second.name}, "a process may be about to open the first"


def test_a_build_holds_what_may_be_found_and_nothing_else(committed_database: Database, engine: Engine):
    with committed_database.transaction() as session:
        good = an_achievement(session)
        an_achievement(session, state="hidden")
        an_achievement(session, secrecy="internal")
        an_achievement(session, valid_until_on=TODAY - timedelta(days=1))
    made = build_at(committed_database, engine, NOW)
    opened = generation.Generation.open(next(engine.root.rglob(made.name)), made.checksum)
    assert list(opened.roster.ids) == [str(good.id)]
    assert list(opened.roster.owners) == [str(good.institute_id)]


def test_an_empty_catalogue_can_be_built(committed_database: Database, engine: Engine):
    assert build_at(committed_database, engine, NOW).documents == 0
    written = offers(committed_database, 1)
    with committed_database.transaction() as session:
        assert found(session, engine, LASER) == written


def test_each_source_has_its_own_generation(committed_database: Database, engine: Engine):
    offers(committed_database, 2)
    with committed_database.transaction() as session:
        a_need(session, state="confirmed", visibility="public")
    for source in SOURCES.values():
        with committed_database.transaction() as session:
            build(session, engine, source, TODAY, now=NOW)
    with committed_database.transaction() as session:
        made = {row.source: row.documents for row in session.scalars(select(SearchGeneration))}
    assert made == {"achievements": 2, "needs": 1}


def test_only_one_process_builds_a_source(committed_database: Database, engine: Engine, tmp_path: Path):
    offers(committed_database, 1)
    with committed_database.transaction() as session:
        assert build(session, engine, ACHIEVEMENTS, TODAY, now=NOW) is not None
        with committed_database.transaction() as other:
            assert build(other, an_engine(tmp_path / "b"), ACHIEVEMENTS, TODAY, now=NOW) is None
            assert build(other, an_engine(tmp_path / "b"), NEEDS, TODAY, now=NOW) is not None


def test_a_failed_build_leaves_the_current_one(
    committed_database: Database, engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    ids = offers(committed_database, 2)
    current = build_at(committed_database, engine, NOW)

    def full_disk(*_: object) -> str:
        raise OSError("no space left on device")

    monkeypatch.setattr(generation, "build", full_disk)
    with pytest.raises(OSError, match="no space"), committed_database.transaction() as session:
        build(session, engine, ACHIEVEMENTS, TODAY, now=NOW)
    with committed_database.transaction() as session:
        searchable = engine.projection(ACHIEVEMENTS).searchable(session, TODAY)
        assert searchable.generation == current.name
        assert found(session, engine, LASER) == ids


def test_files_of_retired_and_abandoned_generations_are_removed_after_the_grace(
    committed_database: Database, engine: Engine
):
    offers(committed_database, 1)
    first = build_at(committed_database, engine, NOW)
    second = build_at(committed_database, engine, NOW)
    folder = next(engine.root.glob("*/achievements"))
    draft, young = folder / ".20260310T000000-killed.x", folder / ".20260310T000001-killed.y"
    draft.mkdir()
    young.mkdir()
    long_ago = time.time() - GRACE.total_seconds() - 60
    for path in folder.iterdir():
        if path != young:
            os.utime(path, (long_ago, long_ago))
    third = build_at(committed_database, engine, NOW + GRACE + timedelta(minutes=1))
    assert folders(engine) == {second.name, third.name, young.name}
    with committed_database.transaction() as session:
        assert first.name not in set(session.scalars(select(SearchGeneration.name)))


def test_databases_that_share_a_folder_leave_each_other_alone(
    committed_database: Database, session: Session, engine: Engine
):
    offers(committed_database, 1)
    made = build_at(committed_database, engine, NOW)
    os.utime(next(engine.root.rglob(made.name)), (0, 0))
    an_achievement(session)
    build(session, engine, ACHIEVEMENTS, TODAY, now=NOW)
    assert next(engine.root.rglob(made.name)).is_dir()


KILLED_IN_THE_MIDDLE = """
import os, signal, sys
from datetime import date
from pathlib import Path
from backbone import db
from backbone.db import Database
from backbone.settings import Settings
from sky_net.matching import building, engine, generation, ordering

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

where, url, var = sys.argv[1:]
db.bind(Database(url))
engine.configure(Settings(database_url=url, var_dir=Path(var)))
if where == "files":
    generation.write_vectors = die
else:
    building.sweep = die
ordering.build_generation("achievements", "2026-03-10")
"""


@pytest.mark.slow
@pytest.mark.parametrize("where", ["files", "commit"])
def test_a_build_killed_on_the_way_leaves_the_old_one_and_the_next_succeeds(
    committed_database: Database, tmp_path: Path, where: str
):
    engine = an_engine(tmp_path / engines.FOLDER)
    ids = offers(committed_database, 2)
    before = build_at(committed_database, engine, NOW)
    ids = sorted(ids + offers(committed_database, 1))
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_IN_THE_MIDDLE, where, committed_database.url, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": str(ROOT / "platform")},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert len(folders(engine)) == 2, "it had begun to write"
    with committed_database.transaction() as session:
        searchable = engine.projection(ACHIEVEMENTS).searchable(session, TODAY)
        assert searchable.generation == before.name
        assert found(session, engine, LASER) == ids
    after = build_at(committed_database, engine, NOW)
    assert after.documents == 3
    with committed_database.transaction() as session:
        assert engine.projection(ACHIEVEMENTS).searchable(session, TODAY).generation == after.name
        assert found(session, engine, LASER) == ids


def test_a_process_keeps_searching_with_files_that_were_removed_under_it(
    committed_database: Database, engine: Engine
):
    ids = offers(committed_database, 2)
    made = build_at(committed_database, engine, NOW)
    with committed_database.transaction() as session:
        assert found(session, engine, LASER) == ids
    shutil.rmtree(next(engine.root.rglob(made.name)))
    with committed_database.transaction() as session:
        session.execute(update(Achievement).where(Achievement.id == ids[0]).values(state="hidden"))
    with committed_database.transaction() as session:
        assert found(session, engine, LASER) == ids[1:]
