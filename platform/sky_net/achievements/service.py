"""Registering, amending, hiding and confirming offers. Finding them is in `reading`, offered here as well."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.directory.chains.reading import require_open_chain
from backbone.directory.service import institute_named
from backbone.errors import Bilingual, Forbidden, Invalid, NotFound, StateConflict
from sky_net.achievements import states
from sky_net.achievements.errors import HiddenByOperator
from sky_net.achievements.models import NAMING_PEOPLE, NUMBERS, Achievement
from sky_net.achievements.permissions import (
    CAN_AMEND,
    CAN_HIDE,
    CAN_PUBLISH,
    CAN_RECONFIRM,
    CAN_WITHDRAW,
    Rule,
    allows,
    is_operator_of,
    is_own,
    may_register,
    readable,
)
from sky_net.achievements.reading import (
    achievement_named,
    achievements_by_id,
    list_achievements,
    offered_achievements,
    view_for,
    visible_achievements,
)
from sky_net.achievements.text import searchable_text
from sky_net.achievements.vocabulary import stage_of

CONFIRMED_FOR = timedelta(days=365)
"""How long an offer counts as current after its institute confirmed it."""
LONGEST_VALIDITY = timedelta(days=3 * 365)
"""The furthest an institute may set the end itself: beyond, nobody would ever be asked again."""

STAGE_DISAGREES = Bilingual("与 trl 不符，应为 {stage}", "Does not agree with trl: it must be {stage}")
VALIDITY = Bilingual("应在 {least} 至 {most} 之间", "Must lie between {least} and {most}")
REASON_NEEDED = Bilingual("运营人员隐藏成果时必须说明原因", "An operator who hides an offer must say why")


def register_achievement(
    session: Session, actor: Actor, values: Mapping[str, Any], *, now: datetime
) -> Achievement:
    """Put an offer into the catalogue, visible at once and confirmed as of today; raises Forbidden, Invalid."""
    if not may_register(actor, values["institute_id"]):
        raise Forbidden()
    require_open_chain(session, values)
    institute, today = institute_named(session, values["institute_id"]), local_date(now)
    columns = _columns(values, trl=None)
    row = Achievement(**{
        "region_code": institute.region_code, **columns, "zone_code": institute.region_code,
        "number": f"CG-{today.year}-{session.scalar(NUMBERS):06d}", "state": states.FIRST,
        "last_confirmed_on": today, "valid_until_on": _valid_until(values, today, today),
        "created_at": now, "updated_at": now,
    })  # fmt: skip
    row.folded = searchable_text(row)
    session.add(row)
    session.flush()
    audit.record(
        session, actor, "register_achievement", row, now=now, after={"number": row.number, **columns},
        personal=NAMING_PEOPLE,
    )  # fmt: skip
    return row


def amend_achievement(
    session: Session, actor: Actor, row: Achievement, values: Mapping[str, Any], *, now: datetime
) -> Achievement:
    """Change the given fields; raises Forbidden, StateConflict, Invalid. Amending does not count as confirming."""
    if not allows(CAN_AMEND, actor, row):
        raise Forbidden()
    _demand(row, "amend", states.LIVING)
    columns = _columns(values, trl=row.trl)
    if columns.get("chain_id") != row.chain_id:
        require_open_chain(session, columns)
    if "valid_until_on" in values:
        columns["valid_until_on"] = _valid_until(values, row.last_confirmed_on, local_date(now))
    return _write(session, actor, "amend_achievement", row, columns, now)


def hide_achievement(
    session: Session, actor: Actor, achievement_id: UUID, *, reason: str | None = None, now: datetime
) -> Achievement:
    """Take an offer out of everybody's sight; raises NotFound, Forbidden, StateConflict, Invalid without a reason."""
    row = _locked(session, actor, achievement_id, CAN_HIDE, now)
    by = "institute" if is_own(actor, row) else "operator"
    if by == "operator" and reason is None:
        raise Invalid.field("reason", REASON_NEEDED)
    return _move(session, actor, row, states.HIDE, now, hidden_by=by, hidden_reason=reason)


def publish_achievement(
    session: Session, actor: Actor, achievement_id: UUID, *, now: datetime
) -> Achievement:
    """Show a hidden offer again; raises NotFound, Forbidden, StateConflict, HiddenByOperator."""
    row = _locked(session, actor, achievement_id, CAN_PUBLISH, now)
    if row.hidden_by == "operator" and not is_operator_of(actor, row):
        raise HiddenByOperator(reason=row.hidden_reason)
    return _move(session, actor, row, states.PUBLISH, now, hidden_by=None, hidden_reason=None)


