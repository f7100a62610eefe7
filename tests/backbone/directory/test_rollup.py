import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.directory.regions import REGION_GROUPS, REGIONS, regions_of, regions_within
from backbone.directory.rollup import roll_up

COUNTS = st.dictionaries(st.sampled_from(list(REGIONS)), st.integers(0, 10**6))


def totals(counts):
    return {area.code: area.total for area in roll_up(counts)}


def test_a_city_counts_its_zone_the_province_its_cities_and_a_corridor_its_own():
    found = totals({"420100-donghu": 3, "420100": 2, "420300": 1, "420200": 5, "outside-gba": 7})
    assert (found["420100-donghu"], found["420100"], found["420000"]) == (3, 5, 11)
    assert (found["outside-gba"], found["outside"], found["outside-overseas"]) == (7, 7, 0)
    assert (found["auto-corridor"], found["optics-valley-corridor"], found["new-materials-corridor"]) == (
        6,
        10,
        0,
    )


def test_every_region_and_group_has_a_line_in_the_order_of_the_lists():
    assert [area.code for area in roll_up({})] == [*REGIONS, *REGION_GROUPS]
    assert all(area.total == 0 for area in roll_up({}))


def test_a_region_that_is_none_of_ours_is_a_mistake_and_not_lost():
    with pytest.raises(KeyError):
        roll_up({"110000": 1})


@given(COUNTS)
def test_the_roots_add_up_to_the_whole(counts):
    roots = [area for area in roll_up(counts) if area.within is None and not area.is_group]
    assert sum(area.total for area in roots) == sum(counts.values())


@given(COUNTS)
def test_every_region_is_its_own_rows_and_those_of_the_regions_inside_it(counts):
    lines = {area.code: area for area in roll_up(counts)}
    for code in REGIONS:
        children = sum(lines[inner].total for inner, region in REGIONS.items() if region.within == code)
        assert lines[code].total == lines[code].own + children
        assert lines[code].total == sum(counts.get(inner, 0) for inner in regions_within(code))


@given(COUNTS)
def test_a_group_counts_every_region_in_it_once(counts):
    found = totals(counts)
    for code in REGION_GROUPS:
        assert found[code] == sum(counts.get(region, 0) for region in regions_of([code]))
