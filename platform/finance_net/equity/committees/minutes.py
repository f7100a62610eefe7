"""Minutes: what a meeting decided, in one canonical text with its hash, and whether it still is what it was."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.chain.content import canonical
from backbone.digests import digest
from backbone.errors import NotFound
from finance_net.equity.committees.models import Meeting, Minutes, Vote
from finance_net.equity.models import Deal
from finance_net.equity.permissions import readable
from finance_net.equity.reading import write


def keep_minutes(
    session: Session, actor: Actor, deal: Deal, meeting: Meeting, votes: Sequence[Vote], asked: Sequence[str], now: datetime
) -> None:  # fmt: skip
    """Write them once and for good: the words themselves stand in the meeting, a keyed digest of them here."""
    content = canonical({
        "deal": deal.number, "fund": deal.fund_id, "enterprise": deal.enterprise_id, "meeting": meeting.ordinal,
        "committee": meeting.committee_id, "held_on": meeting.held_on, "asked_fen": meeting.asked_fen,
        "quorum": meeting.quorum, "approval_basis_points": meeting.approval_basis_points, "outcome": meeting.state,
        "approved_fen": meeting.approved_fen, "closed_by": meeting.closed_by, "closed_at": now,
        "votes": [{"member": each.member_id, "choice": each.choice, "conflict": each.conflict} for each in votes],
        "conditions": [digest(title) for title in asked], "words": digest(meeting.minutes),
    })  # fmt: skip
    kept = Minutes(
        meeting_id=meeting.id,
        content=content,
        sha256=hashlib.sha256(content.encode()).hexdigest(),
        recorded_at=now,
    )
    session.add(kept)
    session.flush()
    audit.record(
        session, actor, "keep_minutes", kept, now=now, after={"meeting_id": meeting.id, "sha256": kept.sha256}
    )


def tally(session: Session, meeting: Meeting) -> tuple[Sequence[Vote], dict[str, Any]]:
    """The votes in their order, and the meeting's counts of them."""
    votes = session.scalars(select(Vote).where(Vote.meeting_id == meeting.id).order_by(Vote.id)).all()
    counted = Counter(vote.choice for vote in votes)
    return votes, {
        "present": len(votes) - counted["recused"], "votes_for": counted["for"], "votes_against": counted["against"],
        "abstentions": counted["abstain"], "recusals": counted["recused"],
    }  # fmt: skip


def close_without_decision(
    session: Session, actor: Actor, deal: Deal, meeting: Meeting, state: str, words: str, *, now: datetime
) -> None:
    """End a meeting that decides nothing, its votes kept: adjourned without a quorum, or cancelled with its deal."""
    votes, counts = tally(session, meeting)
    said = {"state": state, "minutes": words, "closed_by": actor.account_id, "closed_at": now}
    write(session, actor, meeting, f"{state}_meeting", counts | said, now=now)
    keep_minutes(session, actor, deal, meeting, votes, [], now)


def minutes_view(session: Session, actor: Actor, meeting_id: UUID) -> dict[str, Any]:
    """The minutes of a closed meeting, and whether hash and words are still what they were; raises NotFound."""
    query = (
        select(Minutes, Meeting)
        .join(Meeting, Meeting.id == Minutes.meeting_id)
        .join(Deal, Deal.id == Meeting.deal_id)
    )
    row = session.execute(query.where(Meeting.id == meeting_id, readable(actor))).first()
    if row is None:
        raise NotFound()
    kept, meeting = row
    is_whole = hashlib.sha256(kept.content.encode()).hexdigest() == kept.sha256
    return {
        "meeting": meeting, "content": kept.content, "sha256": kept.sha256, "recorded_at": kept.recorded_at,
        "is_intact": is_whole and f'"words":"{digest(meeting.minutes)}"' in kept.content,
    }  # fmt: skip
