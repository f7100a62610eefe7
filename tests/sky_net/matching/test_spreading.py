"""Several processes rank as one does; they start only where they are worth it, and none outlives its use."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from sky_net.matching import spreading
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Document, Filters, Query
from sky_net.matching.generation import Generation, build
from sky_net.matching.ranking import rank_all
from sky_net.matching.spreading import rank_spread

QUERIES = [
    Query(f"激光焊接飞溅抑制{number}" if number % 3 else "光纤传感", "误报次数太多" * (number % 5))
    for number in range(230)
]
PLATFORM = Path(__file__).resolve().parents[3] / "platform"


@pytest.fixture
def worth_it(monkeypatch) -> None:
    """Two processes however little there is to do."""
    monkeypatch.setattr(spreading, "WORTH_S", 0.0)
    monkeypatch.setattr(spreading, "processors", lambda: 2)


@pytest.fixture(scope="module")
def generation(tmp_path_factory, documents, encoder) -> Generation:
    place = tmp_path_factory.mktemp("spread") / "generation"
    build(documents[:250], encoder, place)
    return Generation.open(place)


@pytest.fixture(
    params=[
        pytest.param("in memory", marks=pytest.mark.slow),
        pytest.param("a generation", marks=pytest.mark.slow),
        "a generation and what changed since",
    ]
)
def corpus(request, documents, encoder, generation) -> Corpus:
    if request.param == "in memory":
        return Corpus(encoder, None, documents)
    if request.param == "a generation":
        return Corpus(encoder, generation)
    earlier = Corpus(encoder, generation, documents[240:270], {documents[3].id})
    changed = [Document(documents[240].id, "激光焊接", "另一种方法"), *documents[241:300]]
    return Corpus(encoder, generation, changed, {documents[3].id}, earlier)


def workers() -> list[psutil.Process]:
    """Processes that rank, of whatever else this one has started."""
    children = psutil.Process().children(recursive=True)
    return [child for child in children if "spawn_main" in " ".join(child.cmdline())]


def test_several_processes_rank_as_one_does_and_in_order(corpus, worth_it):
    for asked in ({}, {"filters": Filters((frozenset({"industry:1", "industry:2"}),))}):
        assert list(rank_spread(QUERIES, corpus, 7, **asked)) == list(rank_all(QUERIES, corpus, 7, **asked))
    assert workers() == []


def test_a_batch_that_is_ranked_before_a_process_is_there_starts_none(corpus, monkeypatch):
    monkeypatch.setattr(spreading, "processors", lambda: 2)
    monkeypatch.setattr(spreading, "ProcessPoolExecutor", None)
    assert list(rank_spread(QUERIES, corpus, 7)) == list(rank_all(QUERIES, corpus, 7))
    assert list(rank_spread([], corpus, 7)) == []


def test_one_processor_starts_no_process(corpus, worth_it, monkeypatch):
    monkeypatch.setattr(spreading, "processors", lambda: 1)
    monkeypatch.setattr(spreading, "ProcessPoolExecutor", None)
    assert list(rank_spread(QUERIES, corpus, 7)) == list(rank_all(QUERIES, corpus, 7))


def test_this_process_may_use_a_processor():
    assert 1 <= spreading.processors() <= (os.cpu_count() or 1)


def test_fewer_than_one_hit_cannot_be_asked_for(encoder):
    for queries in (QUERIES, []):
        with pytest.raises(ValueError, match="at least 1"):
            list(rank_spread(queries, Corpus(encoder), 0))


@pytest.mark.slow
def test_an_error_in_a_process_comes_up_as_itself(tmp_path, documents, encoder, worth_it):
    build(documents, encoder, tmp_path / "generation")
    corpus = Corpus(encoder, Generation.open(tmp_path / "generation"))
    (tmp_path / "generation" / "manifest.json").unlink()
    with pytest.raises(FileNotFoundError, match="manifest"):
        list(rank_spread(QUERIES, corpus, 7))
    (tmp_path / "generation" / "manifest.json").write_text("{}")
    with pytest.raises(ValueError, match="no longer the generation"):
        list(rank_spread(QUERIES, corpus, 7))
    assert workers() == []


@pytest.mark.parametrize("where", ["TemporaryFile", "ProcessPoolExecutor"])
def test_where_no_process_can_be_started_one_ranks_all(generation, encoder, worth_it, monkeypatch, where):
    def refused(*_, **__):
        raise OSError("no shared memory")

    monkeypatch.setattr(spreading, where, refused)
    corpus = Corpus(encoder, generation)
    assert list(rank_spread(QUERIES, corpus, 7)) == list(rank_all(QUERIES, corpus, 7))


@pytest.mark.slow
def test_what_a_killed_process_was_at_is_ranked_here(generation, encoder, worth_it):
    corpus, queries = Corpus(encoder, generation), QUERIES * 9
    ranked = rank_spread(queries, corpus, 7)
    hits = [next(ranked) for _ in range(spreading.AT_ONCE + 1)]
    for each in workers():
        each.kill()
    assert [*hits, *ranked] == list(rank_all(queries, corpus, 7))
    assert workers() == []


def test_whoever_has_enough_leaves_no_process_behind(generation, encoder, worth_it):
    ranked = rank_spread(QUERIES * 9, Corpus(encoder, generation), 7)
    for _ in range(spreading.AT_ONCE + 1):
        next(ranked)
    assert workers()
    ranked.close()
    assert workers() == []


RANKING = """
import sys
from pathlib import Path
from sky_net.matching import spreading
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Query
from sky_net.matching.encoder import open_encoder
from sky_net.matching.generation import Generation

model, place = map(Path, sys.argv[1:])
spreading.WORTH_S, spreading.processors = 0.0, lambda: 2
corpus = Corpus(open_encoder(model), Generation.open(place))
for number, _ in enumerate(spreading.rank_spread([Query("激光焊接飞溅抑制")] * 1_000_000, corpus, 7)):
    if number == spreading.AT_ONCE:
        print("ranking", flush=True)
"""


@pytest.fixture
def ranking(model_folder, generation):
    """A process whose processes rank, and its whole family."""
    started = subprocess.Popen(
        [sys.executable, "-c", RANKING, str(model_folder), str(generation.directory)],
        env=os.environ | {"PYTHONPATH": str(PLATFORM)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert started.stdout
    assert started.stdout.readline() == "ranking\n"
    family = psutil.Process(started.pid).children(recursive=True)
    assert len(family) >= 2
    yield started, family
    started.kill()
    started.communicate()


def gone(family: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(family, timeout=20)
    return not alive


@pytest.mark.slow
def test_processes_end_with_one_that_was_killed(ranking):
    started, family = ranking
    started.kill()
    assert gone(family)


@pytest.mark.slow
def test_ctrl_c_ends_all_of_them_and_one_tells_of_it(ranking):
    started, family = ranking
    begun = time.monotonic()
    os.killpg(started.pid, signal.SIGINT)
    _, told = started.communicate(timeout=20)
    assert gone(family)
    assert time.monotonic() - begun < 20
    assert told.count("KeyboardInterrupt") == 1
    assert started.returncode == -signal.SIGINT
