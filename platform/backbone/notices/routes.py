"""Notices, deliveries and webhooks over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes
from backbone.notices import reading, schemas, webhooks

routes = Routes("notices", __name__, url_prefix="/api", description="通知 / notices")


@routes.operation(
    "GET", "/me/notices", "listMyNotices", Bilingual("我的通知", "List my notices"),
    query=schemas.NoticeQuery, answer=schemas.NoticeView, listed=True,
)  # fmt: skip
def list_my_notices(call: Call) -> Any:
    return reading.list_my_notices(call.session, call.actor, call.query)


@routes.operation(
    "POST", "/me/notices/<uuid:notice_id>/reading", "readNotice", Bilingual("通知已读", "Mark a notice as read"),
    answer=schemas.NoticeView,
)  # fmt: skip
def read_notice(call: Call, notice_id: UUID) -> Any:
    return reading.read_notice(call.session, call.actor, notice_id, now=call.now)


@routes.operation(
    "POST", "/me/notices/reading", "readNotices", Bilingual("一批通知已读", "Mark notices as read"),
    body=schemas.Reading, answer=schemas.ReadNotices,
)  # fmt: skip
def read_notices(call: Call) -> Any:
    return reading.read_notices(call.session, call.actor, call.body, now=call.now)


@routes.operation(
    "GET", "/deliveries", "listDeliveries", Bilingual("投递与死信", "List deliveries and dead letters"),
    query=schemas.DeliveryQuery, answer=schemas.DeliveryView, listed=True,
)  # fmt: skip
def list_deliveries(call: Call) -> Any:
    return reading.list_deliveries(call.session, call.actor, call.query)


@routes.operation(
    "POST", "/deliveries/<uuid:delivery_id>/retry", "retryDelivery", Bilingual("重投死信", "Retry a dead letter"),
    answer=schemas.DeliveryView,
)  # fmt: skip
def retry_delivery(call: Call, delivery_id: UUID) -> Any:
    return reading.retry_delivery(call.session, call.actor, delivery_id, now=call.now)


@routes.operation(
    "POST", "/webhooks", "openWebhook", Bilingual("开通回调", "Open a webhook"),
    body=schemas.WebhookEntry, answer=schemas.WebhookView, status=201,
)  # fmt: skip
def open_webhook(call: Call) -> Answer:
    return Answer(webhooks.open_webhook(call.session, call.actor, call.body, now=call.now))


@routes.operation(
    "GET", "/webhooks", "listWebhooks", Bilingual("回调列表", "List webhooks"),
    query=schemas.WebhookQuery, answer=schemas.WebhookView, listed=True,
)  # fmt: skip
def list_webhooks(call: Call) -> Any:
    return webhooks.list_webhooks(call.session, call.actor, call.query)


@routes.operation(
    "POST", "/webhooks/<uuid:webhook_id>/closing", "closeWebhook", Bilingual("关闭回调", "Close a webhook"),
    answer=schemas.WebhookView,
)  # fmt: skip
def close_webhook(call: Call, webhook_id: UUID) -> Any:
    return webhooks.close_webhook(call.session, call.actor, webhook_id, now=call.now)
