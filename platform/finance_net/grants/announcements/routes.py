"""Announcements over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes, path_of
from finance_net.grants.announcements import deciding, reading, schemas, service
from finance_net.grants.announcements.models import Announcement

routes = Routes(
    "announcements", __name__, url_prefix="/api", description="公示与异议 / announcements and objections"
)
ONE = "/announcements/<uuid:announcement_id>"
OBJECTION = "/objections/<uuid:objection_id>"
View = schemas.AnnouncementView


def _shown(call: Call, row: Announcement) -> Answer:
    return Answer(
        reading.announcement_view(call.session, row), row=row, location=path_of(ONE, announcement_id=row.id)
    )


@routes.operation(
    "POST", "/grant-selections/<uuid:selection_id>/announcement", "announceGrants", Bilingual("公示遴选结果", "Announce a selection"),
    answer=View, status=201,
)  # fmt: skip
def announce_grants(call: Call, selection_id: UUID) -> Answer:
    return _shown(call, service.announce_grants(call.session, call.actor, selection_id, now=call.now))


@routes.operation(
    "GET", "/announcements", "listAnnouncements", Bilingual("公示列表", "List announcements"), query=schemas.AnnouncementQuery,
    answer=View, listed=True,
)  # fmt: skip
def list_announcements(call: Call) -> Any:
    return reading.list_announcements(call.session, call.query)


@routes.operation("GET", ONE, "showAnnouncement", Bilingual("查看公示", "Show an announcement"), answer=View)
def show_announcement(call: Call, announcement_id: UUID) -> Answer:
    return _shown(call, reading.announcement_of(call.session, announcement_id))


@routes.operation(
    "POST",
    ONE + "/decision",
    "decideGrants",
    Bilingual("作出立项决定", "Decide what was announced"),
    answer=View,
)
def decide_grants(call: Call, announcement_id: UUID) -> Answer:
    return _shown(call, deciding.decide_grants(call.session, call.actor, announcement_id, now=call.now))


@routes.operation(
    "POST", ONE + "/objections", "objectToGrant", Bilingual("提出异议", "Object to an application"), body=schemas.ObjectionEntry,
    answer=schemas.ObjectionView, status=201,
)  # fmt: skip
def object_to_grant(call: Call, announcement_id: UUID) -> Any:
    said = call.body
    return service.object_to_grant(
        call.session,
        call.actor,
        announcement_id,
        said["application_id"],
        said["grounds"],
        signer=said["signer"],
        now=call.now,
    )


@routes.operation(
    "GET", "/objections", "listObjections", Bilingual("异议列表", "List objections"), query=schemas.ObjectionQuery,
    answer=schemas.ObjectionView, listed=True,
)  # fmt: skip
def list_objections(call: Call) -> Any:
    return reading.list_objections(call.session, call.actor, call.query)


@routes.operation(
    "GET", OBJECTION, "showObjection", Bilingual("查看异议", "Show an objection"), answer=schemas.ObjectionShown,
)  # fmt: skip
def show_objection(call: Call, objection_id: UUID) -> Any:
    return reading.show_objection(call.session, call.actor, objection_id, now=call.now)


@routes.operation(
    "POST", OBJECTION + "/ruling", "ruleOnObjection", Bilingual("处理异议", "Rule on an objection"),
    body=schemas.ObjectionRuling, answer=schemas.ObjectionView,
)  # fmt: skip
def rule_on_objection(call: Call, objection_id: UUID) -> Any:
    return service.rule_on_objection(call.session, call.actor, objection_id, **call.body, now=call.now)
