"""Offers over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes, path_of
from sky_net.achievements import schemas, service
from sky_net.achievements.models import Achievement
from sky_net.achievements.schemas import AchievementFull, AchievementOpen

routes = Routes(
    "achievements", __name__, url_prefix="/api", description="成果与能力 / achievements and capabilities"
)
ONE = "/achievements/<uuid:achievement_id>"


@routes.operation(
    "POST", "/achievements", "registerAchievement", Bilingual("登记成果或能力", "Register an achievement or a capability"),
    body=schemas.AchievementEntry, answer=AchievementFull, status=201,
)  # fmt: skip
def register_achievement(call: Call) -> Answer:
    row = service.register_achievement(call.session, call.actor, call.body, now=call.now)
    return Answer(row, location=path_of(ONE, achievement_id=row.id))


@routes.operation(
    "GET", "/achievements", "listAchievements", Bilingual("成果与能力列表", "List achievements and capabilities"),
    query=schemas.AchievementQuery, answer=AchievementOpen, listed=True,
)  # fmt: skip
def list_achievements(call: Call) -> Any:
    return service.list_achievements(call.session, call.actor, call.query, now=call.now)


@routes.operation(
    "GET", ONE, "showAchievement", Bilingual("查看成果或能力", "Show an achievement or a capability"),
    answer=AchievementFull, or_answers=(AchievementOpen,),
)  # fmt: skip
def show_achievement(call: Call, achievement_id: UUID) -> Answer:
    row = _read(call, achievement_id)
    view = service.view_for(call.actor, row)
    return Answer(row, schema=AchievementFull if view == "full" else AchievementOpen, view=view)


@routes.operation(
    "PATCH", ONE, "amendAchievement", Bilingual("修改成果或能力", "Amend an achievement or a capability"),
    body=schemas.AchievementAmendment, answer=AchievementFull, guarded=True,
)  # fmt: skip
def amend_achievement(call: Call, achievement_id: UUID) -> Any:
    row = _read(call, achievement_id)
    call.expect(row)
    return service.amend_achievement(call.session, call.actor, row, call.body, now=call.now)


@routes.operation(
    "DELETE", ONE, "withdrawAchievement", Bilingual("撤回成果或能力", "Withdraw an achievement or a capability"),
    answer=None, status=204, guarded=True,
)  # fmt: skip
def withdraw_achievement(call: Call, achievement_id: UUID) -> Any:
    row = _read(call, achievement_id)
    call.expect(row)
    return service.withdraw_achievement(call.session, call.actor, row, now=call.now)


@routes.operation(
    "POST", f"{ONE}/hiding", "hideAchievement", Bilingual("隐藏成果或能力", "Hide an achievement or a capability"),
    body=schemas.Hiding, answer=AchievementFull,
)  # fmt: skip
def hide_achievement(call: Call, achievement_id: UUID) -> Any:
    return service.hide_achievement(call.session, call.actor, achievement_id, **call.body, now=call.now)


@routes.operation(
    "POST", f"{ONE}/publication", "publishAchievement", Bilingual("重新公开", "Publish a hidden offer again"),
    answer=AchievementFull,
)  # fmt: skip
def publish_achievement(call: Call, achievement_id: UUID) -> Any:
    return service.publish_achievement(call.session, call.actor, achievement_id, now=call.now)


@routes.operation(
    "POST", f"{ONE}/reconfirmation", "reconfirmAchievement", Bilingual("再次确认有效", "Confirm that an offer still holds"),
    body=schemas.Reconfirmation, answer=AchievementFull,
)  # fmt: skip
def reconfirm_achievement(call: Call, achievement_id: UUID) -> Any:
    return service.reconfirm_achievement(call.session, call.actor, achievement_id, **call.body, now=call.now)


def _read(call: Call, achievement_id: UUID) -> Achievement:
    return service.achievement_named(call.session, call.actor, achievement_id, now=call.now)
