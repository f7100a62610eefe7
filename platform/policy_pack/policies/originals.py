"""The original of a text: one officer attaches it, another compares and signs, and from then on the version is verified."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone import audit, events
from backbone.actor import Actor
from backbone.errors import Forbidden
from backbone.files.service import store_file
from policy_pack.policies.errors import AlreadyVerified, NotItsOriginal, OwnOriginal, TooManyOriginals
from policy_pack.policies.models import PolicyOriginal, PolicyVersion
from policy_pack.policies.moving import PolicyMoved
from policy_pack.policies.service import version_to_move
from policy_pack.policies.telling import tell_of_original

MOST_BYTES = 10 * 1024 * 1024
MOST_PER_VERSION = 20
PERSONAL = frozenset({"name"})


def attach_original(
    session: Session, actor: Actor, version_id: UUID, *, name: str, content: bytes, now: datetime
) -> PolicyOriginal:
    """Keep the original beside the version; raises NotFound, Forbidden, TooManyOriginals, FileRefused, Invalid."""
    version = version_to_move(session, actor, version_id)
    if actor.account_id is None:
        raise Forbidden()
    attached = session.scalar(select(func.count()).where(PolicyOriginal.version_id == version.id)) or 0
    if attached >= MOST_PER_VERSION:
        raise TooManyOriginals(most=MOST_PER_VERSION)
    file = store_file(session, actor, name=name, content=content, now=now)
    original = PolicyOriginal(
        version_id=version.id, file_id=file.id, sha256=file.sha256, attached_by=actor.account_id, created_at=now,
        updated_at=now,
    )  # fmt: skip
    session.add(original)
    session.flush()
    session.expire(version, ["originals"])
    said = {"version_id": version.id, "name": name, "sha256": file.sha256}
    audit.record(session, actor, "attach_original", original, now=now, after=said, personal=PERSONAL)
    tell_of_original(session, actor, version, original, now=now)
    return original


def verify_policy(
    session: Session, actor: Actor, version_id: UUID, *, original_id: UUID, now: datetime
) -> PolicyVersion:
    """A second person signs that the text says what the original says; who, when and the file's hash stay.

    Raises NotFound, Forbidden, AlreadyVerified, NotItsOriginal, OwnOriginal.
    """
    version = version_to_move(session, actor, version_id)
    names = {"key": version.policy.key, "number": version.number}
    if version.signed_original is not None:
        raise AlreadyVerified(**names)
    original = session.get(PolicyOriginal, original_id, populate_existing=True)
    if original is None or original.version_id != version.id:
        raise NotItsOriginal(original_id=str(original_id), **names)
    if original.attached_by == actor.account_id:
        raise OwnOriginal()
    original.signed_by, original.signed_at, original.updated_at = actor.account_id, now, now
    session.flush()
    said = {"version_id": version.id, "sha256": original.sha256, "signed_at": now}
    audit.record(session, actor, "verify_policy", original, now=now, after=said)
    session.expire(version, ["originals"])
    events.publish(session, PolicyMoved(version.policy.key, now))
    return version
