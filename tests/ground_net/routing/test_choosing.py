from dataclasses import replace
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from ground_net.routing.choosing import AWAY, EXCLUDED, FULL, Candidate, Wish, choose, trusted_rate
from ground_net.routing.defaults import defaults_on

DEFAULTS = defaults_on(date(2026, 3, 10))
IDS = [UUID(int=n) for n in range(1, 7)]
WISH = Wish("opto", "激光焊接", frozenset({"de"}))
WORDS = {
    "industries": st.frozensets(st.sampled_from(["opto", "auto"])),
    "tech_fields": st.frozensets(st.sampled_from(["激光", "铸造"])),
    "languages": st.frozensets(st.sampled_from(["zh", "de"])),
}


@st.composite
def candidates(draw):
    made = []
    for key in draw(st.lists(st.sampled_from(IDS), unique=True)):
        cases = draw(st.integers(0, 30))
        is_away = draw(st.booleans())
        deputy = draw(st.sampled_from([None, *IDS])) if is_away else None
        made.append(Candidate(
            key, draw(st.integers(0, 9)), draw(st.integers(0, 12)), cases=cases, successes=draw(st.integers(0, cases)),
            is_away=is_away, deputy_id=None if deputy == key else deputy, is_mandated=draw(st.booleans()),
            is_exclusive=False, **{name: draw(words) for name, words in WORDS.items()},
        ))  # fmt: skip
    return made


def one(number: int, **values: object) -> Candidate:
    return Candidate(IDS[number], **{"capacity": 8, "load": 2} | values)  # type: ignore[arg-type]  # by name


def chosen(*made: Candidate, wish: Wish = WISH) -> list[int]:
    return [IDS.index(fit.account_id) for fit in choose(wish, made, DEFAULTS).fits]


@given(made=candidates())
def test_nobody_who_is_away_or_full_is_chosen_and_everybody_else_is_ranked_or_told_why(made):
    choice = choose(WISH, made, DEFAULTS)
    named = {each.account_id: each for each in made}
    for fit in choice.fits:
        assert not named[fit.account_id].is_away
        assert named[fit.account_id].load < named[fit.account_id].capacity
        assert fit.score == sum(reason.points for reason in fit.reasons)
        assert 0 <= fit.score <= 100
    assert {fit.account_id for fit in choice.fits} | choice.refused.keys() == named.keys()
    assert len(choice.fits) + len(choice.refused) == len(named)


@given(made=candidates(), data=st.data())
def test_the_order_of_the_candidates_changes_nothing(made, data):
    assert choose(WISH, data.draw(st.permutations(made)), DEFAULTS) == choose(WISH, made, DEFAULTS)


@given(made=candidates())
def test_whoever_holds_the_mandate_goes_before_all_who_do_not(made):
    fits = choose(WISH, made, DEFAULTS).fits
    assert [fit.goes_first for fit in fits] == sorted((fit.goes_first for fit in fits), reverse=True)


@given(made=candidates())
def test_another_case_in_hand_makes_nobody_more_fitting(made):
    before = {fit.account_id: fit.score for fit in choose(WISH, made, DEFAULTS).fits}
    busier = [replace(each, load=each.load + 1) for each in made]
    assert all(fit.score <= before[fit.account_id] for fit in choose(WISH, busier, DEFAULTS).fits)


def test_speciality_language_room_and_record_each_decide_between_equals():
    for better in (
        {"industries": frozenset({"opto"})}, {"tech_fields": frozenset({"激光"})}, {"languages": frozenset({"de"})},
        {"load": 0}, {"cases": 20, "successes": 18},
    ):  # fmt: skip
        assert chosen(one(0, cases=20), one(1, **{"cases": 20} | better)) == [1, 0]
    assert chosen(one(1), one(0)) == [0, 1]


def test_one_lucky_case_is_trusted_less_than_many_good_ones():
    lucky, proven = one(0, cases=1, successes=1), one(1, cases=40, successes=36)
    assert trusted_rate(lucky, 0.5, 5) < trusted_rate(proven, 0.5, 5) < 0.9
    assert trusted_rate(one(0), 0.5, 5) == 0.5
    assert trusted_rate(one(0), 0.5, 0) == 0.5
    assert chosen(lucky, proven, one(2, cases=40)) == [1, 0, 2]


def test_the_deputy_of_a_mandated_broker_on_leave_goes_first():
    away = one(0, is_mandated=True, is_exclusive=True, is_away=True, deputy_id=IDS[1])
    choice = choose(WISH, [away, one(1), one(2, industries=frozenset({"opto"}))], DEFAULTS)
    assert [IDS.index(fit.account_id) for fit in choice.fits] == [1]
    assert {"mandate", "deputy"} <= {reason.name for reason in choice.fits[0].reasons}
    assert choice.refused == {IDS[0]: AWAY, IDS[2]: EXCLUDED}


def test_a_mandate_gives_no_room_to_who_has_none():
    choice = choose(WISH, [one(0, is_mandated=True, load=8), one(1)], DEFAULTS)
    assert choice.refused == {IDS[0]: FULL}
    assert not choice.fits[0].goes_first
