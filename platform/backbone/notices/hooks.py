"""One message to one endpoint of another system."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx

from backbone.notices import outbound, signing
from backbone.notices.models import Delivery, Notice, WebhookEndpoint
from backbone.notices.outcomes import Failed, Refused
from backbone.settings import load_settings

TIMEOUT_S = 10.0
GONE = 410


def body_of(notice: Notice) -> bytes:
    """What is sent: kind, subject and facts of the notice, as JSON."""
    told: dict[str, Any] = {
        "type": notice.kind, "timestamp": notice.created_at.isoformat(),
        "data": {"subject_id": str(notice.subject_id), "subject_number": notice.subject_number,
                 "zone_code": notice.zone_code, **notice.payload},
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()


def send(delivery: Delivery, notice: Notice, endpoint: WebhookEndpoint, now: datetime) -> None:
    """Post it, signed at `now`; any 2xx is an answer. Raises Refused (closed, forbidden, 410) or Failed.

    No redirect is followed: the endpoint is what an administrator named, and nothing that it names.
    """
    if endpoint.closed_at is not None:
        raise Refused("endpoint_closed")
    body = body_of(notice)
    parts = urlsplit(endpoint.url)
    address = outbound.address_for(endpoint.url, outbound.networks(load_settings().webhook_private_networks))
    bracketed = f"[{address}]" if ":" in address else address
    pinned = urlunsplit(parts._replace(netloc=bracketed + (f":{parts.port}" if parts.port else "")))
    headers = signing.headers_for(endpoint.secret, str(delivery.id), body, now) | {
        "content-type": "application/json", "host": parts.netloc.rpartition("@")[2], "user-agent": "sanwang",
    }  # fmt: skip
    try:
        with httpx.Client(timeout=TIMEOUT_S, trust_env=False) as client:
            answer = client.post(
                pinned, content=body, headers=headers, extensions={"sni_hostname": parts.hostname or ""}
            )
    except httpx.HTTPError as trouble:
        raise Failed("webhook_unreachable", type(trouble).__name__) from trouble
    if not answer.is_success:
        raise (Refused if answer.status_code == GONE else Failed)("webhook_answered", str(answer.status_code))
