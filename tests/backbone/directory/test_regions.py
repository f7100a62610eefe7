from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.directory.regions import (
    AREAS,
    KINDS,
    REGION_GROUPS,
    REGIONS,
    ancestors,
    are_near,
    is_region,
    read_groups,
    read_regions,
    region_label,
    regions_of,
    regions_within,
    within,
)

CITIES_OF = {
    "optics-valley-corridor": {"武汉市", "鄂州市", "黄石市", "黄冈市", "咸宁市"},
    "auto-corridor": {"武汉市", "孝感市", "随州市", "襄阳市", "十堰市"},
    "new-materials-corridor": {"宜昌市", "荆州市", "荆门市"},
}


def document(*regions, **more):
    rows = [
        {"code": code, "zh": code, "en": code, "kind": "province", "within": parent}
        for code, parent in regions
    ]
    return {"source": "测试", "as_of": date(2026, 1, 1), "regions": rows, **more}  # fmt: skip


def groups(*rows):
    return {"source": "测试", "as_of": date(2026, 1, 1), "groups": [
        {"code": code, "zh": code, "en": code,
         "members": [{"region": member, "source": "测试", "as_of": date(2026, 1, 1)} for member in members]}
        for code, members in rows
    ]}  # fmt: skip


# --- the province and what lies outside it ---


def test_the_province_has_its_17_cities_and_prefectures_with_their_kinds():
    inside = [region for region in REGIONS.values() if region.within == "420000"]
    assert len(inside) == 17
    kinds = [region.kind for region in inside]
    assert [kinds.count(kind) for kind in ("prefecture_city", "autonomous_prefecture", "county_city", "forestry_district")] == [
        12, 1, 3, 1,
    ]  # fmt: skip


def test_donghu_is_a_zone_inside_wuhan():
    assert (REGIONS["420100-donghu"].within, REGIONS["420100-donghu"].kind) == ("420100", "function_zone")


def test_administrative_codes_are_six_digits_of_hubei_and_everything_else_is_no_administrative_region():
    for code, region in REGIONS.items():
        is_administrative = region.kind not in ("function_zone", "off_province")
        assert (
            len(code) == 6 and code.isascii() and code.isdigit() and code.startswith("42")
        ) == is_administrative


def test_off_province_zones_lie_outside_the_province():
    outside = regions_within("outside")
    assert {REGIONS[code].label.zh for code in outside} == {"省外", "粤港澳大湾区", "境内其他地区", "海外"}
    assert not outside & regions_within("420000")
    assert outside | regions_within("420000") == frozenset(REGIONS)


def test_every_region_has_both_names_a_kind_a_source_and_a_day_that_is_past():
    for code, region in REGIONS.items():
        assert region.code == code
        assert region.label.zh and str(region.label)  # noqa: PT018 - one statement: both names are there
        assert region.kind in KINDS
        assert region.source
        assert region.as_of <= date(2026, 3, 10)
        assert region.within is None if code in ("420000", "outside") else region.within in REGIONS


def test_what_lies_within_includes_itself_and_everything_below():
    assert regions_within("420100") == {"420100", "420100-donghu"}
    assert regions_within("420100-donghu") == {"420100-donghu"}
    assert ancestors("420100-donghu", REGIONS) == ["420100-donghu", "420100", "420000"]


@pytest.mark.parametrize("code", ["110000", "", "auto-corridor"])
def test_nothing_lies_within_what_is_no_region(code):
    assert regions_within(code) == frozenset()


@pytest.mark.parametrize(("code", "known"), [
    ("420100", True), ("420100-donghu", True), ("outside-gba", True), ("110000", False), ("", False), ("４20100", False),
    ("auto-corridor", False),
])  # fmt: skip
def test_a_region_is_one_of_ours_and_a_group_is_none(code, known):
    assert is_region(code) is known


def test_an_unknown_region_is_called_by_its_code():
    assert region_label("420100").zh == "武汉市"
    assert str(region_label("420100")) == "Wuhan"
    assert region_label("110000").zh == region_label("110000") == "110000"


def test_nobody_can_change_regions_or_groups():
    with pytest.raises(TypeError):
        REGIONS["110000"] = REGIONS["420100"]
    with pytest.raises(TypeError):
        REGION_GROUPS["x"] = REGION_GROUPS["auto-corridor"]


# --- near ---


