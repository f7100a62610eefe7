"""Days to assign: `a_day({"n1": {"i1": 0.9}}, quotas={"i1": 2})`, `a_skewed_day(seed)`, and `days()` for properties."""

import random
from collections.abc import Mapping

from hypothesis import strategies as st

from sky_net.assignments.table import Table, table_of

Scores = Mapping[str, Mapping[str, float]]


def a_day(
    scores: Scores, *, places: int | Mapping[str, int] = 1, quotas: int | Mapping[str, int] = 1
) -> Table:
    """Need -> institute -> score; a number of places or a quota holds for all of them."""
    institutes = sorted({institute for row in scores.values() for institute in row})
    return table_of(
        dict.fromkeys(scores, places) if isinstance(places, int) else places,
        dict.fromkeys(institutes, quotas) if isinstance(quotas, int) else quotas,
        [(need, institute, score) for need, row in scores.items() for institute, score in row.items()],
    )


def a_skewed_day(seed: int = 1, needs: int = 300, institutes: int = 40, quota: int = 110) -> Table:
    """A few institutes with many achievements, whose best fits nearly every need a little better than anybody's."""
    draw = random.Random(seed)
    sizes = [max(1, round(60 / (rank + 1))) for rank in range(institutes)]
    scores = {
        f"N{need:03d}": {
            f"I{at:02d}": max(draw.betavariate(6, 6) for _ in range(size))
            for at, size in enumerate(sizes)
            if draw.random() < 0.5
        }
        for need in range(needs)
    }
    return a_day(scores, places=3, quotas=quota)


def days(needs: int = 3, institutes: int = 3, most: int = 3) -> st.SearchStrategy[Table]:
    """Small tables of every kind: needs without candidates or places, institutes without a quota, equal scores."""
    ids = [f"n{each}" for each in range(needs)], [f"i{each}" for each in range(institutes)]
    score = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.5000001, 0.9])
    return st.builds(
        table_of,
        st.fixed_dictionaries({need: st.integers(0, most) for need in ids[0]}),
        st.fixed_dictionaries({institute: st.integers(0, most) for institute in ids[1]}),
        st.lists(score, min_size=needs * institutes, max_size=needs * institutes).map(
            lambda drawn: [
                (need, institute, drawn[row * institutes + column])
                for row, need in enumerate(ids[0])
                for column, institute in enumerate(ids[1])
            ]
        ),
    )
