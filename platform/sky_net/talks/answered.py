"""What an answered question tells of the talk that it was: who spoke, and when."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from backbone.clock import local_date
from backbone.errors import Bilingual, Invalid
from backbone.identity.service import names_of
from sky_net.needs.models import Need
from sky_net.talks.questions.models import Question

NO_SUCH_ANSWER = Bilingual(
    "没有这个提问，或不属于该需求与院所，或对方尚未答复",
    "There is no such question of this need and institute that the other side answered",
)
NOT_A_TALK = Bilingual(
    "只有 question_answered 可以指明提问", "Only a contact of kind question_answered names a question"
)


def with_answer(session: Session, need: Need, values: Mapping[str, Any]) -> dict[str, Any]:
    """The contact's values with the people and the day of the question that it names, where it does not tell them.

    Raises Invalid unless the question is of this need and institute and was answered by the other side.
    """
    given = {"people": [], "happened_on": None} | dict(values)
    if given.get("question_id") is None:
        return given
    if given["kind"] != "question_answered":
        raise Invalid.field("question_id", NOT_A_TALK)
    question = session.get(Question, given["question_id"])
    pair = (need.id, given["institute_id"])
    if question is None or (question.need_id, question.institute_id) != pair or question.answered_at is None:
        raise Invalid.field("question_id", NO_SUCH_ANSWER)
    given["happened_on"] = given["happened_on"] or local_date(question.answered_at)
    given["people"] = given["people"] or _people(session, question)
    return given


def _people(session: Session, question: Question) -> list[dict[str, str]]:
    spoke = {question.asked_side: question.answers[0].answered_by, question.asked_by_side: question.asked_by}
    names = names_of(session, {account_id for account_id in spoke.values() if account_id})
    return [
        {"name": names[account_id], "side": side} for side, account_id in spoke.items() if account_id in names
    ]
