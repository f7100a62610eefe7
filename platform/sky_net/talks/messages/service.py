"""Sending, listing and marking messages. A message is no evidence: nothing here knows of a clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.errors import Bilingual, Forbidden, Invalid
from backbone.pages import Page, read_page
from sky_net.invitations.service import require_open_to_institutes
from sky_net.needs.life_cycle import lock_need
from sky_net.talks.messages.models import PERSONAL, Message, ReadMark
from sky_net.talks.telling import tell_of_message
from sky_net.talks.threads import Thread, find_thread

NOT_HERE = Bilingual("此对话中没有这条消息", "There is no such message in this thread")


@dataclass(frozen=True)
class MessageShown:
    """A message and whether the reader's side has not read it yet."""

    message: Message
    is_unread: bool


def send_message(
    session: Session, actor: Actor, need_id: UUID, values: Mapping[str, Any], *, now: datetime
) -> MessageShown:
    """Write to the thread; raises NotFound, Forbidden, Invalid, NeedNotOpen, TermsNotAccepted."""
    thread, side = _spoken_in(session, actor, need_id, values.get("institute_id"))
    need = lock_need(session, thread.need.id)
    require_open_to_institutes(need)
    message = Message(
        need_id=need_id, institute_id=thread.institute_id, side=side, text=values["text"],
        sent_by=actor.account_id, created_at=now,
    )  # fmt: skip
    session.add(message)
    session.flush()
    told = {"need_id": need_id, "institute_id": thread.institute_id, "side": side, "text": message.text}
    audit.record(session, actor, "send_message", message, now=now, after=told, personal=PERSONAL)
    tell_of_message(session, actor, need, side, thread.institute_id, now=now)
    return MessageShown(message, is_unread=False)


def list_messages(
    session: Session, actor: Actor, need_id: UUID, asked: Mapping[str, Any]
) -> Page[MessageShown]:
    """The thread, newest first; raises NotFound, Forbidden, Invalid, TermsNotAccepted."""
    thread = find_thread(session, actor, need_id, asked.get("institute_id"))
    query = select(Message, _is_unread(thread)).where(*_of(Message, thread))
    return read_page(session, query, asked, {"sent_at": Message.created_at}, Message.id, MessageShown)


def mark_read(
    session: Session, actor: Actor, need_id: UUID, values: Mapping[str, Any], *, now: datetime
) -> MessageShown:
    """The actor's side has read up to this message; never back. Raises as `list_messages`, Invalid."""
    thread, side = _spoken_in(session, actor, need_id, values.get("institute_id"))
    message = session.scalar(select(Message).where(Message.id == values["message_id"], *_of(Message, thread)))
    if message is None:
        raise Invalid.field("message_id", NOT_HERE)
    mark = insert(ReadMark).values(
        need_id=need_id, institute_id=thread.institute_id, side=side, read_up_to=message.created_at
    )
    later = func.greatest(ReadMark.read_up_to, mark.excluded.read_up_to)
    session.execute(
        mark.on_conflict_do_update(
            index_elements=["need_id", "institute_id", "side"], set_={"read_up_to": later}
        )
    )
    audit.record(session, actor, "mark_messages_read", message, now=now, after={"side": side})
    return MessageShown(message, is_unread=False)


def _spoken_in(session: Session, actor: Actor, need_id: UUID, named: UUID | None) -> tuple[Thread, str]:
    thread = find_thread(session, actor, need_id, named)
    if thread.side is None:
        raise Forbidden()
    return thread, thread.side


def _of(kind: type[Message] | type[ReadMark], thread: Thread) -> tuple[Any, Any]:
    return kind.need_id == thread.need.id, kind.institute_id == thread.institute_id


def _is_unread(thread: Thread) -> Any:
    if thread.side is None:
        return literal(value=False)
    mark = select(ReadMark.read_up_to).where(*_of(ReadMark, thread), ReadMark.side == thread.side)
    beyond = func.coalesce(Message.created_at > mark.scalar_subquery(), True)  # an SQL value
    return (Message.side != thread.side) & beyond
