"""Who reads how much of a need: one need, lists, the history, the quality gate's advice, near duplicates.

What shows a confidential need unmasked notes it with `disclose`, in the same transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, case, delete, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY, array, insert
from sqlalchemy.orm import Session, lazyload

from backbone import audit
from backbone.actor import Actor, Role
from backbone.chinese import fold
from backbone.clock import SHANGHAI
from backbone.directory.chains.reading import require_chains
from backbone.directory.regions import regions_of
from backbone.directory.service import Named, names_of_enterprises
from backbone.errors import Forbidden, NotFound
from backbone.fields import LATEST
from backbone.pages import Page, Sortable, read_page
from sky_net.needs import completeness, duplicates
from sky_net.needs.disclosures import disclose
from sky_net.needs.errors import NotOffered
from sky_net.needs.models import Need, NeedReader, NeedTransition
from sky_net.needs.permissions import (
    CAN_ASSESS,
    CAN_COMPARE,
    FULL,
    INVITED,
    MASKED,
    OPEN,
    Rule,
    allows,
    readable,
    view_of,
)

MOST_CANDIDATES = 200
SORTS: Mapping[str, Sortable] = {
    "submitted_at": func.coalesce(Need.submitted_at, Need.created_at),
    "created_at": Need.created_at,
    "wanted_on": func.coalesce(Need.wanted_on, LATEST),
    "number": Need.number,
}


class BelongsToNeed(Protocol):
    """A row of another feature about one need."""

    id: Any
    need_id: Any


OfNeed = TypeVar("OfNeed", bound=BelongsToNeed)


@dataclass(frozen=True)
class Reading:
    """A need as one actor may read it: `view` is full, invited, open or masked; dump it with `views.NeedInView`."""

    need: Need
    view: str
    enterprise: Named | None = None


@dataclass(frozen=True)
class NearDuplicate:
    """Another need and how similar its title and problem are, in percent."""

    need: Reading
    similarity_percent: int


@dataclass(frozen=True)
class Advice:
    """What the quality gate says of a need."""

    score: int
    missing: Sequence[completeness.Criterion]
    compulsory_missing: Sequence[str]
    near_duplicates: int


def read_need(session: Session, actor: Actor, need_id: UUID) -> Reading:
    """The need in the actor's view, in one query; raises NotFound."""
    row = session.execute(select(Need, view_of(actor)).where(Need.id == need_id, readable(actor))).first()
    if row is None:
        raise NotFound()
    return Reading(row[0], row[1])


def read_with_need(
    session: Session, actor: Actor, kind: type[OfNeed], row_id: UUID
) -> tuple[OfNeed, Reading]:
    """A row that belongs to a need, with the need in the actor's view; raises NotFound.

    One query that loads nothing else: whether the row is missing or its need is hidden, the work is the same.
    """
    query = select(kind, Need, view_of(actor)).join(Need, Need.id == kind.need_id)
    row = session.execute(query.where(kind.id == row_id, readable(actor)).options(lazyload("*"))).first()
    if row is None:
        raise NotFound()
    return row[0], Reading(row[1], row[2])


def show_need(session: Session, actor: Actor, need_id: UUID, *, now: datetime) -> Reading:
    """As `read_need`, with the enterprise's name where the view tells it; noted."""
    shown = named(session, [read_need(session, actor, need_id)])
    disclose(session, actor, shown, "opened", now=now)
    return shown[0]


def show_whole(session: Session, actor: Actor, need: Need, *, now: datetime) -> Reading:
    """The need in full, for who has just acted on it and may read it; noted."""
    shown = named(session, [Reading(need, FULL)])
    disclose(session, actor, shown, "opened", now=now)
    return shown[0]


def read_in_full(session: Session, actor: Actor, need_id: UUID) -> Need:
    """The need for those who read all of it; raises NotFound, Forbidden to those who see only a part."""
    reading = read_need(session, actor, need_id)
    if reading.view != FULL:
        raise Forbidden()
    return reading.need


def named(session: Session, readings: Sequence[Reading]) -> list[Reading]:
    """The same readings with their enterprises, none for masked ones; one query for all."""
    ids = {reading.need.enterprise_id for reading in readings if reading.view != MASKED}
    enterprises = names_of_enterprises(session, ids)
    return [
        reading
        if reading.view == MASKED
        else replace(reading, enterprise=enterprises.get(reading.need.enterprise_id))
        for reading in readings
    ]


def list_needs(session: Session, actor: Actor, asked: Mapping[str, Any], *, now: datetime) -> Page[Reading]:
    """A page of the needs that the actor may see, each in its view, noted; raises Invalid."""
    require_chains(session, asked)
    query = select(Need, view_of(actor)).where(readable(actor))
    page = read_page(session, _filtered(query, actor, asked), asked, SORTS, Need.id, Reading)
    disclose(session, actor, page.items, "listed", now=now)
    return Page(named(session, page.items), page.next_cursor)


def assess_need(session: Session, actor: Actor, need_id: UUID) -> Advice:
    """What is missing and how many say nearly the same; for the poster, its operators and auditors."""
    need = _read_for(session, actor, need_id, CAN_ASSESS)
    found = completeness.assess(need)
    near = len(_near(session, actor, need))
    return Advice(found.score, found.missing, found.compulsory_missing, near)


def near_duplicates(session: Session, actor: Actor, need_id: UUID, *, now: datetime) -> list[NearDuplicate]:
    """Needs whose title and problem are nearly the same, most similar first, among those the actor reads in full; noted.

    What is masked to the actor is left out: a similarity would let its secret text be guessed.
    """
    near = _near(session, actor, _read_for(session, actor, need_id, CAN_COMPARE))
    readings = named(session, [Reading(need, FULL) for need, _ in near])
    disclose(session, actor, readings, "listed", now=now)
    return [
        NearDuplicate(reading, int(100 * similarity))
        for reading, (_, similarity) in zip(readings, near, strict=True)
    ]


