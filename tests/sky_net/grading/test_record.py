"""The tables that say which grade an answer stands for."""

from itertools import product

import pytest

from sky_net.grading.record import (
    DECLINED_INVITATION,
    DECLINED_PROPOSAL,
    INVITATION,
    PROPOSAL,
    UNSOLVED,
    Answer,
    grade_of,
)
from sky_net.invitations import states as invitations
from sky_net.invitations.reasons import DECLINE_REASONS
from sky_net.matching.grades import GRADES
from sky_net.proposals import states as proposals


def test_every_state_and_every_reason_has_its_row():
    assert set(INVITATION) | {invitations.LIFE.after("decline")} == set(invitations.STATES)
    assert set(PROPOSAL) | {proposals.LIFE.after("decline")} == set(proposals.STATES)
    assert set(DECLINED_INVITATION) == set(DECLINED_PROPOSAL) == set(DECLINE_REASONS)
    told = [
        *INVITATION.values(),
        *PROPOSAL.values(),
        *DECLINED_INVITATION.values(),
        *DECLINED_PROPOSAL.values(),
    ]
    assert {grade for grade in told if grade is not None} <= set(GRADES)


@pytest.mark.parametrize(
    ("answer", "grade"),
    [
        (Answer("open"), None),
        (Answer("accepted"), 2),
        (Answer("declined", "science_doubt"), 0),
        (Answer("declined", "unclear_benefit"), 1),
        (Answer("declined", "too_early"), 1),
        (Answer("declined", "capacity"), None),
        (Answer("declined", "price"), None),
        (Answer("declined", "confidentiality"), None),
        (Answer("declined"), None),
        (Answer("accepted", proposal="draft"), 2),
        (Answer("accepted", proposal="withdrawn"), 2),
        (Answer("accepted", proposal="released"), 2),
        (Answer("accepted", proposal="accepted"), 3),
        (Answer("accepted", proposal="not_selected"), 2),
        (Answer("accepted", proposal="declined", proposal_reason="science_doubt"), 0),
        (Answer("accepted", proposal="declined", proposal_reason="price"), 2),
        (Answer("accepted", proposal="non_responsive"), 0),
        (Answer("accepted", is_unsolved=True), 1),
        (Answer("declined", "science_doubt", is_unsolved=True), 0),
        (Answer("declined", "capacity", is_unsolved=True), None),
    ],
)
def test_what_an_answer_says_of_the_fit(answer, grade):
    assert grade_of(answer) == grade


def test_every_answer_has_a_grade_or_none():
    reasons = [None, *DECLINE_REASONS]
    offered = [None, *proposals.STATES]
    for told in product(invitations.STATES, reasons, offered, reasons, [False, True]):
        answer = Answer(*told)
        grade = grade_of(answer)
        assert grade is None or grade in GRADES
        assert not (answer.is_unsolved and grade is not None and grade > UNSOLVED)


def test_reasons_that_speak_of_money_people_and_terms_never_lower_a_grade():
    for reason, proposal in product(("price", "capacity", "confidentiality", "other"), ("declined", None)):
        if proposal:
            assert grade_of(Answer("accepted", proposal=proposal, proposal_reason=reason)) == 2
        else:
            assert grade_of(Answer("declined", reason)) is None
