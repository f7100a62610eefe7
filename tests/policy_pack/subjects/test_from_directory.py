from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.directory.facts.kinds import FACT_KINDS
from policy_pack.engine.facts import Gap
from policy_pack.subjects.from_directory import (
    ALONE,
    INCIDENTS,
    OF_THREE_YEARS,
    RIGHTS,
    Figure,
    Row,
    known_of,
)

AS_OF = date(2026, 3, 10)
ROW = Row("420100-donghu", date(2018, 5, 1), None, None)


def of_year(kind: str, year: int, value: int) -> Figure:
    return Figure(kind, value, date(year, 12, 31), "审计报告")


def on(kind: str, day: str, value: int) -> Figure:
    return Figure(kind, value, date.fromisoformat(day), "走访")


def values(*figures: Figure, row: Row = ROW, as_of: date = AS_OF) -> dict:
    return {key: known.value for key, known in known_of(row, figures, as_of).items()}


def test_every_kind_that_is_read_is_one_that_the_directory_keeps():
    read = {*ALONE, *OF_THREE_YEARS, *RIGHTS, *INCIDENTS, "equity_raised", "dishonesty_listed"}
    assert read == set(FACT_KINDS)


def test_a_region_is_told_from_the_largest_to_the_smallest():
    assert values()["region"] == "湖北省/武汉市/东湖高新区"
    assert values(row=Row("420200", None, None, None))["region"] == "湖北省/黄石市"


def test_of_an_enterprise_without_figures_only_its_own_row_is_known():
    assert set(values()) == {"region", "founded_on"}
    assert set(values(row=Row("420100", None, 80, 12))) == {"region", "staff_total", "staff_rd"}


def test_a_figure_on_record_counts_before_the_row():
    row = Row("420100", None, 80, 12)
    assert values(on("staff_total", "2026-02-01", 90), row=row)["staff_total"] == 90
    assert values(on("staff_total", "2026-02-01", 90), row=row)["staff_rd"] == 12


def test_money_is_told_in_wan_and_shares_as_fractions():
    found = values(
        of_year("revenue", 2025, 8_000_123_400), on("debt_ratio", "2026-01-31", 7_010),
        of_year("high_tech_income_share", 2025, 6_000), on("innovation_score", "2026-02-01", 7_050),
        on("total_assets", "2026-01-31", 20_000_000_000),
    )  # fmt: skip
    assert found["revenue"] == Decimal("8000.1234")
    assert found["debt_ratio"] == Decimal("0.701")
    assert found["hightech_income_share"] == Decimal("0.6")
    assert found["innovation_score"] == Decimal("70.5")
    assert found["total_assets"] == 20_000


def test_the_newest_figure_as_of_the_day_counts_and_none_after_it():
    figures = [
        on("niche_years", "2024-01-01", 2),
        on("niche_years", "2026-03-10", 4),
        on("niche_years", "2026-03-11", 5),
    ]
    assert values(*figures)["niche_years"] == 4
    assert values(*figures, as_of=date(2026, 3, 9))["niche_years"] == 2
    assert values(*figures, as_of=date(2026, 3, 11))["niche_years"] == 5


def test_three_years_are_told_newest_first():
    found = values(*(of_year("revenue", year, year * 1_000_000) for year in (2023, 2025, 2024)))
    assert (found["revenue"], found["revenue_prev"], found["revenue_prev2"]) == (2025, 2024, 2023)


def test_revenue_and_research_are_told_of_the_same_years():
    found = values(of_year("revenue", 2025, 9_000_000), of_year("rd_expense", 2024, 1_000_000))
    assert "rd_spend" not in found
    assert found["rd_spend_prev"] == 1
    assert found["revenue"] == 9


def test_a_year_before_the_founding_is_known_to_have_none():
    found = values(of_year("revenue", 2025, 1_000_000), row=Row("420100", date(2025, 4, 1), None, None))
    assert (found["revenue_prev"], found["revenue_prev2"]) == (Gap.ABSENT, Gap.ABSENT)
    assert found["rd_spend_prev"] is Gap.ABSENT
    assert "rd_spend" not in found


