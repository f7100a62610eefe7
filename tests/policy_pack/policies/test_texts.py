from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects.postgresql import Range

from policy_pack.engine.packs import read_policy
from policy_pack.policies.models import PolicyText, days
from policy_pack.policies.texts import applied, bounds, policy_of, sha256_of
from tests.factories.policy_office import a_text

DAYS = st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2200, 1, 1)))
POLICY = read_policy(a_text(valid={"from": "2024-01-01", "words": "2024 on"}), "P801.yaml")


@given(DAYS, DAYS)
def test_days_and_bounds_are_each_others_inverse(first, last):
    span = days(first, last)
    if first is not None and last is not None and last < first:
        assert span.isempty
    else:
        assert bounds(span) == (first, last)


def test_a_span_as_postgresql_gives_it_back_has_the_same_days():
    assert bounds(Range(date(2026, 1, 1), date(2026, 7, 1), bounds="[)")) == (
        date(2026, 1, 1),
        date(2026, 6, 30),
    )
    assert bounds(Range(None, None, bounds="()")) == (None, None)


def test_what_ended_a_version_ends_the_validity_of_its_policy_and_nothing_else():
    cut = applied(POLICY, days(date(2024, 1, 1), date(2024, 6, 30)))
    assert (cut.validity.first, cut.validity.last) == (date(2024, 1, 1), date(2024, 6, 30))
    assert cut.validity.words == POLICY.validity.words
    assert cut.clauses == POLICY.clauses
    assert applied(POLICY, None) is POLICY


def test_a_text_is_read_once_and_known_by_its_hash():
    text = PolicyText(content=a_text(), file_name="P801.yaml", sha256=sha256_of(a_text()))
    assert policy_of(text) is policy_of(text)
    assert policy_of(text) == read_policy(a_text(), "P801.yaml")


@pytest.mark.parametrize(
    ("text", "sha256"), [("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
)
def test_the_hash_is_that_of_the_utf_8(text, sha256):
    assert sha256_of(text) == sha256
