"""Every grade that counts: out of the record of invitations and proposals, and over it what people graded by hand.

An invitation is to an institute. It counts for the achievement that it names; where it names none, for the institute's
best one in the list that stood when it was sent, since that is what whoever invited had before them; where the list had
none, for nothing. Only ids and grades leave this module.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from sky_net.grading.models import MatchGrade
from sky_net.grading.record import INVITATION, PROPOSAL, Answer, grade_of
from sky_net.needs.states import TRANSITIONS

Grades = dict[UUID, dict[UUID, int]]
"""Need → achievement → grade."""

ANSWERS = text(
    """
    SELECT i.need_id, coalesce(i.achievement_id, shown.achievement_id) AS achievement_id, i.state AS invitation,
           i.reason_code AS reason, offered.state AS proposal, offered.reason_code AS proposal_reason, n.state AS need_state
    FROM invitations i
    JOIN needs n ON n.id = i.need_id
    LEFT JOIN LATERAL (
        SELECT p.state, p.reason_code FROM proposals p
        WHERE p.need_id = i.need_id AND p.institute_id = i.institute_id AND p.state <> ALL(:unsaid)
        ORDER BY p.created_at DESC, p.id DESC LIMIT 1
    ) offered ON true
    LEFT JOIN LATERAL (
        SELECT (item ->> 'achievement_id')::uuid AS achievement_id
        FROM (
            SELECT r.items FROM match_runs r
            WHERE r.need_id = i.need_id AND r.failure IS NULL AND r.made_at <= i.created_at
            ORDER BY r.id DESC LIMIT 1
        ) list, jsonb_array_elements(list.items) item
        WHERE i.achievement_id IS NULL AND item ->> 'institute_id' = i.institute_id::text
        ORDER BY (item ->> 'rank')::int LIMIT 1
    ) shown ON true
    WHERE i.state <> ALL(:unanswered) AND coalesce(i.achievement_id, shown.achievement_id) IS NOT NULL
    ORDER BY i.created_at, i.id
    """
)
"""One row for every invitation that was answered: how, for which achievement, and what became of it."""


CONCLUDED = next(step.to for step in TRANSITIONS if step.action == "conclude")
SAY_NOTHING = {
    "unanswered": [state for state, grade in INVITATION.items() if grade is None],
    "unsaid": [state for state, grade in PROPOSAL.items() if grade is None],
}


def counting_grades(session: Session) -> Grades:
    """The grade of every graded pair; of several answers about one pair the later invitation's counts, a person's above all."""
    grades: Grades = {}
    for row in session.execute(ANSWERS, SAY_NOTHING).mappings():
        grade = grade_of(_answer(row))
        if grade is not None:
            grades.setdefault(row["need_id"], {})[row["achievement_id"]] = grade
    told = select(MatchGrade.need_id, MatchGrade.achievement_id, MatchGrade.grade)
    for need_id, achievement_id, grade in session.execute(told.order_by(MatchGrade.graded_at, MatchGrade.id)):
        grades.setdefault(need_id, {})[achievement_id] = grade
    return grades


def _answer(row: Mapping[Any, Any]) -> Answer:
    return Answer(
        row["invitation"], row["reason"], row["proposal"], row["proposal_reason"],
        is_unsolved=row["need_state"] == CONCLUDED,
    )  # fmt: skip
