"""Opening, amending and closing centres. What they link is in `linking`, showing them in `reading`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.days import refuse_future
from backbone.errors import Bilingual, Forbidden, Invalid, NotFound
from ground_net.centres.errors import CentreClosed, CentreNameTaken
from ground_net.centres.models import InnovationCentre
from ground_net.centres.permissions import may_run

SAME_CITY = Bilingual(
    "离岸创新中心设在另一地：所在地不能与归属地相同",
    "An offshore centre stands elsewhere: host and home may not be the same",
)


def open_centre(
    session: Session, actor: Actor, values: Mapping[str, Any], *, now: datetime
) -> InnovationCentre:
    """Set up a centre; raises Forbidden, Invalid, CentreNameTaken."""
    centre = InnovationCentre(**values, created_at=now, updated_at=now)
    if not may_run(actor, centre):
        raise Forbidden()
    _check(values, local_date(now))
    with _one_of_its_name(session, centre.name):
        session.add(centre)
    audit.record(session, actor, "open_centre", centre, now=now, after=dict(values))
    return centre


def amend_centre(
    session: Session, actor: Actor, centre: InnovationCentre, values: Mapping[str, Any], *, now: datetime
) -> InnovationCentre:
    """Change what is said of an open centre; raises Forbidden, Invalid, CentreClosed, CentreNameTaken."""
    if not may_run(actor, centre):
        raise Forbidden()
    refuse_closed(centre)
    before, after = audit.changes(centre, values)
    if not after:
        return centre
    kept = {name: getattr(centre, name) for name in ("kind", "home_region", "host_region")}
    _check(kept | after, local_date(now))
    if not may_run(actor, InnovationCentre(**kept | {name: after[name] for name in kept if name in after})):
        raise Forbidden()
    with _one_of_its_name(session, after.get("name", centre.name)):
        for name, value in after.items():
            setattr(centre, name, value)
        centre.updated_at = now
    audit.record(session, actor, "amend_centre", centre, now=now, before=before, after=after)
    return centre


def close_centre(session: Session, actor: Actor, centre_id: UUID, *, now: datetime) -> InnovationCentre:
    """End a centre; what it linked stays on record. Twice changes nothing. Raises NotFound, Forbidden."""
    centre = centre_to_run(session, actor, centre_id)
    if centre.closed_at is None:
        centre.closed_at = centre.updated_at = now
        session.flush()
        audit.record(session, actor, "close_centre", centre, now=now, after={"closed_at": now})
    return centre


def centre_named(session: Session, centre_id: UUID) -> InnovationCentre:
    """The centre by id, open or closed; raises NotFound."""
    centre = session.get(InnovationCentre, centre_id)
    if centre is None:
        raise NotFound()
    return centre


def centre_to_run(session: Session, actor: Actor, centre_id: UUID) -> InnovationCentre:
    """The centre, locked, for somebody who runs it; raises NotFound, Forbidden."""
    if not may_run(actor, centre_named(session, centre_id)):
        raise Forbidden()
    return session.get_one(InnovationCentre, centre_id, with_for_update=True, populate_existing=True)


def refuse_closed(centre: InnovationCentre) -> None:
    """Raise CentreClosed for a closed one."""
    if centre.closed_at is not None:
        raise CentreClosed(name=centre.name, closed_at=centre.closed_at.isoformat())


def _check(values: Mapping[str, Any], today: date) -> None:
    refuse_future("opened_on", values.get("opened_on"), today)
    if values["kind"] == "offshore" and values["home_region"] == values["host_region"]:
        raise Invalid.field("host_region", SAME_CITY)


@contextmanager
def _one_of_its_name(session: Session, name: str) -> Iterator[None]:
    """Write what the block changes within a savepoint; raises CentreNameTaken. The index decides."""
    try:
        with session.begin_nested():
            yield
    except IntegrityError as clash:
        if "uq_innovation_centres_open_name" not in str(clash.orig):
            raise
        raise CentreNameTaken(name=name) from None
