"""What a contract says to policies, as values of the fact dictionary. Pure.

Money: fen → 万元, exactly. The cash received is that of the year: as of each day on which some came in, what had come in
that year by then, of 技术交易额 alone.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, Protocol

from backbone.directory.regions import is_region
from backbone.money import FEN_PER_WAN
from ground_net.contracts.vocabulary import KINDS
from policy_pack.subjects.from_directory import place_of

SHORT = len("技术")
"""A policy says 开发 for 技术开发."""
SELLERS = {"university": "university"}
"""Types of institute that policies call by a name of their own; all others are institutes."""


class Agreed(Protocol):
    """The part of a contract that its facts are read from."""

    signed_on: Any
    technology_fen: Any
    buyer_region_code: Any
    seller_region_code: Any
    seller_kind: Any
    related_to_transfer: Any
    technology_kind: Any
    ownership_transferred: Any
    licence_years: Any

    @property
    def counted_kind(self) -> str:
        """Of which kind it is."""


def seller_kind(institute_type: str, *, through_enterprise: bool) -> str:
    """What policies call the seller."""
    return "enterprise" if through_enterprise else SELLERS.get(institute_type, "institute")


def kind_fact(kind: str) -> dict[str, Any]:
    """Of which of the five kinds it is."""
    return {"contract_type": KINDS[kind].zh[SHORT:]}


def terms_of(contract: Agreed, side: str) -> dict[str, Any]:
    """What was agreed, from one side; what the contract does not say is left out."""
    said = {
        "contract_side": side, **kind_fact(contract.counted_kind), "contract_signed_on": contract.signed_on,
        "technology_transaction_amount": wan(contract.technology_fen), "seller_kind": contract.seller_kind,
    }  # fmt: skip
    for key, code in (
        ("buyer_region", contract.buyer_region_code),
        ("seller_region", contract.seller_region_code),
    ):
        if is_region(code):
            said[key] = place_of(code)
    optional = ("related_to_transfer", "technology_kind", "ownership_transferred", "licence_years")
    return said | {name: getattr(contract, name) for name in optional if getattr(contract, name) is not None}


def cash_by_day(receipts: Iterable[tuple[date, int]]) -> dict[date, int]:
    """Fen of technology received on days, reversals negative → for each of these days, what came in that year by then."""
    found: dict[date, int] = {}
    by_day: dict[date, int] = {}
    for day, fen in receipts:
        by_day[day] = by_day.get(day, 0) + fen
    for _, days in groupby(sorted(by_day.items()), key=lambda each: each[0].year):
        total = 0
        for day, fen in days:
            total += fen
            found[day] = total
    return found


def cash_fact(fen: int) -> Mapping[str, Any]:
    """What was received of the technology transaction amount."""
    return {"cash_received": wan(fen)}


def wan(fen: int) -> Decimal:
    """万元, exactly."""
    return Decimal(fen) / FEN_PER_WAN
