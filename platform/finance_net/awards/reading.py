"""Reading awards, their tranches and the documents of these."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from backbone.actor import Actor
from backbone.errors import NotFound
from backbone.files.service import read_content
from backbone.http_binary import Download
from backbone.pages import Page, read_page
from finance_net.awards.models import Award, Beneficiary, Tranche, TrancheDocument
from finance_net.awards.permissions import may_read_all, readable

SORTS = {"decided_at": Award.decided_at, "number": Award.number}
WHOLE = (
    selectinload(Award.beneficiaries),
    selectinload(Award.tranches).selectinload(Tranche.parts),
    selectinload(Award.tranches).selectinload(Tranche.documents),
)


def list_awards(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[Award]:
    """A page of the awards that the actor may read."""
    query = select(Award).where(readable(actor)).options(selectinload(Award.beneficiaries))
    for name in ("fund_id", "round_id", "number"):
        if asked.get(name):
            query = query.where(getattr(Award, name) == asked[name])
    if asked.get("enterprise_id"):
        theirs = select(Beneficiary.award_id).where(Beneficiary.enterprise_id == asked["enterprise_id"])
        query = query.where(Award.id.in_(theirs))
    return read_page(session, query, asked, SORTS, Award.id)


def award_of(session: Session, actor: Actor, award_id: UUID) -> Award:
    """The award with all of it; raises NotFound, also where the actor may not read it."""
    query = select(Award).where(Award.id == award_id, readable(actor)).options(*WHOLE)
    award = session.scalar(query.execution_options(populate_existing=True))
    if award is None:
        raise NotFound()
    return award


def download_evidence(session: Session, actor: Actor, document_id: UUID) -> Download:
    """The file as it was attached; raises NotFound. One that was withdrawn is the province's to read alone."""
    query = (
        select(TrancheDocument)
        .join(Award, Award.id == TrancheDocument.award_id)
        .where(TrancheDocument.id == document_id, readable(actor))
    )
    if not may_read_all(actor):
        query = query.where(TrancheDocument.withdrawn_at.is_(None))
    document = session.scalar(query)
    if document is None:
        raise NotFound()
    file = document.file
    return Download(file.name, file.media_type, file.sha256, lambda: read_content(session, file.id))
