"""Holding a bank's statement against what we booked, and resolving what differs."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.days import refuse_future
from backbone.db import new_id
from backbone.errors import Bilingual, Invalid, NotFound, StateConflict
from backbone.identity.service import actor_of
from backbone.pages import Page, read_page
from finance_net.awards.answers.taking import hold_words
from finance_net.awards.clawbacks.models import Clawback, Recovery
from finance_net.awards.errors import PeriodCovered, SecondPerson
from finance_net.awards.models import Award
from finance_net.awards.payments.models import Payment
from finance_net.awards.permissions import is_manager, require_manager, require_reader
from finance_net.awards.reconciliation.matching import IN, MATCHED, OUT, Finding, Movement, match
from finance_net.awards.reconciliation.models import BankStatement, ReconciliationItem
from finance_net.awards.reconciliation.placing import place_recovery, place_surplus
from finance_net.awards.reconciliation.statement_file import read_statement
from finance_net.awards.reconciliation.withdrawing import WITHDRAWN
from finance_net.ledger.models import Fund

RESOLVED, AGREES = Bilingual("已了结", "resolved"), Bilingual("相符", "matched")
SORTS = {"found_at": ReconciliationItem.found_at}
PERSONAL = frozenset({"reason"})
STANDS = BankStatement.withdrawn_at.is_(None)
ONE_AT_MOST = Bilingual(
    "付款与追回只能指明其一", "A difference is a payment or money of a clawback, not both"
)
TURNED = Bilingual("期间的结束早于开始", "The period ends before it begins")


def import_statement(
    session: Session,
    actor: Actor,
    fund_id: UUID,
    content: bytes,
    *,
    since_on: date,
    until_on: date,
    now: datetime,
) -> BankStatement:
    """Compare, and keep what came of it; the same file of the same days again is the statement that was taken.

    Where who imported it has left, who brings it again takes their place: two present managers stand behind what is placed then.

    Raises Forbidden, NotFound, Invalid, PeriodCovered, TableRefused, LinesRefused.
    """
    require_manager(actor)
    fund = session.get(Fund, fund_id, with_for_update=True)
    if fund is None:
        raise NotFound()
    sha256 = hashlib.sha256(content).hexdigest()
    known = session.scalar(
        select(BankStatement).where(
            BankStatement.fund_id == fund_id, BankStatement.sha256 == sha256,
            BankStatement.since_on == since_on, BankStatement.until_on == until_on, STANDS,
        ).with_for_update().execution_options(populate_existing=True)
    )  # fmt: skip
    if known is not None:
        _take_over(session, actor, known, now)
        return known
    _require_new_period(session, fund_id, since_on, until_on, local_date(now))
    theirs = read_statement(content, since_on, until_on)
    findings = match(_ours(session, fund_id, since_on, until_on, theirs), theirs)
    return _keep(session, actor, fund_id, sha256, (since_on, until_on), len(theirs), findings, now)


def resolve_difference(
    session: Session, actor: Actor, item_id: UUID, *, reason: str, payment_id: UUID | None = None,
    clawback_id: UUID | None = None, now: datetime,
) -> ReconciliationItem:  # fmt: skip
    """Say what a difference comes from, as another manager than who imported it; with a `payment_id` or `clawback_id` it is booked as that.

    Raises Forbidden, NotFound, StateConflict, SecondPerson, with a payment Invalid, PeopleGone and what the ledger raises, with a
    clawback what `record_recovery` raises.
    """
    require_manager(actor)
    if payment_id is not None and clawback_id is not None:
        raise Invalid.field("clawback_id", ONE_AT_MOST)
    if payment_id is not None:
        hold_words(session)
    item = session.get(ReconciliationItem, item_id, with_for_update=True, populate_existing=True)
    if item is None:
        raise NotFound()
    if item.kind == MATCHED or item.resolved_at is not None:
        is_resolved = item.resolved_at is not None
        stands, state = (RESOLVED, "resolved") if is_resolved else (AGREES, MATCHED)
        raise StateConflict(stands=stands, state=state, action="resolve", allowed=[])
    if session.get_one(BankStatement, item.statement_id, populate_existing=True).withdrawn_at is not None:
        raise StateConflict(stands=WITHDRAWN, state="withdrawn", action="resolve", allowed=[])
    if item.found_by == actor.account_id:
        raise SecondPerson()
    if payment_id is not None:
        place_surplus(session, actor, item, payment_id, now=now)
    if clawback_id is not None:
        place_recovery(session, actor, item, clawback_id, now=now)
    item.resolved_by, item.resolved_at, item.reason = actor.account_id, now, reason
    session.flush()
    placed = {"payment_id": payment_id, "clawback_id": clawback_id}
    after = {"reason": reason} | {name: each for name, each in placed.items() if each}
    audit.record(session, actor, "resolve_difference", item, now=now, after=after, personal=PERSONAL)
    return item


def list_items(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[ReconciliationItem]:
    """A page of what statements came to, a withdrawn one only where it is asked for itself; raises Forbidden."""
    require_reader(actor)
    query = select(ReconciliationItem)
    if not asked.get("statement_id"):
        query = query.where(ReconciliationItem.statement_id.in_(select(BankStatement.id).where(STANDS)))
    if asked.get("fund_id"):
        theirs = select(BankStatement.id).where(BankStatement.fund_id == asked["fund_id"])
        query = query.where(ReconciliationItem.statement_id.in_(theirs))
    for name in ("statement_id", "kind"):
        if asked.get(name):
            query = query.where(getattr(ReconciliationItem, name) == asked[name])
    if asked.get("is_open") is not None:
        is_open = (ReconciliationItem.kind != MATCHED) & ReconciliationItem.resolved_at.is_(None)
        query = query.where(is_open if asked["is_open"] else ~is_open)
    return read_page(session, query, asked, SORTS, ReconciliationItem.id)


def _require_new_period(session: Session, fund_id: UUID, since: date, until: date, today: date) -> None:
    if until < since:
        raise Invalid.field("until_on", TURNED)
    # Days to come would count as reconciled before the bank has booked anything on them.
    refuse_future("until_on", until, today)
    covered = select(BankStatement).where(
        BankStatement.fund_id == fund_id,
        BankStatement.since_on <= until,
        BankStatement.until_on >= since,
        STANDS,
    )
    known = session.scalars(covered.order_by(BankStatement.since_on)).first()
    if known is not None:
        days = {"since": since, "until": until, "known_since": known.since_on, "known_until": known.until_on}
        raise PeriodCovered(**days, statement_id=known.id)


def _ours(
    session: Session, fund_id: UUID, since: date, until: date, theirs: Sequence[Movement]
) -> list[Movement]:
    """What we booked in the period, and whatever else the statement names: a day that differs is no difference of money."""
    refs = {way: [each.bank_ref for each in theirs if each.direction == way] for way in (OUT, IN)}
    paid = (
        select(Payment.bank_ref, Payment.amount_fen)
        .join(Award, Award.id == Payment.award_id)
        .where(Award.fund_id == fund_id, Payment.settled_on.is_not(None))
        .where(Payment.settled_on.between(since, until) | Payment.bank_ref.in_(refs[OUT]))
    )
    came = (
        select(Recovery.bank_ref, Recovery.amount_fen)
        .join(Clawback, Clawback.id == Recovery.clawback_id)
        .join(Payment, Payment.id == Clawback.payment_id)
        .join(Award, Award.id == Payment.award_id)
        .where(Award.fund_id == fund_id, Recovery.withdrawn_at.is_(None))
        .where(Recovery.received_on.between(since, until) | Recovery.bank_ref.in_(refs[IN]))
    )
    returned = (
        select(Payment.return_ref, Payment.amount_fen)
        .join(Award, Award.id == Payment.award_id)
        .where(Award.fund_id == fund_id, Payment.returned_on.is_not(None))
        .where(Payment.returned_on.between(since, until) | Payment.return_ref.in_(refs[IN]))
    )
    ways = ((OUT, paid), (IN, came), (IN, returned))
    return [Movement(way, str(ref), fen) for way, query in ways for ref, fen in session.execute(query)]


def _take_over(session: Session, actor: Actor, statement: BankStatement, now: datetime) -> None:
    """What of it was resolved keeps who found it."""
    gone, successor = statement.imported_by, actor.account_id
    importer = actor_of(session, gone)
    if successor is None or (importer is not None and is_manager(importer)):
        return
    items = select(ReconciliationItem).where(
        ReconciliationItem.statement_id == statement.id, ReconciliationItem.resolved_at.is_(None)
    )
    items = items.order_by(ReconciliationItem.id).with_for_update()
    for each in session.scalars(items.execution_options(populate_existing=True)):
        each.found_by = successor
    statement.imported_by = successor
    session.flush()
    before, after = {"imported_by": gone}, {"imported_by": successor}
    audit.record(session, actor, "take_over_statement", statement, now=now, before=before, after=after)


def _keep(
    session: Session, actor: Actor, fund_id: UUID, sha256: str, period: tuple[date, date], lines: int,
    findings: Sequence[Finding], now: datetime,
) -> BankStatement:  # fmt: skip
    matched = sum(each.kind == MATCHED for each in findings)
    statement = BankStatement(
        id=new_id(), fund_id=fund_id, since_on=period[0], until_on=period[1], sha256=sha256, lines=lines, matched=matched,
        differences=len(findings) - matched, imported_by=actor.account_id, imported_at=now,
    )  # fmt: skip
    session.add(statement)
    session.flush()
    session.add_all(
        ReconciliationItem(
            statement_id=statement.id, direction=each.direction, bank_ref=each.bank_ref, kind=each.kind,
            ours_fen=each.ours_fen, theirs_fen=each.theirs_fen, booked_on=each.booked_on, found_by=actor.account_id, found_at=now,
        )
        for each in findings
    )  # fmt: skip
    session.flush()
    after = {
        "fund_id": fund_id, "since_on": period[0], "until_on": period[1], "sha256": sha256, "lines": lines,
        "differences": statement.differences,
    }  # fmt: skip
    audit.record(session, actor, "import_statement", statement, now=now, after=after)
    return statement
