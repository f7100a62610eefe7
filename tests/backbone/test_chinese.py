import string
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.chinese import LONGEST_TOKEN, bigrams, characters, fold, fold_width, words

anything = st.text(st.characters() | st.sampled_from("\ud800\udfff\0漢語光纤ＡＢ１２。，　😀"), max_size=200)


def test_traditional_full_width_and_upper_case_are_folded_alike():
    assert fold("雷射焊接設備　ＣＯ２ ＭＰａ") == fold("雷射焊接设备 co2 mpa")


def test_ligatures_units_and_compatibility_forms_are_folded():
    assert fold("ﬁber ㎏ Ⅳ ①") == "fiber kg iv 1"


def test_folding_blanks_control_characters_and_lone_surrogates():
    assert fold("光\0纤\ud800熔\x1b接") == "光 纤 熔 接"


def test_the_callers_text_is_not_changed():
    text = "電機ＡＢＣ"
    fold(text)
    assert text == "電機ＡＢＣ"


def test_words_come_in_search_mode_with_the_words_inside_long_words():
    found = words("飞行器大角度机动")
    assert {"飞行", "飞行器", "角度", "机动"} <= set(found)


def test_words_drop_blanks_and_punctuation_but_keep_latin_and_numbers():
    assert words("，。 —— SiC 涂层 1550nm ！") == ["sic", "涂层", "1550nm"]
    assert all(
        any(character.isalnum() for character in token) for token in words("，。 —— SiC ！ 涂层…… （a）")
    )


def test_traditional_text_is_cut_like_simplified_text():
    assert words("鋰離子電池") == words("锂离子电池")


def test_bigrams_cross_neither_punctuation_nor_scripts():
    assert bigrams("激光焊，熔深5G通信SiC膜") == ["激光", "光焊", "熔深", "5g", "通信", "sic", "膜"]


def test_a_latin_word_stays_whole_in_every_view():
    for view in (bigrams, characters, words):
        assert "mosfet" in view("功率MOSFET器件")


def test_characters_are_single_but_latin_words_are_not():
    assert characters("碳化硅MOSFET管") == ["碳", "化", "硅", "mosfet", "管"]


def test_rare_characters_beyond_the_basic_plane_are_chinese_too():
    assert bigrams("𠮷野家") == ["𠮷野", "野家"]


def test_emoji_and_blank_texts_have_no_tokens():
    for text in ("", "   \n\t", "😀🎉", "。。。", "\0\0"):
        assert words(text) == bigrams(text) == characters(text) == []


def test_an_endless_token_is_cut():
    for view in (words, bigrams, characters):
        assert max(map(len, view(string.ascii_lowercase * 4000))) <= LONGEST_TOKEN


@pytest.mark.parametrize(
    "text", ["焊接工艺" * 25_000, "a" * 100_000, "，" * 100_000, "1" * 100_000, "激光 " * 33_000]
)
def test_a_hundred_thousand_characters_are_cut_without_complaint(text):
    for view in (words, bigrams, characters):
        assert all(view(text))


@given(anything)
def test_every_view_accepts_any_text_and_gives_searchable_tokens(text):
    for view in (words, bigrams, characters):
        for token in view(text):
            assert token
            assert not any(character.isspace() for character in token)
            token.encode("utf-8")


@given(anything)
def test_folded_text_can_be_encoded_and_holds_no_nul(text):
    folded = fold(text)
    folded.encode("utf-8")
    assert "\0" not in folded


@given(anything)
def test_the_same_text_always_gives_the_same_tokens(text):
    assert words(text) == words(text)
    assert bigrams(text) == bigrams(str(text))


def test_many_threads_may_cut_at_once():
    texts = [f"第{number}种铝合金薄板激光焊接变形控制" for number in range(400)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(words, texts))
    assert found == [words(text) for text in texts]


def test_width_is_folded_without_the_case_of_letters():
    assert fold_width("１００ ＭＷ 與 mW") == "100 MW 与 mW"
