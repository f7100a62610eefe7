"""Seeing attachments: what the reader may not know of is filtered before any page is cut, and answers 404."""

from collections.abc import Mapping
from datetime import datetime
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
from sky_net.needs.disclosures import disclose, disclose_attachment
from sky_net.needs.reading import Reading, read_need, read_with_need

SORTS = {"attached_at": Attachment.created_at, "name": StoredFile.name}


def find_attachment(session: Session, actor: Actor, attachment_id: UUID) -> tuple[Attachment, Reading]:
    """The attachment and its need, for those who may read both; raises NotFound."""
    attachment, reading = read_with_need(session, actor, Attachment, attachment_id)
    if attachment.level not in levels_for(actor, reading):
        raise NotFound()
    return attachment, reading


def show_attachment(session: Session, actor: Actor, attachment_id: UUID, *, now: datetime) -> Attachment:
    """What the attachment is, noted; raises NotFound."""
    return _disclosed(session, actor, attachment_id, "opened", now)


def list_attachments(
    session: Session, actor: Actor, need_id: UUID, asked: Mapping[str, Any], *, now: datetime
) -> Page[Attachment]:
    """The need's attachments that this actor may know of, noted; raises NotFound for a need that is not visible."""
    reading = read_need(session, actor, need_id)
    disclose(session, actor, [reading], "listed", now=now)
    levels = levels_for(actor, reading)
    query = select(Attachment).join(StoredFile, StoredFile.id == Attachment.file_id)
    query = query.where(Attachment.need_id == need_id, Attachment.level.in_(levels))
    if asked.get("level"):
        query = query.where(Attachment.level.in_(asked["level"]))
    return read_page(session, query, asked, SORTS, Attachment.id)


def download(session: Session, actor: Actor, attachment_id: UUID, *, now: datetime) -> Download:
    """The content, read only when it has to be sent, and noted; raises NotFound."""
    file = _disclosed(session, actor, attachment_id, "downloaded", now).file
    return Download(file.name, file.media_type, file.sha256, lambda: read_content(session, file.id))


def _disclosed(session: Session, actor: Actor, attachment_id: UUID, way: str, now: datetime) -> Attachment:
    attachment, reading = find_attachment(session, actor, attachment_id)
    disclose_attachment(session, actor, reading, attachment.id, attachment.level, way, now=now)
    return attachment
