"""What happens to a contract as a whole once it is on record: agreed or disputed, ended, followed up until then."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backbone import audit, events
from backbone.actor import Actor, Held, Role, Scope, ScopeKind
from backbone.clock import local_date
from backbone.errors import Bilingual, Forbidden, Invalid
from ground_net.contracts import facts
from ground_net.contracts.agreeing import is_agreed, is_by_all, spoken_for
from ground_net.contracts.errors import (
    ContractAgreed,
    ContractUndisputed,
    ContractUnpaid,
    SameSide,
)
from ground_net.contracts.events import ContractCancelled, ContractClosed, ContractTerminated
from ground_net.contracts.models import Contract
from ground_net.contracts.parties import seller_office
from ground_net.contracts.permissions import CAN_DISPUTE, CAN_SETTLE
from ground_net.contracts.reading import locked_contract
from ground_net.contracts.standing import require_standing
from ground_net.contracts.states import CANCELLED, LIFE
from ground_net.contracts.telling import tell_of_dispute, tell_of_end, tell_of_settlement
from ground_net.contracts.vocabulary import SIDE_NAMES
from sky_net.invitations.life_cycle import allows
from sky_net.needs.life_cycle import advance, lock_need

PERSONAL = frozenset({"dispute", "end_message", "message"})
"""Free text between people."""
OUTSIDE = Bilingual(
    "解除日须在签订日 {signed_on} 至今天 {today} 之间",
    "It ended between its signing on {signed_on} and today, {today}",
)


def confirm_contract(session: Session, actor: Actor, contract_id: UUID, *, now: datetime) -> Contract:
    """Another party than the one that recorded it says that it was signed like this; twice changes nothing.

    It is agreed once all have said so, and until then each of the others keeps its days. Raises NotFound, Forbidden, SameSide,
    ContractDisputed.
    """
    contract = locked_contract(session, actor, contract_id)
    spoken = spoken_for(actor, contract)
    if not spoken:
        raise Forbidden()
    others = [party for party in spoken if party not in contract.recorded_parties]
    if not others:
        raise SameSide(side=contract.recorded_side, recorded_by=SIDE_NAMES[contract.recorded_side])
    require_standing(contract, "confirm")
    fresh = [party for party in others if party not in contract.confirmed_parties]
    if contract.confirmed_at is not None or not fresh:
        return contract
    parties = [*contract.confirmed_parties, *fresh]
    confirmed: dict[str, Any] = {"confirmed_parties": parties}
    if is_by_all(contract, parties):
        confirmed |= {"confirmed_at": now, "confirmed_by": actor.account_id}
    return _written(session, actor, contract, "confirm_contract", confirmed, now)


def dispute_contract(
    session: Session, actor: Actor, contract_id: UUID, *, reason: str, now: datetime
) -> Contract:
    """A party, or the operator, says that it was not signed as it was recorded; until that is settled it counts for no policy.

    Raises NotFound, Forbidden, ContractDisputed, ContractAgreed, StateConflict.
    """
    contract = locked_contract(session, actor, contract_id)
    if not allows(CAN_DISPUTE, actor, contract):
        raise Forbidden()
    require_standing(contract, "dispute")
    if not _can_be_cancelled(contract):
        raise LIFE.refusal(contract.state, "dispute")
    spoken = spoken_for(actor, contract)
    has_confirmed = bool(spoken) and set(spoken) <= set(contract.confirmed_parties)
    if is_agreed(contract) or has_confirmed or now > contract.disputable_until:
        raise ContractAgreed(number=contract.number, until=local_date(contract.disputable_until).isoformat())
    said = {"disputed_at": now, "disputed_by": actor.account_id, "dispute": reason}
    _written(session, actor, contract, "dispute_contract", said, now)
    facts.doubt(session, actor, contract, now=now)
    tell_of_dispute(session, actor, contract, now=now)
    return contract


def settle_contract(
    session: Session, actor: Actor, contract_id: UUID, *, stands: bool, now: datetime
) -> Contract:
    """The operator decides: it stands and is agreed, or it is cancelled and the need waits for its contract again.

    What was received stays on record with it. Raises NotFound, Forbidden, ContractUndisputed.
    """
    seen = locked_contract(session, actor, contract_id, lock=False)
    need = lock_need(session, seen.need_id)
    contract = locked_contract(session, actor, contract_id)
    if not allows(CAN_SETTLE, actor, contract):
        raise Forbidden()
    if contract.disputed_at is None:
        raise ContractUndisputed(number=contract.number)
    doubted_at = contract.disputed_at
    said: dict[str, Any] = {"disputed_at": None, "disputed_by": None, "dispute": None}
    if stands:
        said |= {"confirmed_at": now, "confirmed_by": actor.account_id}
    else:
        LIFE.step(contract, "cancel", actor, contract)
        said |= {"state": CANCELLED, "follow_up_on": None, "ended_on": local_date(now)}
    _written(session, actor, contract, "settle_contract", said, now)
    facts.settle(session, actor, contract, doubted_at, stands=stands, now=now)
    if not stands:
        advance(session, actor, need, "annul_contract", now=now)
        events.publish(session, ContractCancelled(contract, actor, now))
    tell_of_settlement(session, actor, contract, need.owner_id, stands=stands, now=now)
    return contract


def terminate_contract(
    session: Session, actor: Actor, contract_id: UUID, said: Mapping[str, Any], *, now: datetime
) -> Contract:
    """It ended before it was accepted. What was not filed while it was in force cannot be registered any more; the need has no
    contract from now on, though something was delivered: the two may sign anew, or its enterprise withdraw it and post it again.

    Raises NotFound, Forbidden, StateConflict, ContractDisputed, Invalid.
    """
    seen = locked_contract(session, actor, contract_id, lock=False)
    need = lock_need(session, seen.need_id)
    contract = locked_contract(session, actor, contract_id)
    LIFE.step(contract, "terminate", actor, contract)
    require_standing(contract, "terminate")
    today = local_date(now)
    ended_on = said.get("ended_on") or today
    if not contract.signed_on <= ended_on <= today:
        raise Invalid.field("ended_on", OUTSIDE.format(signed_on=contract.signed_on, today=today))
    values = {"end_reason": said["reason_code"], "end_message": said.get("message")}
    _end(session, actor, contract, "terminate", ended_on, values, now)
    if contract.registration_state not in ("filed", "registered"):
        facts.feed(session, actor, contract, lambda side: {"contract_registered": False}, ended_on, now=now)
    advance(session, _for_the_side(actor, contract), need, "annul_contract", now=now)
    tell_of_end(session, actor, contract, need.owner_id, now=now)
    events.publish(session, ContractTerminated(contract, actor, now))
    return contract


def close_contract(
    session: Session, actor: Actor, contract_id: UUID, *, message: str | None = None, now: datetime
) -> Contract:
    """Everything is done, and nobody follows it up any more; with money outstanding `message` says why all the same.

    Raises NotFound, Forbidden, StateConflict, ContractUnpaid.
    """
    contract = locked_contract(session, actor, contract_id)
    LIFE.step(contract, "close", actor, contract)
    open_fen = contract.amount_fen - contract.received_fen
    if open_fen and message is None:
        raise ContractUnpaid(
            amount_fen=contract.amount_fen, received_fen=contract.received_fen, open_fen=open_fen
        )
    _end(session, actor, contract, "close", local_date(now), {"end_message": message}, now)
    events.publish(session, ContractClosed(contract, actor, now))
    return contract


def _for_the_side(actor: Actor, contract: Contract) -> Actor:
    """The same person as the need knows them: who signs for the enterprise through which an institute sells acts for the institute."""
    if not seller_office(actor, contract):
        return actor
    office = Held(Role.TRANSFER_OFFICE, Scope(ScopeKind.ORGANISATION, str(contract.institute_id)))
    return replace(actor, held=actor.held | {office})


def _can_be_cancelled(contract: Contract) -> bool:
    return "cancel" in LIFE.actions_from(contract.state)


def _end(
    session: Session, actor: Actor, contract: Contract, action: str, ended_on: date, values: Mapping[str, Any],
    now: datetime,
) -> None:  # fmt: skip
    ended = {"state": LIFE.after(action), "ended_on": ended_on, "follow_up_on": None, **values}
    _written(session, actor, contract, f"{action}_contract", ended, now)


def _written(
    session: Session, actor: Actor, contract: Contract, action: str, values: Mapping[str, Any], now: datetime
) -> Contract:
    before, after = audit.changes(contract, values)
    for name, value in values.items():
        setattr(contract, name, value)
    contract.updated_at = now
    session.flush()
    audit.record(session, actor, action, contract, now=now, before=before, after=after, personal=PERSONAL)
    return contract
