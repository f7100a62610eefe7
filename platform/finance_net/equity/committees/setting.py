"""Who decides for a fund: entered by one manager, and in force once another one has confirmed it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.errors import Bilingual, Invalid, NotFound
from backbone.identity.models import Account
from backbone.references import NO_SUCH_ACCOUNT
from finance_net.equity.committees.errors import CommitteeConfirmed, CommitteeSuperseded
from finance_net.equity.committees.models import Committee, CommitteeConfirmation
from finance_net.equity.models import PERSONAL
from finance_net.equity.service import equity_fund
from finance_net.equity.telling import tell_of_committee
from finance_net.ledger.errors import SecondPersonNeeded
from finance_net.ledger.expiring import lock_fund
from finance_net.ledger.permissions import require_manager, require_reader
from finance_net.ledger.telling import managers

TOO_MANY = Bilingual(
    "法定人数 {quorum} 超过成员 {members} 人", "A quorum of {quorum} is more than the {members} members"
)


def set_committee(
    session: Session, actor: Actor, fund_id: UUID, said: Mapping[str, Any], *, now: datetime
) -> Committee:
    """Say who shall decide for a fund, by which quorum and majority, and where that is laid down; another manager confirms it.

    Raises Forbidden, NotFound, NoEquityFund, Invalid. Until then the one before decides; open meetings go on under the
    committee that they were convened of.
    """
    require_manager(actor)
    fund = equity_fund(session, fund_id)
    members = said["members"]
    known = set(session.scalars(select(Account.id).where(Account.id.in_(members))))
    if unknown := [position for position, each in enumerate(members) if each not in known]:
        raise Invalid([{"field": f"members.{position}", "problem": NO_SUCH_ACCOUNT} for position in unknown])
    if said["quorum"] > len(members):
        raise Invalid.field("quorum", TOO_MANY.format(quorum=said["quorum"], members=len(members)))
    lock_fund(session, fund.id)
    committee = Committee(fund_id=fund.id, set_at=now, set_by=actor.account_id, **said)
    session.add(committee)
    session.flush()
    told = {"fund_id": fund.id, **said}
    audit.record(session, actor, "set_committee", committee, now=now, after=told, personal=PERSONAL)
    others = managers(session, but=actor.account_id)
    tell_of_committee(session, committee, fund, "committee_set", others, now=now)
    return committee


def confirm_committee(
    session: Session, actor: Actor, fund_id: UUID, *, committee_id: UUID, now: datetime
) -> Committee:
    """The second manager's word: from now on it decides, and its members read the fund's deals.

    Raises Forbidden, NotFound, NoEquityFund, CommitteeConfirmed, SecondPersonNeeded, CommitteeSuperseded.
    """
    require_manager(actor)
    fund = equity_fund(session, fund_id)
    lock_fund(session, fund.id)
    committee = session.scalars(
        select(Committee).where(Committee.id == committee_id, Committee.fund_id == fund.id)
    ).first()
    if committee is None:
        raise NotFound()
    if committee.confirmation is not None:
        raise CommitteeConfirmed(fund=fund.title)
    if committee.set_by == actor.account_id:
        raise SecondPersonNeeded(kind="committee")
    if _last_of(session, fund.id, is_confirmed=False) is not committee:
        raise CommitteeSuperseded(fund=fund.title)
    said = {"committee_id": committee.id, "set_by": committee.set_by, "confirmed_by": actor.account_id}
    confirmation = CommitteeConfirmation(confirmed_at=now, **said)
    session.add(confirmation)
    session.flush()
    session.expire(committee, ["confirmation"])
    audit.record(session, actor, "confirm_committee", confirmation, now=now, after=said)
    tell_of_committee(session, committee, fund, "committee_joined", committee.members, now=now)
    return committee


def show_committee(session: Session, actor: Actor, fund_id: UUID) -> dict[str, Any]:
    """Who decides, and who waits for confirmation; raises Forbidden, NotFound (also where nobody was entered)."""
    require_reader(actor)
    deciding, entered = (_last_of(session, fund_id, is_confirmed=each) for each in (True, False))
    if entered is None:
        raise NotFound()
    return {"deciding": deciding, "waiting": None if entered is deciding else entered}


def deciding_committee(session: Session, fund_id: UUID) -> Committee | None:
    """The one that decides now."""
    return _last_of(session, fund_id, is_confirmed=True)


def _last_of(session: Session, fund_id: UUID, *, is_confirmed: bool) -> Committee | None:
    """The last one entered, of those that were confirmed or of all."""
    latest = select(Committee).where(Committee.fund_id == fund_id).order_by(Committee.id.desc()).limit(1)
    if is_confirmed:
        latest = latest.where(Committee.id.in_(select(CommitteeConfirmation.committee_id)))
    return session.scalars(latest).first()
