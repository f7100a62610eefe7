"""Asking money of a payment back: proposed by one, decided by another, booked as it comes."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.days import refuse_past
from backbone.db import new_id
from backbone.errors import Bilingual, Invalid, NotFound
from backbone.identity.service import actor_of
from backbone.money import yuan
from backbone.pages import Page, read_page
from finance_net.awards.clawbacks.incoming import hold_references, owners_of
from finance_net.awards.clawbacks.models import NUMBERS, REASON_WORDS, Clawback, Recovery
from finance_net.awards.errors import BankRefKnown, MoreThanExpected, MoreThanPaid, NotPaid, SecondPerson
from finance_net.awards.life import CLAWBACK, PAYMENT, SETTLED
from finance_net.awards.models import Award
from finance_net.awards.payments.models import Payment
from finance_net.awards.permissions import may_read_all, own_of, require_manager, two_of
from finance_net.awards.telling import News, tell_each
from finance_net.cases.kinds import StepKind
from finance_net.cases.service import Subject, tell
from finance_net.ledger import service as ledger
from finance_net.ledger.telling import both

SORTS = {"created_at": Clawback.created_at, "due_on": Clawback.due_on}
PERSONAL = frozenset({"words", "note"})
DAYS = Bilingual("应在 {since} 至 {until} 之间", "Must lie between {since} and {until}")


def propose_clawback(
    session: Session, actor: Actor, payment_id: UUID, said: Mapping[str, Any], *, now: datetime
) -> Clawback:
    """Ask for money of a payment; what is asked in all stays within it. Raises Forbidden, NotFound, Invalid, NotPaid, MoreThanPaid."""
    require_manager(actor)
    payment = _locked_payment(session, payment_id)
    refuse_past("due_on", said["due_on"], local_date(now))
    if payment.state != SETTLED:
        raise NotPaid(reference=payment.reference, state=payment.state, stands=PAYMENT.words[payment.state])
    asked = payment.clawed_fen + said["amount_fen"]
    if asked > payment.amount_fen:
        raise MoreThanPaid(
            reference=payment.reference, paid_fen=payment.amount_fen, claimed_fen=payment.clawed_fen,
            asked_fen=said["amount_fen"],
        )  # fmt: skip
    payment.clawed_fen, payment.updated_at = asked, now
    number = f"ZH-{local_date(now).year}-{session.scalar(select(NUMBERS.next_value())):06d}"
    clawback = Clawback(
        id=new_id(),
        number=number,
        payment_id=payment.id,
        proposed_by=actor.account_id,
        created_at=now,
        updated_at=now,
        **said,
    )
    session.add(clawback)
    session.flush()
    after = {"number": number, "payment_id": payment.id, **said}
    audit.record(session, actor, "propose_clawback", clawback, now=now, after=after, personal=PERSONAL)
    return clawback


def decide_clawback(
    session: Session, actor: Actor, clawback_id: UUID, *, is_approved: bool, note: str | None, now: datetime
) -> Clawback:
    """Approve or decline what another manager proposed; raises Forbidden, NotFound, StateConflict, SecondPerson."""
    require_manager(actor)
    payment, clawback = lock_clawback(session, clawback_id)
    action = "approve" if is_approved else "decline"
    state = CLAWBACK.after(action, clawback.state)
    if clawback.proposed_by == actor.account_id:
        raise SecondPerson()
    if not is_approved:
        payment.clawed_fen, payment.updated_at = payment.clawed_fen - clawback.amount_fen, now
    clawback.state, clawback.note, clawback.updated_at = state, note, now
    clawback.decided_by, clawback.decided_at = actor.account_id, now
    session.flush()
    after = {"state": state, "note": note}
    audit.record(session, actor, f"{action}_clawback", clawback, now=now, after=after, personal=PERSONAL)
    if is_approved:
        _tell(session, payment, clawback, now)
    return clawback


def record_recovery(
    session: Session,
    actor: Actor,
    clawback_id: UUID,
    *,
    amount_fen: int,
    bank_ref: str,
    received_on: date,
    beside: Actor | None = None,
    now: datetime,
) -> Clawback:
    """Book what came back; its envelopes may spend it again. `beside`: who brings the bank's word of it together with the actor.

    Raises Forbidden, NotFound, StateConflict, MoreThanExpected, BankRefKnown, Invalid, PeopleGone.
    """
    require_manager(actor)
    payment, clawback = lock_clawback(session, clawback_id)
    left = clawback.amount_fen - clawback.recovered_fen
    action = "receive_all" if amount_fen >= left else "receive_part"
    state = CLAWBACK.after(action, clawback.state)
    if amount_fen > left:
        raise MoreThanExpected(number=clawback.number, left_fen=left, asked_fen=amount_fen)
    since, until = payment.settled_on or local_date(now), local_date(now)
    if not since <= received_on <= until:
        raise Invalid.field("received_on", DAYS.format(since=since, until=until))
    hold_references(session, [bank_ref])
    if owners_of(session, [bank_ref]):
        raise BankRefKnown(bank_ref=bank_ref)
    people = _behind(session, clawback, actor, beside)
    recovery = _book(session, actor, people, payment, clawback, amount_fen, bank_ref, received_on, now)
    clawback.recovered_fen, clawback.state, clawback.updated_at = (
        clawback.recovered_fen + amount_fen,
        state,
        now,
    )
    session.flush()
    after = {
        "clawback_id": clawback.id,
        "amount_fen": amount_fen,
        "bank_ref": bank_ref,
        "received_on": received_on,
    }
    audit.record(session, actor, "record_recovery", recovery, now=now, after=after)
    after = {"state": state, "recovered_fen": clawback.recovered_fen}
    audit.record(session, actor, "recover_clawback", clawback, now=now, after=after)
    return clawback


def list_clawbacks(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[Clawback]:
    """A page of clawbacks: every one, or those of the own enterprises once they were decided."""
    query = select(Clawback).join(Payment, Payment.id == Clawback.payment_id)
    if not may_read_all(actor):
        query = query.where(
            Payment.enterprise_id.in_(own_of(actor)),
            Clawback.decided_at.is_not(None),
            Clawback.state != CLAWBACK.after("decline"),
        )
    if asked.get("payment_id"):
        query = query.where(Clawback.payment_id == asked["payment_id"])
    if asked.get("state"):
        query = query.where(Clawback.state.in_(asked["state"]))
    return read_page(session, query, asked, SORTS, Clawback.id)


def _tell(session: Session, payment: Payment, clawback: Clawback, now: datetime) -> None:
    """The enterprise that was paid; what the managers wrote of it is shown to its members alone (listClawbacks)."""
    told = {
        "amount": yuan(clawback.amount_fen), "on": clawback.due_on.isoformat(), "clawback": clawback.number,
        "reference": payment.reference, "why": both(REASON_WORDS[clawback.reason]),
    }  # fmt: skip
    key = f"clawback:{clawback.id}"
    news = News("clawback_asked", key, payment.award_id, told, enterprises=(payment.enterprise_id,))
    tell_each(session, [news], now=now)


def _behind(session: Session, clawback: Clawback, actor: Actor, beside: Actor | None) -> tuple[Actor, Actor]:
    """Who books it and one of the two who decided that it is asked back; where both have left, who is beside the actor."""
    decided = (clawback.decided_by, clawback.proposed_by)
    return two_of(actor, *(actor_of(session, each) for each in decided if each), beside)


def _book(
    session: Session, actor: Actor, people: tuple[Actor, Actor], payment: Payment, clawback: Clawback, amount_fen: int,
    bank_ref: str, received_on: date, now: datetime,
) -> Recovery:  # fmt: skip
    first, second = people
    if payment.transfer_id is None:
        raise AssertionError("a clawback of what was never paid was kept")
    recovery = Recovery(
        id=new_id(), clawback_id=clawback.id, amount_fen=amount_fen, bank_ref=bank_ref, received_on=received_on,
        recorded_by=actor.account_id, recorded_at=now,
    )  # fmt: skip
    recovery.transfer_id = ledger.recover(
        session, first, payment.transfer_id, amount_fen, approver=second, reason=clawback.number, effective_on=received_on,
        transfer_id=recovery.id, now=now,
    ).id  # fmt: skip
    session.add(recovery)
    session.flush()
    session.expire(clawback, ["recoveries"])
    award = session.get_one(Award, payment.award_id)
    said = {
        "award": award.number, "clawback": clawback.number, "reason": clawback.reason, "amount_fen": amount_fen,
        "bank_ref": bank_ref, "received_on": received_on, "transfer_id": recovery.transfer_id,
    }  # fmt: skip
    subject = Subject("clawback_recoveries", recovery.id, said, amount_fen)
    tell(session, award.application_id, StepKind.CLAWBACK, subject, now=now)
    return recovery


def lock_clawback(session: Session, clawback_id: UUID) -> tuple[Payment, Clawback]:
    """The payment first, whose sum of clawbacks it guards."""
    payment_id = session.scalar(select(Clawback.payment_id).where(Clawback.id == clawback_id))
    if payment_id is None:
        raise NotFound()
    payment = _locked_payment(session, payment_id)
    return payment, session.get_one(Clawback, clawback_id, with_for_update=True, populate_existing=True)


def _locked_payment(session: Session, payment_id: UUID) -> Payment:
    payment = session.get(Payment, payment_id, with_for_update=True, populate_existing=True)
    if payment is None:
        raise NotFound()
    return payment
