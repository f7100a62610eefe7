"""Seeing attachments: what the reader may not know of is filtered before any page is cut, and answers 404."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.errors import NotFound
from backbone.files.models import StoredFile
from backbone.files.service import read_content
from backbone.http_binary import Download
from backbone.pages import Page, read_page
from sky_net.attachments.models import Attachment
from sky_net.attachments.permissions import levels_for
from sky_net.needs.reading import read_need, read_with_need

SORTS = {"attached_at": Attachment.created_at, "name": StoredFile.name}


def show_attachment(session: Session, actor: Actor, attachment_id: UUID) -> Attachment:
    """The attachment, for those who may read its need and its level; raises NotFound."""
    attachment, reading = read_with_need(session, actor, Attachment, attachment_id)
    if attachment.level not in levels_for(actor, reading):
        raise NotFound()
    return attachment


def list_attachments(
    session: Session, actor: Actor, need_id: UUID, asked: Mapping[str, Any]
) -> Page[Attachment]:
    """The need's attachments that this actor may know of; raises NotFound for a need that is not visible."""
    levels = levels_for(actor, read_need(session, actor, need_id))
    query = select(Attachment).join(StoredFile, StoredFile.id == Attachment.file_id)
    query = query.where(Attachment.need_id == need_id, Attachment.level.in_(levels))
    if asked.get("level"):
        query = query.where(Attachment.level.in_(asked["level"]))
    return read_page(session, query, asked, SORTS, Attachment.id)


def download(session: Session, actor: Actor, attachment_id: UUID) -> Download:
    """The content, read only when it has to be sent; raises NotFound."""
    file = show_attachment(session, actor, attachment_id).file
    return Download(file.name, file.media_type, file.sha256, lambda: read_content(session, file.id))
