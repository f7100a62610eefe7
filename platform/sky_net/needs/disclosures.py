"""谁看过我的需求: who was shown a confidential need unmasked, written with the reading and shown to the enterprise.

A need is confidential unless it is public; its unmasked views are the full and the invited one. The enterprise's own
members leave no trace, nor do jobs. One reader leaves one row per need, way and day, in Asia/Shanghai: the enterprise wants
to know who knows and since when, and a screen that reloads must neither fill the log nor make a reading a write.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backbone.actor import Actor, Role
from backbone.clock import local_date
from backbone.directory.permissions import has_zone
from backbone.directory.regions import regions_within
from backbone.directory.service import names_of_institutes
from backbone.errors import Forbidden, NotFound
from backbone.identity.service import names_of
from backbone.pages import Page, read_page
from sky_net.needs.models import Need, NeedDisclosure, NeedReader
from sky_net.needs.permissions import (
    CAN_SEE_READERS,
    FULL,
    INSTITUTE_ROLES,
    INVITED,
    allows,
    is_owner,
    readable,
)

UNMASKED = (FULL, INVITED)
OFFICES = (Role.OPERATOR, Role.AUDITOR)
"""Who reads in office, for the platform."""
BY_NAME = (*OFFICES, Role.COLLECTOR, Role.BROKER)
"""Who is shown by name: those in office, the collectors whom the enterprise met and the broker who answers for the need;
everybody else by role and organisation.
"""
SORTS = {"read_at": NeedDisclosure.read_at}
IDS = bindparam("ids", type_=ARRAY(Uuid()))
# Built once: every reading of a confidential need runs it.
NOTED_TODAY = select(NeedDisclosure.need_id, NeedDisclosure.view).where(
    NeedDisclosure.need_id == any_(IDS),
    NeedDisclosure.reader_id == bindparam("reader"),
    NeedDisclosure.read_on == bindparam("day"),
    NeedDisclosure.way == bindparam("way"),
    NeedDisclosure.attachment_id.is_not_distinct_from(bindparam("attachment", type_=Uuid())),
)


class Shown(Protocol):
    """A need and the view in which it leaves."""

    @property
    def need(self) -> Need:
        """The need."""

    @property
    def view(self) -> str:
        """Full, invited, open or masked."""


@dataclass(frozen=True)
class Disclosure:
    """A row of the log with the names of today; `reader_name` for those of `BY_NAME` alone."""

    noted: NeedDisclosure
    organisation_name: str | None
    reader_name: str | None


def disclose(session: Session, actor: Actor, shown: Iterable[Shown], way: str, *, now: datetime) -> None:
    """Note those of the needs shown that are confidential, unmasked and of another house than the actor's."""
    _note(session, actor, [each for each in shown if each.need.visibility != "public"], way, now)


def disclose_attachment(
    session: Session, actor: Actor, shown: Shown, attachment_id: UUID, level: str, way: str, *, now: datetime
) -> None:
    """As `disclose`, of one file: confidential by its need or by its own level, not when it was made for strangers."""
    is_open = level == "masked" or (level == "public" and shown.need.visibility == "public")
    _note(session, actor, [] if is_open else [shown], way, now, attachment_id)


def list_readers(session: Session, actor: Actor, need_id: UUID, asked: Mapping[str, Any]) -> Page[Disclosure]:
    """Who was shown the need, for the enterprise alone; raises NotFound, Forbidden."""
    need = session.scalar(select(Need).where(Need.id == need_id, readable(actor)))
    if need is None:
        raise NotFound()
    if not allows(CAN_SEE_READERS, actor, need):
        raise Forbidden()
    query = select(NeedDisclosure).where(NeedDisclosure.need_id == need_id)
    if asked.get("way"):
        query = query.where(NeedDisclosure.way.in_(asked["way"]))
    page = read_page(session, query, asked, SORTS, NeedDisclosure.id)
    return Page(_named(session, page.items), page.next_cursor)


