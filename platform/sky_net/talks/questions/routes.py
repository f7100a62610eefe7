"""Questions over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes, path_of
from sky_net.talks.questions import reading, schemas, service

routes = Routes("questions", __name__, url_prefix="/api", description="提问与答复 / questions and answers")
QUESTIONS, QUESTION = "/needs/<uuid:need_id>/questions", "/questions/<uuid:question_id>"


@routes.operation(
    "POST", QUESTIONS, "askQuestion", Bilingual("提问", "Ask the other side a question"),
    body=schemas.QuestionEntry, answer=schemas.QuestionView, status=201,
)  # fmt: skip
def ask_question(call: Call, need_id: UUID) -> Answer:
    row = service.ask_question(call.session, call.actor, need_id, call.body, now=call.now)
    return Answer(row, location=path_of(QUESTION, question_id=row.id))


@routes.operation(
    "GET", QUESTIONS, "listQuestions", Bilingual("需求的提问", "List the questions about a need"),
    query=schemas.QuestionQuery, answer=schemas.QuestionView, listed=True,
)  # fmt: skip
def list_questions(call: Call, need_id: UUID) -> Any:
    return reading.list_questions(call.session, call.actor, need_id, call.query)


@routes.operation(
    "GET", QUESTION, "showQuestion", Bilingual("查看提问", "Show a question"), answer=schemas.QuestionView,
)  # fmt: skip
def show_question(call: Call, question_id: UUID) -> Any:
    return reading.show_question(call.session, call.actor, question_id)


@routes.operation(
    "POST", f"{QUESTION}/answers", "answerQuestion", Bilingual("答复提问", "Answer a question"),
    body=schemas.AnswerEntry, answer=schemas.QuestionView,
)  # fmt: skip
def answer_question(call: Call, question_id: UUID) -> Any:
    return service.answer_question(call.session, call.actor, question_id, **call.body, now=call.now)


@routes.operation(
    "POST", f"{QUESTION}/sharing", "shareQuestion",
    Bilingual("公开给全部受邀院所（不可撤销）", "Show it to all invited institutes, for good"),
    answer=schemas.QuestionView,
)  # fmt: skip
def share_question(call: Call, question_id: UUID) -> Any:
    return service.share_question(call.session, call.actor, question_id, now=call.now)


@routes.operation(
    "POST", f"{QUESTION}/withdrawal", "withdrawQuestion", Bilingual("撤回提问", "Withdraw a question"),
    answer=schemas.QuestionView,
)  # fmt: skip
def withdraw_question(call: Call, question_id: UUID) -> Any:
    return service.withdraw_question(call.session, call.actor, question_id, now=call.now)
