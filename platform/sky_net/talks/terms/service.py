"""Showing and accepting the terms; the second side's word opens the need to the institute."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, literal, or_, select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.errors import Forbidden, Invalid
from backbone.pages import Page, read_page
from sky_net.invitations.life_cycle import allows
from sky_net.invitations.parties import institutes_of, poster, zone_auditor, zone_operator
from sky_net.needs.life_cycle import lock_visible
from sky_net.needs.models import Need
from sky_net.needs.permissions import FULL, INVITED
from sky_net.needs.readers import bind_readers, readers_of
from sky_net.needs.reading import read_need
from sky_net.talks.checks import NOT_ASKED
from sky_net.talks.telling import tell_of_terms
from sky_net.talks.terms.errors import OtherTermsInForce
from sky_net.talks.terms.models import TermsAcceptance
from sky_net.talks.terms.texts import Terms, in_force

ENTERPRISE, INSTITUTE = "enterprise", "institute"
CAN_READ_ALL = (zone_operator, zone_auditor, poster)


@dataclass(frozen=True)
class TermsShown:
    """The text of today; `is_open` says whether the asker is shown more than the masked view."""

    terms: Terms
    required: bool
    is_open: bool

    def __getattr__(self, name: str) -> Any:
        return getattr(self.terms, name)


def show_terms(session: Session, actor: Actor, need_id: UUID, *, now: datetime) -> TermsShown:
    """The terms in force, for the parties of the need; raises NotFound, Forbidden."""
    reading = read_need(session, actor, need_id)
    need = reading.need
    if not (allows(CAN_READ_ALL, actor, need) or readers_of(session, need.id, institutes_of(actor))):
        raise Forbidden()
    return TermsShown(in_force(local_date(now)), need.nda_required, reading.view in (FULL, INVITED))


def list_acceptances(
    session: Session, actor: Actor, need_id: UUID, asked: Mapping[str, Any]
) -> Page[TermsAcceptance]:
    """Who accepted what: an institute sees its own and what the enterprise said to it; raises NotFound."""
    need = read_need(session, actor, need_id).need
    query = select(TermsAcceptance).where(TermsAcceptance.need_id == need_id)
    if not allows(CAN_READ_ALL, actor, need):
        own = readers_of(session, need_id, institutes_of(actor))
        towards = TermsAcceptance.institute_id
        query = query.where(or_(towards.in_(own), and_(towards.is_(None), literal(value=bool(own)))))
    sorts = {"accepted_at": TermsAcceptance.accepted_at}
    return read_page(session, query, asked, sorts, TermsAcceptance.id)


def accept_terms(
    session: Session, actor: Actor, need_id: UUID, given: Mapping[str, Any], *, now: datetime
) -> TermsAcceptance:
    """One side's word, once; the second of the two opens the need. Raises NotFound, Forbidden, Invalid, OtherTermsInForce.

    The need's lock orders two acceptances that race: the later one sees the earlier.
    """
    need = lock_visible(session, actor, need_id)
    side, institute_id = _party(session, actor, need, given.get("institute_id"))
    version = in_force(local_date(now)).version
    if given["version"] != version:
        raise OtherTermsInForce(version=version)
    said = _said(session, actor, need, TermsAcceptance(
        need_id=need.id, institute_id=institute_id, side=side, version=version, accepted_by=actor.account_id,
        accepted_at=now,
    ), now)  # fmt: skip
    bind_readers(session, actor, need, _bound(session, need, version), now=now)
    return said


def _party(session: Session, actor: Actor, need: Need, named: UUID | None) -> tuple[str, UUID | None]:
    """On which side the actor speaks, and for or towards which institute."""
    if poster(actor, need):
        if named is not None and not readers_of(session, need.id, [named]):
            raise Invalid.field("institute_id", NOT_ASKED)
        return ENTERPRISE, named
    asked = readers_of(session, need.id, institutes_of(actor))
    own = asked if named is None else asked & {named}
    if not own:
        raise Forbidden()
    if len(own) > 1:
        raise Invalid.field("institute_id", NOT_ASKED)
    return INSTITUTE, next(iter(own))


def _said(
    session: Session, actor: Actor, need: Need, acceptance: TermsAcceptance, now: datetime
) -> TermsAcceptance:
    same = (
        TermsAcceptance.need_id == acceptance.need_id, TermsAcceptance.side == acceptance.side,
        TermsAcceptance.version == acceptance.version,
        TermsAcceptance.institute_id.is_not_distinct_from(acceptance.institute_id),
    )  # fmt: skip
    before = session.scalar(select(TermsAcceptance).where(*same))
    if before is not None:
        return before
    session.add(acceptance)
    session.flush()
    told = {name: getattr(acceptance, name) for name in ("need_id", "institute_id", "side", "version")}
    audit.record(session, actor, "accept_terms", acceptance, now=now, after=told)
    tell_of_terms(session, actor, need, acceptance, now=now)
    return acceptance


def _bound(session: Session, need: Need, version: str) -> set[UUID]:
    """The institutes for which both sides accepted this very version."""
    rows = select(TermsAcceptance.side, TermsAcceptance.institute_id).where(
        TermsAcceptance.need_id == need.id, TermsAcceptance.version == version
    )
    said = {(row.side, row.institute_id) for row in session.execute(rows)}
    return {
        institute_id
        for side, institute_id in said
        if side == INSTITUTE and institute_id and {(ENTERPRISE, None), (ENTERPRISE, institute_id)} & said
    }
