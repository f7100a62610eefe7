"""Recording absences, and who stands in on a day."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.absences.errors import AbsentAlready
from backbone.absences.models import Absence
from backbone.actor import ROLE_WORDS, Actor, Role, ScopeKind
from backbone.clock import local_date
from backbone.days import refuse_past
from backbone.directory.permissions import has_zone
from backbone.errors import Bilingual, Forbidden, Invalid, NotFound
from backbone.identity.models import Account
from backbone.identity.reaching import has_left
from backbone.identity.service import actor_of
from backbone.pages import Page, read_page
from backbone.references import NO_SUCH_ACCOUNT
from backbone.word_lists import enumerated

NOT_IN_ORDER = Bilingual("不能早于开始日期", "May not lie before the first day")
NOT_ONESELF = Bilingual("不能由本人代理", "Somebody else must stand in")
LACKS_ROLE = Bilingual(
    "代理人须持有相同角色及范围，尚缺：{roles}",
    "The deputy must hold the same roles and reach; missing: {roles}",
)


def record_absence(session: Session, actor: Actor, values: Mapping[str, Any], *, now: datetime) -> Absence:
    """Note a leave of the own account, or as an administrator of any; raises Forbidden, Invalid, AbsentAlready."""
    account_id = values.get("account_id") or actor.account_id
    if account_id is None or not _may_keep(actor, account_id):
        raise Forbidden()
    _check(session, account_id, values, local_date(now))
    # Two at once for one account wait for each other here, so that both cannot find the days free.
    session.get_one(Account, account_id, with_for_update={"key_share": False})
    days = _standing(values["from_on"], values["to_on"])
    if taken := session.scalar(select(Absence).where(Absence.account_id == account_id, *days).limit(1)):
        raise AbsentAlready(id=taken.id, from_on=taken.from_on, to_on=taken.to_on)
    absence = Absence(
        account_id=account_id, deputy_id=values["deputy_id"], from_on=values["from_on"], to_on=values["to_on"],
        created_at=now, created_by=actor.account_id,
    )  # fmt: skip
    session.add(absence)
    session.flush()
    audit.record(
        session, actor, "record_absence", absence, now=now, after={"account_id": account_id, **values}
    )
    return absence


def cancel_absence(session: Session, actor: Actor, absence_id: UUID, *, now: datetime) -> Absence:
    """Take a leave back; twice is once. Raises NotFound for one that the actor may not see, Forbidden for one that it may not keep."""
    absence = session.scalar(
        select(Absence).where(Absence.id == absence_id, _visible(actor)).with_for_update()
    )
    if absence is None:
        raise NotFound()
    if not _may_keep(actor, absence.account_id):
        raise Forbidden()
    if absence.cancelled_at is None:
        absence.cancelled_at = now
        session.flush()
        audit.record(session, actor, "cancel_absence", absence, now=now, after={"cancelled_at": now})
    return absence


def list_absences(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[Absence]:
    """The own leaves and those in which one stands in; all of them for an administrator. Cancelled ones are left out."""
    query = select(Absence).where(Absence.cancelled_at.is_(None), _visible(actor))
    return read_page(session, query, asked, {"from_on": Absence.from_on}, Absence.id)


def deputies_for(session: Session, account_ids: Collection[UUID], on: date) -> dict[UUID, UUID]:
    """Who reads what is meant for each account on that day: the deputy's deputy where that one is away too.

    The account itself when it is not away, when its deputy has left, and when nobody of the whole row is there: better it waits in
    the right inbox than in nobody's. One query for all of them.
    """
    leaves = select(Absence.account_id, Absence.deputy_id).where(
        *_standing(on, on), ~has_left(Absence.deputy_id.expression)
    )
    row = leaves.where(Absence.account_id.in_(account_ids)).cte(recursive=True)
    # UNION, not UNION ALL: a circle of deputies adds nothing new and so comes to its end.
    row = row.union(leaves.join(row, Absence.account_id == row.c.deputy_id))
    stands_in = {away: deputy for away, deputy in session.execute(select(row.c.account_id, row.c.deputy_id))}
    return {account_id: _reader(account_id, stands_in) for account_id in account_ids}


def leaves_on(session: Session, account_ids: Collection[UUID], on: date) -> dict[UUID, Absence]:
    """The leave of each account that is away on that day; one query for all of them."""
    away = select(Absence).where(Absence.account_id.in_(account_ids), *_standing(on, on))
    return {absence.account_id: absence for absence in session.scalars(away)}


def leave_ahead(session: Session, account_id: UUID, on: date) -> Absence | None:
    """The leave of the account on that day, or else the next one."""
    ahead = select(Absence).where(Absence.account_id == account_id, *_standing(on, date.max))
    return session.scalar(ahead.order_by(Absence.from_on, Absence.id).limit(1))


def _reader(account_id: UUID, stands_in: Mapping[UUID, UUID]) -> UUID:
    at, seen = account_id, {account_id}
    while at in stands_in:
        at = stands_in[at]
        if at in seen:
            return account_id
        seen.add(at)
    return at


def _standing(first: date, last: date) -> Any:
    return Absence.cancelled_at.is_(None), Absence.from_on <= last, Absence.to_on >= first


def _visible(actor: Actor) -> Any:
    if actor.holds_for_province(Role.ADMINISTRATOR):
        return Absence.id.is_not(None)
    return or_(Absence.account_id == actor.account_id, Absence.deputy_id == actor.account_id)


def _may_keep(actor: Actor, account_id: UUID) -> bool:
    return account_id == actor.account_id or actor.holds_for_province(Role.ADMINISTRATOR)


def _check(session: Session, account_id: UUID, values: Mapping[str, Any], today: date) -> None:
    if values["to_on"] < values["from_on"]:
        raise Invalid.field("to_on", NOT_IN_ORDER)
    refuse_past("to_on", values["to_on"], today)
    if values["deputy_id"] == account_id:
        raise Invalid.field("deputy_id", NOT_ONESELF)
    absent, deputy = actor_of(session, account_id), actor_of(session, values["deputy_id"])
    if absent is None:
        raise Invalid.field("account_id", NO_SUCH_ACCOUNT)
    if deputy is None:
        raise Invalid.field("deputy_id", NO_SUCH_ACCOUNT)
    if lacking := sorted({held.role for held in absent.held if not _reaches(deputy, held)}):
        problem = LACKS_ROLE.format(roles=enumerated(ROLE_WORDS[role] for role in lacking))
        raise Invalid([{"field": "deputy_id", "problem": problem}], lacking=lacking)


def _reaches(deputy: Actor, held: Any) -> bool:
    """Whether the deputy holds the role as far as this, or farther."""
    if held in deputy.held or deputy.holds_for_province(held.role):
        return True
    return held.scope.kind is ScopeKind.ZONE and has_zone(deputy, held.scope.id or "", held.role)
