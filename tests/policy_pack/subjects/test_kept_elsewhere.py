"""Where the directory keeps a figure, and that it comes back from there as it was answered."""

from datetime import date
from decimal import Decimal

import pytest

from backbone.directory.facts.kinds import FACT_KINDS, problem_with_day
from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.subjects.from_directory import Figure, Row, known_of
from policy_pack.subjects.kept_elsewhere import OF_THE_ENTERPRISE, PLACES

TODAY = date(2026, 3, 10)
ROW = Row("420100", date(2010, 5, 6), None, None)
SAMPLES = {
    "ratio": Decimal("0.65"),
    "money": Decimal("8000.5"),
    "integer": Decimal(80),
    "number": Decimal(3),
    "boolean": True,
}


@pytest.mark.parametrize("key", PLACES)
def test_an_answer_recorded_in_the_directory_is_read_back_as_it_was_given(key):
    place, value = PLACES[key], SAMPLES[str(DICTIONARY[key].kind)]
    figures = [Figure(place.kind, place.figure(value), place.day(TODAY), "走访")]
    if place.years_back:  # the years count back from the newest one on record
        figures.append(Figure(place.kind, 1, date(2025, 12, 31), "走访"))
    assert known_of(ROW, figures, TODAY)[key].value == value


@pytest.mark.parametrize("key", PLACES)
def test_it_is_recorded_as_of_a_day_that_the_directory_takes(key):
    place = PLACES[key]
    assert place.kind in FACT_KINDS
    assert problem_with_day(place.kind, place.day(TODAY)) is None


def test_a_figure_finer_than_the_directory_keeps_is_none():
    assert PLACES["rd_domestic_share"].figure(Decimal("0.6")) == 6000
    assert PLACES["rd_domestic_share"].figure(Decimal("0.123456")) is None
    assert PLACES["revenue"].figure("八千") is None


def test_what_is_kept_elsewhere_is_the_enterprises_own():
    assert all(DICTIONARY[key].per == "enterprise" for key in (*PLACES, *OF_THE_ENTERPRISE))
    assert not OF_THE_ENTERPRISE & PLACES.keys()