def withdraw_achievement(session: Session, actor: Actor, row: Achievement, *, now: datetime) -> Achievement:
    """Take an offer back for good; it stays readable to its institute. Raises Forbidden, StateConflict."""
    if not allows(CAN_WITHDRAW, actor, row):
        raise Forbidden()
    return _move(session, actor, row, states.WITHDRAW, now, withdrawn_at=now)


def reconfirm_achievement(
    session: Session, actor: Actor, achievement_id: UUID, *, valid_until_on: date | None = None, now: datetime
) -> Achievement:
    """The institute vouches for the offer as of today; raises NotFound, Forbidden, StateConflict, Invalid."""
    row, today = _locked(session, actor, achievement_id, CAN_RECONFIRM, now), local_date(now)
    _demand(row, "reconfirm", states.LIVING)
    until = _valid_until({"valid_until_on": valid_until_on}, today, today)
    confirmed = {"last_confirmed_on": today, "valid_until_on": until}
    return _write(session, actor, "reconfirm_achievement", row, confirmed, now)


def _locked(
    session: Session, actor: Actor, achievement_id: UUID, rules: tuple[Rule, ...], now: datetime
) -> Achievement:
    """The row as it is now, held until the transaction ends, so that two changes of state take turns."""
    seen = select(Achievement).where(Achievement.id == achievement_id, readable(actor, local_date(now)))
    row = session.scalar(seen.with_for_update().execution_options(populate_existing=True))
    if row is None:
        raise NotFound()
    if not allows(rules, actor, row):
        raise Forbidden()
    return row


def _demand(row: Achievement, action: str, frm: tuple[str, ...]) -> None:
    if row.state not in frm:
        raise StateConflict(
            stands=states.STATES[row.state],
            state=row.state,
            action=action,
            allowed=states.actions_in(row.state),
        )


def _move(
    session: Session, actor: Actor, row: Achievement, step: states.Transition, now: datetime, **columns: Any
) -> Achievement:
    _demand(row, step.action, step.frm)
    return _write(session, actor, f"{step.action}_achievement", row, {"state": step.to, **columns}, now)


def _write(
    session: Session, actor: Actor, action: str, row: Achievement, columns: Mapping[str, Any], now: datetime
) -> Achievement:
    before, after = audit.changes(row, columns)
    for name, value in after.items():
        setattr(row, name, value)
    if after:
        row.updated_at, row.folded = now, searchable_text(row)
        audit.record(session, actor, action, row, now=now, before=before, after=after, personal=NAMING_PEOPLE)
    session.flush()
    return row


def _valid_until(values: Mapping[str, Any], confirmed_on: date, today: date) -> date:
    """The last day on which the offer counts as current: as given, else `CONFIRMED_FOR` after the confirmation."""
    given: date | None = values.get("valid_until_on")
    most = today + LONGEST_VALIDITY
    if given is not None and not today <= given <= most:
        raise Invalid.field("valid_until_on", VALIDITY.format(least=today.isoformat(), most=most.isoformat()))
    return given or confirmed_on + CONFIRMED_FOR


def _columns(values: Mapping[str, Any], *, trl: int | None) -> dict[str, Any]:
    """Columns of what HTTP calls contact, price and stage; `trl` is the row's own while none is given."""
    nested = {"contact", "price", "stage", "valid_until_on"}
    columns = {name: value for name, value in values.items() if name not in nested}
    known = values.get("trl", trl)
    stage, given = stage_of(known), values.get("stage")
    if known is not None and given not in (None, stage):
        raise Invalid.field("stage", STAGE_DISAGREES.format(stage=stage))
    if known is None and "stage" in values:
        columns["stage"] = given
    elif "trl" in values:
        columns["stage"] = stage
    if "contact" in values:
        contact = values["contact"] or dict.fromkeys(("name", "phone", "email"))
        columns |= {f"contact_{name}": value for name, value in contact.items()}
    if "price" in values:
        price = values["price"] or {"kind": "negotiable"}
        columns |= {"price_kind": price["kind"], "price_min_fen": price.get("min_fen"),
                    "price_max_fen": price.get("max_fen", price.get("min_fen"))}  # fmt: skip
    return columns


__all__ = [
    "achievement_named", "achievements_by_id", "amend_achievement", "hide_achievement", "is_own", "list_achievements",
    "offered_achievements", "publish_achievement", "reconfirm_achievement", "register_achievement", "view_for",
    "visible_achievements", "withdraw_achievement",
]  # fmt: skip
