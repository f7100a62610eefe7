"""The shipped terms and the rules of their file."""

from datetime import date, timedelta

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sky_net.talks.terms.texts import Terms, in_force, read_versions, shipped

ENTRY = {"version": "1", "valid_from": date(2026, 1, 1), "reference": "民法典", "zh": "保密", "en": "secret"}
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


def a_file(*entries: dict) -> str:
    return yaml.safe_dump({"versions": list(entries)}, allow_unicode=True)


def test_what_is_shipped_is_bilingual_and_has_a_reference():
    for terms in shipped():
        assert terms.zh.strip()
        assert terms.en.strip()
        assert "501" in terms.reference


@given(st.lists(DAYS, min_size=1, max_size=6, unique=True), DAYS)
def test_the_latest_version_that_has_begun_is_in_force(days: list[date], day: date):
    versions = [Terms(str(each), each, "x", "x", "x") for each in sorted(days)]
    found = in_force(day, versions)
    begun = [terms for terms in versions if terms.valid_from <= day]
    assert found == (begun[-1] if begun else versions[0])


def test_a_version_is_in_force_from_its_own_day_on():
    versions = read_versions(a_file(ENTRY, ENTRY | {"version": "2", "valid_from": date(2026, 6, 1)}))
    assert in_force(date(2026, 5, 31), versions).version == "1"
    assert in_force(date(2026, 6, 1), versions).version == "2"


@pytest.mark.parametrize(
    ("entries", "wrong"),
    [
        ([], "no version"),
        ([ENTRY, ENTRY | {"valid_from": date(2026, 2, 1)}], "named twice"),
        ([ENTRY, ENTRY | {"version": "2"}], "order"),
        ([ENTRY, ENTRY | {"version": "2", "valid_from": ENTRY["valid_from"] - timedelta(1)}], "order"),
        ([ENTRY | {"author": "x"}], "nothing else"),
        ([{name: value for name, value in ENTRY.items() if name != "en"}], "nothing else"),
        ([ENTRY | {"valid_from": "soon"}], "no date"),
        ([ENTRY | {"zh": " "}], "zh is no text"),
        ([ENTRY | {"version": 1}], "version is no text"),
    ],
)
def test_a_file_that_says_something_wrong_is_refused(entries: list[dict], wrong: str):
    with pytest.raises(ValueError, match=wrong):
        read_versions(a_file(*entries))
