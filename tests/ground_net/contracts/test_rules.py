from datetime import date

import pytest

from ground_net.contracts.rules import number_on, read_numbers, shipped_numbers

ROW = "- {{name: days, value: {value}, unit: days, from: {first}, to: {last}, status: own, source: ours}}\n"


def a_file(*rows: tuple[object, object, object]) -> str:
    return "".join(ROW.format(value=value, first=first, last=last) for value, first, last in rows)


def test_every_number_of_the_law_names_its_source():
    assert {each.name for each in shipped_numbers()} == {
        "registration_days", "expert_review_days", "expert_review_above_fen", "inventors_percent", "dispute_days",
        "follow_up_days",
    }  # fmt: skip
    assert all(each.source and each.unit for each in shipped_numbers())


def test_the_numbers_are_those_that_the_facts_give():
    day = date(2026, 3, 10)
    found = {each.name: number_on(each.name, day).value for each in shipped_numbers()}
    assert found["registration_days"] == 10
    assert found["expert_review_days"] == 30
    assert found["expert_review_above_fen"] == 1_000 * 10_000 * 100
    assert found["inventors_percent"] == 70


def test_a_number_counts_on_its_days_alone(monkeypatch):
    text = a_file((5, "null", date(2026, 6, 30)), (3, date(2026, 7, 1), "null"))
    monkeypatch.setattr("ground_net.contracts.rules.shipped_numbers", lambda: read_numbers(text))
    assert number_on("days", date(2026, 6, 30)).value == 5
    assert number_on("days", date(2026, 7, 1)).value == 3
    with pytest.raises(KeyError, match="nothing"):
        number_on("nothing", date(2026, 7, 1))


@pytest.mark.parametrize(
    "rows",
    [
        [(5, "null", "null"), (3, date(2026, 7, 1), "null")],
        [(5, date(2026, 7, 1), date(2026, 6, 1))],
        [(0, "null", "null")],
        [("five", "null", "null")],
    ],
)
def test_a_file_that_contradicts_itself_is_refused(rows):
    with pytest.raises(ValueError, match="days"):
        read_numbers(a_file(*rows))