def test_a_year_that_nobody_recorded_is_unknown_and_not_nothing():
    found = values(of_year("revenue", 2025, 1_000_000), of_year("revenue", 2023, 1_000_000))
    assert "revenue_prev" not in found
    assert "revenue_growth_2y" not in found


@pytest.mark.parametrize(("year", "counts"), [(2025, True), (2024, True), (2023, False)])
def test_figures_of_long_ago_say_nothing_of_the_last_year(year, counts):
    assert ("revenue" in values(of_year("revenue", year, 1_000_000))) is counts


def test_growth_is_the_mean_of_two_years():
    found = values(
        *(of_year("revenue", year, value) for year, value in ((2023, 100), (2024, 110), (2025, 132)))
    )
    assert found["revenue_growth_2y"] == Decimal("0.15")
    nothing = values(
        *(of_year("revenue", year, value) for year, value in ((2023, 0), (2024, 110), (2025, 132)))
    )
    assert "revenue_growth_2y" not in nothing


def test_equity_of_two_years_is_known_when_both_are():
    both = [of_year("equity_raised", 2025, 3_000_000), of_year("equity_raised", 2024, 4_000_000)]
    assert values(*both)["equity_raised_2y"] == 7
    assert "equity_raised_2y" not in values(both[0])
    young = Row("420100", date(2025, 2, 1), None, None)
    assert values(both[0], row=young)["equity_raised_2y"] == 3


def test_one_right_is_enough_and_none_takes_all_kinds():
    assert values(on("utility_models", "2026-01-01", 2))["has_core_ip"] is True
    assert "has_core_ip" not in values(on("utility_models", "2026-01-01", 0))
    assert values(*(on(kind, "2026-01-01", 0) for kind in RIGHTS))["has_core_ip"] is False


def test_incidents_are_those_of_the_year_before_the_day():
    assert values(of_year("safety_incidents", 2025, 1))["major_incident_last_year"] is True
    assert "major_incident_last_year" not in values(of_year("safety_incidents", 2024, 1))
    assert values(*(of_year(kind, 2025, 0) for kind in INCIDENTS))["major_incident_last_year"] is False


@pytest.mark.parametrize(("value", "listed"), [(0, False), (1, True)])
def test_a_list_of_the_dishonest_is_told_as_it_stands(value, listed):
    assert values(on("dishonesty_listed", "2026-01-01", value))["blacklisted"] is listed


def test_labels_are_those_held_on_the_day_and_unknown_where_none_was_entered():
    labels = (
        {"name": "高新技术企业", "granted_on": "2023-01-01", "valid_until_on": "2026-03-10"},
        {"name": "瞪羚", "granted_on": "2026-03-11"},
        {"name": "专精特新", "valid_until_on": "2026-03-09"},
        {"name": "科技型中小企业"},
    )
    row = Row("420100", None, None, None, labels)
    assert values(row=row)["labels"] == {"高新技术企业", "科技型中小企业"}
    assert values(row=row, as_of=date(2026, 3, 11))["labels"] == {"瞪羚", "科技型中小企业"}
    assert "labels" not in values()


def test_each_fact_says_where_it_was_read():
    known = known_of(ROW, [of_year("revenue", 2025, 1)], AS_OF)
    assert known["revenue"].read == "revenue 2025-12-31: 审计报告"
    assert known["revenue_prev"].read if "revenue_prev" in known else True


FIGURES = st.lists(
    st.builds(
        Figure, st.sampled_from(sorted(FACT_KINDS)), st.integers(0, 10_000_000),
        st.sampled_from([date(year, 12, 31) for year in range(2021, 2028)]), st.just("x"),
    ),
    max_size=20, unique_by=lambda figure: (figure.kind, figure.as_of_on),
)  # fmt: skip


@given(FIGURES, st.randoms(use_true_random=False))
def test_the_order_in_which_figures_are_found_makes_no_difference(figures, random):
    turned = list(figures)
    random.shuffle(turned)
    assert known_of(ROW, figures, AS_OF) == known_of(ROW, turned, AS_OF)


@given(FIGURES)
def test_nothing_recorded_after_the_day_makes_a_difference(figures):
    until = [figure for figure in figures if figure.as_of_on <= AS_OF]
    assert known_of(ROW, figures, AS_OF) == known_of(ROW, until, AS_OF)
