"""Many needs at once, ranked by as many processes as there are processors, where that is quicker than ranking them here.

The answers are those of `ranking.rank_all`. Processes and not threads: half of a search is Python. They are started anew rather
than forked, since whoever ranks a day may have threads, connections and an open index, none of which survives a fork. A
generation is mapped from its files by each of them; what of the corpus is in memory lies in one file that all of them map.
"""

import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache, partial
from itertools import islice
from multiprocessing import get_context, parent_process
from multiprocessing.reduction import DupFd
from tempfile import TemporaryFile
from threading import Thread
from typing import Any

from sky_net.matching.blend import WEIGHTS, Weights
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Filters, Hit, Query
from sky_net.matching.handing_over import hand_over, take_over
from sky_net.matching.ranking import Encoded, encoded, rank_encoded

WORTH_S = 5.0
"""Seconds that ranking the rest here must take to be worth the processes: they are there after 1.5."""
AT_ONCE = 64
"""Queries that a process is given at a time; so many are ranked here first, to see how long one takes."""
MOST_PROCESSES = 32
"""Each takes some 90 MB, and its share of the dictionaries of a corpus in memory."""

Block = Sequence[Encoded]
Ranked = list[list[Hit]]


def processors() -> int:
    """How many this process may use."""
    return min(len(os.sched_getaffinity(0)), MOST_PROCESSES)


def rank_spread(
    queries: Iterable[Query],
    corpus: Corpus,
    top: int,
    filters: Filters | None = None,
    weights: Weights = WEIGHTS,
) -> Iterator[list[Hit]]:
    """`ranking.rank_all`, hits and order; what goes wrong in a process is raised here."""
    waiting = list(queries)
    asked = encoded(waiting, corpus.encoder)
    first = list(islice(asked, AT_ONCE))
    begun = time.monotonic()
    here = list(rank_encoded(first, corpus, top, filters, weights))
    seconds = time.monotonic() - begun
    yield from here
    left = len(waiting) - len(first)
    if not left:
        return
    if processors() < 2 or seconds / len(first) * left < WORTH_S:
        yield from rank_encoded(asked, corpus, top, filters, weights)
        return
    work = partial(_ranked_there, top=top, filters=filters, weights=weights)
    with _processes(corpus, min(processors(), -(-left // AT_ONCE))) as pool:
        for hits in _in_order(pool, work, asked):
            yield from hits


def _in_order(
    pool: ProcessPoolExecutor, work: Callable[[Block], Ranked], asked: Iterator[Encoded]
) -> Iterator[Ranked]:
    """The answers to each block, no more of them ahead of whoever takes them than keeps every process at work."""
    running: deque[Future[Ranked]] = deque()
    while block := list(islice(asked, AT_ONCE)):
        with _uninterrupted():  # it may start a process
            running.append(pool.submit(work, block))
        if len(running) > 2 * processors():
            yield running.popleft().result()
    while running:
        yield running.popleft().result()


@contextmanager
def _processes(corpus: Corpus, count: int) -> Iterator[ProcessPoolExecutor]:
    """So many of them, with the corpus; gone at the end, after the block that each is at."""
    with TemporaryFile() as file:
        hand_over(corpus, file)
        begin = partial(_begin, _Descriptor(file.fileno()))
        pool = ProcessPoolExecutor(count, get_context("spawn"), begin)
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """A process that is started meanwhile takes no notice of Ctrl-C, which reaches every process of a terminal: this one ends it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Descriptor:
    """Of an open file; a process that is started with it gets its own, as a number."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __reduce__(self) -> tuple[Callable[[Any], int], tuple[Any]]:
        return _received, (DupFd(self._number),)


def _received(duplicate: Any) -> int:
    return int(duplicate.detach())


# What follows runs in a process that was started for it.

_shared: list[int] = []
"""The descriptor of the file that holds the corpus."""


def _begin(shared: Any) -> None:
    """`shared` was a `_Descriptor` and has arrived as a number."""
    Thread(target=_end_with_parent, daemon=True).start()
    _shared.append(shared)


def _end_with_parent() -> None:
    """A parent that was killed cannot end anybody."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@cache
def _corpus() -> Corpus:
    """Not opened in `_begin`, of whose errors one learns no more than that there was one."""
    corpus: Corpus = take_over(_shared[0])
    return corpus


def _ranked_there(block: Block, top: int, filters: Filters | None, weights: Weights) -> Ranked:
    return list(rank_encoded(block, _corpus(), top, filters, weights))
