"""Storing files, reading them, and forgetting contents that no file holds any more.

What it means that somebody stores or drops a file is the business of the feature that does, and so is the audit.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.errors import NotFound
from backbone.files.kinds import kind_of
from backbone.files.models import FileContent, StoredFile


def store_file(session: Session, actor: Actor, *, name: str, content: bytes, now: datetime) -> StoredFile:
    """Keep the file under a checked name (`fields.FileName`), its content once for all files that hold the same.

    Raises FileRefused, and Invalid when the name's ending disagrees with the content.
    """
    kind = kind_of(content, name)
    sha256 = hashlib.sha256(content).hexdigest()
    kept = insert(FileContent).values(sha256=sha256, content=content)
    # Writing the same key again locks the row: `forget_unreferenced` cannot take it away before the file refers to it.
    session.execute(
        kept.on_conflict_do_update(index_elements=["sha256"], set_={"sha256": kept.excluded.sha256})
    )
    file = StoredFile(
        sha256=sha256, size=len(content), media_type=kind.media_type, name=name, uploaded_by=actor.account_id,
        created_at=now,
    )  # fmt: skip
    session.add(file)
    session.flush()
    return file


def read_content(session: Session, file_id: UUID) -> bytes:
    """The bytes of the file, whoever asks; raises NotFound."""
    query = select(FileContent.content).join(StoredFile, StoredFile.sha256 == FileContent.sha256)
    content = session.scalar(query.where(StoredFile.id == file_id))
    if content is None:
        raise NotFound()
    return content


def drop_file(session: Session, file: StoredFile) -> None:
    """Delete the file, and its content unless another file holds the same."""
    session.delete(file)
    session.flush()
    forget_unreferenced(session, [file.sha256])


def forget_unreferenced(session: Session, hashes: Collection[str] | None = None) -> int:
    """Delete the contents, of `hashes` or of all, that no file holds; returns how many.

    Two statements, lock and then look: a file stored between them has either made us wait or waits for us.
    """
    unheld = ~exists().where(StoredFile.sha256 == FileContent.sha256)
    candidates = select(FileContent.sha256).where(unheld).order_by(FileContent.sha256).with_for_update()
    if hashes is not None:
        candidates = candidates.where(FileContent.sha256.in_(hashes))
    locked = session.scalars(candidates).all()
    gone = delete(FileContent).where(FileContent.sha256.in_(locked), unheld).returning(FileContent.sha256)
    return len(session.scalars(gone, execution_options={"synchronize_session": False}).all())
