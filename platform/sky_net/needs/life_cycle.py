"""The one place that moves a need from state to state, by the table in `states`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit, events
from backbone.actor import Actor
from backbone.errors import Forbidden, NotFound
from sky_net.needs import states
from sky_net.needs.events import event_of
from sky_net.needs.models import PERSONAL, Need, NeedTransition
from sky_net.needs.permissions import party_for, readable
from sky_net.needs.states import Clocks, Transition
from sky_net.sla import service as sla
from sky_net.sla import stops
from sky_net.sla.inheritance import inherit_promise_clocks
from sky_net.sla.service import Subject


@dataclass(frozen=True)
class Reasons:
    """Why a step was taken: a code or the missing items for the history, words for the people concerned."""

    code: str | None = None
    missing_items: Sequence[str] = ()
    message: str | None = None


NO_REASONS = Reasons()


def lock_need(session: Session, need_id: UUID) -> Need:
    """The need by id, whoever asks, locked until the transaction ends and read anew; raises NotFound."""
    return _locked(session, select(Need).where(Need.id == need_id))


def lock_visible(session: Session, actor: Actor, need_id: UUID) -> Need:
    """The need for somebody who may see it, locked; raises NotFound."""
    return _locked(session, select(Need).where(Need.id == need_id, readable(actor)))


def advance(
    session: Session,
    actor: Actor,
    need: Need,
    action: str,
    *,
    now: datetime,
    values: Mapping[str, Any] | None = None,
    reasons: Reasons = NO_REASONS,
    evidence: Any = None,
    cancelled_at: datetime | None = None,
    inherits: UUID | None = None,
) -> Need:
    """Take the step `action` with a need that the caller has locked, and set `values` (columns) with it.

    Writes the history and the audit, works the promise clocks (with `evidence`, also the stop that belongs to the
    step; a cancellation as of `cancelled_at` where it took effect before anybody looked, an opening as the continuation of the
    need that it `inherits` from), then publishes the step's event. Raises StateConflict, Forbidden, and StopRefused when the evidence does
    not carry the stop.
    """
    step = step_of(need, action)
    party = party_for(actor, need, step)
    if party is None:
        raise Forbidden()
    changed = {**(values or {}), "state": step.to, "missing_items": list(reasons.missing_items),
               "state_message": reasons.message}  # fmt: skip
    before, after = audit.changes(need, changed)
    for name, value in after.items():
        setattr(need, name, value)
    need.updated_at = now
    session.add(
        NeedTransition(
            need_id=need.id, action=action, from_state=before["state"], to_state=step.to, actor_id=actor.account_id,
            actor_role=party, occurred_at=now, reason_code=reasons.code, missing_items=list(reasons.missing_items),
        )
    )  # fmt: skip
    audit.record(
        session, actor, f"{action}_need", need, now=now, before=before, after=after,
        personal=PERSONAL | {"state_message"},
    )  # fmt: skip
    if evidence is not None:
        stops.stop(session, actor, need.id, evidence, now=now)
    if need.submitted_at is not None:  # a draft has no clocks
        _work_clocks(session, actor, need, step, cancelled_at, inherits, now)
    session.flush()  # once for all that the step wrote: whoever hears of it finds it written
    events.publish(session, event_of(step, need, actor, now))
    return need


def step_of(need: Need, *actions: str) -> Transition:
    """The transition that one of the actions means now; raises StateConflict with what is possible instead."""
    step = states.step_from(need.state, actions)
    if step is None:
        raise states.refusal(need.state, actions[0])
    return step


def _work_clocks(
    session: Session, actor: Actor, need: Need, step: Transition, cancelled_at: datetime | None, inherits: UUID | None,
    now: datetime,
) -> None:  # fmt: skip
    match step.clocks:
        case Clocks.OPEN:
            own = Subject(need.id, need.number, need.zone_code)
            if inherits is None:
                sla.open_promise_clocks(session, actor, own, now=now)
            else:
                inherit_promise_clocks(session, actor, own, inherits, now=now)
        case Clocks.PAUSE:
            sla.pause(session, actor, need.id, step.action, now=now)
        case Clocks.RESUME:
            sla.resume(session, actor, need.id, now=now)
        case Clocks.CANCEL:
            sla.cancel(session, actor, need.id, step.action, as_of=cancelled_at, now=now)
        case Clocks.REOPEN:
            sla.reopen_cancelled(session, actor, need.id, step.action, now=now)
        case Clocks.RELEASE:
            sla.release_parties(session, actor, need.id, step.action, now=now)


def _locked(session: Session, query: Any) -> Need:
    locked = query.with_for_update(of=Need).execution_options(populate_existing=True)
    need: Need | None = session.scalar(locked)
    if need is None:
        raise NotFound()
    return need
