"""Who sees and moves deals: the province's fund managers act, its auditors and the fund's committee read.

Deals are confidential: whoever is none of these is told that there is no such deal. So is a member of the committee who
belongs to the enterprise, or who was recused: all that is left to them is to vote "recused".
"""

from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, cast, exists, false, select, true
from sqlalchemy.orm import aliased

from backbone.actor import Actor, ScopeKind
from backbone.identity.models import Membership
from finance_net.equity.committees.models import Committee, CommitteeConfirmation, Meeting, Vote
from finance_net.equity.models import Deal
from finance_net.ledger.permissions import CAN_ACT, CAN_READ


def is_manager(actor: Actor) -> bool:
    """Whether the actor acts for the province's funds."""
    return actor.holds_for_province(*CAN_ACT)


def readable(actor: Actor) -> ColumnElement[bool]:
    """The deals that the actor may read."""
    if actor.holds_for_province(*CAN_READ):
        return true()
    if actor.account_id is None:
        return false()
    later, confirmed = aliased(Committee), select(CommitteeConfirmation.committee_id)
    of_fund = and_(Committee.fund_id == Deal.fund_id, Committee.id.in_(confirmed))
    is_latest = ~exists().where(
        later.fund_id == Committee.fund_id, later.id > Committee.id, later.id.in_(confirmed)
    )
    sits = exists().where(of_fund, is_latest, Committee.members.contains([actor.account_id]))
    return and_(sits, ~_belongs_to_enterprise(actor.account_id), ~_was_recused(actor.account_id))


def _belongs_to_enterprise(account_id: UUID) -> ColumnElement[bool]:
    """By all that the account holds, whatever the token is narrowed to."""
    return exists().where(
        Membership.account_id == account_id, Membership.ended_at.is_(None),
        Membership.scope_kind == ScopeKind.ORGANISATION, Membership.scope_id == cast(Deal.enterprise_id, Text),
    )  # fmt: skip


def _was_recused(account_id: UUID) -> ColumnElement[bool]:
    return exists().where(
        Vote.meeting_id == Meeting.id, Meeting.deal_id == Deal.id, Vote.member_id == account_id, Vote.choice == "recused"
    )  # fmt: skip
