"""What is asked of the ledger, and what makes two requests the same. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from backbone.chain.content import canonical
from backbone.digests import digest
from backbone.errors import Bilingual
from backbone.fields import LARGEST
from finance_net.ledger.errors import BadAmount
from finance_net.ledger.steps import Kind


@dataclass(frozen=True)
class Asked:
    """One transfer as it is asked for. `amount_fen` is None for all that is left of a hold.

    `envelope_id` is what money is reserved in or whose limit changes, `hold_id` what is drawn from. A limit is asked for as
    `limit_fen`, an adjustment takes its amount from `giver_id`.
    """

    id: UUID
    kind: Kind
    reason: str
    envelope_id: UUID | None = None
    hold_id: UUID | None = None
    giver_id: UUID | None = None
    reverses_id: UUID | None = None
    amount_fen: int | None = None
    limit_fen: int | None = None
    effective_on: date | None = None
    expires_at: datetime | None = None

    @property
    def request_hash(self) -> str:
        """The same for the same request, whenever it comes and whoever repeats it; keyed, because a reason may name somebody."""
        said = {name: value for name, value in vars(self).items() if value is not None}
        return digest(canonical(said))


def require_amount(amount_fen: object, *, least: int = 1) -> int:
    """The amount, if it is a whole number of fen within 64 bits; raises BadAmount."""
    if type(amount_fen) is not int or not least <= amount_fen <= LARGEST:
        problem = Bilingual(
            f"应为 {least} 至 {LARGEST} 的整数（分）",
            f"Must be a whole number of fen from {least} to {LARGEST}",
        )
        raise BadAmount([{"field": "amount_fen", "problem": problem}], amount=str(amount_fen), most=LARGEST)
    return amount_fen
