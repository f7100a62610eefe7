import pytest

from sky_net.matching.planner import DEPTH, EXACT_UP_TO, Plan, Way, plan, wants_graph

EFFORT = 600
MILLION = 1_000_000


@pytest.mark.parametrize(
    ("rows", "admitted", "way"),
    [
        (DEPTH, DEPTH, Way.ALL),
        (MILLION, DEPTH, Way.ALL),
        (DEPTH + 1, DEPTH + 1, Way.EXACT),
        (EXACT_UP_TO, EXACT_UP_TO, Way.EXACT),
        (EXACT_UP_TO + 1, EXACT_UP_TO + 1, Way.GRAPH),
        (MILLION, MILLION, Way.GRAPH),
        (MILLION, MILLION // 2, Way.GRAPH),
        (MILLION, MILLION // 2 - 1, Way.EXACT),
        (MILLION, MILLION // 10, Way.EXACT),
        (MILLION, 0, Way.ALL),
    ],
)
def test_the_way_follows_from_size_and_selectivity(rows: int, admitted: int, way: Way):
    assert plan(rows, admitted, 10, EFFORT).way is way


def test_a_generation_without_a_good_graph_is_scanned():
    assert plan(MILLION, MILLION, 10, None).way is Way.EXACT


def test_the_depth_is_never_less_than_what_is_wanted():
    assert plan(MILLION, MILLION, 10, EFFORT).depth == DEPTH
    assert plan(MILLION, MILLION, 5000, EFFORT) == Plan(Way.GRAPH, 5000, 5000)
    assert plan(MILLION, 4000, 5000, EFFORT).way is Way.ALL


def test_the_view_widens_by_the_rows_that_do_not_pass():
    assert plan(MILLION, MILLION, 10, EFFORT).effort == EFFORT
    assert plan(MILLION, MILLION // 2, 10, EFFORT).effort == 2 * EFFORT


def test_a_graph_is_made_only_where_a_search_would_use_it():
    assert not wants_graph(EXACT_UP_TO)
    assert wants_graph(EXACT_UP_TO + 1)
    assert plan(EXACT_UP_TO, EXACT_UP_TO, 10, EFFORT).way is not Way.GRAPH
