"""What is called decided is decided by every completion, what is called open is not, and what matters does: by brute force."""

from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from policy_pack.engine import deciding, guessing
from policy_pack.engine.deciding import settle
from policy_pack.engine.definition import Kind
from policy_pack.engine.reducing import denied, reduced
from policy_pack.engine.tree import (
    All,
    AnyOf,
    Between,
    Not,
    Sign,
    Within,
    WithinYearsAfter,
    YearsBefore,
    keys_of,
)
from tests.factories.policies import (
    DAY,
    SMALL,
    at,
    completions,
    conditions,
    defined,
    facts_for,
    has,
    holds,
    known,
    mean,
    no,
    one_of,
    share,
    total,
    values_of,
    yes,
)

MONEY = {key: defined(key, Kind.MONEY, least=Decimal(0)) for key in ("a", "b", "c", "d", "e")}


def settled(*conditions, dictionary=MONEY, as_of=DAY, **stated):
    rests = [reduced(condition, known(**stated), as_of) for condition in conditions]
    assert True not in rests
    assert False not in rests
    return settle(rests, dictionary, as_of)


def is_open(*conditions, **stated):
    found = settled(*conditions, **stated)
    return found.can_hold, found.can_fail


OPEN, NEVER, ALWAYS = (True, True), (False, True), (True, False)


# -- against every completion ---------------------------------------------------------------------------------


def check_what_it_can(data, asked):
    keys = dict.fromkeys(key for condition in asked for key in keys_of(condition))
    facts = data.draw(facts_for(keys))
    rests = [reduced(condition, facts, DAY) for condition in asked]
    said = {all(holds(each, full) for each in asked) for full in completions(facts, keys)}
    if False in rests or all(rest is True for rest in rests):
        assert said == {False not in rests}
        return
    found = settle([rest for rest in rests if rest is not True], SMALL, DAY)
    assert (found.can_hold, found.can_fail) == (True in said, False in said)


def check_what_it_turns_on(data, asked):
    keys = dict.fromkeys(key for condition in asked for key in keys_of(condition))
    facts = data.draw(facts_for(keys))
    rests = [reduced(condition, facts, DAY) for condition in asked]
    if False not in rests:
        found = settle([rest for rest in rests if rest is not True], SMALL, DAY)
        turns = {key for key in keys if facts.is_open(key) and changes(asked, facts, keys, key)}
        assert set(found.turns_on) == turns


@contextmanager
def nothing_guessed():
    """Everything is searched for, so that the guesses cannot hide a mistake of the search."""
    deciding._settle_group.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guessing, "TRIES", 0)
        yield
    deciding._settle_group.cache_clear()


ASKED = some.lists(conditions(), min_size=1, max_size=3)


@given(some.data(), ASKED)
@settings(max_examples=60, deadline=None)
def test_it_is_what_every_completion_says(data, asked):
    check_what_it_can(data, asked)


@given(some.data(), ASKED)
@settings(max_examples=60, deadline=None)
def test_it_turns_on_exactly_the_facts_that_can_change_it(data, asked):
    check_what_it_turns_on(data, asked)


@given(some.data(), ASKED)
@settings(max_examples=80, deadline=None)
def test_so_it_is_without_a_guess(data, asked):
    with nothing_guessed():
        check_what_it_can(data, asked)


@given(some.data(), ASKED)
@settings(max_examples=80, deadline=None)
def test_so_it_turns_without_a_guess(data, asked):
    with nothing_guessed():
        check_what_it_turns_on(data, asked)


def changes(asked, facts, keys, key):
    """Whether some completion of the others leaves it to this fact."""
    others = [each for each in keys if each != key]
    return any(
        len({all(holds(each, full.with_answers({key: value})) for each in asked) for value in values_of(key)})
        > 1
        for full in completions(facts, others)
    )


@given(some.data(), conditions())
@settings(deadline=None)
def test_what_is_left_denied_twice_is_what_is_left(data, condition):
    facts = data.draw(facts_for(keys_of(condition)))
    rest = reduced(condition, facts, DAY)
    opposite = reduced(Not(condition), facts, DAY)
    if isinstance(rest, bool):
        assert opposite is (not rest)
    else:
        assert denied(rest) == opposite
        assert denied(denied(rest)) == rest


# -- cases in which Kleene's logic is at a loss ---------------------------------------------------------------


def test_a_fact_is_the_same_wherever_it_is_read():
    either = AnyOf((at("a", "above", 5000), at("a", "at_most", 5000), Not(at("a", "at_least", 0))))
    assert is_open(either) == ALWAYS
    assert is_open(AnyOf((yes("f"), no("f")))) == ALWAYS
    assert is_open(at("a", "above", 5), at("a", "below", 5)) == NEVER
    assert is_open(at("a", "above", 5), at("a", "below", 6)) == OPEN


