"""Many needs at once, ranked by as many processes as there are processors, where that is quicker than ranking them here.

The answers are those of `ranking.rank_all`. Processes and not threads: half of a search is Python. They are started anew rather
than forked, since whoever ranks a day may have threads, connections and an open index, none of which survives a fork. A
generation is mapped from its files by each of them; what of the corpus is in memory lies in one file that all of them map.
Where none can be started, or the system ends one (it needs its memory), the rest is ranked here: slower, and the same.
"""

import logging
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
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

NONE_STARTED = (OSError, ImportError, NotImplementedError)
"""What a machine without room on its disk, or without shared memory for the queues, answers."""

Block = Sequence[Encoded]
Ranked = list[list[Hit]]
Work = Callable[[Block], Ranked]

log = logging.getLogger(__name__)


def processors() -> int:
    """How many this process may use; one where the system does not say."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    return min(allowed, MOST_PROCESSES)


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
    there: Work = partial(_ranked_there, top=top, filters=filters, weights=weights)
    with _processes(corpus, min(processors(), -(-left // AT_ONCE))) as pool:
        for block, answer in _in_order(pool, there, asked):
            ranked = _answered(answer)
            yield from rank_encoded(block, corpus, top, filters, weights) if ranked is None else ranked


def _in_order(
    pool: ProcessPoolExecutor | None, work: Work, asked: Iterator[Encoded]
) -> Iterator[tuple[Block, Future[Ranked] | None]]:
    """Each block with its answer to come, no more of them ahead of whoever takes them than keeps every process at work.

    None where nobody takes it: it is to be ranked here.
    """
    running: deque[tuple[Block, Future[Ranked] | None]] = deque()
    while block := list(islice(asked, AT_ONCE)):
        running.append((block, _given(pool, work, block)))
        if len(running) > 2 * processors():
            yield running.popleft()
    yield from running


def _given(pool: ProcessPoolExecutor | None, work: Work, block: Block) -> Future[Ranked] | None:
    if pool is None:
        return None
    try:
        with _uninterrupted():  # it may start a process
            return pool.submit(work, block)
    except (BrokenProcessPool, OSError):
        return None


def _answered(answer: Future[Ranked] | None) -> Ranked | None:
    """None where the process has gone; raises what went wrong in it."""
    try:
        return None if answer is None else answer.result()
    except BrokenProcessPool:
        log.warning("a process that ranked has gone: its needs are ranked here")
        return None


@contextmanager
def _processes(corpus: Corpus, count: int) -> Iterator[ProcessPoolExecutor | None]:
    """So many of them, with the corpus; gone at the end, after the block that each is at. None where none can be started."""
    with ExitStack() as ends:
        pool = None
        try:
            file = ends.enter_context(TemporaryFile())
            hand_over(corpus, file)
            begin = partial(_begin, _Descriptor(file.fileno()))
            pool = ProcessPoolExecutor(count, get_context("spawn"), begin)
        except NONE_STARTED as error:
            log.warning("no process can be started, one ranks all: %s", error)
        else:
            ends.callback(pool.shutdown, cancel_futures=True)
        yield pool


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