@pytest.mark.parametrize(("one", "other", "near"), [
    ("420100", "420100", True), ("420100", "420100-donghu", True), ("420100-donghu", "420100", True), ("420000", "420300", True),
    ("420100", "420200", False), ("outside-gba", "outside-gba", True), ("outside-gba", "420100", False),
    ("outside-overseas", "outside-overseas", False), ("outside-domestic", "outside-domestic", False),
    ("outside", "outside-gba", False), ("110000", "110000", False), ("auto-corridor", "420100", False),
])  # fmt: skip
def test_near_is_the_same_place_or_one_inside_the_other_and_never_what_is_no_one_place(one, other, near):
    assert are_near(one, other) is near


# --- groups ---


@pytest.mark.parametrize("code", CITIES_OF)
def test_the_corridors_have_their_cities_each_with_a_source(code):
    group = REGION_GROUPS[code]
    assert {REGIONS[member.region].label.zh for member in group.members} == CITIES_OF[code]
    assert all(member.source and member.as_of <= date(2026, 3, 10) for member in group.members)


def test_the_names_of_the_corridors_are_those_of_the_founding_document():
    assert [group.label.zh for group in REGION_GROUPS.values()] == [
        "光谷科技创新大走廊", "汉孝随襄十汽车产业创新大走廊", "宜荆荆工新材料产业创新大走廊",
    ]  # fmt: skip


def test_a_member_on_which_public_texts_disagree_says_so():
    uncertain = [(group.code, member.region) for group in REGION_GROUPS.values() for member in group.members
                 if not member.is_certain]  # fmt: skip
    assert uncertain == [("optics-valley-corridor", "421200")]


def test_an_area_stands_for_all_regions_in_it_and_several_are_one_of_them():
    assert regions_of(["420100"]) == regions_within("420100")
    assert regions_of(["auto-corridor"]) == {
        "420100",
        "420100-donghu",
        "420900",
        "421300",
        "420600",
        "420300",
    }
    assert regions_of(["new-materials-corridor", "420100-donghu"]) == {
        "420500",
        "421000",
        "420800",
        "420100-donghu",
    }
    assert regions_of([]) == regions_of(["110000"]) == frozenset()


@given(st.lists(st.sampled_from(AREAS)), st.lists(st.sampled_from(AREAS)))
def test_the_regions_of_two_lists_of_areas_are_those_of_both(some, others):
    assert regions_of(some + others) == regions_of(some) | regions_of(others)
    assert regions_of(some) <= frozenset(REGIONS)


@given(st.sampled_from(list(REGIONS)))
def test_a_region_lies_within_exactly_its_ancestors(code):
    assert [each for each in REGIONS if code in regions_within(each)] == [
        each for each in REGIONS if each in ancestors(code, REGIONS)
    ]


# --- documents that cannot be right ---


@pytest.mark.parametrize("rows", [
    [("a", "b"), ("b", "a")], [("a", "a")], [("a", "b"), ("b", "c"), ("c", "a")], [("a", "nowhere")],
    [("a", None), ("b", "c"), ("c", "b")], [("a", None), ("a", None)],
])  # fmt: skip
def test_cycles_unknown_parents_and_codes_given_twice_are_refused(rows):
    with pytest.raises(ValueError, match=r"lies within|given twice"):
        read_regions(document(*rows))


def test_a_region_of_an_unknown_kind_is_refused():
    broken = document(("a", None))
    broken["regions"][0]["kind"] = "kingdom"
    with pytest.raises(ValueError, match="kingdom"):
        read_regions(broken)


@pytest.mark.parametrize("rows", [
    [("g", ["nowhere"])], [("g", ["a", "a"])], [("a", ["b"])], [("g", ["a"]), ("g", ["b"])], [("g", ["g"])],
    [("h", ["a"]), ("g", ["h"])],
])  # fmt: skip
def test_groups_with_unknown_or_repeated_members_or_a_code_that_is_taken_are_refused(rows):
    regions = read_regions(document(("a", None), ("b", "a")))
    with pytest.raises(ValueError, match=r"given twice|member twice"):
        read_groups(groups(*rows), regions)


@given(st.lists(st.integers(0, 8), min_size=1, max_size=9))
def test_any_forest_is_read_and_every_region_lies_within_its_root(parents):
    rows = [(str(n), None if parent >= n else str(parent)) for n, parent in enumerate(parents)]
    regions = read_regions(document(*rows))
    assert list(regions) == [code for code, _ in rows]
    for code in regions:
        assert code in within(ancestors(code, regions)[-1], regions)
