"""Service providers over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes, path_of
from ground_net.providers import schemas, service

routes = Routes("providers", __name__, url_prefix="/api", description="服务机构 / service providers")
ONE = "/providers/<uuid:provider_id>"


@routes.operation(
    "POST", "/providers", "registerProvider", Bilingual("登记服务机构", "Register a service provider"),
    body=schemas.ProviderEntry, answer=schemas.ProviderView, status=201,
)  # fmt: skip
def register_provider(call: Call) -> Answer:
    provider = service.register_provider(call.session, call.actor, call.body, now=call.now)
    return Answer(provider, location=path_of(ONE, provider_id=provider.id))


@routes.operation(
    "GET", "/providers", "listProviders", Bilingual("服务机构目录", "List service providers"),
    query=schemas.ProviderQuery, answer=schemas.ProviderMasked, listed=True,
)  # fmt: skip
def list_providers(call: Call) -> Any:
    return service.list_providers(call.session, call.query)


@routes.operation(
    "GET", ONE, "showProvider", Bilingual("查看服务机构", "Show a service provider"),
    answer=schemas.ProviderView, or_answers=(schemas.ProviderMasked,),
)  # fmt: skip
def show_provider(call: Call, provider_id: UUID) -> Answer:
    provider = service.provider_named(call.session, provider_id)
    if service.may_read_contact(call.actor, provider):
        return Answer(provider)
    return Answer(provider, schema=schemas.ProviderMasked, view="masked")


@routes.operation(
    "PATCH", ONE, "amendProvider", Bilingual("修改服务机构", "Amend a service provider"),
    body=schemas.ProviderAmendment, answer=schemas.ProviderView, guarded=True,
)  # fmt: skip
def amend_provider(call: Call, provider_id: UUID) -> Any:
    provider = service.provider_named(call.session, provider_id)
    call.expect(provider)
    return service.amend_provider(call.session, call.actor, provider, call.body, now=call.now)


@routes.operation(
    "POST", f"{ONE}/closing", "closeProvider", Bilingual("退出目录", "Take a provider out of the directory"),
    answer=schemas.ProviderView,
)  # fmt: skip
def close_provider(call: Call, provider_id: UUID) -> Any:
    return service.close_provider(call.session, call.actor, provider_id, now=call.now)
