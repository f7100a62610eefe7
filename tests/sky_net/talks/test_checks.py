"""What a report of a talk must say to be a contact: pure rules."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.clock import local_date
from backbone.errors import Invalid
from sky_net.talks.checks import check_contact
from sky_net.talks.models import KINDS, SIDES

SUBMITTED_AT = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
NOW = datetime(2026, 3, 12, 2, 0, tzinfo=UTC)


def problems(**values):
    entry = {
        "kind": "call", "happened_on": date(2026, 3, 10), "next_step_on": None,
        "people": [{"name": "甲", "side": "enterprise"}, {"name": "乙", "side": "institute"}],
    } | values  # fmt: skip
    try:
        check_contact(entry, SUBMITTED_AT, NOW)
    except Invalid as refused:
        return [
            (error["field"], str(error["problem"]), error["problem"].zh) for error in refused.data["errors"]
        ]
    return []


def people(*sides):
    return [{"name": f"测试{n}", "side": side} for n, side in enumerate(sides)]


@pytest.mark.parametrize("kind", ["call", "meeting"])
@pytest.mark.parametrize(
    ("sides", "lacking"),
    [
        (["enterprise"], ["institute"]),
        (["institute", "institute", "platform"], ["enterprise"]),
        (["platform"], ["enterprise", "institute"]),
    ],
)
def test_a_call_or_meeting_of_one_side_is_no_contact(kind, sides, lacking):
    found = problems(kind=kind, people=people(*sides))

    assert [field for field, _, _ in found] == ["people"] * len(lacking)
    assert all(side in english for side, (_, english, _) in zip(lacking, found, strict=True))


def test_both_sides_are_enough_with_or_without_the_platform():
    assert problems(people=people("enterprise", "institute")) == []
    assert problems(people=people("platform", "institute", "enterprise")) == []


@pytest.mark.parametrize("sides", [["institute"], ["enterprise"], ["platform", "institute"]])
def test_an_answered_question_names_the_side_that_answered(sides):
    assert problems(kind="question_answered", people=people(*sides)) == []


def test_a_question_that_only_the_platform_speaks_of_is_not_answered():
    assert [field for field, _, _ in problems(kind="question_answered", people=people("platform"))] == [
        "people"
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_not_a_contact(kind):
    assert [field for field, _, _ in problems(kind=kind, people=[])] == ["people"]


def test_a_contact_lies_between_the_submission_and_today():
    assert problems(happened_on=date(2026, 3, 9)) == []
    assert problems(happened_on=date(2026, 3, 12)) == []
    early, late = problems(happened_on=date(2026, 3, 8)), problems(happened_on=date(2026, 3, 13))
    assert early[0][0] == late[0][0] == "happened_on"
    assert "2026-03-09" in early[0][1]
    assert "2026-03-12" in late[0][2]


def test_today_and_the_day_of_submission_are_those_of_wuhan():
    # 23:30 UTC on the 11th is already the 12th in Wuhan.
    entry = {"kind": "call", "happened_on": date(2026, 3, 12), "people": people("enterprise", "institute")}
    check_contact(entry, SUBMITTED_AT, datetime(2026, 3, 11, 23, 30, tzinfo=UTC))
    with pytest.raises(Invalid):
        check_contact(entry, SUBMITTED_AT, datetime(2026, 3, 11, 15, 30, tzinfo=UTC))
    with pytest.raises(Invalid):
        check_contact(entry, datetime(2026, 3, 12, 23, 30, tzinfo=UTC), datetime(2026, 3, 14, tzinfo=UTC))


def test_the_next_step_does_not_lie_before_the_contact():
    assert problems(next_step_on=date(2026, 3, 10)) == []
    assert [field for field, _, _ in problems(next_step_on=date(2026, 3, 9))] == ["next_step_on"]


def test_all_faults_are_named_at_once():
    found = problems(people=people("enterprise"), happened_on=date(2026, 4, 1))

    assert [field for field, _, _ in found] == ["people", "happened_on"]


@given(
    kind=st.sampled_from(KINDS),
    sides=st.lists(st.sampled_from(SIDES), max_size=5),
    days=st.integers(-40, 40),
)
def test_what_passes_has_a_possible_day_and_the_sides_it_needs(kind, sides, days):
    happened = local_date(NOW) + timedelta(days=days)
    found = problems(kind=kind, people=people(*sides), happened_on=happened)

    possible = local_date(SUBMITTED_AT) <= happened <= local_date(NOW)
    two_sided = {"enterprise", "institute"} <= set(sides)
    answered = bool({"enterprise", "institute"} & set(sides))
    assert (not found) == (possible and (two_sided if kind != "question_answered" else answered))
