"""Recording cash and reversing it, under the contract's lock: two who record the last fen follow one another."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from backbone import audit, events
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.errors import Bilingual, Forbidden, Invalid
from ground_net.contracts import facts
from ground_net.contracts.events import ReceiptRecorded
from ground_net.contracts.known import cash_by_day, cash_fact
from ground_net.contracts.models import Contract
from ground_net.contracts.permissions import CAN_RECORD_RECEIPT
from ground_net.contracts.reading import locked_contract, part_for
from ground_net.contracts.receipts.errors import (
    ReceiptAboveContract,
    ReceiptOnRecord,
    ReceiptReversed,
    ReceiptRewarded,
)
from ground_net.contracts.receipts.models import CashReceipt
from ground_net.contracts.standing import require_standing, require_uncancelled
from sky_net.invitations.life_cycle import allows

OUTSIDE = Bilingual(
    "到账日须在签订日 {signed_on} 至今天 {today} 之间",
    "It came in between the signing on {signed_on} and today, {today}",
)
WHICH_PART = Bilingual(
    "合同含设备、材料 {equipment} 元，请写明本次到账中的技术交易额",
    "The contract holds {equipment} yuan of equipment and material: say how much of this pays for technology",
)
ABOVE = Bilingual("不能高于本次到账金额", "It may not lie above the amount")
WHOLE = Bilingual("合同成交额", "the contract")
TECHNOLOGY = Bilingual("技术交易额", "its technology")
EQUIPMENT = Bilingual("设备、材料", "its equipment and material")


def record_receipt(
    session: Session, actor: Actor, contract_id: UUID, said: Mapping[str, Any], *, now: datetime
) -> CashReceipt:
    """Put money that came in on record. After the contract was closed or terminated as well: money may come late.

    Raises NotFound, Forbidden, StateConflict for a cancelled contract, ContractDisputed, ReceiptOnRecord, ReceiptAboveContract,
    Invalid.
    """
    contract = locked_contract(session, actor, contract_id)
    if not allows(CAN_RECORD_RECEIPT, actor, contract):
        raise Forbidden()
    require_standing(contract, "record_receipt")
    _require_day(contract, said, now)
    _require_new(session, contract, said["voucher"])
    amount = said["amount_fen"]
    _require_room(WHOLE, contract.amount_fen, contract.received_fen, amount)
    technology = _technology(contract, said)
    paid = contract.received_technology_fen
    _require_room(TECHNOLOGY, contract.technology_fen, paid, technology)
    _require_room(EQUIPMENT, contract.equipment_fen, contract.received_fen - paid, amount - technology)
    receipt = CashReceipt(
        contract_id=contract.id, amount_fen=amount, technology_fen=technology, received_on=said["received_on"],
        voucher=said["voucher"], recorded_by=actor.account_id, recorded_at=now,
    )  # fmt: skip
    return _written(session, actor, contract, receipt, "record_receipt", now)


def reverse_receipt(
    session: Session, actor: Actor, receipt_id: UUID, *, reason_code: str, now: datetime
) -> CashReceipt:
    """Take a receipt out of every sum by a row of its own; both stay. In dispute as well: else money that came by a supplement
    would keep whoever settles from striking it.

    Raises NotFound, Forbidden, StateConflict for a cancelled contract, ReceiptReversed, ReceiptRewarded.
    """
    seen = part_for(session, actor, CashReceipt, receipt_id)
    contract = locked_contract(session, actor, seen.contract_id)
    if not allows(CAN_RECORD_RECEIPT, actor, contract):
        raise Forbidden()
    require_uncancelled(contract, "reverse_receipt")
    known = session.scalar(select(CashReceipt.id).where(CashReceipt.reverses_id == seen.id))
    if known is not None or seen.reverses_id is not None:
        raise ReceiptReversed(id=seen.id)
    left = contract.received_technology_fen - seen.technology_fen
    if left < contract.rewarded_fen:
        raise ReceiptRewarded(rewarded_fen=contract.rewarded_fen, received_fen=left)
    reversal = CashReceipt(
        contract_id=contract.id, amount_fen=seen.amount_fen, technology_fen=seen.technology_fen,
        received_on=seen.received_on, voucher=seen.voucher, reverses_id=seen.id, reversal=reason_code,
        recorded_by=actor.account_id, recorded_at=now,
    )  # fmt: skip
    return _written(session, actor, contract, reversal, "reverse_receipt", now)


def _technology(contract: Contract, said: Mapping[str, Any]) -> int:
    """How much of it pays for technology: all of it where the contract holds nothing else."""
    technology: int | None = said.get("technology_fen")
    if technology is None and contract.equipment_fen:
        raise Invalid.field("technology_fen", WHICH_PART.format(equipment_fen=contract.equipment_fen))
    technology = said["amount_fen"] if technology is None else technology
    if technology > said["amount_fen"]:
        raise Invalid.field("technology_fen", ABOVE)
    return technology


def _require_day(contract: Contract, said: Mapping[str, Any], now: datetime) -> None:
    today = local_date(now)
    if not contract.signed_on <= said["received_on"] <= today:
        problem = OUTSIDE.format(signed_on=contract.signed_on, today=today)
        raise Invalid.field("received_on", problem)


def _require_new(session: Session, contract: Contract, voucher: str) -> None:
    reversal = aliased(CashReceipt)
    standing = (
        select(CashReceipt.id)
        .outerjoin(reversal, reversal.reverses_id == CashReceipt.id)
        .where(CashReceipt.contract_id == contract.id, CashReceipt.voucher == voucher,
               CashReceipt.reverses_id.is_(None), reversal.id.is_(None))
    )  # fmt: skip
    known = session.scalar(standing)
    if known is not None:
        raise ReceiptOnRecord(voucher=voucher, id=known)


def _require_room(part: Bilingual, held: int, received: int, more: int) -> None:
    """Raise ReceiptAboveContract where this part of the contract would be paid more than once."""
    if received + more > held:
        raise ReceiptAboveContract(
            part=part, contract_fen=held, received_fen=received, wanted_fen=more, open_fen=held - received
        )


def _written(
    session: Session, actor: Actor, contract: Contract, receipt: CashReceipt, action: str, now: datetime
) -> CashReceipt:
    """The row, the sums of the contract, and what the year's cash comes to now."""
    amount, technology = receipt.sign * receipt.amount_fen, receipt.sign * receipt.technology_fen
    session.add(receipt)
    contract.received_fen += amount
    contract.received_technology_fen += technology
    contract.updated_at = now
    session.flush()
    names = (
        "contract_id",
        "amount_fen",
        "technology_fen",
        "received_on",
        "voucher",
        "reverses_id",
        "reversal",
    )
    told = {name: getattr(receipt, name) for name in names}
    audit.record(session, actor, action, receipt, now=now, after=told)
    _feed(session, actor, contract, receipt, now)
    events.publish(session, ReceiptRecorded(contract, actor, now, amount, technology))
    return receipt


def _feed(session: Session, actor: Actor, contract: Contract, receipt: CashReceipt, now: datetime) -> None:
    """The seller is told the year's cash anew, as of this day and each later one of the year on which some came in."""
    rows = session.scalars(select(CashReceipt).where(CashReceipt.contract_id == contract.id)).all()
    by_day = cash_by_day((row.received_on, row.sign * row.technology_fen) for row in rows)
    for day, fen in by_day.items():
        if day >= receipt.received_on and day.year == receipt.received_on.year:
            cash = cash_fact(fen)
            facts.feed(session, actor, contract, {"seller": cash}.get, day, now=now)
    if contract.disputed_at is not None:
        facts.doubt(session, actor, contract, now=now)
