"""Of many that would do, the ordinary suite tries half, drawn anew for each thing that is tried; `make test-slow` tries all.

@some_or_all
@pytest.mark.parametrize("case", CASES)
def test_nobody_is_told_more(case, some):
    for person in some(EVERYONE, str(case)): ...
"""

from collections.abc import Iterable
from random import Random
from typing import TypeVar

import pytest

T = TypeVar("T")


def half(items: Iterable[T], tried: str) -> list[T]:
    """Half of the items, rounded up, in their order: drawn by what is tried with them, so that they are the same on every machine."""
    known = list(items)
    return [known[at] for at in sorted(Random(tried).sample(range(len(known)), (len(known) + 1) // 2))]


def every_one(items: Iterable[T], tried: str) -> list[T]:
    """All of them, whatever is tried."""
    return list(items)


some_or_all = pytest.mark.parametrize(
    "some", [pytest.param(half, id="half"), pytest.param(every_one, id="all", marks=pytest.mark.slow)]
)
