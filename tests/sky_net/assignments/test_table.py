import random

import numpy as np
import pytest

from sky_net.assignments.table import best_first, standing, table_of
from tests.factories.assignments import a_day


def test_candidates_stand_by_need_best_first_and_equal_ones_by_id():
    day = a_day({"n2": {"b": 0.5, "a": 0.5}, "n1": {"a": 0.1, "b": 0.9}})
    pairs = [(day.needs[n], day.institutes[i]) for n, i in zip(day.need, day.institute, strict=True)]
    assert pairs == [("n1", "b"), ("n1", "a"), ("n2", "a"), ("n2", "b")]
    assert day.score.tolist() == [0.9, 0.1, 0.5, 0.5]


def test_a_score_of_nothing_is_no_candidate():
    day = a_day({"n": {"a": 0.0, "b": -1.0, "c": 0.2}})
    assert day.institutes == ("a", "b", "c")
    assert day.candidates_of_institutes.tolist() == [0, 0, 1]


def test_the_same_day_gives_the_same_table_in_whatever_order_it_is_read():
    rows = [(f"n{n}", f"i{i}", (n * i) % 3 / 2) for n in range(5) for i in range(4)]
    places, quotas = {f"n{n}": n for n in range(5)}, {f"i{i}": 2 for i in range(4)}
    first = table_of(places, quotas, rows)
    for seed in range(5):
        random.Random(seed).shuffle(rows)
        again = table_of(dict(reversed(places.items())), dict(reversed(quotas.items())), rows)
        for name in ("places", "quotas", "need", "institute", "score"):
            assert np.array_equal(getattr(first, name), getattr(again, name))


@pytest.mark.parametrize(
    ("places", "quotas", "rows"),
    [
        ({"n": -1}, {"i": 1}, []),
        ({"n": 1}, {"i": -1}, []),
        ({"n": 1}, {"i": 1}, [("n", "i", float("nan"))]),
        ({"n": 1}, {"i": 1}, [("n", "i", float("inf"))]),
        ({"n": 1}, {"i": 1}, [("n", "other", 0.5)]),
        ({"n": 1}, {"i": 1}, [("other", "i", 0.5)]),
        ({"n": 1}, {"i": 1}, [("n", "i", 0.5), ("n", "i", 0.4)]),
    ],
)
def test_what_makes_no_sense_is_refused(places, quotas, rows):
    with pytest.raises(ValueError, match=r".+"):
        table_of(places, quotas, rows)


def test_plain_top_k_heeds_places_and_no_quota():
    day = a_day(
        {"n1": {"a": 0.9, "b": 0.8}, "n2": {"a": 0.9}, "n3": {"a": 0.9}},
        places={"n1": 1, "n2": 2, "n3": 0},
        quotas=1,
    )
    assert best_first(day).tolist() == [True, False, True, False]


def test_places_count_from_0_within_each_need():
    assert standing(np.array([2, 2, 5, 7, 7, 7])).tolist() == [0, 1, 0, 0, 1, 2]
    assert standing(np.zeros(0, np.int64)).tolist() == []
