"""Scores are exact, explain themselves, and turn nothing that is unknown into nothing."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from finance_net.credit.scorecard_file import read_scorecard
from finance_net.credit.scoring import ABSENT, DISPUTED, KNOWN, UNKNOWN, group_of, score
from tests.factories.credit import CARD, VALUES

CARD_READ = read_scorecard(CARD, "card.yaml")
KNOWN_VALUES = {name: Decimal(value) for name, value in VALUES.items()}
NUMBERS = st.decimals(-10, 10_000, places=2)
ALL = st.fixed_dictionaries(dict.fromkeys(VALUES, NUMBERS))


def test_a_score_is_the_weighted_sum_with_a_reason_for_every_indicator():
    scored = score(CARD_READ, KNOWN_VALUES)
    # 4 patents: 50 of 100 points of a weight of 60; a debt ratio of 0.6: 60 of 100 of a weight of 40.
    assert (scored.group, scored.hundredths) == ("start_up", 5_400)
    assert [(line.indicator, line.points, line.earned_hundredths, line.why) for line in scored.lines] == [
        ("patents", 50, 3_000, KNOWN), ("debt", 60, 2_400, KNOWN),
    ]  # fmt: skip


def test_what_is_missing_is_listed_and_the_score_is_none_not_less():
    for why in (UNKNOWN, ABSENT, DISPUTED):
        scored = score(CARD_READ, KNOWN_VALUES | {"debt_ratio": why})
        assert (scored.hundredths, scored.missing) == (None, ("debt_ratio",))
        assert (scored.least_hundredths, scored.most_hundredths) == (3_000, 7_000)
        assert [line.why for line in scored.lines] == [KNOWN, why]


def test_the_group_is_the_first_whose_conditions_hold_by_the_cards_own_rule():
    def group(**values: str) -> tuple[str | None, tuple[str, ...]]:
        found, missing = group_of(CARD_READ, {name: Decimal(value) for name, value in values.items()})
        return found and found.key, missing

    assert group(years="4.99", revenue="1999.99") == ("start_up", ())
    assert group(years="5", revenue="0") == ("mature", ())
    # One condition that fails decides, however little is known of the others.
    assert group(years="7") == ("mature", ())
    assert group(revenue="2000") == ("mature", ())
    assert group(years="2") == (None, ("revenue",))
    assert score(CARD_READ, {}).missing == ("years", "revenue")


def test_a_later_card_with_another_rule_moves_the_enterprise_to_another_group():
    later = read_scorecard(
        CARD.replace("below: 5}", "below: 3}").replace("since: 2026-01-01", "since: 2026-06-01"), "card.yaml"
    )
    assert score(CARD_READ, KNOWN_VALUES).group == "start_up"
    assert score(later, KNOWN_VALUES).group == "mature"


@given(ALL)
def test_a_score_lies_between_nothing_and_the_whole(values: dict[str, Decimal]):
    scored = score(CARD_READ, values)
    assert 0 <= scored.hundredths <= 10_000
    assert scored.hundredths == scored.least_hundredths == scored.most_hundredths


@given(ALL, st.sampled_from(["patents", "debt_ratio"]), NUMBERS)
def test_more_of_what_is_good_never_lowers_the_score(values: dict[str, Decimal], name: str, other: Decimal):
    one, two = sorted((values[name], other), reverse=name == "debt_ratio")
    worse, better = (score(CARD_READ, values | {name: value}).hundredths for value in (one, two))
    assert worse <= better


@given(ALL, st.sampled_from(["patents", "debt_ratio"]))
def test_whatever_turns_out_the_score_lies_within_the_bounds_that_were_told(
    values: dict[str, Decimal], name: str
):
    told = score(CARD_READ, {key: value for key, value in values.items() if key != name})
    assert told.hundredths is None
    assert told.least_hundredths <= score(CARD_READ, values).hundredths <= told.most_hundredths
