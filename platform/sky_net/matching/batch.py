"""All needs against all achievements without a server, by the same ranking as everywhere else; the answer as CSV."""

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Document, Hit, Query
from sky_net.matching.encoder import Encoder
from sky_net.matching.entries import Entry
from sky_net.matching.spreading import rank_spread

HEADER = ("need_id", "achievement_id", "rank", "score")


def catalogue(achievements: Sequence[Entry], encoder: Encoder) -> Corpus:
    """The achievements in memory, ready to be searched."""
    return Corpus(
        encoder, None, [Document(entry.id, entry.title, entry.description) for entry in achievements]
    )


def match_all(needs: Sequence[Entry], corpus: Corpus, top: int) -> Iterator[tuple[str, list[Hit]]]:
    """Each need's id with its min(top, catalogue) best achievements, in the order of the needs."""
    ranked = rank_spread((Query(need.title, need.description) for need in needs), corpus, top)
    return ((need.id, hits) for need, hits in zip(needs, ranked, strict=True))


def write_matches(matches: Iterable[tuple[str, list[Hit]]], file: TextIO) -> None:
    """Header and one row per hit; ranks count from 1, scores have six decimals."""
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(HEADER)
    for need_id, hits in matches:
        rows.writerows(
            (need_id, hit.document_id, place, f"{hit.score:.6f}") for place, hit in enumerate(hits, 1)
        )


@contextmanager
def replaced(path: Path) -> Iterator[TextIO]:
    """A file to write that takes the place of `path` when all went well and leaves nothing behind when not.

    Something at `path` that is no ordinary file (a pipe, /dev/null) is written to as it is. OSError when the
    folder is missing or may not be written to.
    """
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8", newline="") as file:
            yield file
        return
    target = path.resolve()  # a link keeps pointing where it points
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with draft.open("w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
