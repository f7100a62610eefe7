"""One worker whose memory is looked at: `python -m bench.worker_memory GENERATION`, in step with its siblings.

Everything but the index is loaded; when all siblings are so far it prints its MiB, then searches, and when all have
searched (a page counts by its share for each of those that map it) prints its MiB again.
"""

import gc
import json
import sys
from pathlib import Path

from bench.vectors import needs
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Document
from sky_net.matching.encoder import open_encoder
from sky_net.matching.generation import Generation
from sky_net.matching.ranking import rank

SEARCHES = 40


def proportional_mib() -> float:
    """PSS of the process: each page divided by the number of processes that map it. Linux alone tells it."""
    gc.collect()
    for line in Path("/proc/self/smaps_rollup").read_text("ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("the kernel tells no PSS")


def main(place: Path) -> None:
    """Tell, search, tell."""
    encoder, queries = open_encoder(), needs(SEARCHES)
    small = Corpus(encoder, None, [Document("1", "激光焊接", "飞溅抑制" * 20)])
    for query in queries:
        rank(query, small, 50)
    print(0, flush=True)  # ready: what the siblings load meanwhile would change the share of every page
    sys.stdin.readline()
    print(json.dumps(proportional_mib()), flush=True)
    sys.stdin.readline()
    corpus = Corpus(encoder, Generation.open(place))
    for query in queries:
        rank(query, corpus, 50)
    print(0, flush=True)
    sys.stdin.readline()
    print(json.dumps(proportional_mib()), flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
