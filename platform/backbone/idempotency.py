"""The same POST twice does its work once: the second gets the first one's answer.

The row is inserted before the work, in the same transaction: a concurrent twin waits on the unique key until the
first commits (and then reads its answer) or rolls back (and then does the work itself). Refusals roll back with
everything else and are not kept: a corrected request may use the key again.
"""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from backbone import encryption
from backbone.actor import Actor
from backbone.db import Base
from backbone.digests import digest
from backbone.errors import Bilingual, Conflict, IdempotencyConflict

_SHORT = 5


class IdempotencyKey(Base):
    """One key of one account, the hash of its request and, once done, the answer.

    `authority` is what the account could do then: an answer is not repeated to who has lost, or set aside, a role.
    `body` is sealed: it repeats what may be erased elsewhere. Status without body: the answer held somebody who was.
    """

    __tablename__ = "idempotency_keys"

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[str]
    authority: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(index=True)
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    body: Mapped[bytes | None] = mapped_column(LargeBinary)


# Every POST runs both: they are made once, and run on the bare connection.
CLAIM = (
    insert(IdempotencyKey)
    .values(
        {name: bindparam(name) for name in ("account_id", "key", "request_hash", "authority", "created_at")}
    )
    .on_conflict_do_nothing()
    .returning(IdempotencyKey.key)
)
KEEP = (
    update(IdempotencyKey)
    .where(IdempotencyKey.account_id == bindparam("of_account"), IdempotencyKey.key == bindparam("of_key"))
    .values({name: bindparam(name) for name in ("status", "headers", "body")})
)


@dataclass(frozen=True)
class Kept:
    """An answer given earlier to the same request."""

    status: int
    headers: dict[str, str]
    body: bytes


def request_hash(method: str, path: str, body: bytes) -> str:
    """What makes two requests the same: method, path and the very bytes of the body; keyed, for who knows all but a phone."""
    return digest(hashlib.sha256(b"\0".join([method.encode(), path.encode(), body])).hexdigest())


class AnswerWithheld(Conflict):
    """The work was done; its answer may hold what the caller's present roles do not show."""

    code = "answer_withheld"
    title = Bilingual(
        "该请求已执行，答复不再重复", "This request was carried out; its answer is not repeated"
    )
    detail = Bilingual("执行之后您的角色已变化", "Your roles have changed since it was carried out")
    advice = Bilingual("重新读取该记录", "Read the record again")


class AnswerErased(Conflict):
    """The work was done; its answer held somebody whose data was erased since."""

    code = "answer_erased"
    title = Bilingual("该请求已执行，答复已删除", "This request was carried out; its answer was erased")
    detail = Bilingual(
        "答复含有应当事人要求删除的个人信息", "It held personal data that was erased on request"
    )
    advice = Bilingual("重新读取该记录", "Read the record again")


def authority_of(actor: Actor) -> str:
    """What the actor can do, in one hash."""
    held = sorted(f"{each.role} {each.scope.kind} {each.scope.id}" for each in actor.held)
    return hashlib.sha256("\n".join([*held, str(actor.may_write)]).encode()).hexdigest()


def claim(
    session: Session, account_id: UUID, key: str, wanted: str, now: datetime, *, authority: str
) -> Kept | None:
    """Take the key for this request, or return the kept answer.

    Raises IdempotencyConflict on another body, AnswerWithheld under another authority, AnswerErased.
    """
    values = {
        "account_id": account_id, "key": key, "request_hash": wanted, "authority": authority, "created_at": now,
    }  # fmt: skip
    if session.connection().execute(CLAIM, values).first():
        return None
    kept = session.get_one(IdempotencyKey, (account_id, key))
    if kept.request_hash != wanted or kept.status is None:
        raise IdempotencyConflict(key=key)
    if kept.authority != authority:
        raise AnswerWithheld(key=key)
    if kept.body is None:
        raise AnswerErased(key=key)
    body = encryption.keyring().open(kept.body, place_of(account_id, key))
    return Kept(kept.status, kept.headers or {}, body)


def keep(session: Session, account_id: UUID, key: str, answer: Kept) -> None:
    """Store the answer, sealed, beside the work it acknowledges, in the same transaction."""
    sealed = encryption.keyring().seal(answer.body, place_of(account_id, key))
    done = {"status": answer.status, "headers": answer.headers, "body": sealed}
    session.connection().execute(KEEP, {"of_account": account_id, "of_key": key, **done})


def place_of(account_id: UUID, key: str) -> str:
    """What a kept answer is bound to: it opens under no other key."""
    return f"idempotency_keys {account_id} {key}"


def forget_answers_with(session: Session, values: Collection[str]) -> int:
    """Drop the bodies of kept answers that hold any of these values, not their keys: a retry does no work twice.

    Returns how many. Answers are sealed, so every one is opened: some tens of thousands at most, in seconds.
    """
    needles = list(map(_needle, values))
    kept = select(IdempotencyKey.account_id, IdempotencyKey.key, IdempotencyKey.body)
    read = kept.where(IdempotencyKey.body.is_not(None)).execution_options(yield_per=500)
    holding = [
        (account_id, key)
        for account_id, key, body in session.execute(read)
        if any(
            needle in encryption.keyring().open(body or b"", place_of(account_id, key)) for needle in needles
        )
    ]
    dropped = update(IdempotencyKey).execution_options(synchronize_session=False)
    for account_id, key in holding:
        mine = IdempotencyKey.account_id == account_id, IdempotencyKey.key == key
        session.execute(dropped.where(*mine).values(body=None))
    return len(holding)


def _needle(value: str) -> bytes:
    """The value as it stands in an answer; a short one with its quotes, or it would be found in every date."""
    quoted = json.dumps(value, ensure_ascii=False)
    return (quoted if value.isascii() and len(value) < _SHORT else quoted[1:-1]).encode()


def forget_older_than(session: Session, now: datetime, days: int) -> None:
    """Drop answers nobody will ask for again."""
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < now - timedelta(days=days)))
