"""Finding centres, and showing one with what it links, as far as the reader may know of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.directory.named import is_called
from backbone.directory.regions import regions_of
from backbone.directory.service import names_of_institutes
from backbone.pages import Page, read_page
from ground_net.centres.models import CentreFigure, CentreInstitute, CentreProject, InnovationCentre
from ground_net.centres.service import centre_named
from sky_net.needs.knowing import known_among

SORTS = {"name": InnovationCentre.name_pinyin, "created_at": InnovationCentre.created_at}
MOST_SHOWN = 500


@dataclass(frozen=True)
class Link:
    """An institute that a centre links, with its name."""

    row: CentreInstitute
    name: str | None


@dataclass(frozen=True)
class Project:
    """A project with those of its needs that the reader may know of."""

    row: CentreProject
    institute: str | None
    need_ids: Sequence[UUID]


@dataclass(frozen=True)
class Centre:
    """A centre with what it links now, and what was said of it, the latest first."""

    row: InnovationCentre
    institutes: Sequence[Link]
    projects: Sequence[Project]
    figures: Sequence[CentreFigure]


def list_centres(session: Session, asked: Mapping[str, Any]) -> Page[InnovationCentre]:
    """A page of the centres, the open ones unless asked otherwise."""
    closed = InnovationCentre.closed_at
    query = select(InnovationCentre).where(closed.is_not(None) if asked.get("closed") else closed.is_(None))
    if asked.get("kind"):
        query = query.where(InnovationCentre.kind == asked["kind"])
    for name, column in (("home", InnovationCentre.home_region), ("host", InnovationCentre.host_region)):
        if asked.get(name):
            query = query.where(column.in_(regions_of(asked[name])))
    if asked.get("institute_id"):
        linked = (CentreInstitute.institute_id == asked["institute_id"], CentreInstitute.ended_at.is_(None))
        query = query.where(InnovationCentre.id.in_(select(CentreInstitute.centre_id).where(*linked)))
    if asked.get("q"):
        typed = asked["q"]
        operated = InnovationCentre.operator.contains(typed, autoescape=True)
        query = query.where(or_(is_called(InnovationCentre, typed), operated))
    return read_page(session, query, asked, SORTS, InnovationCentre.id)


def show_centre(session: Session, actor: Actor, centre_id: UUID) -> Centre:
    """One centre with all it links; raises NotFound."""
    centre = centre_named(session, centre_id)
    linked = select(CentreInstitute).where(
        CentreInstitute.centre_id == centre.id, CentreInstitute.ended_at.is_(None)
    )
    said = select(CentreFigure).where(CentreFigure.centre_id == centre.id)
    links = session.scalars(linked.order_by(CentreInstitute.id).limit(MOST_SHOWN)).all()
    figures = session.scalars(
        said.order_by(CentreFigure.as_of_on.desc(), CentreFigure.id.desc()).limit(MOST_SHOWN)
    ).all()
    projects = select(CentreProject).where(CentreProject.centre_id == centre.id).order_by(CentreProject.id)
    rows = session.scalars(projects.limit(MOST_SHOWN)).all()
    return Centre(centre, _named(session, links), show_projects(session, actor, rows), figures)


def show_projects(session: Session, actor: Actor, rows: Collection[CentreProject]) -> list[Project]:
    """Projects with their institutes' names and the needs that the reader may know of; two queries for all."""
    names = names_of_institutes(session, {row.institute_id for row in rows if row.institute_id})
    known = known_among(session, actor, {need_id for row in rows for need_id in row.need_ids})
    named = {key: institute.name for key, institute in names.items()}
    return [
        Project(
            row,
            named.get(row.institute_id) if row.institute_id else None,
            [each for each in row.need_ids if each in known],
        )
        for row in rows
    ]


def show_link(session: Session, link: CentreInstitute) -> Link:
    """One link with the institute's name."""
    return _named(session, [link])[0]


def _named(session: Session, links: Sequence[CentreInstitute]) -> list[Link]:
    names = names_of_institutes(session, {link.institute_id for link in links})
    return [
        Link(link, names[link.institute_id].name if link.institute_id in names else None) for link in links
    ]
