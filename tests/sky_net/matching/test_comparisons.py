"""What is said of a number besides the number."""

import pytest

from sky_net.matching.comparisons import Side, behind, in_front_of, opening


@pytest.mark.parametrize(
    ("words", "side"),
    [
        ("不低于", Side("least")),
        ("低于", Side("most", True)),
        ("不得超过", Side("most")),
        ("No more  than", Side("most")),
        ("more than", Side("least", True)),
        ("约", Side("about")),
        ("控制在", Side()),
    ],
)
def test_the_longest_comparison_counts_on_either_end(words: str, side: Side):
    if side.which != "same":
        assert opening(f"{words} 5").side == side
    before = in_front_of(f"良率{words}", 2 + len(words))
    assert before.side == side
    assert before.start == (2 if side.which != "same" else 2 + len(words))


@pytest.mark.parametrize(
    ("words", "side"), [("及以上", "least"), ("以内", "most"), ("左右", "about"), (" or less", "most")]
)
def test_a_comparison_may_follow(words: str, side: str):
    found = behind(f"5{words}", 1)
    assert found is not None
    assert found == (Side(side), 1 + len(words))
    assert behind("5 mm", 1) is None
