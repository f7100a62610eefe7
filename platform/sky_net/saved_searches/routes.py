"""Saved searches over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes
from sky_net.saved_searches import schemas, service

routes = Routes("saved_searches", __name__, url_prefix="/api", description="保存的检索 / saved searches")
ONE = "/saved-searches/<uuid:search_id>"


@routes.operation(
    "POST", "/saved-searches", "saveSearch", Bilingual("保存检索", "Save a search"),
    body=schemas.SavedSearchEntry, answer=schemas.SavedSearchView, status=201,
)  # fmt: skip
def save_search(call: Call) -> Answer:
    return Answer(service.save_search(call.session, call.actor, call.body, now=call.now))


@routes.operation(
    "GET", "/saved-searches", "listSavedSearches", Bilingual("我的检索", "List my saved searches"),
    query=schemas.SavedSearchQuery, answer=schemas.SavedSearchView, listed=True,
)  # fmt: skip
def list_saved_searches(call: Call) -> Any:
    return service.list_searches(call.session, call.actor, call.query)


@routes.operation(
    "DELETE", ONE, "deleteSavedSearch", Bilingual("删除检索", "Delete a saved search"), answer=None, status=204,
    guarded=True,
)  # fmt: skip
def delete_saved_search(call: Call, search_id: UUID) -> None:
    search = service.own_search(call.session, call.actor, search_id)
    call.expect(search)
    service.delete_search(call.session, call.actor, search, now=call.now)


@routes.operation(
    "GET", f"{ONE}/finds", "listSearchFinds", Bilingual("检索新增结果", "List what is new for a saved search"),
    query=schemas.FindQuery, answer=schemas.FindView, listed=True,
)  # fmt: skip
def list_search_finds(call: Call, search_id: UUID) -> Any:
    return service.list_finds(call.session, call.actor, search_id, call.query, now=call.now)
