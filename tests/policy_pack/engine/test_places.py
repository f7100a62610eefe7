"""Places as people write them, in regions as policies name them."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from backbone.directory.regions import REGIONS, regions_within
from policy_pack.engine.places import lies_within

IN_WUHAN = [
    "武汉", "武汉市", "湖北省/武汉市", "湖北省武汉市", "湖北省/武汉市/东湖高新区", "湖北省武汉市东湖高新区", "东湖高新区", "光谷",
    "武汉东湖新技术开发区", "420100", "420100-donghu", "湖北武汉", "湖北 武汉", "武汉市洪山区", "武汉洪山区", "湖北省/武汉市/洪山区",
    "中国湖北省武汉市", "中国/湖北省/武汉市", " 武汉市 ", "Wuhan", "East Lake High-tech Zone", "中国光谷", "湖北省武汉市洪山区珞喻路1037号", "湖北省，武汉市",
]  # fmt: skip
ELSEWHERE = [
    "湖北省", "420000", "湖北", "宜昌市", "湖北省/黄石市", "湖北省黄石市武汉路", "湖南省/长沙市", "武汉大学", "武汉路", "outside", "省外",
    "", " ", "/", "中国", "洪山区", "湖北大学",
]  # fmt: skip


@pytest.mark.parametrize("place", IN_WUHAN)
def test_wuhan_and_whatever_lies_in_it_is_within_wuhan_and_hubei(place):
    for wuhan in ("武汉市", "武汉", "420100"):
        assert lies_within(place, wuhan)
    assert lies_within(place, "湖北省")


@pytest.mark.parametrize("place", ELSEWHERE)
def test_no_other_place_is_within_wuhan(place):
    assert not lies_within(place, "武汉市")


@pytest.mark.parametrize(
    "place", ["湖北省", "湖北", "420000", "恩施州", "湖北省黄石市武汉路", "神农架林区", "仙桃"]
)
def test_hubei_holds_its_cities(place):
    assert lies_within(place, "湖北省")


@pytest.mark.parametrize(
    "place", ["安徽省", "安徽省/合肥市", "安徽省合肥市", "中国/安徽省/合肥市", "华东/安徽省"]
)
def test_a_region_that_is_none_of_ours_is_looked_for_in_the_path(place):
    assert lies_within(place, "安徽省")
    assert not lies_within(place, "湖北省")


@pytest.mark.parametrize(("place", "region"), [("合肥市", "安徽省"), ("安徽", "安徽省"), ("武汉市", "安徽省"), ("", "安徽省"), ("武汉市", ""), ("武汉市", "/")])  # fmt: skip
def test_an_unknown_region_holds_nothing_that_does_not_name_it(place, region):
    assert not lies_within(place, region)


def test_a_path_of_unknown_parts_is_found_as_a_whole():
    assert lies_within("安徽省/合肥市/蜀山区", "安徽省/合肥市")
    assert not lies_within("安徽省/芜湖市", "安徽省/合肥市")


def test_a_group_of_regions_holds_its_members():
    assert lies_within("鄂州市", "光谷科技创新大走廊")
    assert not lies_within("宜昌市", "光谷科技创新大走廊")


@given(some.sampled_from(sorted(REGIONS)), some.sampled_from(sorted(REGIONS)))
def test_regions_of_the_directory_lie_as_the_directory_says_by_code_and_by_name(inner, outer):
    inside = inner in regions_within(outer)
    for place in (inner, REGIONS[inner].label.zh):
        assert lies_within(place, outer) == lies_within(place, REGIONS[outer].label.zh) == inside


@given(some.text(max_size=30), some.one_of(some.text(max_size=8), some.sampled_from(["武汉市", "安徽省"])))
def test_whatever_is_written_is_answered(place, region):
    assert lies_within(place, region) in (True, False)


@given(some.text("湖北省武汉市东区/ 光谷黄石", max_size=14))
def test_what_lies_in_wuhan_lies_in_hubei(place):
    assert not lies_within(place, "武汉市") or lies_within(place, "湖北省")
