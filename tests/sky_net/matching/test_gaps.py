"""What is missing, entry by entry."""

import pytest

from sky_net.matching.gaps import KINDS, gaps_of
from sky_net.matching.indicators import IndicatorVerdict
from sky_net.matching.saying import Facts

MISSED = IndicatorVerdict("漏检率", "missed", "≤0.02%", "≤0.3%", "must")
SILENT = IndicatorVerdict("检测头功耗", "unknown", "≤15 W", None, "must")
WANTED = IndicatorVerdict("单价", "unknown", "≤7000 元", None, "want")


def test_nothing_known_is_no_gap():
    assert gaps_of(Facts()) == ()
    fine = Facts(True, True, 0, ("x",), (), 0.9, 200)  # type: ignore[arg-type]
    assert gaps_of(fine) == ()


def test_every_kind_in_its_order():
    facts = Facts(False, False, -2, (), (MISSED, SILENT, WANTED), 1.25, 12)
    found = gaps_of(facts)
    assert tuple(each.kind for each in found) == KINDS
    assert [each.sentence.zh for each in found] == [
        "漏检率要求不高于 0.02%，成果为不高于 0.3%",
        "成果未说明：检测头功耗",
        "成熟度比要求低 2 级",
        "不在同一地区",
        "没有共同的合作方式",
        "起价高于预算上限 25%",
        "12 天后到期，请确认仍有效",
    ]
    assert str(found[0].sentence) == "漏检率: at most 0.02% required, at most 0.3% stated"


@pytest.mark.parametrize(("price", "said"), [(1.0, False), (1.001, True), (None, False)])
def test_a_price_up_to_the_budget_is_no_gap(price: float | None, said: bool):
    assert bool(gaps_of(Facts(price=price))) is said
