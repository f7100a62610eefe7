"""Putting a contract on record, one at a time for each accepted proposal, and changing what was agreed by a supplement."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from backbone import audit, events
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.directory.models import Enterprise, Institute
from backbone.directory.service import enterprise_named, enterprise_of_code, institute_named
from backbone.errors import Bilingual, Forbidden, Invalid, NotFound
from backbone.references import NO_SUCH_ENTERPRISE
from ground_net.contracts import facts
from ground_net.contracts.agreeing import spoken_for
from ground_net.contracts.changing import (
    PERSONAL,
    TERMS,
    disputable_until,
    require_changeable,
    rewrite,
    rows_of,
)
from ground_net.contracts.credit import broker_behind
from ground_net.contracts.errors import ContractExists
from ground_net.contracts.events import ContractSigned
from ground_net.contracts.known import seller_kind
from ground_net.contracts.models import NUMBERS, Contract
from ground_net.contracts.permissions import CAN_AMEND
from ground_net.contracts.rules import number_on
from ground_net.contracts.standing import require_standing
from ground_net.contracts.states import AMENDABLE, ANNULLED, LIFE
from ground_net.contracts.supplements.recording import record_supplement
from ground_net.contracts.supplements.undoing import CLAUSE
from ground_net.contracts.telling import tell_other_side
from ground_net.contracts.terms import problems_of
from sky_net.invitations.life_cycle import allows
from sky_net.invitations.parties import poster, transfer_office, zone_operator
from sky_net.needs.life_cycle import advance, lock_need
from sky_net.needs.models import Need
from sky_net.proposals.models import Proposal
from sky_net.proposals.reading import read_proposal
from sky_net.proposals.states import LIFE as PROPOSALS
from sky_net.sla.calendars.working_days import working_day_after

SIGNERS = (("buyer", poster), ("seller", transfer_office), ("operator", zone_operator))
OWN_SELLER = Bilingual("买方不能同时是卖方", "The buyer cannot be the seller too")


def sign_contract(
    session: Session, actor: Actor, proposal_id: UUID, said: Mapping[str, Any], *, now: datetime
) -> Contract:
    """Put the signed document on record: the need is contracted with it, and the other side is told and may dispute it.

    Raises NotFound, Forbidden, StateConflict while the proposal was not accepted, ContractExists, Invalid.
    """
    proposal, _ = read_proposal(session, actor, proposal_id)
    need = lock_need(session, proposal.need_id)
    session.refresh(proposal, with_for_update=True)
    side = next((name for name, rule in SIGNERS if rule(actor, need, proposal.institute_id)), None)
    if side is None:
        raise Forbidden()
    _require_unsigned(session, proposal)
    contract = _new(session, actor, need, proposal, said, side, now)
    session.add(contract)
    session.flush()
    told = {
        name: getattr(contract, name)
        for name in (*TERMS, "number", "proposal_id", "recorded_side", "credited_to")
    }
    audit.record(session, actor, "sign_contract", contract, now=now, after=told, personal=PERSONAL)
    advance(session, actor, need, "contract", now=now)
    facts.state_terms(session, actor, contract, now=now)
    tell_other_side(session, contract, now=now)
    events.publish(session, ContractSigned(contract, actor, now))
    return contract


def amend_contract(
    session: Session, actor: Actor, contract: Contract, said: Mapping[str, Any], *, now: datetime
) -> Contract:
    """Change what was agreed, of a contract that is locked, by a supplement that is kept with the terms before it; the other side has
    its days again to say that it was not so.

    Raises Forbidden, StateConflict once it is delivered, ContractDisputed, ContractFiled, AmountBelowReceipts, Invalid.
    """
    if not allows(CAN_AMEND, actor, contract):
        raise Forbidden()
    if contract.state not in AMENDABLE:
        raise LIFE.refusal(contract.state, "amend")
    require_standing(contract, "amend")
    given = _columns(said)
    wanted = {name: getattr(contract, name) for name in TERMS} | given
    if "amount_fen" in given or "technology_fen" in given:
        wanted["equipment_fen"] = given["equipment_fen"] = wanted["amount_fen"] - wanted["technology_fen"]
    parties = said.get(
        "parties", [{"share_basis_points": row.share_basis_points} for row in contract.parties]
    )
    if problems := problems_of(wanted | {"parties": parties}, _posted_on(contract.need), local_date(now)):
        raise Invalid(problems)
    before, after = audit.changes(contract, given)
    require_changeable(contract, wanted, after)
    if not after and "parties" not in said:
        return contract
    return _amended(session, actor, contract, said, (before, after), now)


def _require_unsigned(session: Session, proposal: Proposal) -> None:
    known = select(Contract).where(Contract.proposal_id == proposal.id, Contract.state.not_in(ANNULLED))
    contract = session.scalar(known)
    if contract is not None:
        raise ContractExists(id=contract.id, number=contract.number)
    if proposal.state != PROPOSALS.after("accept"):
        raise PROPOSALS.refusal(proposal.state, "sign")


def _new(
    session: Session, actor: Actor, need: Need, proposal: Proposal, said: Mapping[str, Any], side: str, now: datetime
) -> Contract:  # fmt: skip
    today, given = local_date(now), _columns(said)
    given.setdefault("valid_from", given["signed_on"])
    given["equipment_fen"] = given["amount_fen"] - given["technology_fen"]
    if problems := problems_of(given | {"parties": said.get("parties", [])}, _posted_on(need), today):
        raise Invalid(problems)
    buyer = enterprise_named(session, need.enterprise_id)
    institute = institute_named(session, proposal.institute_id)
    seller = _seller(session, need, institute, said.get("seller_enterprise_id"))
    credited_to, credited_as = broker_behind(session, need, institute.id)
    serial = session.scalar(select(NUMBERS.next_value()))
    contract = Contract(
        number=f"HT-{today.year}-{serial:06d}", need_id=need.id, proposal_id=proposal.id, zone_code=need.zone_code,
        buyer_id=buyer.id, buyer_region_code=buyer.region_code, institute_id=institute.id,
        seller_enterprise_id=seller and seller.id, **_where(seller, institute), recorded_by=actor.account_id,
        recorded_side=side, credited_to=credited_to, credited_as=credited_as, parties=rows_of(said.get("parties", ())),
        created_at=now, updated_at=now, **_days(session, need.zone_code, now), **given,
    )  # fmt: skip
    set_committed_value(contract, "institute", institute)
    set_committed_value(contract, "seller_enterprise", seller)
    contract.recorded_parties = spoken_for(actor, contract)
    return contract


def _posted_on(need: Need) -> date:
    if need.submitted_at is None:
        raise AssertionError("a proposal was accepted for a need that was never handed in")
    return local_date(need.submitted_at)


def _days(session: Session, zone_code: str, now: datetime) -> dict[str, Any]:
    """Until when it can be disputed, and when it is to be followed up first."""
    follow_up = number_on("follow_up_days", local_date(now)).value
    return {
        "disputable_until": disputable_until(session, zone_code, now),
        "follow_up_on": working_day_after(session, zone_code, now, follow_up),
    }


def _seller(
    session: Session, need: Need, institute: Institute, enterprise_id: UUID | None
) -> Enterprise | None:
    """The enterprise that is named; else the institute itself, where the directory knows it as an enterprise too."""
    if enterprise_id is None:
        return enterprise_of_code(session, institute.credit_code)
    if enterprise_id == need.enterprise_id:
        raise Invalid.field("seller_enterprise_id", OWN_SELLER)
    try:
        return enterprise_named(session, enterprise_id)
    except NotFound:
        raise Invalid.field("seller_enterprise_id", NO_SUCH_ENTERPRISE) from None


def _where(seller: Enterprise | None, institute: Institute) -> dict[str, str]:
    """Where the seller lies, which says who registers the contract, and what policies call it."""
    is_another = seller is not None and seller.credit_code != institute.credit_code
    kind = seller_kind(institute.type, through_enterprise=is_another)
    return {"seller_region_code": (seller or institute).region_code, "seller_kind": kind}


def _columns(said: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of what HTTP says; the IP clause stands in three."""
    columns = {name: value for name, value in said.items() if name in TERMS}
    if "ip_clause" in said:
        clause = said["ip_clause"]
        columns |= {column: clause.get(part) for column, part in CLAUSE.items()}
    return columns


def _amended(
    session: Session, actor: Actor, contract: Contract, said: Mapping[str, Any],
    changes: tuple[dict[str, Any], dict[str, Any]], now: datetime,
) -> Contract:  # fmt: skip
    before, after = changes
    side = next(
        (name for name, rule in SIGNERS if rule(actor, contract.need, contract.institute_id)), "seller"
    )
    replaced = {name: said[name] for name in ("parties",) if name in said}
    record_supplement(session, actor, contract, after | replaced, side, now=now)
    rewrite(session, contract, after | replaced)
    if replaced:
        after = after | {"parties": len(contract.parties)}
    contract.recorded_by, contract.recorded_side = actor.account_id, side
    contract.recorded_parties, contract.confirmed_parties = spoken_for(actor, contract), []
    contract.confirmed_at = contract.confirmed_by = None
    contract.disputable_until = disputable_until(session, contract.zone_code, now)
    contract.updated_at = now
    session.flush()
    audit.record(
        session, actor, "amend_contract", contract, now=now, before=before, after=after, personal=PERSONAL
    )
    facts.state_terms(session, actor, contract, now=now)
    tell_other_side(session, contract, now=now)
    return contract
