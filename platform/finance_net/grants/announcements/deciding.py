"""Deciding an announcement: its money is committed, its applications are awarded, and the features above are told."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone import audit, events
from backbone.actor import Actor
from backbone.identity.service import actor_of
from finance_net.cases.kinds import StepKind
from finance_net.cases.service import Subject, tell
from finance_net.grants.announcements.models import Announcement
from finance_net.grants.announcements.reading import announcement_of
from finance_net.grants.applications.carrying import require_verified
from finance_net.grants.applications.models import GrantApplication
from finance_net.grants.applications.reading import of_round
from finance_net.grants.errors import AnnouncerGone, FundedHold, NoticeRunning, SecondPerson, SelectAnew
from finance_net.grants.events import Granted, GrantsDecided, Share
from finance_net.grants.life import APPLICATION, ROUND
from finance_net.grants.models import GrantRound
from finance_net.grants.permissions import is_manager, require_manager
from finance_net.grants.reading import round_of
from finance_net.grants.reviews.scoring import why_below
from finance_net.grants.selections.models import GrantAllocation, GrantSelection
from finance_net.grants.selections.reading import is_overtaken, latest_of, result_of, standing_of
from finance_net.grants.sharing import shared
from finance_net.grants.telling import tell_parties
from finance_net.ledger.service import GUARDS, commit
from finance_net.ledger.steps import Kind
from policy_pack.receipts.models import EvaluationReceipt


def refuse_undecided(session: Session, hold_id: UUID) -> None:
    """Nothing announced is committed by hand; raises NoticeRunning. The database refuses it as well."""
    query = (
        select(Announcement.ends_at, Announcement.open_objections)
        .select_from(GrantAllocation)
        .outerjoin(Announcement, Announcement.id == GrantAllocation.announcement_id)
        .where(GrantAllocation.hold_id == hold_id, Announcement.decided_at.is_(None))
    )
    row = session.execute(query).first()
    if row is not None:
        raise NoticeRunning(ends_at=row.ends_at and row.ends_at.isoformat(), open=row.open_objections or 0)


def refuse_funded(session: Session, hold_id: UUID) -> None:
    """What a selection set aside is let go of by ruling on an objection alone, else nobody could decide; raises FundedHold."""
    query = (
        select(GrantApplication.number)
        .join(GrantAllocation, GrantAllocation.application_id == GrantApplication.id)
        .where(GrantAllocation.hold_id == hold_id, ~GrantAllocation.is_void)
    )
    number = session.scalar(query)
    if number is not None:
        raise FundedHold(number=number)


GUARDS[Kind.COMMIT].append(refuse_undecided)
GUARDS[Kind.VOID].append(refuse_funded)
AWARDED = "立项 {number} / awarded {number}"
ADMITTED = APPLICATION.after("admit")


def decide_grants(session: Session, actor: Actor, announcement_id: UUID, *, now: datetime) -> Announcement:
    """Commit what stands of it, as another person than who announced it.

    Raises NotFound, Forbidden, StateConflict, SecondPerson, AnnouncerGone, NoticeRunning, SelectAnew, NotVerified, and what `commit`
    raises.
    """
    require_manager(actor)
    row = announcement_of(session, announcement_id, locked=True)
    call = round_of(session, actor, row.round_id, locked=True)
    ROUND.after("decide", call.state)
    if row.announced_by == actor.account_id:
        raise SecondPerson()
    if now < row.ends_at or row.open_objections:
        raise NoticeRunning(ends_at=row.ends_at.isoformat(), open=row.open_objections)
    if row.decided_at is not None:
        return row
    _require_solved_anew(session, call)
    announcer = actor_of(session, row.announced_by)
    if announcer is None or not is_manager(announcer):
        raise AnnouncerGone()
    row.decided_at, row.decided_by, row.updated_at = now, actor.account_id, now
    session.flush()
    grants = tuple(_award(session, announcer, actor, call, each, now) for each in _standing(session, row))
    awarded = [session.get_one(GrantApplication, each.application_id) for each in grants]
    session.flush()
    tell_parties(session, actor, "grant_awarded", awarded, now=now)
    _end(session, actor, call, now)
    events.publish(session, GrantsDecided(grants, actor, now))
    after = {"round_id": call.id, "awarded": len(grants), "sum_fen": sum(each.amount_fen for each in grants)}
    audit.record(session, actor, "decide_grants", row, now=now, after=after)
    return row


def _standing(session: Session, row: Announcement) -> list[GrantAllocation]:
    query = select(GrantAllocation).where(GrantAllocation.announcement_id == row.id, ~GrantAllocation.is_void)
    return list(session.scalars(query.order_by(GrantAllocation.application_id)))


def _require_solved_anew(session: Session, call: GrantRound) -> None:
    """After an upheld objection the pool is solved anew first; where that funds nobody else, what stands may be decided."""
    if call.state != ROUND.after("uphold"):
        return
    selection = session.get_one(GrantSelection, latest_of(session, call.id))
    has_more = result_of(selection).amounts.keys() - standing_of(session, call.id).keys()
    if has_more or is_overtaken(session, call.id):
        raise SelectAnew()


def _award(
    session: Session,
    announcer: Actor,
    decider: Actor,
    call: GrantRound,
    allocation: GrantAllocation,
    now: datetime,
) -> Granted:
    application = session.get_one(GrantApplication, allocation.application_id)
    committed = commit(
        session,
        announcer,
        allocation.hold_id,
        approver=decider,
        reason=AWARDED.format(number=application.number),
        now=now,
    )
    application.state, application.updated_at = APPLICATION.after("award", application.state), now
    require_verified(session, application)  # one admitted before there was such a rule
    receipt = session.get_one(EvaluationReceipt, application.receipt_id)
    granted = Granted(
        application.id, application.number, call.id, allocation.selection_id, allocation.announcement_id or allocation.id,
        call.fund_id, allocation.amount_fen, committed.id, _shares(application, allocation.amount_fen), receipt.id, receipt.version_id,
    )  # fmt: skip
    said = {
        "amount_fen": granted.amount_fen, "commitment": granted.hold_id, "announcement_id": granted.announcement_id,
        "shares": [{"enterprise_id": each.enterprise_id, "share_fen": each.share_fen} for each in granted.shares],
    }  # fmt: skip
    subject = Subject("grant_applications", application.id, said, granted.amount_fen)
    tell(session, application.id, StepKind.AWARD, subject, now=now)
    return granted


def _shares(application: GrantApplication, amount_fen: int) -> tuple[Share, ...]:
    if application.user_id is None:
        return (Share(application.applicant_id, amount_fen),)
    makers, users = shared(amount_fen, application.user_share or 0)
    both = (Share(application.applicant_id, makers), Share(application.user_id, users))
    return tuple(each for each in both if each.share_fen)


def _end(session: Session, actor: Actor, call: GrantRound, now: datetime) -> None:
    """With its last announcement decided the round is over; who took part and got nothing is told so."""
    undecided = select(func.count()).where(
        Announcement.round_id == call.id, Announcement.decided_at.is_(None)
    )
    if session.scalar(undecided):
        return
    call.state, call.updated_at = ROUND.after("decide", call.state), now
    left = of_round(session, call.id, ADMITTED)
    for each in left:
        each.state, each.updated_at = APPLICATION.after("pass_over", each.state), now
        each.reason = why_below(each.score, call.pass_mark)
    session.flush()
    tell_parties(session, actor, "grant_passed_over", left, now=now)
