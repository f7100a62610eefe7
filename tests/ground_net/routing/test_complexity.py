from dataclasses import asdict, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ground_net.routing.complexity import CLASSES, WHY, NeedFacts, class_of, hurry_of, score, unmatched_of
from ground_net.routing.defaults import defaults_on

DEFAULTS = defaults_on(date(2026, 3, 10))
NAMES = sorted(WHY)
FACTS = st.builds(NeedFacts, **dict.fromkeys(NAMES, st.integers(0, 10)) | {"budget": st.integers(0, 10**12)})


@given(facts=FACTS)
def test_the_score_is_the_sum_of_its_reasons(facts):
    made = score(facts, DEFAULTS)
    assert made.score == sum(reason.points for reason in made.reasons)
    assert 0 <= made.score <= 100
    assert made.complexity == class_of(made.score, DEFAULTS)
    assert all(0 < reason.points <= reason.of for reason in made.reasons)


@given(facts=FACTS, name=st.sampled_from(NAMES), more=st.integers(0, 10**9))
def test_more_of_anything_makes_no_need_simpler(facts, name, more):
    harder = score(replace(facts, **{name: getattr(facts, name) + more}), DEFAULTS)
    easier = score(facts, DEFAULTS)
    assert harder.score >= easier.score
    assert CLASSES.index(harder.complexity) >= CLASSES.index(easier.complexity)


@given(facts=FACTS, order=st.permutations(NAMES))
def test_the_order_in_which_things_are_counted_changes_nothing(facts, order):
    shuffled = replace(DEFAULTS, contributions={name: DEFAULTS.contributions[name] for name in order})
    assert score(facts, shuffled) == score(facts, DEFAULTS)
    one_by_one = (
        score(replace(NeedFacts(), **{name: getattr(facts, name)}), DEFAULTS).score for name in order
    )
    assert sum(one_by_one) == score(facts, DEFAULTS).score


def test_nothing_is_simple_and_everything_is_hard():
    assert asdict(score(NeedFacts(), DEFAULTS)) == {"score": 0, "complexity": "simple", "reasons": ()}
    full = NeedFacts(**{name: share.full for name, share in DEFAULTS.contributions.items()})
    assert (score(full, DEFAULTS).score, score(full, DEFAULTS).complexity) == (100, "hard")


@pytest.mark.parametrize(
    ("total", "said"), [(29, "simple"), (30, "ordinary"), (54, "ordinary"), (55, "hard")]
)
def test_the_thresholds_belong_to_the_harder_class(total, said):
    assert class_of(total, DEFAULTS) == said


def test_reasons_say_what_was_found_in_both_languages_heaviest_first():
    made = score(NeedFacts(musts=3, trl_gap=5), DEFAULTS)
    assert [(reason.name, reason.points, str(reason.why), reason.why.zh) for reason in made.reasons] == [
        ("trl_gap", 14, "5 level(s) of readiness to go", "技术成熟度相差 5 级"),
        ("musts", 6, "3 must indicator(s)", "必达指标 3 项"),
    ]


def test_what_is_not_known_adds_nothing():
    assert [hurry_of(days) for days in (None, 400, 180, 179, 0, -9)] == [0, 0, 0, 1, 180, 180]
    assert [unmatched_of(best) for best in (None, 0.9, 0.5, 0.2, 0.0)] == [0, 0, 0, 30, 50]
