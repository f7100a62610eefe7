"""Setting a committee, convening it, voting, closing a meeting with its minutes, and fulfilling what it asked for."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor, Role
from backbone.clock import local_date
from backbone.errors import Bilingual, Forbidden, Invalid, NotFound
from backbone.identity.models import Account
from backbone.identity.service import actor_of
from finance_net.equity import errors
from finance_net.equity.committees.minutes import keep_minutes
from finance_net.equity.committees.models import WHOLE, Committee, Condition, Meeting, Vote
from finance_net.equity.models import PERSONAL, Deal, DiligenceItem
from finance_net.equity.permissions import is_manager, readable
from finance_net.equity.reading import add, deal_for, part_for, write
from finance_net.equity.service import equity_fund
from finance_net.equity.states import after
from finance_net.ledger.models import Fund
from finance_net.ledger.permissions import require_manager, require_reader

NO_ACCOUNT = Bilingual("没有这个账号", "There is no such account")
TOO_MANY = Bilingual(
    "法定人数 {quorum} 超过成员 {members} 人", "A quorum of {quorum} is more than the {members} members"
)
NOT_YET = Bilingual("不能晚于今天", "Not later than today")


def set_committee(
    session: Session, actor: Actor, fund_id: UUID, said: Mapping[str, Any], *, now: datetime
) -> Committee:
    """Say who decides for a fund from now on, by which quorum and majority, and where that is laid down.

    Raises Forbidden, NotFound, NoEquityFund, Invalid. Open meetings go on under the committee that they were convened of.
    """
    require_manager(actor)
    fund = equity_fund(session, fund_id)
    members = said["members"]
    known = set(session.scalars(select(Account.id).where(Account.id.in_(members))))
    if unknown := [position for position, each in enumerate(members) if each not in known]:
        raise Invalid([{"field": f"members.{position}", "problem": NO_ACCOUNT} for position in unknown])
    if said["quorum"] > len(members):
        raise Invalid.field("quorum", TOO_MANY.format(quorum=said["quorum"], members=len(members)))
    committee = Committee(fund_id=fund.id, set_at=now, set_by=actor.account_id, **said)
    session.add(committee)
    session.flush()
    told = {"fund_id": fund.id, **said}
    audit.record(session, actor, "set_committee", committee, now=now, after=told, personal=PERSONAL)
    return committee


def show_committee(session: Session, actor: Actor, fund_id: UUID) -> Committee:
    """Raises Forbidden, NotFound (also where nobody decides)."""
    require_reader(actor)
    committee = _latest_of(session, fund_id)
    if committee is None:
        raise NotFound()
    return committee


def _latest_of(session: Session, fund_id: UUID) -> Committee | None:
    latest = select(Committee).where(Committee.fund_id == fund_id).order_by(Committee.id.desc()).limit(1)
    return session.scalars(latest).first()


def convene_committee(
    session: Session, actor: Actor, deal_id: UUID, *, held_on: date, asked_fen: int | None, now: datetime
) -> Meeting:
    """Put a deal before the committee; raises NotFound, Forbidden, StateConflict, DiligenceOpen, MeetingOpen, NoCommittee,
    AgreementPending, Invalid.
    """
    deal = deal_for(session, actor, deal_id)
    state = after(deal.state, "convene")
    _require_diligence(session, deal)
    if deal.reservation_id is not None:
        raise errors.AgreementPending(number=deal.number, order_id=deal.order_id)
    earlier = session.scalars(
        select(Meeting).where(Meeting.deal_id == deal.id).order_by(Meeting.ordinal)
    ).all()
    for meeting in earlier:
        if meeting.state == "open":
            raise errors.MeetingOpen(number=deal.number, ordinal=meeting.ordinal)
    if held_on > local_date(now):
        raise Invalid.field("held_on", NOT_YET)
    committee = _latest_of(session, deal.fund_id)
    if committee is None:
        raise errors.NoCommittee(fund=session.get_one(Fund, deal.fund_id).title)
    said = {
        "deal_id": deal.id,
        "committee_id": committee.id,
        "held_on": held_on,
        "asked_fen": asked_fen or deal.asked_fen,
    }
    meeting = Meeting(
        ordinal=len(earlier) + 1, quorum=committee.quorum, approval_basis_points=committee.approval_basis_points,
        convened_by=actor.account_id, **said,
    )  # fmt: skip
    add(session, actor, meeting, "convene_committee", said, now=now)
    write(session, actor, deal, "convene_deal", {"state": state}, now=now)
    return meeting


def _require_diligence(session: Session, deal: Deal) -> None:
    if not deal.open_items:
        return
    still = select(DiligenceItem.title).where(
        DiligenceItem.deal_id == deal.id, DiligenceItem.outcome.is_(None)
    )
    titles = session.scalars(still.order_by(DiligenceItem.ordinal)).all()
    raise errors.DiligenceOpen(number=deal.number, open=len(titles), items="；".join(titles))


def cast_vote(
    session: Session, actor: Actor, meeting_id: UUID, *, choice: str, conflict: str | None, now: datetime
) -> Vote:
    """A member's own vote, or recusal with its conflict. Raises NotFound, NoMember, MeetingClosed, MustRecuse, VotedAlready,
    Invalid.
    """
    meeting, deal = _meeting(session, actor, meeting_id)
    committee = session.get_one(Committee, meeting.committee_id)
    if actor.account_id is None or actor.account_id not in committee.members:
        raise errors.NoMember()
    if meeting.state != "open":
        raise errors.MeetingClosed()
    if (choice == "recused") != (conflict is not None):
        raise Invalid.field(
            "conflict", Bilingual("回避须写明原因，其他表决不写", "Given with a recusal, and with it alone")
        )
    own = select(Vote).where(Vote.meeting_id == meeting.id, Vote.member_id == actor.account_id)
    if (cast := session.scalars(own).first()) is not None:
        raise errors.VotedAlready(choice=cast.choice)
    if choice != "recused" and _belongs_to(session, actor.account_id, deal.enterprise_id):
        raise errors.MustRecuse()
    vote = Vote(
        meeting_id=meeting.id, member_id=actor.account_id, choice=choice, conflict=conflict, cast_at=now
    )
    session.add(vote)
    session.flush()
    told = {"meeting_id": meeting.id, "choice": choice, "conflict": conflict}
    audit.record(session, actor, "cast_vote", vote, now=now, after=told)
    return vote


def _belongs_to(session: Session, account_id: UUID, enterprise_id: UUID) -> bool:
    """By all that the account holds, whatever the token is narrowed to."""
    whole = actor_of(session, account_id)
    return whole is not None and enterprise_id in whole.organisations(*Role)


def close_meeting(
    session: Session, actor: Actor, meeting_id: UUID, *, minutes: str, approved_fen: int | None, conditions: Sequence[str],
    now: datetime,
) -> Meeting:  # fmt: skip
    """Count the votes and put the decision on record, with its minutes and conditions.

    Raises NotFound, Forbidden, MeetingClosed, QuorumMissing, AboveAsked.
    """
    meeting, deal = _meeting(session, actor, meeting_id)
    if not is_manager(actor):
        raise Forbidden()
    if meeting.state != "open":
        raise errors.MeetingClosed()
    votes = session.scalars(select(Vote).where(Vote.meeting_id == meeting.id).order_by(Vote.id)).all()
    counted = Counter(vote.choice for vote in votes)
    present = len(votes) - counted["recused"]
    if present < meeting.quorum:
        raise errors.QuorumMissing(present=present, recused=counted["recused"], quorum=meeting.quorum)
    is_approved = counted["for"] * WHOLE >= meeting.approval_basis_points * present
    amount = approved_fen or meeting.asked_fen
    if amount > meeting.asked_fen:
        raise errors.AboveAsked(most_fen=meeting.asked_fen, asked_fen=amount)
    outcome: dict[str, Any] = {
        "state": "approved" if is_approved else "rejected", "present": present, "votes_for": counted["for"],
        "votes_against": counted["against"], "abstentions": counted["abstain"], "recusals": counted["recused"],
        "approved_fen": amount if is_approved else None, "closed_by": actor.account_id, "closed_at": now,
        "minutes": minutes,
    }  # fmt: skip
    write(session, actor, meeting, "close_meeting", outcome, now=now)
    asked = list(conditions) if is_approved else []
    keep_minutes(session, actor, deal, meeting, votes, asked, now)
    _told_the_deal(session, actor, deal, meeting, asked, now)
    return meeting


def _told_the_deal(
    session: Session, actor: Actor, deal: Deal, meeting: Meeting, asked: Sequence[str], now: datetime
) -> None:
    if meeting.state == "rejected":
        refused = f"投委会第 {meeting.ordinal} 次会议未通过 / not approved by meeting {meeting.ordinal}"
        write(
            session,
            actor,
            deal,
            "reject_deal",
            {"state": after(deal.state, "reject"), "decline_reason": refused},
            now=now,
        )
        return
    for ordinal, title in enumerate(asked, 1):
        row = Condition(deal_id=deal.id, meeting_id=meeting.id, ordinal=ordinal, title=title)
        row.created_at = row.updated_at = now
        session.add(row)
    approved = {
        "meeting_id": meeting.id, "approved_fen": meeting.approved_fen, "open_conditions": deal.open_conditions + len(asked)
    }  # fmt: skip
    write(session, actor, deal, "approve_deal", approved, now=now)


def fulfil_condition(
    session: Session, actor: Actor, condition_id: UUID, *, evidence: str, now: datetime
) -> Condition:
    """Say by what a condition is fulfilled; raises NotFound, Forbidden, ConditionFulfilled."""
    condition, deal = part_for(session, actor, Condition, condition_id)
    if condition.fulfilled_at is not None:
        raise errors.ConditionFulfilled()
    said = {"evidence": evidence, "fulfilled_by": actor.account_id, "fulfilled_at": now}
    write(session, actor, condition, "fulfil_condition", said, now=now)
    deal.open_conditions -= 1
    deal.updated_at = now
    session.flush()
    return condition


def _meeting(session: Session, actor: Actor, meeting_id: UUID) -> tuple[Meeting, Deal]:
    """A meeting of a deal that the actor may read, locked; members of the committee that was convened may, too."""
    query = select(Meeting, Deal).join(Deal, Deal.id == Meeting.deal_id)
    convened = select(func.count()).where(
        Committee.id == Meeting.committee_id, Committee.members.contains([actor.account_id])
    )
    seen = readable(actor) | (convened.scalar_subquery() > 0)
    locked = query.where(Meeting.id == meeting_id, seen).with_for_update(of=(Deal, Meeting))
    row = session.execute(locked, execution_options={"populate_existing": True}).first()
    if row is None:
        raise NotFound()
    return row[0], row[1]
