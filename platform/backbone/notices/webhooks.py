"""Opening and closing webhooks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.errors import Bilingual, Invalid, NotFound
from backbone.notices import outbound
from backbone.notices.models import WebhookEndpoint
from backbone.notices.outcomes import Failed, Refused
from backbone.notices.permissions import CAN_KEEP_WEBHOOKS, require
from backbone.pages import Page, read_page
from backbone.settings import load_settings

NOT_A_URL = Bilingual(
    "应为 https:// 地址（内网白名单内可用 http://），不含用户名、口令与片段",
    "Must be an https:// URL (http:// within WEBHOOK_PRIVATE_NETWORKS) without user, password or fragment",
)
FORBIDDEN = Bilingual(
    "该地址指向内部网络；确需时请运维人员设置 WEBHOOK_PRIVATE_NETWORKS",
    "It leads into a private network; if it must, ask operations to set WEBHOOK_PRIVATE_NETWORKS",
)
UNRESOLVED = Bilingual("域名无法解析", "The name does not resolve")


def open_webhook(
    session: Session, actor: Actor, values: Mapping[str, Any], *, now: datetime
) -> WebhookEndpoint:
    """Let another system be told; its secret is never shown again. Raises Forbidden, Invalid."""
    require(actor, CAN_KEEP_WEBHOOKS)
    _check(values["url"])
    endpoint = WebhookEndpoint(
        url=values["url"], secret=values["secret"], kinds=values.get("kinds") or [], zone_code=values.get("zone_code"),
        created_at=now, created_by=actor.account_id,
    )  # fmt: skip
    session.add(endpoint)
    session.flush()
    audit.record(session, actor, "open_webhook", endpoint, now=now, after=dict(values), personal={"secret"})
    return endpoint


def close_webhook(session: Session, actor: Actor, endpoint_id: UUID, *, now: datetime) -> WebhookEndpoint:
    """Tell it nothing any more; twice is once. Raises Forbidden, NotFound."""
    require(actor, CAN_KEEP_WEBHOOKS)
    endpoint = session.get(WebhookEndpoint, endpoint_id, with_for_update=True)
    if endpoint is None:
        raise NotFound()
    if endpoint.closed_at is None:
        endpoint.closed_at = now
        session.flush()
        audit.record(session, actor, "close_webhook", endpoint, now=now, after={"closed_at": now})
    return endpoint


def list_webhooks(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[WebhookEndpoint]:
    """Those that are open; raises Forbidden."""
    require(actor, CAN_KEEP_WEBHOOKS)
    query = select(WebhookEndpoint).where(WebhookEndpoint.closed_at.is_(None))
    return read_page(session, query, asked, {"created_at": WebhookEndpoint.created_at}, WebhookEndpoint.id)


def _check(url: str) -> None:
    allowed = outbound.networks(load_settings().webhook_private_networks)
    try:
        parts = urlsplit(url)
        is_plain = parts.username is None and not parts.fragment and parts.port != 0
    except ValueError:
        raise Invalid.field("url", NOT_A_URL) from None
    if not is_plain or not parts.hostname or parts.scheme not in ("https", *(("http",) if allowed else ())):
        raise Invalid.field("url", NOT_A_URL)
    try:
        outbound.address_for(url, allowed)
    except Refused:
        raise Invalid.field("url", FORBIDDEN) from None
    except Failed:
        raise Invalid.field("url", UNRESOLVED) from None
