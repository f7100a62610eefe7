"""A poster whom the catalogue cannot answer is told where it came nearest, what would help, and who goes on."""

from backbone.errors import Bilingual
from sky_net.matching.advice import HANDED_OVER, MOST_FIELDS, MOST_MISSING, advise

FIELDS = [Bilingual(f"领域{n}", f"field {n}") for n in range(5)]
MISSING = [Bilingual(f"内容{n}", f"thing {n}") for n in range(5)]


def test_it_names_each_of_the_nearest_fields_once_in_their_order():
    said = advise([FIELDS[1], FIELDS[0], FIELDS[1]], [], is_filtered=False)
    assert "最接近的领域是领域1、领域0" in said.zh
    assert "the nearest fields are field 1, field 0" in said


def test_it_stays_short():
    said = advise(FIELDS, MISSING, is_filtered=False)
    assert [field in said for field in map(str, FIELDS)] == [True] * MOST_FIELDS + [False] * (5 - MOST_FIELDS)
    assert [item in said for item in map(str, MISSING)] == [True] * MOST_MISSING + [False] * (
        5 - MOST_MISSING
    )


def test_it_always_says_who_goes_on():
    for said in (advise([], [], is_filtered=True), advise(FIELDS, MISSING, is_filtered=False)):
        assert HANDED_OVER.zh in said.zh
        assert str(HANDED_OVER) in said


def test_it_mentions_filters_only_where_there_are_some():
    assert "筛选" not in advise(FIELDS, MISSING, is_filtered=False).zh
    assert "放宽筛选" in advise(FIELDS, MISSING, is_filtered=True).zh


def test_a_search_that_came_near_nothing_says_so():
    assert advise([], [], is_filtered=False).zh.startswith("目录中没有与本需求相关的成果")
    assert advise([], [], is_filtered=True).zh.startswith("符合筛选条件的成果与本需求无关")
