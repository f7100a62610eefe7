"""企业失联: what the enterprise owes an answer to, and what becomes of a need when it gives none.

A return for clarification is a question to the enterprise like any other: it opens the enterprise's own clock, the
resubmission stops it. Past the policy's days without an answer the need is set aside as of that very instant, however
late the job that finds it; the answer takes it up again at the remaining budget. Whoever reads a clock, a list or a report, or
answers before the job came, finds what a job on time would have left.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from backbone.actor import SYSTEM, Actor
from backbone.errors import DomainError
from sky_net.needs.life_cycle import Reasons, advance, lock_need
from sky_net.needs.models import Need
from sky_net.needs.states import step_from
from sky_net.sla import service as sla
from sky_net.sla import stops
from sky_net.sla.parties import ENTERPRISE
from sky_net.sla.refusals import ClocksNotOpen
from sky_net.sla.service import Subject
from sky_net.sla.silenced import silent_subjects
from sky_net.sla.stop_table import ReplyEvidence

log = logging.getLogger(__name__)
SILENT = "enterprise_silent"
STEPS = ("set_aside", "suspend")


def ask_enterprise(session: Session, actor: Actor, need: Need, asked_id: UUID, *, now: datetime) -> None:
    """Open the enterprise's clock for the question or return `asked_id` about this need; twice is once."""
    asked = Subject(asked_id, need.number, need.zone_code, ENTERPRISE, need.id, need.enterprise_id)
    sla.open_party_clock(session, actor, asked, now=now)


def enterprise_answered(session: Session, actor: Actor, asked_id: UUID, *, now: datetime) -> None:
    """Stop the enterprise's clock for `asked_id`; raises StopRefused unless a person answered."""
    reply = ReplyEvidence(asked_id, answered_by=actor.account_id, answered_in_words=True)
    with suppress(ClocksNotOpen):  # asked before enterprises had clocks
        stops.stop(session, actor, asked_id, reply, now=now)


def take_up_again(session: Session, actor: Actor, need: Need, *, now: datetime) -> Need:
    """Resume a need that the enterprise's silence had suspended; any other stays as it is."""
    if step_from(need.state, "resume_suspended") is None:
        return need
    return advance(session, actor, need, "resume_suspended", now=now)


def return_asked(need: Need) -> UUID:
    """The subject of the enterprise's clock for the need's latest return."""
    return uuid5(need.id, f"return/{need.return_count}")


def silent_since(session: Session, need: Need, *, now: datetime) -> datetime | None:
    """Since when a need is to be set aside although no job has done it yet; None where there is nothing to do."""
    return silent_subjects(session, now, [need.id]).get(need.id)


def settle(session: Session, need: Need, *, now: datetime) -> None:
    """Set the locked need aside if its enterprise is silent: a command finds what a job on time would have left."""
    step = step_from(need.state, STEPS)
    if step is not None and (since := silent_since(session, need, now=now)) is not None:
        advance(session, SYSTEM, need, step.action, reasons=Reasons(SILENT), cancelled_at=since, now=now)


def set_aside_silent(session: Session, *, now: datetime) -> Sequence[UUID]:
    """Set aside every need whose enterprise is silent, each as of the instant since which it is; returns their ids."""
    return [need_id for need_id in silent_subjects(session, now) if _set_aside(session, need_id, now)]


def _set_aside(session: Session, need_id: UUID, now: datetime) -> bool:
    """One need in a savepoint: what stands in its way is for a person to look at, and not in the way of the others."""
    try:
        with session.begin_nested():
            need = lock_need(session, need_id)
            before = need.state
            settle(session, need, now=now)  # nothing, where it was answered while we waited for the lock
            return need.state != before
    except DomainError:
        log.exception("need %s could not be set aside", need_id)
        return False
