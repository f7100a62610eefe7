"""Which seeds run: a few in every run of the suite, all of them in `make test-slow`, or the one of CRASH_SEED.

A failing test carries its seed in its name, as in `test_...[seed-117]`: CRASH_SEED=117 runs that one alone, in every test
that is drawn from a seed. What a victim does until it dies is the same every time; how PostgreSQL interleaves what two
of them do at once is not.
"""

import os

import pytest


def seeds(count: int, always: int = 2) -> pytest.MarkDecorator:
    """Give the test its `seed`: `count` of them, the first `always` in the ordinary suite too."""
    if chosen := os.environ.get("CRASH_SEED"):
        return pytest.mark.parametrize("seed", [int(chosen)], ids=[f"seed-{chosen}"])
    every = range(always + count)
    return pytest.mark.parametrize(
        "seed",
        [
            pytest.param(seed, id=f"seed-{seed}", marks=[] if seed < always else pytest.mark.slow)
            for seed in every
        ],
    )
