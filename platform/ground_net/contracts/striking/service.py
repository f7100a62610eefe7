"""Striking a supplement that was never agreed: the contract goes back to the terms before it, and whatever follows from them too."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.clock import local_date
from ground_net.contracts import facts
from ground_net.contracts.changing import (
    PERSONAL,
    TERMS,
    disputable_until,
    refuse_filed,
    require_changeable,
    rewrite,
)
from ground_net.contracts.errors import ContractUndisputed
from ground_net.contracts.models import Contract
from ground_net.contracts.reading import locked_contract, part_for
from ground_net.contracts.registration.models import Registration
from ground_net.contracts.registration.states import LIFE as REGISTRATIONS
from ground_net.contracts.striking.errors import SupplementAgreed, SupplementRewarded
from ground_net.contracts.supplements.models import Supplement
from ground_net.contracts.supplements.reading import supplements_of
from ground_net.contracts.supplements.states import LIFE
from ground_net.contracts.supplements.undoing import falling_with, had_agreed, terms_before
from ground_net.contracts.telling import tell_of_strike, tell_other_side

SAID = frozenset({"dispute", "ground"})
"""Free text between people."""
IN_FORCE = frozenset({"valid_from", "valid_to"})
"""Between these days it can be filed."""
EARLIER = (
    "recorded_by", "recorded_side", "recorded_parties", "confirmed_parties", "confirmed_at", "confirmed_by", "disputable_until",
)  # fmt: skip
"""Columns of the contract that a supplement keeps as they were before it."""


def strike_supplement(
    session: Session, actor: Actor, supplement_id: UUID, *, ground: str, now: datetime
) -> Contract:
    """The operator settles a dispute about a supplement alone: it was never agreed, nor what was built on it; the contract stands.

    What came of it and cannot follow is undone first: what was filed by it, money and rewards above the terms before. Raises NotFound,
    Forbidden, StateConflict, ContractUndisputed, SupplementAgreed, ContractFiled, AmountBelowReceipts, SupplementRewarded.
    """
    seen = part_for(session, actor, Supplement, supplement_id)
    contract = locked_contract(session, actor, seen.contract_id)
    supplements = supplements_of(session, contract)
    chosen = next(each for each in supplements if each.id == seen.id)
    LIFE.step(chosen, "strike", actor, contract)
    if contract.disputed_at is None:
        raise ContractUndisputed(number=contract.number)
    standing = [each for each in supplements if each.state == LIFE.initial]
    falling = falling_with(chosen, standing, contract.disputed_at)
    if not falling:
        raise SupplementAgreed(number=contract.number, disputed_at=contract.disputed_at.isoformat())
    terms = terms_before(falling)
    _require_restorable(session, contract, terms)
    for each in falling:
        _strike(session, actor, contract, each, ground, now)
    return _restored(session, actor, contract, falling[0], terms, now)


def _require_restorable(session: Session, contract: Contract, terms: Mapping[str, Any]) -> None:
    """Whether all that was added to the contract meanwhile can be without the supplements."""
    said = {name: getattr(contract, name) for name in TERMS}
    wanted = said | {name: value for name, value in terms.items() if name in TERMS}
    changed = {name for name in TERMS if wanted[name] != said[name]}
    if contract.rewarded_fen > wanted["technology_fen"]:
        raise SupplementRewarded(rewarded_fen=contract.rewarded_fen, technology_fen=wanted["technology_fen"])
    require_changeable(contract, wanted, changed)
    if changed & IN_FORCE:
        _require_filed_in_force(session, contract, wanted, changed & IN_FORCE)


def _require_filed_in_force(
    session: Session, contract: Contract, wanted: Mapping[str, Any], fields: set[str]
) -> None:
    """A supplement may have prolonged the contract until the day on which it was filed: the filing goes back first."""
    filed = select(Registration.filed_at).where(
        Registration.contract_id == contract.id, Registration.state == REGISTRATIONS.initial
    )
    filed_at = session.scalar(filed)
    if filed_at and not wanted["valid_from"] <= local_date(filed_at) <= wanted["valid_to"]:
        refuse_filed(contract, fields)


def _strike(
    session: Session, actor: Actor, contract: Contract, supplement: Supplement, ground: str, now: datetime
) -> None:
    LIFE.move(supplement, "strike", actor, contract)
    by = {"struck_at": now, "struck_by": actor.account_id}
    said = by | {"dispute": contract.dispute, "ground": ground}
    for name, value in said.items():
        setattr(supplement, name, value)
    supplement.updated_at = now
    session.flush()
    told = {"contract_id": contract.id, "state": supplement.state, **said}
    audit.record(session, actor, "strike_supplement", supplement, now=now, after=told, personal=SAID)


def _restored(
    session: Session, actor: Actor, contract: Contract, first: Supplement, terms: Mapping[str, Any], now: datetime
) -> Contract:  # fmt: skip
    doubted_at = contract.disputed_at
    if doubted_at is None:
        raise AssertionError("only what is disputed is struck")
    is_agreed, unsaid = had_agreed(first, doubted_at), facts.said_of(contract)
    standing = _standing_before(first)
    if not is_agreed:
        # Nobody's days to dispute the terms before have passed while a supplement stood in front of them.
        standing["disputable_until"] = disputable_until(session, contract.zone_code, now)
    _rewritten(session, actor, contract, {**terms, **standing}, now)
    facts.restate(session, actor, contract, unsaid, doubted_at, now=now)
    tell_of_strike(session, actor, contract, contract.need.owner_id, now=now)
    if not is_agreed:
        tell_other_side(session, contract, now=now)
    return contract


def _standing_before(first: Supplement) -> dict[str, Any]:
    """Who stood behind the contract, and that nobody disputed it."""
    standing = {name: getattr(first, f"earlier_{name}") for name in EARLIER}
    return standing | {"disputed_at": None, "disputed_by": None, "dispute": None}


def _rewritten(
    session: Session, actor: Actor, contract: Contract, values: Mapping[str, Any], now: datetime
) -> None:
    columns = {name: value for name, value in values.items() if name != "parties"}
    before, after = audit.changes(contract, columns)
    if "parties" in values:
        before, after = (
            before | {"parties": len(contract.parties)},
            after | {"parties": len(values["parties"])},
        )
    rewrite(session, contract, values)
    contract.updated_at = now
    session.flush()
    audit.record(
        session,
        actor,
        "settle_contract",
        contract,
        now=now,
        before=before,
        after=after,
        personal=PERSONAL | SAID,
    )
