"""Seeing contracts: the parties, the zone's operators and auditors, the registrar those that were filed; one and lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, lazyload

from backbone.actor import Actor
from backbone.db import Identified
from backbone.directory.regions import regions_of
from backbone.errors import NotFound
from backbone.pages import Page, Sortable, read_page
from ground_net.contracts import facts
from ground_net.contracts.models import Contract
from ground_net.contracts.permissions import FULL, at_stations_of, readable, readable_in_full, view_of
from sky_net.needs.models import Need

SORTS: Mapping[str, Sortable] = {"signed_on": Contract.signed_on, "number": Contract.number}


P = TypeVar("P", bound=Identified)


@dataclass(frozen=True)
class Outline:
    """A contract without what was agreed: what is not here cannot leak through any schema."""

    id: UUID
    version: int
    number: str
    need_id: UUID
    need: Need
    kind: str
    state: str
    signed_on: date
    registration_state: str | None
    credited_to: UUID | None
    credited_as: str | None


class ContractInView:
    """A contract with what is looked up beside it: the matters under which policies know it."""

    def __init__(self, contract: Contract, matters: Mapping[UUID, UUID]) -> None:
        self._contract = contract
        self.policy_matters = [
            {"enterprise_id": enterprise_id, "side": side, "matter_id": matters[enterprise_id]}
            for enterprise_id, side in facts.subjects_of(contract).items()
            if enterprise_id in matters
        ]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._contract, name)


def read_contract(session: Session, actor: Actor, contract_id: UUID) -> tuple[Contract, str]:
    """The contract and the view in which the actor may see it, FULL or OUTLINE; raises NotFound."""
    contract = _one(session, select(Contract).where(Contract.id == contract_id, readable(actor)))
    return contract, view_of(actor, contract)


def contract_for(session: Session, actor: Actor, contract_id: UUID) -> Contract:
    """The contract for whoever may read all of it; raises NotFound."""
    return _one(session, select(Contract).where(Contract.id == contract_id, readable_in_full(actor)))


def part_for(session: Session, actor: Actor, kind: type[P], part_id: UUID) -> P:
    """A row of this kind for whoever may read all of the contract that it belongs to; raises NotFound."""
    query = select(kind).join(Contract).where(kind.id == part_id, readable_in_full(actor))
    found = session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def locked_contract(session: Session, actor: Actor, contract_id: UUID, *, lock: bool = True) -> Contract:
    """The contract for whoever may know of it, locked until the transaction ends and read anew; raises NotFound."""
    query = select(Contract).where(Contract.id == contract_id, readable(actor))
    return _one(session, query.with_for_update(of=Contract) if lock else query)


def locked_at_station(session: Session, actor: Actor, contract_id: UUID) -> Contract:
    """As `locked_contract`, and for the registrar where the seller lies also before it was filed: whoever hands in a contract
    there names it. Raises NotFound.
    """
    known = readable(actor) | at_stations_of(actor)
    return _one(
        session, select(Contract).where(Contract.id == contract_id, known).with_for_update(of=Contract)
    )


def seen(session: Session, contract: Contract) -> ContractInView:
    """The contract as HTTP shows it in full."""
    return ContractInView(contract, facts.matters_of(session, contract))


def list_contracts(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[Contract | Outline]:
    """A page of the contracts that the actor may know of, each in the actor's view."""
    query = _filtered(select(Contract).where(readable(actor)), actor, asked)
    page = read_page(session, query, asked, SORTS, Contract.id)
    return Page(
        [row if view_of(actor, row) == FULL else outline_of(row) for row in page.items], page.next_cursor
    )


def parties_of(session: Session, contract_id: UUID | None) -> set[UUID]:
    """The enterprises and the institute of a contract, whoever asks; empty where there is no such contract."""
    columns = (Contract.buyer_id, Contract.institute_id, Contract.seller_enterprise_id)
    row = session.execute(select(*columns).where(Contract.id == contract_id)).first()
    return set() if row is None else {each for each in row if each is not None}


def outline_of(contract: Contract) -> Outline:
    """The outline, for the broker to whom it is credited."""
    return Outline(**{name: getattr(contract, name) for name in Outline.__dataclass_fields__})


def _filtered(query: Select[Contract], actor: Actor, asked: Mapping[str, Any]) -> Select[Contract]:
    for name, column in (
        ("state", Contract.state),
        ("kind", Contract.kind),
        ("registration", Contract.registration_state),
    ):
        if asked.get(name):
            query = query.where(column.in_(asked[name]))
    for name in ("need_id", "credited_to"):
        if asked.get(name):
            query = query.where(getattr(Contract, name) == asked[name])
    if asked.get("zone"):
        # Who is shown an outline is not told where the enterprise lies: filtering by it would tell.
        query = query.where(Contract.zone_code.in_(regions_of([asked["zone"]])), readable_in_full(actor))
    if asked.get("signed_from"):
        query = query.where(Contract.signed_on >= asked["signed_from"])
    if asked.get("signed_to"):
        query = query.where(Contract.signed_on <= asked["signed_to"])
    return query


def _one(session: Session, query: Select[Contract]) -> Contract:
    # Loads nothing beside it: whether it is missing or hidden, the work is the same.
    found = session.scalar(query.options(lazyload("*")).execution_options(populate_existing=True))
    if found is None:
        raise NotFound()
    return found
