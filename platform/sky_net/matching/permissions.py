"""Who may see which matches, as a table. Others are not told that there is anything to see."""

from sky_net.achievements.permissions import Rule as OfferRule
from sky_net.achievements.permissions import is_own
from sky_net.needs.permissions import Rule as NeedRule
from sky_net.needs.permissions import is_broker_of, is_operator_of, is_owner

CAN_BROWSE_MATCHES: tuple[NeedRule, ...] = (is_owner, is_operator_of)
CAN_BROWSE_FITTING_NEEDS: tuple[OfferRule, ...] = (is_own,)
CAN_BE_TOLD_RECORDS: tuple[NeedRule, ...] = (is_operator_of, is_broker_of)
"""Of those who browse the matches: how an institute answers and what it works on is for whoever invites it, never for the
other institutes, nor for enterprises, to which it would be a public mark.
"""
