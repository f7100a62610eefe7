"""Seeing findings: operators from the draft on, the enterprise once signed, institutes never."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.errors import NotFound
from backbone.pages import Page, read_page
from sky_net.findings.models import Finding
from sky_net.findings.permissions import CAN_READ_DRAFT, CAN_READ_SIGNED
from sky_net.invitations.life_cycle import allows
from sky_net.needs.models import Need
from sky_net.needs.reading import read_need, read_with_need


def read_finding(session: Session, actor: Actor, finding_id: UUID) -> tuple[Finding, Need]:
    """The finding and its need, for those whom it concerns; raises NotFound."""
    finding, reading = read_with_need(session, actor, Finding, finding_id)
    if not _may_read(actor, reading.need, is_signed=finding.signed_at is not None):
        raise NotFound()
    return finding, reading.need


def show_finding(session: Session, actor: Actor, finding_id: UUID) -> Finding:
    """As `read_finding`."""
    return read_finding(session, actor, finding_id)[0]


def list_findings(session: Session, actor: Actor, need_id: UUID, asked: Mapping[str, Any]) -> Page[Finding]:
    """The need's finding, if the actor may know of it; raises NotFound for a need that is not visible."""
    need = read_need(session, actor, need_id).need
    query = select(Finding).where(Finding.need_id == need.id)
    if not _may_read(actor, need, is_signed=False):
        query = query.where(Finding.signed_at.is_not(None))
    if not _may_read(actor, need, is_signed=True):
        query = query.where(Finding.id.is_(None))
    return read_page(session, query, asked, {"created_at": Finding.created_at}, Finding.id)


def _may_read(actor: Actor, need: Need, *, is_signed: bool) -> bool:
    return allows(CAN_READ_SIGNED if is_signed else CAN_READ_DRAFT, actor, need)