def _note(
    session: Session,
    actor: Actor,
    shown: Sequence[Shown],
    way: str,
    now: datetime,
    attachment_id: UUID | None = None,
) -> None:
    told = [each for each in shown if each.view in UNMASKED and not is_owner(actor, each.need)]
    if actor.account_id is None or not told:
        return
    today = {"reader": actor.account_id, "day": local_date(now), "way": way, "attachment": attachment_id}
    ids = [each.need.id for each in told]
    noted = {(row.need_id, row.view) for row in session.execute(NOTED_TODAY, today | {"ids": ids})}
    fresh = [each for each in told if (each.need.id, each.view) not in noted]
    if not fresh:
        return
    hosts = _hosts(session, actor, fresh)
    rows = [
        NeedDisclosure(
            need_id=each.need.id, reader_id=actor.account_id, way=way, view=each.view, attachment_id=attachment_id,
            read_on=local_date(now), read_at=now, **_capacity(actor, each, hosts),
        )
        for each in sorted(fresh, key=lambda each: each.need.id)  # in one order: two at once must not wait crosswise
    ]  # fmt: skip
    # A twin of this request may note the same at this moment: the first one is kept.
    session.execute(insert(NeedDisclosure).on_conflict_do_nothing(), [_columns(row) for row in rows])


def _columns(row: NeedDisclosure) -> dict[str, Any]:
    row.stamp()
    return {
        column.name: getattr(row, column.name)
        for column in NeedDisclosure.__table__.columns
        if column.name != "written_xid"
    }


def _hosts(session: Session, actor: Actor, shown: Sequence[Shown]) -> Mapping[UUID, UUID]:
    """By need: the institute of the actor that it was opened to."""
    ids = [each.need.id for each in shown if each.view == INVITED]
    institutes = actor.organisations(*INSTITUTE_ROLES)
    if not ids or not institutes:
        return {}
    if len(institutes) == 1 and not actor.holds(Role.BROKER):
        return dict.fromkeys(ids, *institutes)
    opened = select(NeedReader.need_id, NeedReader.organisation_id)
    mine = opened.where(NeedReader.need_id.in_(ids), NeedReader.organisation_id.in_(institutes))
    found = session.execute(
        mine.order_by(NeedReader.bound_at.is_not(None), NeedReader.organisation_id.desc())
    )
    return {row.need_id: row.organisation_id for row in found}


def _capacity(actor: Actor, shown: Shown, hosts: Mapping[UUID, UUID]) -> dict[str, Any]:
    """In which role, and for whom, the actor is shown this need."""
    host = hosts.get(shown.need.id)
    if shown.view == INVITED and host is None and shown.need.owner_id == actor.account_id:
        zone_code = _reach(actor, Role.BROKER, shown.need.zone_code)
        return {"role": Role.BROKER, "organisation_id": None, "zone_code": zone_code}
    if shown.view == INVITED:
        # Without a host the invitation was taken back this very moment; the words were shown all the same.
        host = host or min(actor.organisations(*INSTITUTE_ROLES))
        role = next(role for role in INSTITUTE_ROLES if host in actor.organisations(role))
        return {"role": role, "organisation_id": host, "zone_code": None}
    held = (role for role in OFFICES if has_zone(actor, shown.need.zone_code, role))
    role = next(held, Role.COLLECTOR)  # nobody else reads all of it: it was entrusted to the collector's node
    return {"role": role, "organisation_id": None, "zone_code": _reach(actor, role, shown.need.zone_code)}


def _reach(actor: Actor, role: Role, zone_code: str) -> str | None:
    if actor.holds_for_province(role):
        return None
    reaching = (zone for zone in actor.zones(role) if zone_code in regions_within(zone))
    return min(reaching, default=zone_code)


def _named(session: Session, noted: Sequence[NeedDisclosure]) -> list[Disclosure]:
    institutes = names_of_institutes(session, {row.organisation_id for row in noted if row.organisation_id})
    readers = names_of(session, {row.reader_id for row in noted if row.role in BY_NAME})
    return [
        Disclosure(
            row,
            institutes[row.organisation_id].name if row.organisation_id in institutes else None,
            readers.get(row.reader_id) if row.role in BY_NAME else None,
        )
        for row in noted
    ]