def history(session: Session, actor: Actor, need_id: UUID) -> Sequence[NeedTransition]:
    """Every step of its life so far, the first one first; for those who read it in full."""
    need = read_in_full(session, actor, need_id)
    steps = select(NeedTransition).where(NeedTransition.need_id == need.id).order_by(NeedTransition.id)
    return session.scalars(steps).all()


def grant_reading(
    session: Session, actor: Actor, need: Need, organisation_id: UUID, *, now: datetime
) -> None:
    """Open all that the enterprise wrote to an institute; twice changes nothing. Raises NotOffered."""
    if need.visibility == "operators":
        raise NotOffered()
    row = {
        "need_id": need.id,
        "organisation_id": organisation_id,
        "granted_by": actor.account_id,
        "granted_at": now,
    }
    added = session.execute(
        insert(NeedReader).values(row).on_conflict_do_nothing().returning(NeedReader.need_id)
    ).first()
    if added:
        audit.record(
            session, actor, "grant_need_reading", need, now=now, after={"organisation_id": organisation_id}
        )


def revoke_reading(
    session: Session, actor: Actor, need: Need, organisation_id: UUID, *, now: datetime
) -> None:
    """Take back what `grant_reading` opened: the institute sees what one that was never invited sees."""
    opened = (NeedReader.need_id == need.id, NeedReader.organisation_id == organisation_id)
    if session.execute(delete(NeedReader).where(*opened).returning(NeedReader.need_id)).first():
        audit.record(
            session, actor, "revoke_need_reading", need, now=now, before={"organisation_id": organisation_id}
        )


def _read_for(session: Session, actor: Actor, need_id: UUID, rules: tuple[Rule, ...]) -> Need:
    need = read_need(session, actor, need_id).need
    if not allows(rules, actor, need):
        raise Forbidden()
    return need


def candidates_of(need: Need) -> Select[UUID]:
    """Ids of the needs that share a band of the signature, whoever may see them.

    Band by band instead of one `&&`: PostgreSQL guesses that an overlap of 32 rare numbers holds for one row in seven
    and reads the whole table; one number alone it looks up in the GIN index. OFFSET 0 keeps it from joining otherwise.
    """
    bands = func.unnest(literal(need.signature, ARRAY(Integer))).table_valued("band").render_derived()
    sharing = select(Need.id).where(Need.signature.contains(array([bands.c.band])), Need.id != need.id)
    found = sharing.offset(0).lateral("found")
    return select(found.c.id).select_from(bands.join(found, true())).distinct()


def _near(session: Session, actor: Actor, need: Need) -> list[tuple[Need, float]]:
    ids = session.scalars(candidates_of(need)).all()
    seen = select(Need).where(Need.id.in_(ids), readable(actor, FULL)).order_by(Need.id.desc())
    own = _grams(need)
    candidates = session.scalars(seen.limit(MOST_CANDIDATES)) if ids else ()
    compared = [(other, duplicates.similarity(own, _grams(other))) for other in candidates]
    near = [(other, similarity) for other, similarity in compared if similarity >= duplicates.NEAR]
    return sorted(near, key=lambda pair: -pair[1])


def _grams(need: Need) -> duplicates.Grams:
    return duplicates.trigrams(f"{need.title}\n{need.problem or ''}")


def _filtered(query: Select[Any, Any], actor: Actor, asked: Mapping[str, Any]) -> Select[Any, Any]:
    for name, column in (("state", Need.state), ("industry", Need.industry)):
        if asked.get(name):
            query = query.where(column.in_(asked[name]))
    for name, column in (("visibility", Need.visibility), ("urgency", Need.urgency)):
        if name in asked:
            query = query.where(column == asked[name])
    if asked.get("chain_id"):
        # Nor a chain: with the few enterprises that steer it, it says more than the industry does.
        shown = readable(actor, FULL, INVITED, OPEN)
        query = query.where(Need.chain_id.in_(asked["chain_id"]), shown)
    if "zone" in asked:
        # A masked need shows no zone: filtering by it would tell.
        query = query.where(
            Need.zone_code.in_(regions_of([asked["zone"]])), readable(actor, FULL, INVITED, OPEN)
        )
    if asked.get("mine"):
        own = Need.enterprise_id.in_(actor.organisations(Role.ENTERPRISE_MEMBER))
        query = query.where(or_(own, Need.owner_id == actor.account_id))
    if "q" in asked:
        query = query.where(_title_shown_to(actor).contains(fold(asked["q"]).strip(), autoescape=True))
    return query.where(*submitted_between(asked))


def submitted_between(asked: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """The days of submission that are asked for, both included, as people in Wuhan count days."""
    wanted: list[ColumnElement[bool]] = []
    if "submitted_from" in asked:
        wanted.append(Need.submitted_at >= datetime.combine(asked["submitted_from"], time(), SHANGHAI))
    if "submitted_to" in asked:
        after = asked["submitted_to"] + timedelta(days=1)
        wanted.append(Need.submitted_at < datetime.combine(after, time(), SHANGHAI))
    return wanted


def _title_shown_to(actor: Actor) -> Any:
    """The title in the actor's view: searching the real one of a masked need would let it be guessed."""
    return case((view_of(actor) == literal(MASKED), Need.masked_title_folded), else_=Need.title_folded)


__all__ = [
    "Advice", "NearDuplicate", "Reading", "assess_need", "grant_reading", "history", "list_needs",
    "named", "near_duplicates", "read_in_full", "read_need", "read_with_need", "revoke_reading", "show_need",
    "show_whole",
]  # fmt: skip
