"""Signed webhooks, as the Standard Webhooks specification has them: what a receiver needs to trust a message.

The signature covers id, timestamp and body, so that none can be changed; the timestamp lets a receiver refuse what is
older than a few minutes, the id what it has seen within them. Source: standardwebhooks.com, symmetric scheme v1.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
TOLERANCE = timedelta(minutes=5)


class NotGenuine(Exception):
    """A message that must not be believed; the text says why."""


def headers_for(secret: str, message_id: str, body: bytes, now: datetime) -> dict[str, str]:
    """The three headers of a message sent at `now`."""
    stamp = str(int(now.timestamp()))
    return {ID: message_id, TIMESTAMP: stamp, SIGNATURE: f"v1,{_signature(secret, message_id, stamp, body)}"}


def verify(
    headers: Mapping[str, str], body: bytes, secret: str, now: datetime, tolerance: timedelta = TOLERANCE
) -> str:
    """The id of a genuine message; raises NotGenuine. Names of headers in whatever case.

    The receiver keeps the ids of the last `tolerance` and drops a message whose id it knows: a delivery whose answer was
    lost is sent again under the same id.
    """
    given = {name.lower(): value for name, value in headers.items()}
    try:
        message_id, stamp, signatures = given[ID], given[TIMESTAMP], given[SIGNATURE]
        sent_at = int(stamp)
    except (KeyError, ValueError):
        raise NotGenuine("a header is missing or damaged") from None
    if abs(now.timestamp() - sent_at) > tolerance.total_seconds():
        raise NotGenuine("the timestamp lies outside the tolerated window")
    expected = f"v1,{_signature(secret, message_id, stamp, body)}"
    if not any(hmac.compare_digest(expected.encode(), one.encode()) for one in signatures.split(" ")):
        raise NotGenuine("no signature fits")
    return message_id


def _signature(secret: str, message_id: str, stamp: str, body: bytes) -> str:
    signed = b".".join((message_id.encode(), stamp.encode(), body))
    return base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()
