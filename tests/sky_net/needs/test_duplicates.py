import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sky_net.needs.duplicates import BANDS, NEAR, signature, similarity, trigrams

pytestmark = pytest.mark.postgres

A = "车载激光雷达需要在零下四十度到一百零五度之间保持测距精度，现有的驱动电路在低温启动时抖动过大。"
B = A.replace("现有的", "目前的")
OTHER = "高炉煤气余热回收换热器在含尘气流中磨损严重，需要寿命两年以上的耐磨涂层与在线监测方法。"
letters = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=200)


def jaccard(one, other):
    return similarity(trigrams(one), trigrams(other))


def meets(one, other):
    return bool(set(signature(one)) & set(signature(other)))


def test_a_reworded_text_is_near_and_another_topic_is_not():
    assert jaccard(A, B) > NEAR
    assert meets(A, B)
    assert jaccard(A, OTHER) < 0.05


@pytest.mark.parametrize(
    "same",
    ["車載激光雷達需要在零下四十度", "車載 激光雷達\n需要在零下四十度", "车载激光雷达需要在零下四十度"],
)
def test_width_blanks_and_traditional_characters_make_no_difference(same):
    assert jaccard(same, "车载激光雷达需要在零下四十度") == 1


def test_full_width_latin_folds_too():
    assert signature("ＧａＮ驱动１２Ｖ") == signature("gan驱动12v")


def test_a_stored_signature_is_the_same_for_ever():
    # Signatures live in the database: a change of this list orphans every stored one.
    assert signature("低温抖动抑制")[:4] == [1642903681, 60171655, 723025626, -1132569309]


@pytest.mark.parametrize("nothing", ["", "  \n"])
def test_a_text_without_characters_has_no_signature_and_is_near_to_nothing(nothing):
    assert signature(nothing) == []
    assert similarity(trigrams(nothing), trigrams(nothing)) == 0


@pytest.mark.parametrize("short", ["光", "光纤"])
def test_texts_shorter_than_a_trigram_still_compare(short):
    assert jaccard(short, short) == 1
    assert jaccard(short, short + "头") < 1


def test_candidates_are_found_as_often_as_the_bands_promise():
    chance = random.Random(1)

    def some(length):
        return "".join(chr(chance.randint(0x4E00, 0x9FA5)) for _ in range(length))

    def share_meeting(common, rest):
        pairs = [(some(common), some(rest), some(rest)) for _ in range(200)]
        return sum(meets(shared + one, shared + other) for shared, one, other in pairs) / len(pairs)

    assert share_meeting(common=134, rest=66) > 0.93  # Jaccard 0.5: 98.6 % expected
    assert share_meeting(common=36, rest=164) < 0.15  # Jaccard 0.1: 3 % expected


@given(letters)
def test_a_signature_is_one_signed_32_bit_number_per_band(text):
    bands = signature(text)
    assert len(bands) in (0, BANDS)
    assert all(-(2**31) <= band < 2**31 for band in bands)


@given(letters, letters)
def test_similarity_is_symmetric_and_one_only_for_equal_sets(one, other):
    assert jaccard(one, other) == jaccard(other, one)
    assert 0 <= jaccard(one, other) <= 1
    if trigrams(one).size:
        assert jaccard(one, one) == 1


@given(letters)
def test_every_text_meets_itself(text):
    assert meets(text, text) == bool(signature(text))


def test_a_long_text_is_hashed_in_blocks_with_the_same_result():
    text = "".join(chr(0x4E00 + (i * 7919) % 20000) for i in range(10_000))
    assert len(signature(text)) == BANDS
    assert meets(text, text[:9_000])
