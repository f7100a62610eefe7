"""Attachments over HTTP: the body is the file itself, the query says its name and level."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.files.kinds import MEDIA_TYPES
from backbone.http import Answer, Call, Routes, path_of
from sky_net.attachments import reading, schemas, service

routes = Routes("attachments", __name__, url_prefix="/api", description="需求附件 / files attached to needs")
ATTACHMENT = "/attachments/<uuid:attachment_id>"


@routes.operation(
    "POST", "/needs/<uuid:need_id>/attachments", "attachFile", Bilingual("上传附件", "Attach a file to a need"),
    takes_bytes=service.MOST_BYTES, query=schemas.AttachmentEntry, answer=schemas.AttachmentView, status=201,
)  # fmt: skip
def attach_file(call: Call, need_id: UUID) -> Answer:
    attachment = service.attach_file(
        call.session, call.actor, need_id, **call.query, content=call.content, now=call.now
    )
    return Answer(attachment, location=path_of(ATTACHMENT, attachment_id=attachment.id))


@routes.operation(
    "GET", "/needs/<uuid:need_id>/attachments", "listAttachments", Bilingual("附件列表", "List the attachments of a need"),
    query=schemas.AttachmentQuery, answer=schemas.AttachmentView, listed=True,
)  # fmt: skip
def list_attachments(call: Call, need_id: UUID) -> Any:
    return reading.list_attachments(call.session, call.actor, need_id, call.query, now=call.now)


@routes.operation(
    "GET", ATTACHMENT, "showAttachment", Bilingual("查看附件信息", "Show what an attachment is"),
    answer=schemas.AttachmentView,
)  # fmt: skip
def show_attachment(call: Call, attachment_id: UUID) -> Any:
    return reading.show_attachment(call.session, call.actor, attachment_id, now=call.now)


@routes.operation(
    "GET", f"{ATTACHMENT}/content", "downloadAttachment", Bilingual("下载附件", "Download an attachment"),
    answer=None, gives_bytes=MEDIA_TYPES,
)  # fmt: skip
def download_attachment(call: Call, attachment_id: UUID) -> Any:
    return reading.download(call.session, call.actor, attachment_id, now=call.now)


@routes.operation(
    "DELETE", ATTACHMENT, "removeAttachment", Bilingual("移除附件", "Remove an attachment"),
    answer=None, status=204, guarded=True,
)  # fmt: skip
def remove_attachment(call: Call, attachment_id: UUID) -> None:
    attachment = service.attachment_to_remove(call.session, call.actor, attachment_id)
    call.expect(attachment)
    service.remove_attachment(call.session, call.actor, attachment, now=call.now)
