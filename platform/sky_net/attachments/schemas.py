"""What HTTP may say of attachments."""

from backbone.fields import Choice, Identifier, Instant, Schema, Several, Text, Whole
from backbone.files.fields import FileName
from backbone.files.kinds import MEDIA_TYPES
from backbone.pages import PageQuery, sort_field
from sky_net.attachments.models import LEVELS

LEVEL = (
    "public 公开；masked 可给未受邀者看的脱敏文件；invited 仅受邀院所；operators 仅企业与运营 / "
    "public; masked: made for strangers; invited institutes only; poster and operators only"
)


class AttachmentEntry(Schema):
    """What the query says of the file in the body."""

    name = FileName(required=True)
    level = Choice(LEVELS, required=True, metadata={"description": LEVEL})


class AttachmentView(Schema):
    """An attachment, for those who may read it; the content is at `/content` below it."""

    id = Identifier()
    need_id = Identifier()
    name = FileName(attribute="file.name")
    level = Choice(LEVELS, metadata={"description": LEVEL})
    media_type = Choice(MEDIA_TYPES, attribute="file.media_type")
    size = Whole(1, attribute="file.size", metadata={"description": "字节 / bytes"})
    sha256 = Text(64, attribute="file.sha256")
    attached_at = Instant(attribute="created_at")


class AttachmentQuery(PageQuery):
    """Filters of a need's attachments."""

    sort = sort_field(["attached_at", "name"], "attached_at")
    level = Several(Choice(LEVELS), len(LEVELS))