def test_a_fact_can_always_turn_out_to_be_absent():
    assert is_open(AnyOf((at("a", "above", 5000), at("a", "at_most", 5000)))) == OPEN
    assert is_open(AnyOf((one_of("k", "x"), Not(one_of("k", "x"))))) == ALWAYS


def test_bounds_decide():
    assert is_open(at("a", "below", 0)) == NEVER
    assert is_open(Not(at("a", "below", 0))) == ALWAYS
    share_of = {"a": defined("a", Kind.SHARE, least=Decimal(0), most=Decimal(1))}
    assert is_open(at("a", "above", 1), dictionary=share_of) == NEVER
    assert is_open(at("a", "at_least", 1), dictionary=share_of) == OPEN


def test_whole_numbers_leave_no_room_between_two_of_them():
    between = All((at("a", "above", 2), at("a", "below", 3)))
    assert is_open(between) == OPEN
    people = {key: defined(key, Kind.INTEGER, least=Decimal(0)) for key in "ab"}
    assert is_open(between, dictionary=people) == NEVER
    half = at(total("a", "b"), "equals", "2.5")
    assert is_open(half, dictionary=people) == NEVER
    assert is_open(half) == OPEN
    assert is_open(at(mean("a", "b"), "equals", "2.5"), dictionary=people) == OPEN
    thirds = All((at(total("a", "a", "a"), "above", 3), at(total("a", "a", "a"), "below", 6)))
    assert is_open(thirds, dictionary=people) == NEVER


def test_sums_reach_what_their_bounds_let_them():
    small = {key: defined(key, Kind.MONEY, least=Decimal(0), most=Decimal(10)) for key in "abc"}
    assert is_open(at(total("a", "b", "c"), "above", 30), dictionary=small) == NEVER
    assert is_open(at(total("a", "b", "c"), "at_least", 30), dictionary=small) == OPEN
    assert is_open(at(total("a", "b", "c"), "at_least", 31), dictionary=small | {"c": MONEY["c"]}) == OPEN


def test_a_share_of_revenue_goes_with_its_tiers():
    ratio = share("a", "b")
    tiers = AnyOf((
        All((at("b", "at_most", 5000), at(ratio, "at_least", "0.05"))),
        All((at("b", "above", 5000), at("b", "at_most", 20000), at(ratio, "at_least", "0.04"))),
        All((at("b", "above", 20000), at(ratio, "at_least", "0.03"))),
    ))  # fmt: skip
    assert is_open(tiers, a=100) == OPEN
    assert is_open(tiers, at("b", "above", 2000), a=100) == NEVER
    assert is_open(tiers, at("b", "above", 2500), a=100) == NEVER
    assert is_open(tiers, at("b", "above", 4999), at("b", "at_most", 5000), a=249) == NEVER
    assert is_open(tiers, at("b", "above", 4979), at("b", "at_most", 5000), a=249) == OPEN
    assert settled(tiers).turns_on == ("b", "a")


def test_a_ratio_over_nothing_is_never_enough():
    assert is_open(at(share("a", "b"), "at_least", 0), b=0) == NEVER
    assert is_open(at(share("a", "b"), "at_least", 0), b=None) == NEVER
    assert is_open(at(share("a", "b"), "at_least", 0), a=None) == NEVER
    assert is_open(at(share("a", "b"), "below", 0)) == NEVER


def test_a_ratio_of_overlapping_sums():
    part = at(share("a", total("a", "b")), "above", 1)
    assert is_open(part) == NEVER
    assert is_open(at(share("a", total("a", "b")), "equals", 1)) == OPEN


def test_a_mean_knows_how_many_are_there():
    assert is_open(at(mean("a", "b"), "below", 5), at("a", "at_least", 9), b=2) == NEVER
    assert is_open(at(mean("a", "b"), "below", 5), at("a", "at_least", 7), b=2) == OPEN
    assert is_open(at(mean("a", "b"), "above", 5), b=12) == ALWAYS
    assert is_open(at(mean("a", "b"), "above", 5), b=10) == OPEN
    assert is_open(Not(at(mean("a", "b"), "below", 5)), b=10) == ALWAYS


