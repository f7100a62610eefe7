"""Search = brute force over the committed, visible rows, whatever was written, built, killed or lost in whatever order.

Brute force reads every visible row from the table and scores it by itself; of the index it takes only the statistics,
which are what a score is measured by. Three processes are asked after every step: two on one machine, and one on a
machine that has none of the files.
"""

import os
import shutil
import tempfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backbone.db import Database
from sky_net.achievements.models import Achievement
from sky_net.matching import building, encoding, generation
from sky_net.matching.blend import WEIGHTS, clauses
from sky_net.matching.building import GRACE, build, build_apart
from sky_net.matching.encoder import Encoder, halved
from sky_net.matching.engine import Engine
from sky_net.matching.meaning import document_vectors, query_vectors
from sky_net.matching.models import SearchBuild, SearchGeneration
from sky_net.matching.port import Searchable
from sky_net.matching.postings import Postings
from sky_net.matching.ranking import Query
from sky_net.matching.search import find, findable_among
from sky_net.matching.sources import ACHIEVEMENTS
from sky_net.matching.terms import FIELDS, document_terms
from tests.factories.achievements import an_achievement
from tests.factories.directory import an_institute
from tests.factories.matching import TODAY
from tests.sky_net.matching.conftest import ASPECTS, EFFECTS, SUBJECTS

pytestmark = pytest.mark.postgres

EVERYTHING = 500
QUERIES = [
    Query("激光焊接飞溅抑制"),
    Query("动力电池热失控预警", "低温启动，能耗下降三成"),
    Query("脑电采集"),
]
titles = st.tuples(st.sampled_from(SUBJECTS), st.sampled_from(ASPECTS)).map("".join)
summaries = st.lists(st.sampled_from([*EFFECTS, *SUBJECTS]), max_size=3).map("，".join)


MOST_OPEN = 6
"""Transactions open at a time: each holds a connection, of which an application has fifteen."""


class Killed(BaseException):
    """The process ends here: no clean-up runs."""


def brute_force(session: Session, searched: Searchable, encoder: Encoder, query: Query) -> dict[str, float]:
    """Score by id of every visible row."""
    visible = session.execute(
        select(Achievement.id, *ACHIEVEMENTS.columns).where(ACHIEVEMENTS.is_findable(TODAY))
    )
    documents = [ACHIEVEMENTS.document(row) for row in visible]
    if not documents:
        return {}
    corpus = searched.corpus
    averages = {field: corpus.statistics.average_length(field) for field in FIELDS}  # type: ignore[attr-defined]
    asked = clauses(query, corpus.statistics, WEIGHTS, corpus.changes)
    words = Postings([document_terms(each) for each in documents], averages).scores(asked)
    meaning = halved(document_vectors(documents, encoder)) @ query_vectors([query], encoder)[0]
    scores = words + WEIGHTS.dense * np.clip(meaning, 0, 1)
    return {each.id: float(score) for each, score in zip(documents, scores, strict=True)}


