"""The sentence that a broker reads out."""

import pytest

from sky_net.matching.evidence import MatchedTerm
from sky_net.matching.indicators import IndicatorVerdict
from sky_net.matching.saying import Facts, aloud, sentence_of

TERM = MatchedTerm("激光焊接", 0.1, "title", "method")
MET = IndicatorVerdict("飞溅颗粒", "met", "≤10 粒/m", "≤6 粒/m", "must")
MISSED = IndicatorVerdict("建模时间", "missed", "≤1 天", "≤48 h = ≤2 天", "must")
SILENT = IndicatorVerdict("功耗", "unknown", "≤15 W", None, "want")


def test_it_names_the_evidence_then_an_indicator_that_is_met_and_one_that_is_missed():
    said = sentence_of([TERM], Facts(indicators=(SILENT, MISSED, MET)))
    assert said.zh == (
        "双方共有的术语：标题中“激光焊接”；3 项指标中达到 1 项（飞溅颗粒要求不高于 10 粒/m，成果为不高于 6 粒/m），"
        "未达到 1 项（建模时间要求不高于 1 天，成果为不高于 2 天），1 项未说明。"
    )
    assert str(said) == (
        "Terms that both sides use: “激光焊接” in the title; of 3 indicators 1 met (飞溅颗粒: at most 10 粒/m required, "
        "at most 6 粒/m stated), 1 missed (建模时间: at most 1 天 required, at most 2 天 stated), 1 not stated."
    )


def test_indicators_of_which_nothing_is_stated_are_said_in_one_breath():
    said = sentence_of([TERM], Facts(indicators=(SILENT, SILENT)))
    assert "2 项指标成果均未说明" in said.zh
    assert "none of 2 indicators is stated" in said


def test_a_price_over_the_budget_is_said():
    assert "起价高于预算上限 30%" in sentence_of([TERM], Facts(price=1.3)).zh
    assert "预算" not in sentence_of([TERM], Facts(price=1.0)).zh


@pytest.mark.parametrize(
    ("said", "zh", "en"),
    [
        ("≥67%", "不低于 67%", "at least 67%"),
        ("±0.1 mm", "正负 0.1 mm", "plus or minus 0.1 mm"),
        ("5 mm", "5 mm", "5 mm"),
        ("", "", ""),
    ],
)
def test_signs_are_read_as_words(said: str, zh: str, en: str):
    assert (aloud(said).zh, str(aloud(said))) == (zh, en)
