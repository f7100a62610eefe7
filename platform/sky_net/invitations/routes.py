"""Invitations over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes, path_of
from sky_net.invitations import reading, schemas, service
from sky_net.invitations.models import Invitation

routes = Routes(
    "invitations", __name__, url_prefix="/api", description="邀请院所 / invitations of institutes"
)


@routes.operation(
    "POST", "/needs/<uuid:need_id>/invitations", "inviteInstitute", Bilingual("邀请院所", "Invite an institute"),
    body=schemas.InvitationEntry, answer=schemas.InvitationView, status=201,
)  # fmt: skip
def invite_institute(call: Call, need_id: UUID) -> Answer:
    row = service.invite_institute(call.session, call.actor, need_id, call.body, now=call.now)
    return Answer(row, location=path_of("/invitations/<invitation_id>", invitation_id=row.id))


@routes.operation(
    "GET", "/needs/<uuid:need_id>/invitations", "listInvitations",
    Bilingual("需求的邀请", "List the invitations of a need"),
    query=schemas.InvitationQuery, answer=schemas.InvitationView, or_answers=(schemas.InvitationOutline,), listed=True,
)  # fmt: skip
def list_invitations(call: Call, need_id: UUID) -> Answer:
    page = reading.list_invitations(call.session, call.actor, need_id, call.query)
    tells = all(reading.may_read_words(call.session, call.actor, row) for row in page.items)
    return Answer(page, schema=schemas.InvitationView if tells else schemas.InvitationOutline)


@routes.operation(
    "GET", "/invitations", "listOwnInvitations", Bilingual("本院所收到的邀请", "List the invitations of my institutes"),
    query=schemas.InvitationQuery, answer=schemas.InvitationView, listed=True,
)  # fmt: skip
def list_own_invitations(call: Call) -> Any:
    return reading.list_own_invitations(call.session, call.actor, call.query)


@routes.operation(
    "GET", "/invitations/<uuid:invitation_id>", "showInvitation", Bilingual("查看邀请", "Show an invitation"),
    answer=schemas.InvitationView, or_answers=(schemas.InvitationOutline,),
)  # fmt: skip
def show_invitation(call: Call, invitation_id: UUID) -> Answer:
    return _told(call, reading.show_invitation(call.session, call.actor, invitation_id))


@routes.operation(
    "POST", "/invitations/<uuid:invitation_id>/acceptance", "acceptInvitation",
    Bilingual("接受邀请", "Accept an invitation"),
    answer=schemas.InvitationView, or_answers=(schemas.InvitationOutline,),
)  # fmt: skip
def accept_invitation(call: Call, invitation_id: UUID) -> Answer:
    return _told(call, service.accept_invitation(call.session, call.actor, invitation_id, now=call.now))


@routes.operation(
    "POST", "/invitations/<uuid:invitation_id>/refusal", "declineInvitation",
    Bilingual("谢绝邀请", "Decline an invitation"), body=schemas.Refusal,
    answer=schemas.InvitationView, or_answers=(schemas.InvitationOutline,),
)  # fmt: skip
def decline_invitation(call: Call, invitation_id: UUID) -> Answer:
    answered = service.decline_invitation(call.session, call.actor, invitation_id, call.body, now=call.now)
    return _told(call, answered)


def _told(call: Call, row: Invitation) -> Answer:
    if reading.may_read_words(call.session, call.actor, row):
        return Answer(row)
    return Answer(row, schema=schemas.InvitationOutline, view="outline")
