"""Every published figure has its source and its day."""

from datetime import date

from backbone.settings import Settings, describe_settings
from finance_net.funds.published import (
    FEN_PER_YI,
    KINDS_OF_LINE,
    MEASURES,
    directory,
    offshore_meanings,
    published_funds,
)

YUAN = 100


def test_the_two_funds_are_as_the_founding_document_has_them():
    targets = {fund.key: fund.capital[0] for fund in published_funds()}
    assert {key: figure.amount_fen for key, figure in targets.items()} == {
        "onshore": 2_000_000_000 * YUAN, "offshore": 300_000_000 * YUAN,
    }  # fmt: skip
    assert {figure.measure for figure in targets.values()} == {"target"}


def test_every_figure_says_where_it_comes_from_and_of_which_day_it_is():
    figures = [figure for fund in published_funds() for figure in fund.capital]
    for figure in figures:
        assert figure.measure in MEASURES
    for each in [*figures, *directory()]:
        assert each.source
        assert each.grade in {"A", "B", "C"}
        assert date(2023, 1, 1) <= each.as_of_on <= date(2026, 12, 31)
    assert all(line.is_verified is False for line in directory() if line.grade != "A")


def test_the_directory_has_the_special_loans_the_quota_and_the_funds_outside():
    lines = {line.key: line for line in directory()}
    assert (lines["innovation-special-loan"].amount_fen, lines["innovation-special-loan"].first_fen) == (
        500 * FEN_PER_YI, 200 * FEN_PER_YI,
    )  # fmt: skip
    assert lines["relending-quota"].amount_fen == 100 * FEN_PER_YI
    assert lines["fund-group"].amount_fen == 4_000 * FEN_PER_YI
    assert {line.kind for line in directory()} == set(KINDS_OF_LINE)


def test_what_offshore_means_is_a_setting_and_each_meaning_has_its_words():
    assert Settings().offshore_means in offshore_meanings()
    (doc,) = [doc for name, _, doc in describe_settings() if name == "OFFSHORE_MEANS"]
    assert all(code in doc for code in offshore_meanings())
