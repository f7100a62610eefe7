"""Holds that features above move by rules of their own: nobody moves them by hand, past those rules."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.errors import Bilingual, Conflict
from finance_net.ledger.permissions import require_manager

CLAIMS: list[Callable[[Session, UUID], str | None]] = []
"""Each tells by the id of a hold, or of a transfer, whose it is (its number), None where it is not of that feature."""


class HeldElsewhere(Conflict):
    """The money belongs to an award or the like: moving it here would leave that one saying otherwise."""

    code = "held_elsewhere"
    title = Bilingual("该笔资金由其他业务管理", "This money is moved by another feature")
    detail = Bilingual(
        "属于 {owner}，不能在账本中直接办理", "It is that of {owner} and not moved by hand in the ledger"
    )
    advice = Bilingual(
        "按立项 {owner} 办理：decideTranche、instructPayments、proposeClawback",
        "Do it with the award {owner}: decideTranche, instructPayments, proposeClawback",
    )


def require_by_hand(session: Session, actor: Actor, hold_id: UUID) -> None:
    """Raise Forbidden for who moves no money, HeldElsewhere for what another feature moves."""
    require_manager(actor)
    for claim in CLAIMS:
        owner = claim(session, hold_id)
        if owner is not None:
            raise HeldElsewhere(owner=owner)
