"""Who does what with money, as a table. Funds are the province's: who holds the role over a zone alone sees none of it."""

from backbone.actor import Actor, Role
from backbone.errors import Forbidden

CAN_ACT: tuple[Role, ...] = (Role.FUND_MANAGER,)
"""Opens funds and envelopes, moves money, asks for and (the other one) approves what takes two."""
CAN_READ: tuple[Role, ...] = (Role.FUND_MANAGER, Role.AUDITOR)
"""Reads balances, transfers and the proof."""


def require_manager(actor: Actor) -> None:
    """Raise Forbidden for everybody but the province's fund managers."""
    if not actor.holds_for_province(*CAN_ACT):
        raise Forbidden()


def require_reader(actor: Actor) -> None:
    """Raise Forbidden for everybody but the province's fund managers and auditors."""
    if not actor.holds_for_province(*CAN_READ):
        raise Forbidden()
