from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_pack.engine.choices import nearest
from policy_pack.engine.definition import Change, Kind
from policy_pack.engine.demands import Demand
from policy_pack.engine.evaluation import Truth
from policy_pack.engine.facts import Facts, Gap
from policy_pack.engine.tree import Between, Flag, Sign, Within, WithinYearsAfter, YearsBefore
from policy_pack.engine.truth import truth_of
from tests.factories.read_policies import A_DAY, defined, has, one_of

TYPES = ("开发", "转让", "许可")
LABELS = ("x", "y", "z")


def chosen(definition, now, *demands):
    found = nearest(definition, now, [Demand(leaf, wanted) for leaf, wanted in demands], A_DAY)
    return None if found is None else (found.to, found.or_else, found.changes)


def a_set(change=Change.EITHER):
    return defined("s", Kind.SET, change, values=LABELS)


@pytest.mark.parametrize(
    ("change", "now", "wanted", "outcome"),
    [
        (Change.UP, False, True, (True, (), 1)),
        (Change.UP, Gap.ABSENT, True, (True, (), 1)),
        (Change.UP, True, False, None),
        (Change.DOWN, True, False, (False, (), 1)),
        (Change.DOWN, False, True, None),
        (Change.NEVER, False, True, None),
        (Change.NEVER, True, True, (True, (), 0)),
        (Change.NEVER, Gap.ABSENT, False, (Gap.ABSENT, (), 0)),
        (Change.NEVER, Gap.UNKNOWN, True, (True, (), None)),
        (Change.NEVER, Gap.DISPUTED, False, (False, (), None)),
    ],
)
def test_a_flag_moves_as_the_dictionary_lets_it(change, now, wanted, outcome):
    assert chosen(defined("f", Kind.FLAG, change), now, (Flag("f", wanted), True)) == outcome


def test_a_word_comes_from_the_list_in_the_dictionarys_order():
    kind = defined("k", Kind.CHOICE, Change.EITHER, values=TYPES)
    assert chosen(kind, "咨询", (one_of("k", "许可", "转让"), True)) == ("转让", ("许可",), 1)
    assert chosen(kind, "开发", (one_of("k", "开发"), False)) == ("转让", ("许可",), 1)
    assert chosen(kind, Gap.ABSENT, (one_of("k", "开发"), False)) == (Gap.ABSENT, (), 0)


def test_every_demand_on_a_word_is_met_at_once():
    kind = defined("k", Kind.CHOICE, Change.EITHER, values=TYPES)
    both = ((one_of("k", "开发", "转让"), True), (one_of("k", "转让", "许可"), True))
    assert chosen(kind, "开发", *both) == ("转让", (), 1)
    assert chosen(kind, "开发", (one_of("k", "开发"), True), (one_of("k", "许可"), True)) is None


def test_a_set_gains_as_few_as_possible():
    assert chosen(a_set(), frozenset(), (has("s", "x", "y"), True)) == (frozenset("x"), (frozenset("y"),), 1)
    both = ((has("s", "x", "y"), True), (has("s", "y", "z"), True))
    assert chosen(a_set(), frozenset(), *both) == (frozenset("y"), (), 1)
    assert chosen(a_set(), frozenset(), (has("s", "x"), True), (has("s", "z"), True)) == (
        frozenset("xz"),
        (),
        2,
    )


def test_a_set_loses_what_it_must_not_hold_and_no_more():
    assert chosen(a_set(), frozenset("xy"), (has("s", "x"), False)) == (frozenset("y"), (), 1)
    assert chosen(a_set(Change.UP), frozenset("xy"), (has("s", "x"), False)) is None
    assert chosen(a_set(Change.DOWN), frozenset("y"), (has("s", "x"), True)) is None


def test_a_set_that_nobody_knows_is_to_be_shown():
    assert chosen(a_set(Change.NEVER), Gap.UNKNOWN, (has("s", "y"), True)) == (frozenset("y"), (), None)
    assert chosen(a_set(Change.NEVER), Gap.UNKNOWN, (has("s", "y"), False)) == (frozenset(), (), None)
    assert chosen(None, Gap.UNKNOWN, (has("s", "w"), True)) == (frozenset("w"), (), None)


def test_a_place_comes_to_lie_in_the_region():
    place = defined("p", Kind.TEXT, Change.EITHER)
    assert chosen(place, "长沙市", (Within("p", "武汉市"), True)) == ("武汉市", (), 1)
    assert chosen(place, "湖北省/武汉市", (Within("p", "武汉市"), True)) == ("湖北省/武汉市", (), 0)
    assert chosen(place, "湖北省/武汉市", (Within("p", "武汉市"), False)) is None


def test_a_day_that_is_known_stays():
    day = defined("d", Kind.DATE, Change.EITHER)
    assert chosen(day, date(2020, 1, 1), (Between("d", date(2021, 1, 1), None), True)) is None


def test_a_day_that_is_yet_to_come_is_today_where_that_will_do():
    day = defined("d", Kind.DATE, Change.UP)
    assert chosen(day, Gap.ABSENT, (WithinYearsAfter("d", 2), True))[0] == A_DAY
    assert chosen(day, Gap.ABSENT, (Between("d", None, date(2020, 5, 1)), True))[0] == date(2020, 5, 1)


days = st.dates(date(1990, 1, 1), date(2040, 12, 31))
asked = st.sampled_from(
    [
        *(
            YearsBefore("d", sign, years)
            for sign in (Sign.AT_LEAST, Sign.BELOW, Sign.AT_MOST)
            for years in (1, 5)
        ),
        WithinYearsAfter("d", 0),
        WithinYearsAfter("d", 3),
    ]
)


@given(asked, st.booleans(), days)
def test_an_open_day_is_found_where_there_is_one(leaf, wanted, today):
    found = nearest(None, Gap.UNKNOWN, [Demand(leaf, wanted)], today)
    assert found is not None
    assert truth_of(leaf, Facts({"d": found.to}), today) is (Truth.TRUE if wanted else Truth.FALSE)


@given(st.sampled_from([1, 4]), days, st.integers(0, 40))
def test_a_window_and_an_age_agree_on_a_day(years, today, width):
    """Days that are just old enough lie at the anniversary, whichever day of the calendar that is."""
    oldest = YearsBefore("d", Sign.AT_LEAST, years)
    first = today - timedelta(days=366 * years + width)
    found = nearest(None, Gap.UNKNOWN, [Demand(oldest, True), Demand(Between("d", first, None), True)], today)
    assert found is not None
    assert found.to >= first
