from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sky_net.needs.completeness import (
    CRITERIA,
    SHORTEST_PROBLEM,
    assess,
    compulsory_missing,
    label_of,
    missing_among,
)
from sky_net.needs.models import PERSONAL, Need
from sky_net.needs.schemas import NeedReturn
from tests.factories.needs import OPEN_FACTS, SECRETS

FIELDS = [*(column.key for column in Need.__table__.columns), *PERSONAL]
LISTS = {"indicators", "deliverables", "cooperation_modes", "region_preference", "related_policies"}
CONTACT = {"contact_name": "甲", "contact_phone": "1", "contact_email": None}
BUDGET = {"budget_kind": "range", "budget_min_fen": 1, "budget_max_fen": 2}
FULL = SECRETS | OPEN_FACTS | CONTACT | BUDGET


def a_need(**given):
    empty = {name: [] if name in LISTS else None for name in FIELDS}
    return SimpleNamespace(**empty | {"visibility": "public"} | given)


def missing_of(need):
    return {criterion.field for criterion in assess(need).missing}


def test_a_need_that_says_everything_scores_a_hundred():
    found = assess(a_need(**FULL))
    assert (found.score, found.missing, found.compulsory_missing) == (100, (), ())


def test_an_empty_need_scores_nothing_and_lacks_the_four_compulsory_things():
    found = assess(a_need())
    assert found.score == 0
    assert found.compulsory_missing == ("title", "problem", "contact", "industry")


def test_the_heaviest_gap_is_named_first():
    weights = [criterion.weight for criterion in assess(a_need()).missing]
    assert weights == sorted(weights, reverse=True)


def test_every_criterion_says_in_both_languages_what_and_why():
    for criterion in CRITERIA:
        assert criterion.label.zh
        assert criterion.why.zh
        assert criterion.label != criterion.label.zh
        assert criterion.why != criterion.why.zh
    assert len({criterion.field for criterion in CRITERIA}) == len(CRITERIA)
    assert sum(c.weight for c in CRITERIA if not c.field.startswith("masked")) == 100


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"problem": "太短"}, "problem"),
        ({"indicators": [{"name": "精度", "weight": "want", "target": "1"}]}, "indicators"),
        ({"indicators": [{"name": "精度", "weight": "must"}]}, "indicators"),
        ({"indicators": [{"name": "精度", "weight": "must", "target": "1"}]}, "test_method"),
        ({"contact_phone": None}, "contact"),
        ({"contact_name": None}, "contact"),
        ({"budget_min_fen": None, "budget_max_fen": None}, "budget"),
        ({"deliverables": []}, "deliverables"),
        ({"scene": "  "}, "scene"),
        ({"trl_required": None}, "trl_required"),
    ],
)
def test_one_gap_is_found_and_costs_its_weight(change, field):
    found = assess(a_need(**FULL | change))
    assert field in {criterion.field for criterion in found.missing}
    assert found.score == 100 - sum(criterion.weight for criterion in found.missing)


def test_a_negotiable_budget_needs_no_amount():
    assert "budget" not in missing_of(
        a_need(**FULL | {"budget_kind": "negotiable", "budget_min_fen": None, "budget_max_fen": None})
    )


def test_masked_texts_matter_only_to_a_masked_need():
    bare = FULL | {"masked_title": None, "masked_summary": None}
    assert missing_of(a_need(**bare)) == set()
    assert missing_of(a_need(**bare | {"visibility": "masked"})) == {"masked_title", "masked_summary"}


def test_a_short_problem_is_advice_and_not_compulsory():
    need = a_need(title="题", problem="短", industry="opto", **CONTACT)
    assert "problem" in missing_of(need)
    assert compulsory_missing(need) == ()


def test_an_email_serves_as_well_as_a_phone():
    assert "contact" not in missing_of(a_need(contact_name="甲", contact_email="a@b"))


def test_labels_are_known_for_everything_that_can_be_returned():
    assert label_of("indicators").zh == "核心指标"
    assert label_of("something_else") == "something_else"
    for name in NeedReturn().fields["missing"].inner.choices:
        assert label_of(name).zh != name


@given(st.dictionaries(st.sampled_from(sorted(FULL)), st.just(None)))
def test_saying_more_never_lowers_the_score(removed):
    fewer = FULL | {name: [] if name in LISTS else None for name in removed if name != "visibility"}
    score = assess(a_need(**fewer)).score
    assert 0 <= score <= 100
    for name in removed:
        assert assess(a_need(**fewer | {name: FULL[name]})).score >= score


def test_the_length_that_counts_as_a_description_is_counted_without_blanks_at_its_ends():
    assert "problem" in missing_of(a_need(problem=" " * SHORTEST_PROBLEM + "短"))
    assert "problem" not in missing_of(a_need(problem="长" * SHORTEST_PROBLEM))


def test_asked_for_some_fields_it_names_the_same_gaps_and_looks_at_no_other():
    need = a_need(title="题")
    some = ("problem", "scene", "indicators", "tried")
    expected = [criterion for criterion in assess(need).missing if criterion.field in some]
    assert missing_among(SimpleNamespace(**{name: getattr(need, name) for name in some}), some) == expected
    assert missing_among(need, ()) == []
