"""Convening a committee, voting, closing a meeting with its minutes, and fulfilling what it asked for."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor, Role
from backbone.clock import local_date
from backbone.errors import Bilingual, Forbidden, Invalid, NotFound
from backbone.identity.service import actor_of
from backbone.money import BASIS_POINTS
from finance_net.equity import errors
from finance_net.equity.committees.errors import (
    AboveAsked,
    MeetingClosed,
    MustRecuse,
    NoCommittee,
    NoMember,
    QuorumMissing,
    QuorumReached,
    VotedAlready,
)
from finance_net.equity.committees.minutes import close_without_decision, keep_minutes, tally
from finance_net.equity.committees.models import (
    CHOICE_WORDS,
    MEETING_WORDS,
    Committee,
    Condition,
    Meeting,
    Vote,
)
from finance_net.equity.committees.setting import deciding_committee
from finance_net.equity.models import Deal, DiligenceItem
from finance_net.equity.permissions import is_manager, readable
from finance_net.equity.reading import add, deal_for, part_for, require_no_agreement, write
from finance_net.equity.states import DECIDING, after, refusal
from finance_net.equity.telling import tell_of_deal
from finance_net.ledger.models import Fund
from finance_net.ledger.telling import both, managers

NOT_THEN = Bilingual(
    "不能早于项目登记日 {since}，也不能晚于今天", "From {since}, when the deal was opened, to today"
)


def convene_committee(
    session: Session, actor: Actor, deal_id: UUID, *, held_on: date, asked_fen: int | None, now: datetime
) -> Meeting:
    """Put a deal before the committee; raises NotFound, Forbidden, StateConflict, DiligenceOpen, MeetingOpen, NoCommittee,
    AgreementPending, Invalid.
    """
    deal = deal_for(session, actor, deal_id)
    state = after(deal.state, "convene")
    _require_diligence(session, deal)
    require_no_agreement(session, deal)
    earlier = session.scalars(
        select(Meeting).where(Meeting.deal_id == deal.id).order_by(Meeting.ordinal)
    ).all()
    for meeting in earlier:
        if meeting.state == "open":
            raise errors.MeetingOpen(number=deal.number, ordinal=meeting.ordinal)
    if not local_date(deal.created_at) <= held_on <= local_date(now):
        since = local_date(deal.created_at).isoformat()
        raise Invalid.field("held_on", NOT_THEN.format(since=since))
    committee = deciding_committee(session, deal.fund_id)
    if committee is None:
        raise NoCommittee(fund=session.get_one(Fund, deal.fund_id).title)
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
    # No amount: a member who has to be recused is told, too, and learns nothing but that.
    payload = {"on": held_on.isoformat(), "ordinal": meeting.ordinal}
    key = f"convened:{meeting.id}"
    tell_of_deal(
        session, deal, "committee_convened", key, committee.members, payload, about=meeting.id, now=now
    )
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
    """A member's own vote, or recusal with its conflict. Raises NotFound, NoMember, MeetingClosed, StateConflict, MustRecuse,
    VotedAlready, Invalid.
    """
    meeting, deal = _meeting(session, actor, meeting_id)
    committee = session.get_one(Committee, meeting.committee_id)
    if actor.account_id is None or actor.account_id not in committee.members:
        raise NoMember()
    _require_open(session, meeting, deal, "vote")
    if (choice == "recused") != (conflict is not None):
        raise Invalid.field(
            "conflict", Bilingual("回避须写明原因，其他表决不写", "Given with a recusal, and with it alone")
        )
    own = select(Vote).where(Vote.meeting_id == meeting.id, Vote.member_id == actor.account_id)
    if (cast := session.scalars(own).first()) is not None:
        raise VotedAlready(choice=cast.choice, said=CHOICE_WORDS[cast.choice])
    if choice != "recused" and _belongs_to(session, actor.account_id, deal.enterprise_id):
        raise MustRecuse()
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
    is_adjourned: bool = False, now: datetime,
) -> Meeting:  # fmt: skip
    """Count the votes and put the decision on record, with its minutes and conditions; or, where no quorum can be had, put it
    off without a decision, so that another meeting can be convened.

    Raises NotFound, Forbidden, MeetingClosed, StateConflict, QuorumMissing, QuorumReached, AboveAsked.
    """
    meeting, deal = _meeting(session, actor, meeting_id)
    if not is_manager(actor):
        raise Forbidden()
    _require_open(session, meeting, deal, "close")
    votes, counts = tally(session, meeting)
    present = counts["present"]
    if is_adjourned and present >= meeting.quorum:
        raise QuorumReached(present=present, quorum=meeting.quorum)
    if is_adjourned:
        close_without_decision(session, actor, deal, meeting, "adjourned", minutes, now=now)
        return meeting
    if present < meeting.quorum:
        raise QuorumMissing(present=present, recused=counts["recusals"], quorum=meeting.quorum)
    is_approved = counts["votes_for"] * BASIS_POINTS >= meeting.approval_basis_points * present
    amount = approved_fen or meeting.asked_fen
    if amount > meeting.asked_fen:
        raise AboveAsked(most_fen=meeting.asked_fen, asked_fen=amount)
    outcome = counts | {
        "state": "approved" if is_approved else "rejected", "approved_fen": amount if is_approved else None,
        "closed_by": actor.account_id, "closed_at": now, "minutes": minutes,
    }  # fmt: skip
    write(session, actor, meeting, "close_meeting", outcome, now=now)
    asked = list(conditions) if is_approved else []
    keep_minutes(session, actor, deal, meeting, votes, asked, now)
    _told_the_deal(session, actor, deal, meeting, asked, now)
    _tell_outcome(session, actor, deal, meeting, votes, now)
    return meeting


def _require_open(session: Session, meeting: Meeting, deal: Deal, action: str) -> None:
    if meeting.state != "open":
        raise MeetingClosed()
    if deal.state != DECIDING:
        raise refusal(deal.state, action)
    require_no_agreement(session, deal)


def _tell_outcome(
    session: Session, actor: Actor, deal: Deal, meeting: Meeting, votes: Sequence[Vote], now: datetime
) -> None:
    """The other managers, and who voted: whoever is recused learns nothing more of it."""
    voted = {each.member_id for each in votes if each.choice != "recused"}
    payload = {"stands": both(MEETING_WORDS[meeting.state]), "ordinal": meeting.ordinal}
    reached = (managers(session) | voted) - {actor.account_id}
    tell_of_deal(session, deal, "committee_closed", f"meeting:{meeting.id}", reached, payload, now=now)


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
    """Say by what a condition is fulfilled; raises NotFound, Forbidden, ConditionFulfilled, StateConflict."""
    condition, deal = part_for(session, actor, Condition, condition_id)
    if condition.fulfilled_at is not None:
        raise errors.ConditionFulfilled()
    if deal.state != DECIDING:
        raise refusal(deal.state, "fulfil")
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
