import pytest

from sky_net.matching.documents import Document, Query
from sky_net.matching.terms import BODY_SHARE, FIELDS, LONGEST_TEXT, document_terms, query_terms, substance


@pytest.mark.parametrize(
    "text",
    [
        "未提供",
        "暂无",
        "无",
        " 暂无。",
        "N/A",
        "none",
        "——",
        "",
        "   ",
        "（待补充）",
        "暫無",
        "詳見附件",
        "ＮＵＬＬ",
    ],
)
def test_a_filler_counts_as_no_text(text):
    tokens = document_terms(Document("1", "激光焊接", text))
    assert not tokens["body_words"]
    assert tokens["text_grams"] == document_terms(Document("1", "激光焊接"))["text_grams"]
    assert query_terms(Query("激光焊接", text)) == query_terms(Query("激光焊接"))


@pytest.mark.parametrize("text", ["无人机", "无损检测", "暂无成熟工艺可以替代", "测试台架"])
def test_a_text_that_merely_begins_like_a_filler_counts(text):
    assert substance(text) == text
    assert document_terms(Document("1", text))["title_words"]


def test_an_empty_document_has_every_field_and_no_token():
    assert document_terms(Document("1", "", "")) == {field: [] for field in FIELDS}


def test_quantities_are_not_searched_but_alloys_and_wavelengths_are():
    tokens = document_terms(Document("1", "304 不锈钢 1550 波长 厚 0.5 温度 85 良率 98% 约二十"))
    for field in ("title_words", "title_bigrams"):
        assert {"304", "1550"} <= set(tokens[field])
        assert not {"0.5", "85", "98%", "98", "二十", "5", "0"} & set(tokens[field])


def test_characters_of_compound_numbers_do_not_swallow_terms_with_numerals():
    assert "一致" in document_terms(Document("1", "批次一致性"))["title_bigrams"]


def test_a_term_of_the_title_weighs_more_than_one_of_the_description():
    weights = query_terms(Query("激光", "焊接"))["words"]
    assert weights == {"激光": 1.0, "焊接": BODY_SHARE}


def test_a_term_in_both_weighs_most_and_repetition_adds_less_each_time():
    once, twice, often = (
        query_terms(Query("激光", "激光，" * count))["words"]["激光"] for count in (1, 2, 4)
    )
    assert 1 < once < twice < often
    assert often - twice == pytest.approx(twice - once)


def test_a_description_is_read_up_to_its_limit():
    long = query_terms(Query("", "焊接，" * LONGEST_TEXT + "激光"))["words"]
    assert "焊接" in long
    assert "激光" not in long


def test_traditional_and_full_width_text_ask_for_the_same_terms():
    assert query_terms(Query("鋰電池隔膜ＰＥ塗層")) == query_terms(Query("锂电池隔膜PE涂层"))
