import random

import pytest

from sky_net.matching.documents import Hit
from sky_net.matching.pooling import DISCOUNTS, MOST_LIFT, pool


def hits(**scores):
    """hits(I1=[0.9, 0.1]): one hit per score."""
    return [
        Hit(f"{owner}-{place}", score, owner=owner)
        for owner, all_of in scores.items()
        for place, score in enumerate(all_of)
    ]


def test_a_second_fitting_achievement_lifts_an_institute():
    assert [each.institute_id for each in pool(hits(I1=[0.5], I2=[0.49, 0.3]))] == ["I2", "I1"]


def test_many_weak_achievements_do_not_beat_one_that_fits():
    assert [each.institute_id for each in pool(hits(I1=[0.3] * 40, I2=[0.4]))] == ["I2", "I1"]


def test_the_lift_has_a_ceiling_and_follows_the_discounts():
    assert pool(hits(I1=[0.4, 0.4, 0.4]))[0].score == pytest.approx(0.4 * MOST_LIFT)
    assert pool(hits(I1=[0.4, 0.1]))[0].score == pytest.approx(0.4 + DISCOUNTS[1] * 0.1)


def test_only_the_hits_that_count_are_named_best_first():
    pooled = pool(hits(I1=[0.1, 0.4, 0.3, 0.2]))
    assert pooled[0].document_ids == ("I1-1", "I1-2", "I1-3")


def test_equal_institutes_stand_in_order_of_id_whatever_the_order_of_the_hits():
    mixed = hits(I9=[0.3, 0.2], I10=[0.3, 0.2], I1=[0.3, 0.2])
    for seed in range(5):
        random.Random(seed).shuffle(mixed)
        assert [each.institute_id for each in pool(mixed)] == ["I1", "I10", "I9"]


def test_hits_without_owner_or_score_count_for_nobody():
    assert pool([Hit("1", 0.9), Hit("2", 0.0, owner="I1")]) == []
