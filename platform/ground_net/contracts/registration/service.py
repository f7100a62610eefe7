"""Filing a contract, and deciding it: each step also writes what it comes to in the contract, under the contract's lock."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backbone import audit, events
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.errors import Bilingual, Forbidden, Invalid
from ground_net.contracts import facts
from ground_net.contracts.events import ContractRegistered
from ground_net.contracts.known import kind_fact
from ground_net.contracts.models import Contract
from ground_net.contracts.parties import sellers_registrar
from ground_net.contracts.permissions import CAN_FILE, CAN_RECORD_DECISION
from ground_net.contracts.reading import locked_at_station, locked_contract
from ground_net.contracts.registration.errors import (
    NotFiled,
    NotInForce,
    RegisterNumberTaken,
    RegistrationOnFile,
)
from ground_net.contracts.registration.models import Registration
from ground_net.contracts.registration.reasons import REVIEWED_BY_EXPERTS
from ground_net.contracts.registration.states import LIFE, LIVE
from ground_net.contracts.registration.telling import tell_seller
from ground_net.contracts.rules import number_on
from ground_net.contracts.standing import require_standing
from ground_net.contracts.states import ENDED, STATES
from sky_net.invitations.life_cycle import allows
from sky_net.sla.calendars.working_days import working_days_after

PERSONAL = frozenset({"message"})
"""Free text between people."""
OUTSIDE = Bilingual(
    "登记日须在签订日 {signed_on} 至今天 {today} 之间",
    "It was registered between its signing on {signed_on} and today, {today}",
)
ABOVE = Bilingual(
    "不能高于技术交易额 {technology} 元",
    "It may not lie above the technology part of {technology} yuan",
)


def file_registration(
    session: Session, actor: Actor, contract_id: UUID, said: Mapping[str, Any], *, now: datetime
) -> Registration:
    """The seller hands it in while it is in force, or hands it in again after a return; the days begin anew then.

    Raises NotFound, Forbidden, ContractDisputed, NotInForce, RegistrationOnFile.
    """
    contract = locked_contract(session, actor, contract_id)
    if not allows(CAN_FILE, actor, contract):
        raise Forbidden()
    require_standing(contract, "file_registration")
    live = _live(session, contract)
    if live is not None and "file_again" not in LIFE.actions_from(live.state):
        raise RegistrationOnFile(
            stands=LIFE.words[live.state], number=contract.number, registration=live.state
        )
    _require_in_force(contract, local_date(now))
    if live is None:
        live = _filed(session, contract, actor, "seller", said["documents"], now)
        return _written(session, actor, contract, live, "file_registration", {}, now)
    LIFE.move(live, "file_again", actor, contract)
    again = {"documents": said["documents"], "filed_at": now, "missing_items": [], "message": None,
             **_due(session, contract, now)}  # fmt: skip
    return _written(session, actor, contract, live, "file_registration", again, now)


def return_registration(
    session: Session, actor: Actor, contract_id: UUID, said: Mapping[str, Any], *, now: datetime
) -> Registration:
    """The registrar sends it back, naming what is missing; raises NotFound, Forbidden, NotFiled, StateConflict."""
    contract, live = _to_decide(session, actor, contract_id)
    LIFE.move(live, "return", actor, contract)
    values = {"missing_items": said["missing_items"], "message": said.get("message")}
    _written(session, actor, contract, live, "return_registration", values, now)
    tell_seller(session, actor, contract, live, now=now)
    return live


def refuse_registration(
    session: Session, actor: Actor, contract_id: UUID, said: Mapping[str, Any], *, now: datetime
) -> Registration:
    """It is not registered, for a reason; policies know so. Raises NotFound, Forbidden, NotFiled, StateConflict."""
    contract, live = _to_decide(session, actor, contract_id)
    LIFE.move(live, "refuse", actor, contract)
    values = {
        "reason_code": said["reason_code"],
        "message": said.get("message"),
        **_decided(actor, contract, now),
    }
    _written(session, actor, contract, live, "refuse_registration", values, now)
    tell_seller(session, actor, contract, live, now=now)
    facts.feed(
        session, actor, contract, lambda side: {"contract_registered": False}, local_date(now), now=now
    )
    return live


def register_contract(
    session: Session, actor: Actor, contract_id: UUID, said: Mapping[str, Any], *, now: datetime
) -> Registration:
    """The station has registered it, under this number. Where nothing was filed here it is filed and decided at once, by the
    registrar or by the operator who puts on record what a station outside has answered.

    Raises NotFound, Forbidden, ContractDisputed, NotInForce, RegistrationOnFile, StateConflict, RegisterNumberTaken, Invalid.
    """
    contract = locked_at_station(session, actor, contract_id)
    if not allows(CAN_RECORD_DECISION, actor, contract):
        raise Forbidden()
    require_standing(contract, "register")
    registered_on = _day(contract, said.get("registered_on"), now)
    if (said.get("technology_income_fen") or 0) > contract.technology_fen:
        raise Invalid.field("technology_income_fen", ABOVE.format(technology_fen=contract.technology_fen))
    live = _live(session, contract)
    if live is not None and "register" not in LIFE.actions_from(live.state):
        raise RegistrationOnFile(
            stands=LIFE.words[live.state], number=contract.number, registration=live.state
        )
    if live is None:
        _require_in_force(contract, registered_on)
        live = _filed(session, contract, actor, _as(actor, contract), [], now)
        _written(session, actor, contract, live, "file_registration", {}, now)
    _number(session, contract, said, registered_on)
    LIFE.move(live, "register", actor, contract)
    _written(session, actor, contract, live, "register_contract", _decided(actor, contract, now), now)
    tell_seller(session, actor, contract, live, now=now)
    _tell_policies(session, actor, contract, registered_on, now)
    events.publish(session, ContractRegistered(contract, actor, now))
    return live


def _tell_policies(
    session: Session, actor: Actor, contract: Contract, registered_on: date, now: datetime
) -> None:
    known = {"contract_registered": True, "contract_registered_on": registered_on} | kind_fact(
        contract.counted_kind
    )
    # As of today too: what was said in between, that it was refused or ended unregistered, does not hold any more.
    for day in sorted({registered_on, local_date(now)}):
        facts.feed(session, actor, contract, lambda side: known, day, now=now)


def _live(session: Session, contract: Contract) -> Registration | None:
    query = select(Registration).where(Registration.contract_id == contract.id, Registration.state.in_(LIVE))
    return session.scalar(query.execution_options(populate_existing=True))


def _to_decide(session: Session, actor: Actor, contract_id: UUID) -> tuple[Contract, Registration]:
    contract = locked_contract(session, actor, contract_id)
    live = _live(session, contract)
    if live is None:
        raise (
            NotFiled(number=contract.number) if allows(CAN_RECORD_DECISION, actor, contract) else Forbidden()
        )
    return contract, live


def _filed(
    session: Session, contract: Contract, actor: Actor, filed_as: str, documents: list[str], now: datetime
) -> Registration:
    filing = Registration(
        contract_id=contract.id, filed_by=actor.account_id, filed_as=filed_as, filed_at=now, documents=documents,
        created_at=now, updated_at=now, state=LIFE.initial, **_due(session, contract, now),
    )  # fmt: skip
    session.add(filing)
    session.flush()
    session.refresh(filing, ["contract"])
    return filing


def _due(session: Session, contract: Contract, now: datetime) -> dict[str, Any]:
    """Whether experts check it again, and until when it is to be decided."""
    today = local_date(now)
    is_large = contract.amount_fen > number_on("expert_review_above_fen", today).value
    by_experts = is_large and contract.kind in REVIEWED_BY_EXPERTS
    days = number_on("expert_review_days" if by_experts else "registration_days", today).value
    due_at = working_days_after(session, contract.seller_region_code, now, days)
    return {"expert_review": by_experts, "due_at": due_at}


def _require_in_force(contract: Contract, day: date) -> None:
    has_ended = contract.state in ENDED and (contract.ended_on is None or day > contract.ended_on)
    if has_ended or not contract.valid_from <= day <= contract.valid_to:
        raise NotInForce(
            number=contract.number, valid_from=contract.valid_from.isoformat(), valid_to=contract.valid_to.isoformat(),
            day=day.isoformat(), state=contract.state, stands=STATES[contract.state],
        )  # fmt: skip


def _day(contract: Contract, registered_on: date | None, now: datetime) -> date:
    today = local_date(now)
    day = registered_on or today
    if not contract.signed_on <= day <= today:
        raise Invalid.field("registered_on", OUTSIDE.format(signed_on=contract.signed_on, today=today))
    return day


def _as(actor: Actor, contract: Contract) -> str:
    return "registrar" if sellers_registrar(actor, contract) else "operator"


def _decided(actor: Actor, contract: Contract, now: datetime) -> dict[str, Any]:
    return {"decided_at": now, "decided_by": actor.account_id, "decided_as": _as(actor, contract)}


def _number(session: Session, contract: Contract, said: Mapping[str, Any], registered_on: date) -> None:
    """What the station answered, in the contract; the unique constraint decides whose the number is."""
    try:
        with session.begin_nested():
            contract.register_number, contract.registered_on = said["register_number"], registered_on
            contract.registered_kind = said.get("kind") or contract.kind
            contract.technology_income_fen = said.get("technology_income_fen")
            contract.registration_state = LIFE.after("register")
            session.flush()
    except IntegrityError as clash:
        if "register_number" not in str(clash.orig):
            raise
        raise RegisterNumberTaken(register_number=said["register_number"]) from None


def _written(
    session: Session, actor: Actor, contract: Contract, filing: Registration, action: str, values: Mapping[str, Any],
    now: datetime,
) -> Registration:  # fmt: skip
    for name, value in values.items():
        setattr(filing, name, value)
    filing.updated_at = contract.updated_at = now
    contract.registration_state, contract.filed_at = filing.state, contract.filed_at or now
    session.flush()
    told = {
        "state": filing.state,
        "contract_id": contract.id,
        "filed_as": filing.filed_as,
        "due_at": filing.due_at,
    }
    if filing.state == LIFE.after("register"):
        told |= {"register_number": contract.register_number, "registered_on": contract.registered_on}
    audit.record(session, actor, action, filing, now=now, after=told | dict(values), personal=PERSONAL)
    return filing
