"""What the poster does with a need: draft it, amend it, submit it, take it back. Expiry is here too."""

import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import SYSTEM, Actor, Role
from backbone.chinese import fold
from backbone.clock import local_date
from backbone.days import refuse_past
from backbone.directory.chains.reading import require_open_chain
from backbone.directory.permissions import has_zone
from backbone.directory.service import enterprise_named
from backbone.errors import Bilingual, DomainError, Forbidden, Invalid
from sky_net.needs import duplicates, states
from sky_net.needs.completeness import compulsory_missing
from sky_net.needs.errors import NeedIncomplete
from sky_net.needs.life_cycle import Reasons, advance, lock_need, lock_visible, step_of
from sky_net.needs.models import NUMBERS, PERSONAL, Need
from sky_net.needs.permissions import CAN_AMEND, allows, party_for
from sky_net.needs.reposting import continued_by
from sky_net.needs.silence import enterprise_answered, return_asked, settle

log = logging.getLogger(__name__)
WHICH_ENTERPRISE = Bilingual(
    "您属于多家企业，请指明是哪一家", "You belong to several enterprises: say which one"
)
EXPIRED_AT_ONCE = 200


def draft_need(session: Session, actor: Actor, values: Mapping[str, Any], *, now: datetime) -> Need:
    """A new draft of the actor's enterprise, with its number; raises Forbidden, Invalid."""
    given = dict(values)
    return _draft(session, actor, _enterprise_of(actor, given.pop("enterprise_id", None)), given, now)


def draft_on_behalf(
    session: Session, actor: Actor, enterprise_id: UUID, values: Mapping[str, Any], *, now: datetime
) -> Need:
    """A new draft for an enterprise by an operator of its zone; the enterprise reads it, amends it and hands it in.

    Whether the enterprise wants it is for the caller to know. Raises Forbidden, NotFound, Invalid.
    """
    if not has_zone(actor, enterprise_named(session, enterprise_id).region_code, Role.OPERATOR):
        raise Forbidden()
    return _draft(session, actor, enterprise_id, dict(values), now)


def draft_entrusted(
    session: Session, actor: Actor, enterprise_id: UUID, node_key: str, values: Mapping[str, Any], *, now: datetime
) -> Need:  # fmt: skip
    """A new draft of an enterprise that entrusted it to the node, by one of its collectors; raises Forbidden, NotFound, Invalid.

    Whether the enterprise really did is for the ground network to know: the node answers for it.
    """
    if node_key not in actor.nodes(Role.COLLECTOR):
        raise Forbidden()
    return _draft(session, actor, enterprise_id, {**values, "entrusted_to": node_key}, now)


def _draft(session: Session, actor: Actor, enterprise_id: UUID, given: dict[str, Any], now: datetime) -> Need:
    require_open_chain(session, given)
    _require_valid(given.get("valid_until_on"), now)
    enterprise = enterprise_named(session, enterprise_id)
    serial = session.scalar(select(NUMBERS.next_value()))
    need = Need(
        number=f"XQ-{local_date(now).year}-{serial:06d}",
        enterprise_id=enterprise.id,
        zone_code=enterprise.region_code,
        created_by=actor.account_id,
        state=states.FIRST,
        created_at=now,
        updated_at=now,
        **given,
    )
    _derive(need)
    session.add(need)
    session.flush()
    audit.record(session, actor, "draft_need", need, now=now, after=given, personal=PERSONAL)
    return need


def need_to_amend(session: Session, actor: Actor, need_id: UUID) -> Need:
    """The need, locked, for its poster to change; raises NotFound, Forbidden."""
    need = lock_visible(session, actor, need_id)
    if not allows(CAN_AMEND, actor, need):
        raise Forbidden()
    return need


def amend_need(
    session: Session, actor: Actor, need: Need, values: Mapping[str, Any], *, now: datetime
) -> Need:
    """Change what was sent, of a need from `need_to_amend`; raises Invalid, StateConflict past amending."""
    if need.state not in states.AMENDABLE:
        raise states.refusal(need.state, "amend")
    before, after = audit.changes(need, values)
    if not after:
        return need
    require_open_chain(session, after)
    _require_valid(after.get("valid_until_on"), now)
    for name, value in after.items():
        setattr(need, name, value)
    _derive(need)
    need.updated_at = now
    session.flush()
    audit.record(session, actor, "amend_need", need, now=now, before=before, after=after, personal=PERSONAL)
    return need