class Catalogue(RuleBasedStateMachine):
    database: Database
    encoder: Encoder

    rows = Bundle("rows")
    pending = Bundle("pending")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.now = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
        self.held: dict[str, str] = {}
        with self.database.transaction() as session:
            session.execute(delete(Achievement))
            session.execute(delete(SearchGeneration))
            session.execute(delete(SearchBuild))
            self.institute = an_institute(session)
        self.restart()
        self.open_ones: list[Session] = []

    def teardown(self) -> None:
        for session in self.open_ones:
            session.rollback()
            session.close()
        shutil.rmtree(self.folder)

    def engine(self, machine: str = "here") -> Engine:
        return Engine(self.folder / machine, lambda: self.encoder)

    def write(self, row: str, **values: object) -> None:
        with self.database.transaction() as session:
            session.execute(update(Achievement).where(Achievement.id == row).values(**values))

    @initialize(target=rows, count=st.integers(0, 4))
    def some_rows(self, count: int):
        return multiple(
            *(self.insert(SUBJECTS[number], "能耗下降三成", "visible") for number in range(count))
        )

    @rule(
        target=rows, title=titles, summary=summaries, state=st.sampled_from(["visible", "visible", "hidden"])
    )
    def insert(self, title: str, summary: str, state: str) -> str:
        with self.database.transaction() as session:
            row = an_achievement(
                session, institute=self.institute, title=title, summary=summary or title, state=state
            )
            return str(row.id)

    @rule(row=rows, title=titles)
    def reword(self, row: str, title: str) -> None:
        self.write(row, title=title)

    @rule(row=rows, state=st.sampled_from(["hidden", "withdrawn", "visible"]))
    def hide_or_show(self, row: str, state: str) -> None:
        self.write(row, state=state)

    @rule(row=rows)
    def expire(self, row: str) -> None:
        self.write(row, valid_until_on=TODAY - timedelta(days=1))

    @rule(row=consumes(rows))
    def delete(self, row: str) -> None:
        with self.database.transaction() as session:
            session.execute(delete(Achievement).where(Achievement.id == row))

    @precondition(lambda self: sum(each.in_transaction() for each in self.open_ones) < MOST_OPEN)
    @rule(target=pending, title=titles, taken=st.one_of(st.none(), consumes(rows)))
    def begin_writing(self, title: str, taken: str | None) -> tuple[Session, str]:
        """A transaction that stays open: it inserts a row, or rewrites one that nobody else writes meanwhile."""
        late = self.database.sessions()
        self.open_ones.append(late)
        if taken is None:
            return late, str(an_achievement(late, institute=self.institute, title=title, summary=title).id)
        late.execute(update(Achievement).where(Achievement.id == taken).values(title=title, state="visible"))
        return late, taken

    @rule(target=rows, transaction=consumes(pending))
    def commit_late(self, transaction: tuple[Session, str]) -> str:
        transaction[0].commit()
        return transaction[1]

    @rule(target=rows, transaction=consumes(pending))
    def commit_after_a_compaction(self, transaction: tuple[Session, str]) -> str:
        """It began before the snapshot was taken, and is not in it."""
        self.compact()
        return self.commit_late(transaction)

    @rule(transaction=consumes(pending))
    def roll_back_late(self, transaction: tuple[Session, str]) -> None:
        transaction[0].rollback()

    @rule()
    def compact(self) -> None:
        with self.database.transaction() as session:
            build(session, self.engine(), ACHIEVEMENTS, TODAY, now=self.now)

    @rule(phase=st.sampled_from(["encoding", "words", "naming"]))
    def be_killed_while_compacting(self, phase: str) -> None:
        def watch(at: str, done: int, total: int) -> None:
            if at == phase and done:
                raise Killed

        with (
            mock.patch.object(generation.shutil, "rmtree"),
            mock.patch.object(building, "name_current", side_effect=Killed)
            if phase == "naming"
            else mock.MagicMock(),
            suppress(Killed),
        ):
            build_apart(self.engine(), ACHIEVEMENTS, TODAY, watch)

    @rule()
    def wait_until_debris_is_swept(self) -> None:
        self.now += GRACE * 2
        long_ago = datetime.now(UTC).timestamp() - 3 * GRACE.total_seconds()
        for path in self.folder.rglob("achievements/*"):
            os.utime(path, (long_ago, long_ago))

    @rule()
    def lose_the_files(self) -> None:
        for path in self.folder.glob("*/*/achievements/*"):
            shutil.rmtree(path)

    @rule()
    def restart(self) -> None:
        self.processes = [self.engine(), self.engine(), self.engine("elsewhere")]

    @invariant()
    def every_process_finds_what_brute_force_finds(self) -> None:
        with self.database.transaction() as session:
            for process in self.processes:
                searched = process.projection(ACHIEVEMENTS).searchable(session, TODAY)
                for query in QUERIES:
                    hits = find(
                        searched,
                        query,
                        lambda ids: findable_among(session, ACHIEVEMENTS, ids, TODAY),
                        EVERYTHING,
                    )
                    scores = [hit.score for hit in hits]
                    assert scores == sorted(scores, reverse=True)
                    assert {hit.document_id: hit.score for hit in hits} == pytest.approx(
                        brute_force(session, searched, self.encoder, query), abs=3e-6
                    )


def check(
    database: Database, encoder: Encoder, monkeypatch: pytest.MonkeyPatch, examples: int, steps: int
) -> None:
    monkeypatch.setattr(encoding, "BLOCK", 2)
    monkeypatch.setattr(
        "sky_net.matching.projection.ENOUGH_FOR_A_GENERATION", 10**6
    )  # nothing is ordered here
    # A failure is not shrunk: each step asks a real database nine times, and the steps are printed anyway.
    machine = type("Catalogue", (Catalogue,), {"database": database, "encoder": encoder})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None,
            suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.reuse, Phase.generate],
        ),
    )  # fmt: skip


def test_search_is_brute_force(
    committed_database: Database, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
):
    check(committed_database, encoder, monkeypatch, examples=4, steps=15)


@pytest.mark.slow
def test_search_is_brute_force_at_length(
    committed_database: Database, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
):
    check(committed_database, encoder, monkeypatch, examples=30, steps=40)
