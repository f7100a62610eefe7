"""What a fund holds of an enterprise, in fen: what it cost, what that is carried at, and what a sale comes to. Pure.

cost = paid − cost of what was sold; carried = cost − written down. A sale takes its share of what was written down along,
rounded down to the fen; the last one takes all of it. Of the proceeds as much as was paid and has not come back yet goes
back into the ledger; what is more is a gain, which is no money of the envelopes.
"""

from dataclasses import dataclass, replace

from finance_net.equity.errors import CostExceeded, NothingTaken, ProceedsTooLarge, WriteDownExceeded

LARGEST = 2**63 - 1
"""Fen that a row can keep."""


@dataclass(frozen=True)
class Position:
    """Sums so far. `sold_fen` is the cost of what was sold, `written_down_fen` of what is left, `recovered_fen` what the
    ledger has got back of `proceeds_fen`.
    """

    paid_fen: int
    sold_fen: int = 0
    written_down_fen: int = 0
    proceeds_fen: int = 0
    recovered_fen: int = 0

    @property
    def cost_fen(self) -> int:
        """What was paid for that which is still held."""
        return self.paid_fen - self.sold_fen

    @property
    def carrying_fen(self) -> int:
        """The cost, less what was written down."""
        return self.cost_fen - self.written_down_fen

    @property
    def realised_fen(self) -> int:
        """Proceeds less the cost of what was sold; negative for a loss."""
        return self.proceeds_fen - self.sold_fen


@dataclass(frozen=True)
class Sale:
    """What a sale comes to. `gain_fen` is against the cost, `result_fen` against what it was carried at."""

    released_fen: int
    recovered_fen: int
    gain_fen: int
    result_fen: int
    position: Position


def write_down(position: Position, amount_fen: int) -> Position:
    """The position after it; raises NothingTaken, WriteDownExceeded."""
    if amount_fen <= 0:
        raise NothingTaken()
    if amount_fen > position.carrying_fen:
        raise WriteDownExceeded(carrying_fen=position.carrying_fen, asked_fen=amount_fen)
    return replace(position, written_down_fen=position.written_down_fen + amount_fen)


def sell(position: Position, cost_fen: int, proceeds_fen: int) -> Sale:
    """A part of what is held, told by its cost, leaves for the proceeds; raises NothingTaken, CostExceeded,
    ProceedsTooLarge.
    """
    if cost_fen <= 0:
        raise NothingTaken()
    if cost_fen > position.cost_fen:
        raise CostExceeded(cost_fen=position.cost_fen, asked_fen=cost_fen)
    if position.proceeds_fen + proceeds_fen > LARGEST:
        raise ProceedsTooLarge(so_far_fen=position.proceeds_fen, asked_fen=proceeds_fen, most_fen=LARGEST)
    released = position.written_down_fen * cost_fen // position.cost_fen
    recovered = min(proceeds_fen, position.paid_fen - position.recovered_fen)
    gain = proceeds_fen - cost_fen
    left = replace(
        position,
        sold_fen=position.sold_fen + cost_fen,
        written_down_fen=position.written_down_fen - released,
        proceeds_fen=position.proceeds_fen + proceeds_fen,
        recovered_fen=position.recovered_fen + recovered,
    )
    return Sale(released, recovered, gain, gain + released, left)
