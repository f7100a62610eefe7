"""Grades over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes
from sky_net.grading import schemas, service

routes = Routes("grading", __name__, url_prefix="/api", description="匹配评分 / grades of matches")
OF_NEED = "/needs/<uuid:need_id>/match-grades"


@routes.operation(
    "POST", OF_NEED, "gradeMatch", Bilingual("为匹配评分", "Grade a match"),
    body=schemas.GradeEntry, answer=schemas.GradeView, status=201,
)  # fmt: skip
def grade_match(call: Call, need_id: UUID) -> Answer:
    return Answer(service.grade_match(call.session, call.actor, need_id, call.body, now=call.now))


@routes.operation(
    "GET", OF_NEED, "listMatchGrades", Bilingual("匹配评分列表", "List the grades of a need's matches"),
    query=schemas.GradeQuery, answer=schemas.GradeView, listed=True,
)  # fmt: skip
def list_grades(call: Call, need_id: UUID) -> Any:
    return service.list_grades(call.session, call.actor, need_id, call.query)