def submit_need(session: Session, actor: Actor, need_id: UUID, *, now: datetime) -> Need:
    """Hand it in, or hand it in again after a return; the promise clocks run from the first time.

    A need that a node of the ground network has handed in for its enterprise stays as it is: both may think it theirs to
    do. Raises NotFound, Forbidden, StateConflict, Invalid, and NeedIncomplete when one of the four compulsory things is absent.
    """
    need = lock_visible(session, actor, need_id)
    settle(session, need, now=now)
    if _was_handed_in_for(actor, need):
        return need
    step = step_of(need, "submit", "resubmit", "revive")
    if party_for(actor, need, step) is None:
        raise Forbidden()
    if missing := compulsory_missing(need):
        raise NeedIncomplete(missing)
    _require_valid(need.valid_until_on, now)
    earlier = None if need.submitted_at else continued_by(session, need, now=now)
    values: dict[str, Any] = {"submitted_at": need.submitted_at or now}
    if earlier is not None:
        values["inherits_id"] = earlier.id
    advance(
        session,
        actor,
        need,
        step.action,
        now=now,
        values=values,
        inherits=need.inherits_id or values.get("inherits_id"),
    )
    if need.return_count:
        enterprise_answered(session, actor, return_asked(need), now=now)
    return need


def _require_valid(until: date | None, now: datetime) -> None:
    """What has run out would be closed in the night after everybody was set to work on it."""
    if until is not None:
        refuse_past("valid_until_on", until, local_date(now))


def _was_handed_in_for(actor: Actor, need: Need) -> bool:
    """Whether it waits for confirmation since its node submitted it, seen by whoever might have."""
    waits = states.is_possible(need.state, "confirm")
    return need.entrusted_to is not None and waits and allows(CAN_AMEND, actor, need)


def withdraw_need(
    session: Session, actor: Actor, need_id: UUID, *, message: str | None = None, now: datetime
) -> Need:
    """Take it back at any time before a contract; raises NotFound, Forbidden, StateConflict."""
    need = lock_visible(session, actor, need_id)
    return advance(session, actor, need, "withdraw", now=now, reasons=Reasons(message=message))


def expire_needs(session: Session, *, now: datetime, after: UUID | None = None) -> Sequence[UUID]:
    """Close up to 200 needs that outlived their own validity; those being worked on this moment are left alone.

    Returns the ids looked at, in order: pass the last one as `after` to go on behind those that could not be closed.
    """
    due = select(Need.id).where(Need.valid_until_on < local_date(now), Need.state.in_(states.EXPIRABLE))
    if after is not None:
        due = due.where(Need.id > after)
    due = due.order_by(Need.id).limit(EXPIRED_AT_ONCE).with_for_update(skip_locked=True)
    ids = session.scalars(due).all()
    for need_id in ids:
        _expire(session, need_id, now)
    return ids


def _expire(session: Session, need_id: UUID, now: datetime) -> Need | None:
    """One need in a savepoint: what stands in its way is for a person to look at, and not in the way of the others."""
    try:
        with session.begin_nested():
            return advance(session, SYSTEM, lock_need(session, need_id), "expire", now=now)
    except DomainError:
        log.exception("need %s could not be expired", need_id)
        return None


def _enterprise_of(actor: Actor, wanted: UUID | None) -> UUID:
    own = actor.organisations(Role.ENTERPRISE_MEMBER)
    if wanted is None and len(own) > 1:
        raise Invalid.field("enterprise_id", WHICH_ENTERPRISE)
    if not own or (wanted is not None and wanted not in own):
        raise Forbidden()
    return wanted or next(iter(own))


def _derive(need: Need) -> None:
    """Bring what the search and the near-duplicate index read in line with the texts."""
    need.title_folded, need.masked_title_folded = fold(need.title), fold(need.masked_title or "")
    need.signature = duplicates.signature(f"{need.title}\n{need.problem or ''}")


__all__ = [
    "advance", "amend_need", "draft_entrusted", "draft_need", "draft_on_behalf", "expire_needs", "lock_need", "need_to_amend",
    "submit_need", "withdraw_need",
]  # fmt: skip
