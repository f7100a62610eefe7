"""Grading a match by hand, and reading what was graded."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.errors import Bilingual, Forbidden, Invalid, NotFound
from backbone.pages import Page, read_page
from sky_net.achievements.reading import achievement_named
from sky_net.grading.models import MatchGrade
from sky_net.grading.permissions import CAN_GRADE, CAN_READ_GRADES
from sky_net.invitations.life_cycle import allows
from sky_net.needs.reading import read_need

NO_SUCH_ACHIEVEMENT = Bilingual("没有这项成果", "There is no such achievement")


def grade_match(
    session: Session, actor: Actor, need_id: UUID, said: Mapping[str, Any], *, now: datetime
) -> MatchGrade:
    """Keep what an operator or a broker thinks of an achievement for the need; raises NotFound, Forbidden, Invalid."""
    need = read_need(session, actor, need_id).need
    if not allows(CAN_GRADE, actor, need):
        raise Forbidden()
    try:
        achievement_named(session, actor, said["achievement_id"], now=now)
    except NotFound:
        raise Invalid.field("achievement_id", NO_SUCH_ACHIEVEMENT) from None
    grade = MatchGrade(need_id=need.id, graded_at=now, graded_by=actor.account_id, **said)
    session.add(grade)
    session.flush()
    audit.record(session, actor, "grade_match", grade, now=now, after={"need_id": need.id, **said})
    return grade


def list_grades(session: Session, actor: Actor, need_id: UUID, asked: Mapping[str, Any]) -> Page[MatchGrade]:
    """Every grade that was given about the need, superseded ones too; raises NotFound, Forbidden."""
    need = read_need(session, actor, need_id).need
    if not allows(CAN_READ_GRADES, actor, need):
        raise Forbidden()
    query = select(MatchGrade).where(MatchGrade.need_id == need.id)
    return read_page(session, query, asked, {"graded_at": MatchGrade.graded_at}, MatchGrade.id)
