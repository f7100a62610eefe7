"""Attaching files to a need, and taking them away."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.errors import Forbidden, NotFound
from backbone.files.service import drop_file, store_file
from sky_net.attachments.errors import AttachmentsSettled, TooManyAttachments
from sky_net.attachments.models import Attachment
from sky_net.attachments.permissions import CAN_CHANGE, is_settled_for
from sky_net.attachments.reading import find_attachment
from sky_net.needs.life_cycle import lock_need, lock_visible
from sky_net.needs.models import Need
from sky_net.needs.permissions import allows
from sky_net.needs.states import STATES

MOST_BYTES = 10 * 1024 * 1024
MOST_PER_NEED = 20
# A name may tell of people, and a plain hash whether a file known otherwise was here: the history keeps digests.
PERSONAL = frozenset({"name", "sha256"})


def attach_file(
    session: Session, actor: Actor, need_id: UUID, *, name: str, level: str, content: bytes, now: datetime
) -> Attachment:
    """Attach a file of at most MOST_BYTES; by the poster until confirmation, by operators always.

    Raises NotFound, Forbidden, AttachmentsSettled, TooManyAttachments, FileRefused, Invalid.
    """
    need = lock_visible(session, actor, need_id)
    _require_change(actor, need)
    attached = session.scalar(select(func.count()).where(Attachment.need_id == need_id)) or 0
    if attached >= MOST_PER_NEED:
        raise TooManyAttachments(most=MOST_PER_NEED)
    file = store_file(session, actor, name=name, content=content, now=now)
    attachment = Attachment(need_id=need_id, file_id=file.id, level=level, created_at=now, updated_at=now)
    session.add(attachment)
    session.flush()
    audit.record(
        session, actor, "attach_file", attachment, now=now, after=_facts(attachment), personal=PERSONAL
    )
    return attachment


def attachment_to_remove(session: Session, actor: Actor, attachment_id: UUID) -> Attachment:
    """The attachment with its need locked, for somebody who may remove it.

    Raises NotFound, Forbidden, AttachmentsSettled.
    """
    attachment, _ = find_attachment(session, actor, attachment_id)
    need = lock_need(session, attachment.need_id)
    # Every change of attachments holds the need's lock: what is still here now stays until we are done.
    if session.scalar(select(Attachment.id).where(Attachment.id == attachment_id)) is None:
        raise NotFound()
    _require_change(actor, need)
    return attachment


def remove_attachment(session: Session, actor: Actor, attachment: Attachment, *, now: datetime) -> None:
    """Delete the attachment, its file, and the content unless another file holds the same."""
    file = attachment.file
    audit.record(
        session, actor, "remove_attachment", attachment, now=now, before=_facts(attachment), personal=PERSONAL
    )
    session.delete(attachment)
    session.flush()
    drop_file(session, file)


def _require_change(actor: Actor, need: Need) -> None:
    if not allows(CAN_CHANGE, actor, need):
        raise Forbidden()
    if is_settled_for(actor, need):
        raise AttachmentsSettled(stands=STATES[need.state], state=need.state)


def _facts(attachment: Attachment) -> dict[str, object]:
    file = attachment.file
    return {
        "need_id": attachment.need_id, "level": attachment.level, "name": file.name, "size": file.size,
        "media_type": file.media_type, "sha256": file.sha256,
    }  # fmt: skip
