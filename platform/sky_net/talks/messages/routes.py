"""Messages over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Call, Routes
from sky_net.talks.messages import schemas, service

routes = Routes("messages", __name__, url_prefix="/api", description="消息 / messages about a need")
MESSAGES = "/needs/<uuid:need_id>/messages"


@routes.operation(
    "POST", MESSAGES, "sendMessage", Bilingual("发送消息", "Send a message about a need"),
    body=schemas.MessageEntry, answer=schemas.MessageView, status=201,
)  # fmt: skip
def send_message(call: Call, need_id: UUID) -> Any:
    return service.send_message(call.session, call.actor, need_id, call.body, now=call.now)


@routes.operation(
    "GET", MESSAGES, "listMessages", Bilingual("消息列表", "List the messages of a thread"),
    query=schemas.MessageQuery, answer=schemas.MessageView, listed=True,
)  # fmt: skip
def list_messages(call: Call, need_id: UUID) -> Any:
    return service.list_messages(call.session, call.actor, need_id, call.query)


@routes.operation(
    "POST", f"{MESSAGES}/reading", "markMessagesRead", Bilingual("标记已读", "Mark messages as read by your side"),
    body=schemas.ReadingEntry, answer=schemas.MessageView,
)  # fmt: skip
def mark_messages_read(call: Call, need_id: UUID) -> Any:
    return service.mark_read(call.session, call.actor, need_id, call.body, now=call.now)
