"""What a centre links: institutes of the directory, projects, and the figures that are said of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.days import refuse_future
from backbone.directory.models import Institute
from backbone.errors import Bilingual, Forbidden, Invalid, NotFound
from backbone.references import NO_SUCH_INSTITUTE
from ground_net.centres.errors import InstituteLinked
from ground_net.centres.models import CentreFigure, CentreInstitute, CentreProject, InnovationCentre
from ground_net.centres.permissions import may_run
from ground_net.centres.service import centre_named, centre_to_run, refuse_closed
from sky_net.needs.knowing import known_among

NO_SUCH_NEED = Bilingual("没有这条需求，或您无权查看", "There is no such need, or you may not see it")


def link_institute(
    session: Session, actor: Actor, centre_id: UUID, institute_id: UUID, *, now: datetime
) -> CentreInstitute:
    """Link an institute of the directory; raises NotFound, Forbidden, CentreClosed, Invalid, InstituteLinked."""
    centre = _open(session, actor, centre_id)
    _require_institute(session, institute_id)
    link = CentreInstitute(centre_id=centre.id, institute_id=institute_id, linked_at=now)
    try:
        with session.begin_nested():
            session.add(link)
            session.flush()
    except IntegrityError as clash:
        if "uq_centre_institutes_linked" not in str(clash.orig):
            raise
        raise InstituteLinked() from None
    after = {"centre_id": centre.id, "institute_id": institute_id}
    audit.record(session, actor, "link_institute", link, now=now, after=after)
    return link


def unlink_institute(session: Session, actor: Actor, link_id: UUID, *, now: datetime) -> CentreInstitute:
    """The link is over; twice changes nothing. Raises NotFound, Forbidden."""
    link = session.get(CentreInstitute, link_id)
    if link is None:
        raise NotFound()
    centre_to_run(session, actor, link.centre_id)
    session.refresh(link, with_for_update=True)
    if link.ended_at is None:
        link.ended_at = now
        session.flush()
        audit.record(session, actor, "unlink_institute", link, now=now, after={"ended_at": now})
    return link


def add_project(
    session: Session, actor: Actor, centre_id: UUID, values: Mapping[str, Any], *, now: datetime
) -> CentreProject:
    """A project of the centre; raises NotFound, Forbidden, CentreClosed, Invalid."""
    centre = _open(session, actor, centre_id)
    _check_project(session, actor, values)
    project = CentreProject(centre_id=centre.id, created_at=now, updated_at=now, **values)
    session.add(project)
    session.flush()
    after = {"centre_id": centre.id, **values}
    audit.record(session, actor, "add_centre_project", project, now=now, after=after)
    return project


def project_to_amend(session: Session, actor: Actor, project_id: UUID) -> CentreProject:
    """The project, for somebody who runs its centre; raises NotFound, Forbidden, CentreClosed."""
    project = session.get(CentreProject, project_id)
    if project is None:
        raise NotFound()
    centre = centre_named(session, project.centre_id)
    if not may_run(actor, centre):
        raise Forbidden()
    refuse_closed(centre)
    return project


def amend_project(
    session: Session, actor: Actor, project: CentreProject, values: Mapping[str, Any], *, now: datetime
) -> CentreProject:
    """Change a project from `project_to_amend`; raises Invalid."""
    before, after = audit.changes(project, values)
    if not after:
        return project
    added = set(after.get("need_ids", ())) - set(project.need_ids)
    _check_project(
        session, actor, after | {"need_ids": [each for each in values.get("need_ids", ()) if each in added]}
    )
    for name, value in after.items():
        setattr(project, name, value)
    project.updated_at = now
    session.flush()
    audit.record(session, actor, "amend_centre_project", project, now=now, before=before, after=after)
    return project


def record_figure(
    session: Session, actor: Actor, centre_id: UUID, values: Mapping[str, Any], *, now: datetime
) -> CentreFigure:
    """A figure that a text gives of the centre, with its day and source; raises NotFound, Forbidden, Invalid."""
    centre = centre_to_run(session, actor, centre_id)
    refuse_future("as_of_on", values["as_of_on"], local_date(now))
    figure = CentreFigure(centre_id=centre.id, recorded_at=now, **values)
    session.add(figure)
    session.flush()
    after = {"centre_id": centre.id, **values}
    audit.record(session, actor, "record_centre_figure", figure, now=now, after=after)
    return figure


def _open(session: Session, actor: Actor, centre_id: UUID) -> InnovationCentre:
    centre = centre_to_run(session, actor, centre_id)
    refuse_closed(centre)
    return centre


def _check_project(session: Session, actor: Actor, values: Mapping[str, Any]) -> None:
    """A need of which the actor may not know is refused like one that does not exist."""
    if values.get("institute_id") is not None:
        _require_institute(session, values["institute_id"])
    named = values.get("need_ids") or []
    known = known_among(session, actor, named)
    for place, need_id in enumerate(named):
        if need_id not in known:
            raise Invalid.field(f"need_ids.{place}", NO_SUCH_NEED)


def _require_institute(session: Session, institute_id: UUID) -> None:
    if session.scalar(select(Institute.id).where(Institute.id == institute_id)) is None:
        raise Invalid.field("institute_id", NO_SUCH_INSTITUTE)
