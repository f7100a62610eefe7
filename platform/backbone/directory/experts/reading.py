"""Finding experts, as far as the actor may know of them."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, selectinload

from backbone.actor import Actor
from backbone.chinese import fold
from backbone.directory.experts.models import Expert
from backbone.directory.experts.permissions import readable
from backbone.directory.models import Institute
from backbone.directory.regions import regions_of
from backbone.errors import NotFound
from backbone.pages import Page, Sortable, read_page
from backbone.people.models import Person, digest_for

SORTS: Mapping[str, Sortable] = {"institute": Institute.name_pinyin, "created_at": Expert.created_at}


def show_expert(session: Session, actor: Actor, expert_id: UUID) -> Expert:
    """The expert, for those who may know of them; raises NotFound."""
    expert = session.scalar(select(Expert).where(Expert.id == expert_id, readable(actor)))
    if expert is None:
        raise NotFound()
    return expert


def list_experts(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[Expert]:
    """A page of the experts this actor may know of, by how their institutes sound: their own names are sealed."""
    wanted = [_CONDITIONS[name](asked[name]) for name in _CONDITIONS if asked.get(name) is not None]
    query = (
        select(Expert)
        .join(Institute, Institute.id == Expert.institute_id)
        .where(readable(actor), and_(True, *wanted))
        .options(selectinload(Expert.persons))
    )
    return read_page(session, query, asked, SORTS, Expert.id)


def _is_called(typed: str) -> ColumnElement[bool]:
    """Part of a field, keyword, technique or title, or the whole name, which is compared by digest."""
    named = exists().where(
        Person.holder_id == Expert.id,
        Person.name_digest == digest_for("name", typed),
        Person.erased_at.is_(None),
    )
    return or_(Expert.folded.contains(fold(typed).strip(), autoescape=True), named)


_CONDITIONS: Mapping[str, Callable[[Any], ColumnElement[bool]]] = {
    "industry": lambda codes: Expert.industries.overlap(codes),
    "region": lambda areas: Expert.region_code.in_(regions_of(areas)),
    "institute_id": lambda institute_id: Expert.institute_id == institute_id,
    "availability": lambda words: Expert.availability.in_(words),
    "trl": lambda trl: and_(Expert.trl_from <= trl, Expert.trl_to >= trl),
    "language": lambda codes: Expert.languages.overlap(codes),
    "q": _is_called,
}
