from collections import Counter

from hypothesis import given
from hypothesis import strategies as some

from ground_net.network.kinds import HUB, KINDS, NODE, STATION, may_stand_below
from ground_net.network.patterns import Place, below, cycles, declared, in_order, patterns


@some.composite
def networks(draw):
    """Trees in any order: each place hangs below one that was made before it."""
    places: list[Place] = []
    for number in range(draw(some.integers(0, 25))):
        parent = draw(some.sampled_from([None, *places])) if places else None
        kinds = [kind for kind in KINDS if may_stand_below(kind, parent and parent.kind)]
        kind = draw(some.sampled_from(kinds))
        places.append(Place(f"K{number}", kind, parent and parent.key))
    return draw(some.permutations(places))


def test_huangshis_pattern_is_counted_from_its_rows():
    hub = Place("HB-HS", HUB, "HB")
    nodes = [Place(f"HB-HS-{n}", NODE, "HB-HS") for n in range(6)]
    stations = [Place(f"HB-HS-{n}-01", STATION, f"HB-HS-{n}") for n in range(4)]
    found = patterns([*stations, *nodes, hub, Place("HB", HUB, None), Place("HB-EZ", NODE, "HB")])
    assert found["HB-HS"].text == "1+6+4"
    assert found["HB"].text == "1+1+0"
    assert (found["HB"].all_nodes, found["HB"].all_stations) == (7, 4)


def test_a_declared_pattern_leaves_open_what_nobody_announced():
    assert declared(8, None) == "1+8+N"
    assert declared(6, 120) == "1+6+120"
    assert declared(None, None) is None


@given(networks())
def test_the_patterns_of_all_hubs_add_up_to_the_network(places):
    found, kinds = patterns(places), Counter(place.kind for place in places)
    assert len(found) == kinds[HUB]
    assert sum(pattern.nodes for pattern in found.values()) == kinds[NODE]
    assert sum(pattern.stations for pattern in found.values()) == kinds[STATION]


@given(networks())
def test_all_that_is_below_a_hub_is_what_one_counts_there(places):
    kinds = {place.key: place.kind for place in places}
    for hub, pattern in patterns(places).items():
        inside = Counter(kinds[key] for key in below(hub, places))
        assert (pattern.all_nodes, pattern.all_stations) == (inside[NODE], inside[STATION])


@given(networks())
def test_each_place_comes_once_and_after_what_it_stands_below(places):
    seen: dict[str, int] = {}
    for place, depth in in_order(places):
        assert place.key not in seen
        assert depth == (0 if place.parent is None else seen[place.parent] + 1)
        seen[place.key] = depth
    assert seen.keys() == {place.key for place in places}


@given(some.dictionaries(some.sampled_from("ABCDEFGH"), some.sampled_from([*"ABCDEFGHX", None])))
def test_a_cycle_is_found_once_wherever_there_is_one(parents):
    found = cycles(parents)
    on_cycles = {key for circle in found for key in circle}
    assert sum(map(len, found)) == len(on_cycles)
    for circle in found:
        assert all(parents[key] == circle[(at + 1) % len(circle)] for at, key in enumerate(circle))
    for key in parents.keys() - on_cycles:
        reached, at = set(), key
        while at in parents and at not in reached:
            reached.add(at)
            at = parents[at]
        assert at is None or at not in reached or key not in _circle_of(at, parents)


def _circle_of(start, parents):
    found, at = set(), start
    while at not in found:
        found.add(at)
        at = parents[at]
    return found


def test_a_tree_of_any_depth_is_walked():
    deep = [Place("0", HUB, None), *(Place(str(n), HUB, str(n - 1)) for n in range(1, 5000))]
    assert [depth for _, depth in in_order(deep)] == list(range(5000))
    assert len(below("10", deep)) == 4990
    assert patterns(deep)["0"].text == "1+0+0"
