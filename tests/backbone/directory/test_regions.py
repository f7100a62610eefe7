import pytest

from backbone.directory.regions import REGIONS, is_region, region_label, regions_within


def test_the_province_has_its_17_prefectures_and_donghu():
    assert len([code for code, region in REGIONS.items() if region.within == "420000"]) == 17
    assert len(REGIONS) == 19


def test_every_region_lies_in_the_province_and_has_both_names():
    for code, region in REGIONS.items():
        assert region.code == code
        assert region.label.zh and str(region.label)  # noqa: PT018 - one statement: both names are there
        assert region.within is None if code == "420000" else region.within in REGIONS


def test_what_lies_within_includes_itself_and_everything_below():
    assert regions_within("420000") == frozenset(REGIONS)
    assert regions_within("420100") == {"420100", "420100-donghu"}
    assert regions_within("420100-donghu") == {"420100-donghu"}


def test_nothing_lies_within_an_unknown_region():
    assert regions_within("110000") == frozenset()


@pytest.mark.parametrize(("code", "known"), [("420100", True), ("420100-donghu", True), ("110000", False), ("", False),
                                             ("４20100", False)])  # fmt: skip
def test_a_region_is_one_of_ours(code, known):
    assert is_region(code) is known


def test_an_unknown_region_is_called_by_its_code():
    assert region_label("420100").zh == "武汉市"
    assert str(region_label("420100")) == "Wuhan"
    assert region_label("110000").zh == region_label("110000") == "110000"


def test_nobody_can_change_the_regions():
    with pytest.raises(TypeError):
        REGIONS["110000"] = REGIONS["420100"]
