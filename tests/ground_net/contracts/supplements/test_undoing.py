from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ground_net.contracts.supplements.undoing import as_said, falling_with, spelled, terms_before

NOW = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=5)


@dataclass(eq=False)
class Kept:
    """A supplement as far as undoing it goes."""

    terms_before: dict[str, Any] = field(default_factory=dict)
    earlier_confirmed_at: datetime | None = None
    earlier_disputable_until: datetime = LATER


def test_what_was_built_on_it_falls_with_it_and_what_it_was_built_on_stays():
    first, second, third = Kept(), Kept(), Kept()
    assert falling_with(second, [first, second, third], NOW) == [second, third]
    assert falling_with(third, [first, second, third], NOW) == [third]


def test_one_that_all_had_confirmed_before_the_next_is_not_struck():
    first, second = Kept(), Kept(earlier_confirmed_at=NOW)
    assert falling_with(first, [first, second], NOW) == []
    assert falling_with(second, [first, second], NOW) == [second]


@pytest.mark.parametrize(("until", "falls"), [(NOW - timedelta(seconds=1), False), (NOW, True)])
def test_one_whose_own_days_were_over_is_not_struck_whatever_days_the_next_has_opened(until, falls):
    first, second = Kept(), Kept(earlier_disputable_until=until)
    assert bool(falling_with(first, [first, second], NOW)) is falls


def test_agreed_long_before_it_says_nothing_about_the_first_itself():
    only = Kept(
        earlier_confirmed_at=NOW - timedelta(days=30), earlier_disputable_until=NOW - timedelta(days=20)
    )
    assert falling_with(only, [only], NOW) == [only]


TERMS = st.fixed_dictionaries({}, optional={
    "amount_fen": st.integers(1, 10**15), "title": st.text(max_size=4), "licence_years": st.none() | st.integers(1, 9),
    "valid_to": st.dates(date(2026, 1, 1), date(2030, 1, 1)), "payment_plan": st.lists(st.just({"amount_fen": 1}), max_size=2),
})  # fmt: skip


@given(st.lists(TERMS, min_size=1, max_size=6), st.data())
def test_the_terms_before_any_supplement_come_back_to_the_letter(changes, data):
    contract = {
        "amount_fen": 5,
        "title": "原",
        "licence_years": None,
        "valid_to": date(2026, 6, 1),
        "payment_plan": [],
    }
    versions, kept = [dict(contract)], []
    for change in changes:
        kept.append(Kept(spelled({name: contract[name] for name in change})))
        contract = contract | change
        versions.append(dict(contract))
    place = data.draw(st.integers(0, len(kept) - 1))
    falling = falling_with(kept[place], kept, NOW)
    assert contract | terms_before(falling) == versions[place]


def test_http_is_told_the_clause_as_one_and_days_as_text():
    terms = {
        "ip_ownership": "shared",
        "ip_words": "共有",
        "ip_use_rights": None,
        "valid_to": date(2027, 1, 1),
    }
    assert as_said(spelled(terms)) == {
        "ip_clause": {"owner": "shared", "words": "共有", "use_rights": None}, "valid_to": "2027-01-01",
    }  # fmt: skip
    assert as_said({"title": "新"}) == {"title": "新"}
