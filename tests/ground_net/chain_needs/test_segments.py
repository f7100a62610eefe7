from collections import Counter

from hypothesis import given
from hypothesis import strategies as some

from backbone.chinese import fold
from ground_net.chain_needs.segments import segments

NAMES = some.sampled_from([None, "外延", "外 延", "外  延", "封裝", "封装", "EML", "eml", "ＥＭＬ"])


def same(one, other):
    return one is other is None or (
        one is not None and other is not None and " ".join(fold(one).split()) == " ".join(fold(other).split())
    )


@given(some.lists(NAMES), some.lists(NAMES))
def test_every_row_is_counted_in_the_segment_of_its_name(needs, achievements):
    board = segments(Counter(needs), Counter(achievements))
    for segment in board:
        assert segment.needs == sum(same(segment.name, name) for name in needs)
        assert segment.achievements == sum(same(segment.name, name) for name in achievements)
        assert segment.needs + segment.achievements > 0
    assert sum(segment.needs for segment in board) == len(needs)
    assert sum(segment.achievements for segment in board) == len(achievements)


def test_what_is_missing_is_flagged_and_what_says_no_segment_is_not():
    board = segments({"外延": 2, "封装": 1, None: 4}, {"封装": 3, "测试": 1})
    assert [(each.name, each.gap) for each in board] == [
        ("外延", "no_achievement"), ("封装", None), ("测试", "no_need"), (None, None),
    ]  # fmt: skip
