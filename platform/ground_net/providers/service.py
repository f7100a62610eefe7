"""Registering, amending and finding service providers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from backbone import audit
from backbone.actor import Actor
from backbone.chinese import fold
from backbone.directory.named import is_called
from backbone.directory.regions import regions_of
from backbone.errors import Forbidden, NotFound
from backbone.pages import Page, read_page
from ground_net.providers.errors import ProviderClosed
from ground_net.providers.models import PERSONAL, ServiceProvider
from ground_net.providers.permissions import CAN_KEEP, CAN_READ_CONTACT, allows

SORTS = {"name": ServiceProvider.name_pinyin, "created_at": ServiceProvider.created_at}


def register_provider(
    session: Session, actor: Actor, values: Mapping[str, Any], *, now: datetime
) -> ServiceProvider:
    """Add a provider to the directory; raises Forbidden."""
    columns = _columns(values)
    provider = ServiceProvider(**columns, created_at=now, updated_at=now)
    if not allows(CAN_KEEP, actor, provider):
        raise Forbidden()
    provider.fold()
    session.add(provider)
    session.flush()
    audit.record(session, actor, "register_provider", provider, now=now, after=columns, personal=PERSONAL)
    return provider


def amend_provider(
    session: Session, actor: Actor, provider: ServiceProvider, values: Mapping[str, Any], *, now: datetime
) -> ServiceProvider:
    """Change the given fields; raises Forbidden, also for a move to where the actor keeps none, and ProviderClosed."""
    if not allows(CAN_KEEP, actor, provider):
        raise Forbidden()
    if provider.closed_at is not None:
        raise ProviderClosed(name=provider.name, closed_at=provider.closed_at.isoformat())
    before, after = audit.changes(provider, _columns(values))
    if not after:
        return provider
    moved = ServiceProvider(region_code=after.get("region_code", provider.region_code))
    if not allows(CAN_KEEP, actor, moved):
        raise Forbidden()
    for name, value in after.items():
        setattr(provider, name, value)
    provider.fold()
    provider.updated_at = now
    session.flush()
    audit.record(
        session, actor, "amend_provider", provider, now=now, before=before, after=after, personal=PERSONAL
    )
    return provider


def close_provider(session: Session, actor: Actor, provider_id: UUID, *, now: datetime) -> ServiceProvider:
    """Take a provider out of the directory; twice changes nothing. Raises NotFound, Forbidden."""
    provider = provider_named(session, provider_id)
    if not allows(CAN_KEEP, actor, provider):
        raise Forbidden()
    session.refresh(provider, with_for_update=True)
    if provider.closed_at is None:
        provider.closed_at = provider.updated_at = now
        session.flush()
        audit.record(session, actor, "close_provider", provider, now=now, after={"closed_at": now})
    return provider


def provider_named(session: Session, provider_id: UUID) -> ServiceProvider:
    """The provider by id; raises NotFound."""
    provider = session.get(ServiceProvider, provider_id)
    if provider is None:
        raise NotFound()
    return provider


def may_read_contact(actor: Actor, provider: ServiceProvider) -> bool:
    """Whether the contact is shown unmasked, of one provider; in lists it never is."""
    return allows(CAN_READ_CONTACT, actor, provider)


def list_providers(session: Session, asked: Mapping[str, Any]) -> Page[ServiceProvider]:
    """A page of the directory."""
    query = select(ServiceProvider).where(ServiceProvider.closed_at.is_(None))
    if asked.get("kind"):
        query = query.where(ServiceProvider.kinds.overlap(asked["kind"]))
    if asked.get("industry"):
        query = query.where(ServiceProvider.industries.overlap(asked["industry"]))
    if asked.get("region"):
        query = query.where(ServiceProvider.region_code.in_(regions_of(asked["region"])))
    if asked.get("q"):
        words = ServiceProvider.folded.contains(fold(asked["q"]).strip(), autoescape=True)
        query = query.where(or_(is_called(ServiceProvider, asked["q"]), words))
    query = query.options(selectinload(ServiceProvider.persons))
    return read_page(session, query, asked, SORTS, ServiceProvider.id)


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of what HTTP calls `contact`: {name, phone, email}."""
    columns = {name: value for name, value in values.items() if name != "contact"}
    return columns | {f"contact_{name}": value for name, value in (values.get("contact") or {}).items()}
