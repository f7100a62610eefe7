"""Feeding policies: what a contract says goes to a matter of every enterprise that is a party, in the writer's transaction.

An institute is no subject of policies (docs/adr/0037): it is asked about through the enterprise that it sells through.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.actor import Actor
from ground_net.contracts.known import terms_of
from ground_net.contracts.models import Contract
from ground_net.contracts.states import CANCELLED
from policy_pack.subjects.doubting import doubt_matters, settle_matters, unsay
from policy_pack.subjects.matters import matter_for, matters_called
from policy_pack.subjects.recording import state_facts

MATTER = "contract"
Said = Callable[[str], Mapping[str, Any] | None]
"""The facts for one side; none for a side that they are not about."""


def state_terms(session: Session, actor: Actor, contract: Contract, *, now: datetime) -> None:
    """What was agreed, as of the day of signing; what was said of it before is superseded."""
    feed(session, actor, contract, lambda side: terms_of(contract, side), contract.signed_on, now=now)


def feed(
    session: Session, actor: Actor, contract: Contract, said: Said, as_of_on: date, *, now: datetime
) -> None:
    """State facts to both sides, always in the same order: two contracts of the same two never wait for each other.

    A cancelled contract says nothing any more.
    """
    if contract.state == CANCELLED:
        return
    for enterprise_id, side in sorted(subjects_of(contract).items()):
        facts = said(side)
        if not facts:
            continue
        matter = matter_for(
            session, actor, enterprise_id, kind=MATTER, reference=contract.number, title=contract.title, now=now
        )  # fmt: skip
        state_facts(
            session, actor, enterprise_id, facts, f"技术合同 {contract.number}", now,
            matter_id=matter.id, as_of_on=as_of_on,
        )  # fmt: skip


def doubt(session: Session, actor: Actor, contract: Contract, *, now: datetime) -> None:
    """Until the dispute is settled nothing of the contract counts for a policy, what is stated of it meanwhile no more than the rest."""
    if contract.disputed_at is None or contract.dispute is None:
        raise AssertionError("only what is disputed is doubted")
    doubt_matters(
        session, actor, matters_of(session, contract).values(), reason=contract.dispute, by=contract.disputed_by,
        since=contract.disputed_at, now=now,
    )  # fmt: skip


def settle(
    session: Session, actor: Actor, contract: Contract, doubted_at: datetime, *, stands: bool, now: datetime
) -> None:
    """What was doubted counts again, or nothing of the contract does."""
    matters = matters_of(session, contract).values()
    settle_matters(session, actor, matters, doubted_at=doubted_at, stands=stands, now=now)


def said_of(contract: Contract) -> dict[str, dict[str, Any]]:
    """What the contract's terms say to policies, by side."""
    return {side: terms_of(contract, side) for side in subjects_of(contract).values()}


def restate(
    session: Session, actor: Actor, contract: Contract, unsaid: Mapping[str, Mapping[str, Any]], doubted_at: datetime, *,
    now: datetime,
) -> None:  # fmt: skip
    """What was doubted counts again as the contract says it now; `unsaid` it said by side when it was disputed, and was never agreed.

    A term that it does not say any more at all is taken back with the rest: stating the terms anew would leave it standing.
    """
    matters = matters_of(session, contract)
    for enterprise_id, side in sorted(subjects_of(contract).items()):
        stated = terms_of(contract, side)
        gone = {key for key, value in unsaid[side].items() if stated.get(key) != value}
        if enterprise_id in matters:
            unsay(session, actor, matters[enterprise_id], gone, as_of_on=contract.signed_on, now=now)
    settle(session, actor, contract, doubted_at, stands=True, now=now)
    state_terms(session, actor, contract, now=now)


def subjects_of(contract: Contract) -> dict[UUID, str]:
    """The parties that policies can be asked about, each with its side."""
    sides = {contract.buyer_id: "buyer"}
    return sides | ({contract.seller_enterprise_id: "seller"} if contract.seller_enterprise_id else {})


def matters_of(session: Session, contract: Contract) -> dict[UUID, UUID]:
    """The matter of the contract, by enterprise."""
    return matters_called(session, subjects_of(contract), kind=MATTER, reference=contract.number)
