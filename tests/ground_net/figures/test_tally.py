from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ground_net.figures.tally import STEPS, Agreed, Held, Mined, Tally, quantile_of
from ground_net.figures.words import ASKED_OF, FIGURES

HEARD = datetime(2026, 3, 31, 16, 30, tzinfo=UTC)  # the first of April in Wuhan
STATES = st.sampled_from([None, *STEPS[2:7]])
agreed = st.builds(
    Agreed,
    st.integers(1, 100),
    st.integers(0, 100),
    st.integers(0, 100),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


def lead(**more):
    return Mined("T", "420100", HEARD, **{"is_decided": False} | more)


def need(furthest=None, contracts=(), **more):
    return lead(is_decided=True, need_id=uuid4(), furthest=furthest, contracts=contracts, **more)


leads = st.lists(
    st.booleans().map(lambda decided: lead(is_decided=decided))
    | st.builds(need, STATES, st.lists(agreed, max_size=2))
)


def tally_of(things):
    tally = Tally()
    for thing in things:
        tally.count(thing)
    return tally


@given(leads)
def test_each_step_of_the_funnel_is_within_the_one_before(things):
    steps = tally_of(things).steps
    assert steps == sorted(steps, reverse=True)
    assert steps[0] == len(things)


@given(leads, leads)
def test_counts_and_sums_add_up(some, others):
    one, other, both = tally_of(some), tally_of(others), tally_of([*some, *others])
    for name, figure in FIGURES.items():
        if figure.unit in ("count", "fen"):
            assert one.figure(name) + other.figure(name) == both.figure(name)


@given(leads)
def test_shares_lie_between_nothing_and_all(things):
    tally = tally_of(things)
    for name in ("valid_share", "matching_rate", "in_province_share"):
        assert tally.share(name) is None or 0 <= tally.share(name) <= 1
    contracts = tally.figure("cooperations")
    assert tally.figure("withheld") <= contracts


def test_a_share_that_only_rounds_to_its_target_does_not_meet_it():
    tally = tally_of([need("communicating")] * 79_999 + [need("confirmed")] * 20_001)
    assert tally.figure("matching_rate") == 0.8
    assert tally.meets("matching_rate", 80) is False
    tally.count(need("communicating"))
    tally.count(need("communicating"))
    tally.count(need("communicating"))
    tally.count(need("communicating"))
    assert tally.meets("matching_rate", 80) is False
    tally.count(need("communicating"))
    assert tally.meets("matching_rate", 80) is True


def test_of_nothing_nothing_is_met_or_missed():
    assert [Tally().meets(name, 1) for name in ("valid_share", "matching_rate", "in_province_share")] == [
        None
    ] * 3
    assert Tally(events=None).meets("events", 1) is None
    assert [Tally().meets(name, 0) for name in ASKED_OF if FIGURES[name].unit == "count"] == [True] * 5


def test_events_count_where_they_can_belong():
    ours, centres = Tally(), Tally(events=None)
    for tally in (ours, centres):
        tally.count_event()
    assert (ours.figure("events"), centres.figure("events")) == (1, None)


def test_a_day_is_one_in_wuhan():
    assert lead().day == date(2026, 4, 1)
    assert Held("T", "420100", date(2026, 4, 1)).day == lead().day


def test_times_run_from_the_visit_and_from_the_submission():
    told = need(
        promoted_at=HEARD + timedelta(hours=3), submitted_at=HEARD, contacted_at=HEARD + timedelta(hours=30)
    )
    figures = tally_of([told, need(), lead()]).figures
    assert (figures["promotion_median_hours"], figures["contact_p90_hours"]) == (3.0, 30.0)


@pytest.mark.parametrize(("hours", "expected"), [([], None), ([4.0], 4.0), ([0.0, 10.0], 9.0)])
def test_a_quantile_is_interpolated_and_none_of_nothing(hours, expected):
    assert quantile_of(hours, 0.9) == expected
