"""Shares, quantiles, and the one table of states."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.errors import Invalid
from sky_net.monitoring.periods import Period, bucket_of, instant_of, period_of
from sky_net.monitoring.states import COLUMNS, column_of
from sky_net.monitoring.tally import Tally, share
from sky_net.sla.clocks import ClockState
from sky_net.sla.phases import SHOWN_STATES

NOW = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)  # already New Year's Day in Wuhan

states = st.sampled_from(list(COLUMNS))
counted = st.lists(st.tuples(states, st.integers(1, 50), st.booleans(), st.booleans()))


def tally_of(rows):
    made = Tally()
    for state, clocks, past_due, unanswered in rows:
        made.count(state, clocks, is_past_due=past_due, is_unanswered=unanswered)
    return made


@given(counted)
def test_the_states_part_the_report_and_compliance_is_what_was_promised(rows):
    made = tally_of(rows)
    assert made.clocks == sum(clocks for _, clocks, _, _ in rows) == sum(made.shown_states.values())
    met = sum(clocks for state, clocks, _, _ in rows if state == "met")
    missed = sum(
        clocks for state, clocks, past, _ in rows if state == "breached" or (state == "running" and past)
    )
    assert made.compliance == (share(met, met + missed) if met + missed else None)
    assert made.past_due <= made.states["running"]
    assert made.unanswered <= made.states["breached"]


@given(counted, counted)
def test_adding_two_is_counting_both(one, other):
    added = tally_of(one)
    added.add(tally_of(other))
    assert added == tally_of([*one, *other])


def test_every_state_of_the_core_has_a_column_of_its_own_and_at_risk_is_running():
    assert {state.value for state in ClockState} <= set(COLUMNS)
    assert {"waived", "no_solution"} <= set(COLUMNS)
    assert {column_of(shown) for shown in SHOWN_STATES} <= set(COLUMNS)
    assert column_of("at_risk") == "running"


def test_waivers_and_findings_of_no_solution_change_no_share():
    made = tally_of(
        [
            ("met", 3, True, False),
            ("breached", 1, True, True),
            ("waived", 5, True, False),
            ("no_solution", 2, True, False),
        ]
    )
    assert made.compliance == 0.75
    assert made.clocks == 11


def test_the_paused_share_is_of_all_the_time_allowed():
    assert Tally(budget_minutes=300, paused_minutes=100).paused_share == 0.25
    assert Tally().paused_share is None


def test_days_are_those_of_wuhan():
    period = period_of({}, NOW)
    assert (period.first, period.last) == (date(2027, 1, 1), date(2027, 1, 31))
    assert Period(date(2026, 3, 1), date(2026, 3, 1)).begins_at == datetime(2026, 2, 28, 16, 0, tzinfo=UTC)
    assert Period(date(2026, 3, 1), date(2026, 3, 1)).ends_at == datetime(2026, 3, 1, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"from_on": date(2026, 3, 5)}, (date(2026, 3, 5), date(2027, 1, 1))),
        ({"to_on": date(2026, 3, 5)}, (date(2026, 3, 1), date(2026, 3, 5))),
        ({"from_on": date(2028, 1, 1)}, (date(2028, 1, 1), date(2028, 1, 1))),
    ],
)
def test_one_end_alone_is_enough(asked, expected):
    period = period_of(asked, NOW)
    assert (period.first, period.last) == expected


def test_a_period_backwards_and_an_instant_ahead_are_refused():
    with pytest.raises(Invalid):
        period_of({"from_on": date(2026, 2, 2), "to_on": date(2026, 2, 1)}, NOW)
    with pytest.raises(Invalid):
        instant_of({"as_of": datetime(2027, 1, 1, tzinfo=UTC)}, NOW)
    assert instant_of({"as_of": NOW}, NOW) == NOW
    assert instant_of({}, NOW) is None


@given(st.dates(date(2004, 1, 1), date(2030, 1, 1)), st.integers(0, 400), st.sampled_from(["month", "week"]))
def test_the_buckets_of_a_period_hold_each_of_its_days_once(first, length, size):
    period = Period(first, date.fromordinal(first.toordinal() + length))
    buckets = list(period.buckets(size))
    assert len(set(buckets)) == len(buckets)
    assert buckets == sorted(buckets)
    days = {bucket_of(date.fromordinal(first.toordinal() + n), size) for n in range(length + 1)}
    assert days == set(buckets)
