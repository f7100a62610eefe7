"""What HTTP may say of invitations."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from backbone.errors import Bilingual
from backbone.fields import Choice, Identifier, Instant, Schema, Several, Text
from backbone.pages import PageQuery, sort_field
from sky_net.invitations.reasons import DECLINE_REASONS, OTHER
from sky_net.invitations.states import LIFE

SAY_WHY = Bilingual("选择“其他”时必须写明原因", "With the reason other, say why")


class InvitationEntry(Schema):
    """Whom to invite, and the achievement that made us think of them."""

    institute_id = Identifier(required=True)
    achievement_id = Identifier(allow_none=True)
    message = Text(1000, allow_none=True)


class Refusal(Schema):
    """A no with its reason: nobody is left without one."""

    reason_code = Choice(DECLINE_REASONS, required=True)
    message = Text(1000, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def explain_other(self, values: dict[str, Any], **_: object) -> None:
        """`other` alone would be silence with a code."""
        if values["reason_code"] == OTHER and not values.get("message"):
            raise ValidationError({"message": [SAY_WHY]})


class InvitationOutline(Schema):
    """An invitation as a broker sees it, who may know the need in its masked view alone: no words of either side."""

    id = Identifier()
    need_id = Identifier()
    need_number = Text(attribute="need.number")
    institute_id = Identifier()
    institute_name = Text(attribute="institute.name")
    achievement_id = Identifier()
    state = Choice(LIFE.words)
    reason_code = Choice(DECLINE_REASONS)
    invited_at = Instant(attribute="created_at")
    answered_at = Instant()


class InvitationView(InvitationOutline):
    """An invitation, as the enterprise, the zone's operators and the invited institute see it."""

    message = Text(1000)
    refusal_message = Text(1000)


class InvitationQuery(PageQuery):
    """Filters of the lists of invitations."""

    sort = sort_field(["invited_at"], "-invited_at")
    state = Several(Choice(LIFE.words), len(LIFE.words))
