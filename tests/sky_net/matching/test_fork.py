"""Workers are forked before anything is opened; one that inherits an open index says so instead of hanging."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backbone.db import Database
from sky_net.matching import engine as engines
from sky_net.matching.building import build
from sky_net.matching.sources import ACHIEVEMENTS
from tests.factories.achievements import an_achievement
from tests.factories.matching import TODAY, an_engine

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[3]
LASER = "紫铜激光焊接飞溅抑制"

FORKING = """
import os, sys
from datetime import date
from pathlib import Path
import sanwang.models
from backbone.db import Database
from backbone.settings import Settings
from sky_net.matching import engine as engines
from sky_net.matching.ranking import Query, rank
from sky_net.matching.sources import ACHIEVEMENTS

order, url, var = sys.argv[1:]
engines.configure(Settings(database_url=url, var_dir=Path(var)))

def search():
    database = Database(url)
    with database.transaction() as session:
        found = engines.engine().projection(ACHIEVEMENTS).searchable(session, date(2026, 3, 10))
        assert found.generation is not None
        for _ in range(20):
            assert len(rank(Query("紫铜激光焊接飞溅抑制" * 9), found.corpus, 5)) == 5
    engines.engine().encoder.encode(["激光焊接"] * 500)
    database.close()

if order == "search first":
    search()
children = []
for _ in range(3):
    child = os.fork()
    if child == 0:
        try:
            search()
        except RuntimeError as refused:
            print(refused, file=sys.stderr, flush=True)
            os._exit(7)
        except BaseException as error:
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    children.append(child)
print(sorted(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children))
"""


def forked(database: Database, var: Path, order: str) -> subprocess.CompletedProcess[str]:
    with database.transaction() as session:
        for number in range(8):
            an_achievement(session, title=f"{LASER}{number}", summary=LASER)
    with database.transaction() as session:
        build(
            session,
            an_engine(var / engines.FOLDER),
            ACHIEVEMENTS,
            TODAY,
            now=datetime(2026, 3, 10, tzinfo=UTC),
        )
    return subprocess.run(
        [sys.executable, "-c", FORKING, order, database.url, str(var)],
        env=os.environ | {"PYTHONPATH": str(ROOT / "platform")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_children_of_a_process_that_has_opened_nothing_all_search(
    committed_database: Database, tmp_path: Path
):
    ran = forked(committed_database, tmp_path, "fork first")
    assert ran.stdout.strip() == "[0, 0, 0]", ran.stderr


def test_a_child_of_a_process_that_has_searched_is_refused(committed_database: Database, tmp_path: Path):
    ran = forked(committed_database, tmp_path, "search first")
    assert ran.stdout.strip() == "[7, 7, 7]", ran.stderr
    assert "without preloading" in ran.stderr
