"""Who sees and moves deals: the province's fund managers act, its auditors and the fund's committee read.

Deals are confidential: whoever is none of these is told that there is no such deal.
"""

from sqlalchemy import ColumnElement, exists, false, true
from sqlalchemy.orm import aliased

from backbone.actor import Actor
from finance_net.equity.committees.models import Committee
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
    later = aliased(Committee)
    of_fund = Committee.fund_id == Deal.fund_id
    is_latest = ~exists().where(later.fund_id == Committee.fund_id, later.id > Committee.id)
    return exists().where(of_fund, is_latest, Committee.members.contains([actor.account_id]))
