"""What the platform's own record says of a match, as tables. Pure: words in, a grade or nothing out.

0 of no use · 1 of the same subject · 2 worth a talk · 3 an answer; None says nothing of how well the two fit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sky_net.invitations.reasons import OTHER

DECLINED_INVITATION: Mapping[str, int | None] = MappingProxyType(
    {
        "too_early": 1,  # its subject, but nothing that could be used yet
        "unclear_benefit": 1,  # its subject, but it does not see what it would bring
        "unclear_route": 1,  # its subject, but it knows no way from what it has to what is asked
        "unclear_description": None,  # about how the need is written
        "science_doubt": 0,  # whoever knows the science says that it does not carry this
        "price": None,  # about the money
        "capacity": None,  # about people and machines that were busy
        "confidentiality": None,  # about the terms
        "other": None,
    }
)
"""An institute's reason for saying no → the grade of what it was asked for."""

DECLINED_PROPOSAL: Mapping[str, int | None] = MappingProxyType(
    {
        "too_early": 1,  # the enterprise read it and found nothing to use yet
        "unclear_benefit": 1,
        "unclear_route": 1,
        "unclear_description": 2,  # of the following, none takes back that it was worth an offer
        "science_doubt": 0,
        "price": 2,
        "capacity": 2,
        "confidentiality": 2,
        "other": 2,
    }
)
"""The enterprise's reason for saying no to a released proposal → the grade of what it rests on."""

PROPOSAL: Mapping[str, int | None] = MappingProxyType(
    {
        "draft": None,  # nobody but the institute has seen it
        "released": 2,
        "accepted": 3,
        "not_selected": 2,  # another one was chosen, which makes this one no worse
        "withdrawn": None,  # taken back: the invitation's answer stands
        "non_responsive": 0,  # a dispute was upheld: it was no answer
    }
)
"""A proposal's state → the grade; one that is not here was declined, and its reason says it."""

INVITATION: Mapping[str, int | None] = MappingProxyType({"open": None, "accepted": 2})
"""An invitation's state → the grade; one that is not here was declined, and its reason says it."""

UNSOLVED = 1
"""The most that an answer can be worth once it is concluded that nobody has a solution."""


@dataclass(frozen=True)
class Answer:
    """How one institute answered one need: the state of its invitation, with the reason where it declined, and of its
    latest proposal, if any; `is_unsolved` when the need ended in a finding of no solution.
    """

    invitation: str
    reason: str | None = None
    proposal: str | None = None
    proposal_reason: str | None = None
    is_unsolved: bool = False


def grade_of(answer: Answer) -> int | None:
    """The grade that the answer stands for; the furthest step speaks. None: nothing about the fit."""
    grade = _offered(answer)
    if grade is None:
        grade = _invited(answer)
    return min(grade, UNSOLVED) if grade is not None and answer.is_unsolved else grade


def _offered(answer: Answer) -> int | None:
    if answer.proposal is None:
        return None
    if answer.proposal in PROPOSAL:
        return PROPOSAL[answer.proposal]
    return DECLINED_PROPOSAL[answer.proposal_reason or OTHER]


def _invited(answer: Answer) -> int | None:
    if answer.invitation in INVITATION:
        return INVITATION[answer.invitation]
    return DECLINED_INVITATION[answer.reason or OTHER]
