"""GET /metrics for Prometheus: outside the API, with a token of its own, or for this machine alone."""

import hmac
import ipaddress

from flask import Flask, Response, current_app, request

from backbone import db, errors
from backbone.http_gates import bearer_token
from sky_net.monitoring.metrics import exposition

FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


def install_metrics(app: Flask) -> None:
    """Answer scrapes."""

    @app.get("/metrics")
    def metrics() -> Response:
        _admit(current_app.extensions["settings"].metrics_token)
        with db.transaction() as session:
            content, media_type = exposition(
                session, current_app.extensions["clock"].now(), request.headers.get("Accept", "")
            )
        return Response(
            content, headers={"Content-Type": media_type, "Cache-Control": "no-store", "Vary": "Accept"}
        )


def _admit(token: str) -> None:
    """Raises Unauthenticated for another token; NotFound for who is elsewhere while no token is set.

    A proxy on this machine connects from here for everybody: what it forwards is from elsewhere.
    """
    if token:
        if not hmac.compare_digest(bearer_token().encode(), token.encode()):
            raise errors.Unauthenticated()
        return
    if any(request.headers.get(name) for name in FORWARDED) or not _is_here(request.remote_addr):
        raise errors.NotFound()


def _is_here(address: str | None) -> bool:
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return False
    return (getattr(found, "ipv4_mapped", None) or found).is_loopback
