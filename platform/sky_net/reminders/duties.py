"""Keeping the roster of who is on duty."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor, Role
from backbone.directory.permissions import has_zone
from backbone.directory.regions import regions_of
from backbone.errors import Bilingual, Forbidden, Invalid, NotFound
from backbone.identity.service import actor_of, names_of
from backbone.pages import Page, read_page
from sky_net.reminders.errors import AlreadyOnDuty
from sky_net.reminders.models import Duty
from sky_net.reminders.permissions import may_appoint, may_read, readable_zones

NOT_AN_OPERATOR = Bilingual("该账号不是此区域的运营人员", "This account is not an operator of the zone")


def appoint(session: Session, actor: Actor, values: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """Put an operator on duty; raises Forbidden, Invalid, AlreadyOnDuty."""
    zone_code, level, account_id = values["zone_code"], values["level"], values["account_id"]
    if not may_appoint(actor, zone_code):
        raise Forbidden()
    appointed = actor_of(session, account_id)
    if appointed is None or not has_zone(appointed, zone_code, Role.OPERATOR):
        raise Invalid.field("account_id", NOT_AN_OPERATOR)
    duty = Duty(
        zone_code=zone_code,
        level=level,
        account_id=account_id,
        appointed_at=now,
        appointed_by=actor.account_id,
    )
    # The unique index decides, not a look beforehand: two appointments at once cannot both pass.
    try:
        with session.begin_nested():
            session.add(duty)
            session.flush()
    except IntegrityError as clash:
        if "uq_duties_standing" not in str(clash.orig):
            raise
        raise AlreadyOnDuty(id=session.scalar(_standing(zone_code, level, account_id))) from None
    audit.record(session, actor, "appoint_duty", duty, now=now, after=dict(values))
    return _shown(duty, names_of(session, [account_id]))


def relieve(session: Session, actor: Actor, duty_id: UUID, *, now: datetime) -> dict[str, Any]:
    """Take an operator off duty; twice is once. Raises NotFound, Forbidden."""
    seen = session.get(Duty, duty_id)
    if seen is None or not may_read(actor, seen.zone_code):
        raise NotFound()
    if not may_appoint(actor, seen.zone_code):
        raise Forbidden()
    duty = session.get_one(Duty, duty_id, with_for_update=True, populate_existing=True)
    if duty.relieved_at is None:
        duty.relieved_at, duty.relieved_by = now, actor.account_id
        session.flush()
        audit.record(session, actor, "relieve_duty", duty, now=now, after={"relieved_at": now})
    return _shown(duty, names_of(session, [duty.account_id]))


def list_duties(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[dict[str, Any]]:
    """A page of who is on duty in the actor's zones; raises Forbidden."""
    query = select(Duty).where(Duty.relieved_at.is_(None))
    zones = readable_zones(actor)
    if zones is not None:
        query = query.where(Duty.zone_code.in_(zones))
    if asked.get("zone"):
        query = query.where(Duty.zone_code.in_(regions_of(asked["zone"])))
    if asked.get("level"):
        query = query.where(Duty.level.in_(asked["level"]))
    page = read_page(session, query, asked, {"appointed_at": Duty.appointed_at}, Duty.id)
    names = names_of(session, [duty.account_id for duty in page.items])
    return Page([_shown(duty, names) for duty in page.items], page.next_cursor)


def _standing(zone_code: str, level: str, account_id: UUID) -> Any:
    held = (Duty.zone_code == zone_code, Duty.level == level, Duty.account_id == account_id)
    return select(Duty.id).where(*held, Duty.relieved_at.is_(None))


def _shown(duty: Duty, names: Mapping[UUID, str]) -> dict[str, Any]:
    return {
        "id": duty.id, "zone_code": duty.zone_code, "level": duty.level, "account_id": duty.account_id,
        "name": names.get(duty.account_id), "appointed_at": duty.appointed_at, "relieved_at": duty.relieved_at,
    }  # fmt: skip
