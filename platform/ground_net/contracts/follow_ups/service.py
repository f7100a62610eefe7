"""Putting a follow-up on record, and listing whose turn it is with all that is overdue."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.errors import Bilingual, Forbidden, Invalid
from backbone.pages import Page, read_page
from ground_net.contracts.delivery.models import Milestone
from ground_net.contracts.follow_ups.models import FollowUp
from ground_net.contracts.models import Contract
from ground_net.contracts.permissions import CAN_FOLLOW_UP, readable_in_full
from ground_net.contracts.reading import locked_contract
from ground_net.contracts.registration.models import Registration
from ground_net.contracts.registration.states import LIFE as REGISTRATIONS
from ground_net.contracts.rules import number_on
from ground_net.contracts.states import ENDED, LIFE
from ground_net.contracts.terms import unpaid_on
from sky_net.invitations.life_cycle import allows
from sky_net.sla.calendars.working_days import working_day_after

PERSONAL = frozenset({"note"})
"""Free text."""
NOT_BEFORE = Bilingual("须晚于今天（{today}，北京时间）", "It must lie after today ({today}, Asia/Shanghai)")


@dataclass(frozen=True)
class Overdue:
    """One thing whose day has passed: an installment, a milestone, a decision about the registration, or the follow-up."""

    what: str
    due_on: date
    open_fen: int | None = None
    title: str | None = None


@dataclass
class Followed:
    """A contract that is not closed, with what is overdue."""

    contract: Contract
    overdue: list[Overdue] = field(default_factory=list)


def record_follow_up(
    session: Session, actor: Actor, contract_id: UUID, said: Mapping[str, Any], *, now: datetime
) -> FollowUp:
    """Say what was found; the next one is due on the day named, or after the days of the rule.

    Raises NotFound, Forbidden, StateConflict once the contract has ended, Invalid.
    """
    contract = locked_contract(session, actor, contract_id)
    if not allows(CAN_FOLLOW_UP, actor, contract):
        raise Forbidden()
    if contract.state in ENDED:
        raise LIFE.refusal(contract.state, "follow_up")
    today = local_date(now)
    days = number_on("follow_up_days", today).value
    next_on = said.get("next_on") or working_day_after(session, contract.zone_code, now, days)
    if next_on <= today:
        raise Invalid.field("next_on", NOT_BEFORE.format(today=today))
    made = FollowUp(
        contract_id=contract.id, note=said["note"], next_on=next_on, made_by=actor.account_id, made_at=now
    )
    session.add(made)
    contract.follow_up_on, contract.updated_at = next_on, now
    session.flush()
    told = {"contract_id": contract.id, "note": made.note, "next_on": next_on}
    audit.record(session, actor, "record_follow_up", made, now=now, after=told, personal=PERSONAL)
    return made


def list_follow_ups(
    session: Session, actor: Actor, asked: Mapping[str, Any], *, now: datetime
) -> Page[Followed]:
    """The contracts that are not closed and that the actor reads in full, by the day of their next follow-up."""
    today = local_date(now)
    query = select(Contract).where(Contract.follow_up_on.is_not(None), readable_in_full(actor))
    if asked.get("overdue"):
        query = query.where(Contract.follow_up_on < today)
    page = read_page(session, query, asked, {"follow_up_on": Contract.follow_up_on}, Contract.id)
    found = {row.id: Followed(row, _own(row, today)) for row in page.items}
    for contract_id, overdue in (*_milestones(session, found, today), *_decisions(session, found, now)):
        found[contract_id].overdue.append(overdue)
    for each in found.values():
        each.overdue.sort(key=lambda overdue: (overdue.due_on, overdue.what))
    return Page(list(found.values()), page.next_cursor)


def _own(contract: Contract, today: date) -> list[Overdue]:
    unpaid = [
        Overdue("installment", each["due_on"], open_fen=each["open_fen"])
        for each in unpaid_on(contract.payment_plan, contract.received_fen, today)
    ]
    due_on = contract.follow_up_on
    return unpaid + ([Overdue("follow_up", due_on)] if due_on is not None and due_on < today else [])


def _milestones(session: Session, contract_ids: Collection[UUID], today: date) -> list[tuple[UUID, Overdue]]:
    late = select(Milestone.contract_id, Milestone.due_on, Milestone.title).where(
        Milestone.contract_id.in_(contract_ids), Milestone.accepted_at.is_(None), Milestone.due_on < today
    )  # fmt: skip
    return [
        (row.contract_id, Overdue("milestone", row.due_on, title=row.title)) for row in session.execute(late)
    ]


def _decisions(session: Session, contract_ids: Collection[UUID], now: datetime) -> list[tuple[UUID, Overdue]]:
    late = select(Registration.contract_id, Registration.due_at).where(
        Registration.contract_id.in_(contract_ids), Registration.state == REGISTRATIONS.initial,
        Registration.due_at < now,
    )  # fmt: skip
    return [
        (row.contract_id, Overdue("registration", local_date(row.due_at))) for row in session.execute(late)
    ]
