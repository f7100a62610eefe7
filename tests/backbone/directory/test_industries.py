import pytest

from backbone.directory.industries import GROUPS, INDUSTRIES, group_of, industry_label


def test_every_industry_belongs_to_a_group_and_has_both_names():
    for code, industry in INDUSTRIES.items():
        assert industry.code == code
        assert industry.group in GROUPS
        assert industry.label.zh and str(industry.label)  # noqa: PT018 - one statement: both names are there


def test_the_groups_are_those_of_the_founding_document_with_the_named_members():
    members = {group: sum(i.group == group for i in INDUSTRIES.values()) for group in GROUPS}
    assert members == {"strong": 5, "emerging": 3, "traditional": 3, "future": 6}


def test_a_group_is_found_by_its_industry():
    assert group_of("opto") == "strong"
    assert group_of("6g") == "future"
    assert group_of("alchemy") is None


def test_an_unknown_industry_is_called_by_its_code():
    assert industry_label("beidou").zh == "北斗"
    assert industry_label("alchemy") == industry_label("alchemy").zh == "alchemy"


def test_nobody_can_change_the_tree():
    with pytest.raises(TypeError):
        INDUSTRIES["alchemy"] = INDUSTRIES["opto"]
