"""Clocks over HTTP."""

from typing import Any

from backbone.errors import Bilingual
from backbone.http import Call, Routes
from sky_net.sla import schemas, service

routes = Routes("sla", __name__, url_prefix="/api", description="响应时钟 / response clocks")


@routes.operation(
    "GET", "/clocks", "watchClocks", Bilingual("查看本区各时钟", "Watch the clocks of my zones"),
    query=schemas.WatchQuery, answer=schemas.WatchedView, listed=True,
)  # fmt: skip
def watch_clocks(call: Call) -> Any:
    return service.list_clocks(call.session, call.actor, call.query, now=call.now)
