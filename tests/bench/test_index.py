"""The rows about the index that hold a promise of the platform, not only a comparison."""

import sys

import numpy as np
import pytest

from bench import index
from bench.index import _least_effort, memory_of_a_worker


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process's share of its memory")
def test_a_further_worker_adds_at_most_a_tenth_of_the_index():
    row = memory_of_a_worker()
    assert row["met"], row


def test_the_least_effort_that_is_good_enough_is_reported(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(index, "recall", lambda found, best, queries: found[0] / 1000)
    ms, share, effort = _least_effort(lambda query, ef: 950 + ef // 10, [], np.zeros((1, 4), np.float32))  # type: ignore[arg-type,return-value]
    assert (share, effort) == (0.99, 400)
    assert ms >= 0


@pytest.mark.parametrize("measure", index.ROWS, ids=lambda measure: measure.__name__)
def test_a_row_about_the_index_says_what_it_measures(measure):
    assert measure.__doc__