def test_days_regions_and_sets_have_finitely_many_sorts():
    first = date(2025, 1, 1)
    assert is_open(Between("day", first, None), Between("day", None, first)) == OPEN
    assert is_open(Between("day", first, None), Between("day", None, first - timedelta(days=1))) == NEVER
    assert is_open(Between("day", date.max, None)) == OPEN
    assert is_open(YearsBefore("day", Sign.AT_LEAST, 5), YearsBefore("day", Sign.BELOW, 5)) == NEVER
    assert is_open(YearsBefore("day", Sign.AT_LEAST, 5), YearsBefore("day", Sign.AT_MOST, 5)) == OPEN
    assert is_open(YearsBefore("day", Sign.AT_LEAST, 5000)) == NEVER
    assert is_open(YearsBefore("day", Sign.AT_LEAST, 5), WithinYearsAfter("day", 2)) == NEVER
    assert is_open(Within("place", "武汉市"), Not(Within("place", "湖北省"))) == NEVER
    assert is_open(Within("place", "湖北省"), Not(Within("place", "武汉市"))) == OPEN
    assert is_open(Within("place", "安徽省"), Within("place", "湖北省")) == OPEN
    assert is_open(has("s", "x"), Not(has("s", "x", "y"))) == NEVER
    assert is_open(has("s", "x", "y"), Not(has("s", "x"))) == OPEN


def test_the_29th_of_february_has_its_own_sort():
    leap = date(2028, 2, 29)
    assert (
        is_open(YearsBefore("day", Sign.AT_MOST, 4), YearsBefore("day", Sign.AT_LEAST, 4), as_of=leap) == OPEN
    )
    day_after = date(2027, 2, 28)
    assert is_open(Between("day", date(2024, 2, 29), date(2024, 2, 29)), YearsBefore("day", Sign.AT_LEAST, 3), as_of=day_after) == OPEN  # fmt: skip


def test_a_list_of_values_is_all_that_there_can_be():
    kinds = {
        "k": defined("k", Kind.CHOICE, values=("x", "y")),
        "s": defined("s", Kind.SET, values=("x", "y")),
    }
    assert is_open(Not(one_of("k", "x")), Not(one_of("k", "y")), dictionary=kinds) == OPEN  # absent
    assert is_open(one_of("k", "x", "z"), Not(one_of("k", "x")), dictionary=kinds) == NEVER
    assert is_open(one_of("k", "x", "z"), Not(one_of("k", "x"))) == OPEN
    assert is_open(has("s", "z"), dictionary=kinds) == NEVER


# -- what matters ---------------------------------------------------------------------------------------------


def test_facts_that_cannot_change_it_are_not_named():
    either = AnyOf((yes("f"), All((at("a", "above", 5), Not(at("a", "above", 5))))))
    assert settled(either).turns_on == ("f",)
    assert settled(at(total("a", "b"), "at_least", 5), at("b", "at_least", 7)).turns_on == ("b",)
    assert settled(at(total("a", "b"), "at_least", 5), at("b", "at_least", 4)).turns_on == ("a", "b")


def test_what_cannot_hold_turns_on_nothing():
    found = settled(at("a", "above", 5), at("a", "below", 5), yes("f"))
    assert (found.can_hold, found.turns_on) == (False, ())


@pytest.mark.parametrize("order", [slice(None), slice(None, None, -1)])
def test_the_order_of_conditions_is_that_of_the_names_alone(order):
    asked = [at("a", "above", 5), yes("f"), at(share("b", "a"), "above", "0.1"), yes("g")]
    found = settled(*asked[order])
    assert (found.can_hold, found.can_fail) == OPEN
    assert set(found.turns_on) == {"a", "b", "f", "g"}


def test_six_open_numbers_are_no_burden():
    spent, earned = total("a", "b", "c"), total("d", "e", "f")
    ratio = share(spent, earned)
    tiers = AnyOf((
        All((at("d", "at_most", 5000), at(ratio, "at_least", "0.05"))),
        All((at("d", "above", 5000), at("d", "at_most", 20000), at(ratio, "at_least", "0.04"))),
        All((at("d", "above", 20000), at(ratio, "at_least", "0.03"))),
    ))  # fmt: skip
    assert set(settled(tiers).turns_on) == set("abcdef")


def test_sums_of_many_facts_are_decided_as_a_whole():
    many = [f"m{at}" for at in range(20)]
    money = {key: MONEY["a"] for key in many}
    with nothing_guessed():
        assert is_open(at(total(*many), "below", 0), dictionary=money) == NEVER
        assert is_open(at(total(*many), "at_least", 5), dictionary=money) == OPEN
        assert is_open(Not(at(total(*many), "at_least", 0)), dictionary=money) == OPEN  # all absent


def test_where_too_many_choices_are_left_the_question_stays_open(monkeypatch):
    monkeypatch.setattr(deciding, "ABSENCES", 3)
    with nothing_guessed():
        assert (
            is_open(at(mean("a", "b", "c"), "below", 0)) == OPEN
        )  # it cannot hold, but that takes eight choices
