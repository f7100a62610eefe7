"""How fast matching is without the database, beside tantivy alone: words only, one field, no vectors, no folding.

The peer does far less (it is what one gets in twenty lines), so the ratio is the price of a better order.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.offers import Mixer
from demo import catalogue
from sky_net.matching.batch import catalogue as catalogue_in_memory
from sky_net.matching.batch import match_all
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Document, Query
from sky_net.matching.encoder import open_encoder
from sky_net.matching.entries import Entry
from sky_net.matching.generation import Generation, build
from sky_net.matching.ranking import rank

BATCH_WITHIN_S = 5.0
COLD_WITHIN_S = 2.0
QUERY_WITHIN_MS = 10.0
_REPEATS = 3

# What anyone would write first; also run as a program of its own, so it imports nothing of ours.
_PEER = """
import json, sys
import rjieba, tantivy

def index_of(texts):
    schema = tantivy.SchemaBuilder().add_text_field("text", tokenizer_name="whitespace", index_option="freq").build()
    index = tantivy.Index(schema)
    writer = index.writer(num_threads=1)
    for text in texts:
        writer.add_document(tantivy.Document(text=" ".join(rjieba.cut_for_search(text))))
    writer.commit()
    index.reload()
    return schema, index.searcher()

def best(schema, searcher, text, top):
    terms = [tantivy.Query.term_query(schema, "text", word, "freq") for word in set(rjieba.cut_for_search(text)) if word.strip()]
    should = [(tantivy.Occur.Should, term) for term in terms]
    return searcher.search(tantivy.Query.boolean_query(should), top, count=False).hits

if __name__ == "__main__":
    needs, achievements = ([json.loads(line) for line in open(path, encoding="utf-8")] for path in sys.argv[1:])
    held = index_of([entry["title"] + entry["description"] for entry in achievements])
    for need in needs:
        for score, address in best(*held, need["title"] + need["description"], 10):
            print(need["id"], achievements[address.doc]["id"], score)
"""


def batch_3758x40() -> dict[str, object]:
    """Seconds to prepare 3,758 achievements and rank them for 40 needs, everything imported and the model loaded."""
    return _batch("match: batch of 40 needs × 3,758 achievements, once started", 40, 3_758)


def batch_40x3758() -> dict[str, object]:
    """The same the other way round: 3,758 needs against 40 achievements."""
    return _batch("match: batch of 3,758 needs × 40 achievements, once started", 3_758, 40)


def cold_start_match() -> dict[str, object]:
    """Seconds of a whole `sanwang match` process for ten needs and the demo catalogue, Python's own start included."""
    needs = [_entry(entry.key, entry.raw["title"], entry.raw["problem"]) for entry in catalogue.needs()[:10]]
    offers = [
        _entry(entry.key, entry.raw["title"], entry.raw["summary"]) for entry in catalogue.achievements()
    ]
    with tempfile.TemporaryDirectory() as folder:
        files = [
            _lines(Path(folder) / f"{number}.jsonl", part) for number, part in enumerate((needs, offers))
        ]
        ours = [sys.executable, "-m", "sanwang.cli", "match", "--needs", files[0], "--achievements", files[1]]
        peer = [sys.executable, "-c", _PEER, *files]
        seconds = _fastest(lambda: _process(ours)), _fastest(lambda: _process(peer))
    return _row("match: cold start, ten needs × demo catalogue", *seconds, COLD_WITHIN_S, "s")


def one_query_10k() -> dict[str, object]:
    """Milliseconds of one need, warm, top 20 of a generation of 10,000, no filter: the mean over 40 needs."""
    draw = Mixer()
    offers = [
        Document(f"A{number:05d}", each["title"], each["summary"])
        for number, each in enumerate(draw.offers(10_000))
    ]
    queries = [Query(each["title"], each["problem"]) for each in draw.needs(40)]
    encoder = open_encoder()
    peer = tantivy_alone()
    held = peer["index_of"]([each.title + each.body for each in offers])
    with tempfile.TemporaryDirectory() as folder:
        build(offers, encoder, Path(folder) / "generation")
        corpus = Corpus(encoder, Generation.open(Path(folder) / "generation"))
        ours = _fastest(lambda: [rank(query, corpus, 20) for query in queries])
        theirs = _fastest(lambda: [peer["best"](*held, query.title + query.body, 20) for query in queries])
    each = 1000 / len(queries)
    return _row("match: one query, top 20 of 10,000", ours * each, theirs * each, QUERY_WITHIN_MS, "ms")


def _batch(name: str, needs_count: int, offers_count: int) -> dict[str, object]:
    draw = Mixer()
    offers = [
        _entry(f"A{number:05d}", each["title"], each["summary"])
        for number, each in enumerate(draw.offers(offers_count))
    ]
    needs = [
        _entry(f"N{number:05d}", each["title"], each["problem"])
        for number, each in enumerate(draw.needs(needs_count))
    ]
    encoder = open_encoder()
    peer = tantivy_alone()

    def ours() -> None:
        found = match_all(needs, catalogue_in_memory(offers, encoder), 10)
        if sum(len(hits) for _, hits in found) != needs_count * 10:
            raise AssertionError("every need has ten rows")

    def theirs() -> None:
        held = peer["index_of"]([each.title + each.description for each in offers])
        for need in needs:
            peer["best"](*held, need.title + need.description, 10)

    return _row(name, _fastest(ours), _fastest(theirs), BATCH_WITHIN_S, "s")


def _entry(identifier: str, title: str, description: str) -> Entry:
    return Entry(identifier, title, description)


def _lines(path: Path, entries: Sequence[Entry]) -> str:
    lines = [{"id": each.id, "title": each.title, "description": each.description} for each in entries]
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    return str(path)


def tantivy_alone() -> dict[str, Any]:
    """The peer, as a module: `index_of(texts)` and `best(schema, searcher, text, top)`."""
    defined: dict[str, Any] = {"__name__": "peer"}
    exec(compile(_PEER, "peer", "exec"), defined)  # noqa: S102 (the constant above, here as a module, there as a program)
    return defined


def _process(command: list[str]) -> None:
    platform = Path(__file__).parents[1] / "platform"
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONPATH": str(platform)})


def _fastest(work: Callable[[], object]) -> float:
    """Seconds of the fastest run."""
    seconds = []
    for _ in range(_REPEATS):
        begun = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun)
    return min(seconds)


def _row(name: str, ours: float, peer: float, goal: float, unit: str) -> dict[str, object]:
    return {
        "name": name,
        "ours": round(ours, 3),
        "anchor": round(peer, 3),
        "anchor_version": f"tantivy {version('tantivy')} alone, rjieba {version('rjieba')} words",
        "ratio": round(ours / peer, 2),
        "goal": f"< {goal:g} {unit}",
        "met": ours < goal,
        "unit": unit,
    }


ROWS: list[Callable[[], dict[str, object]]] = [batch_3758x40, batch_40x3758, cold_start_match, one_query_10k]
