"""Two lists of movements beside each other, by the bank's reference. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

MATCHED, MISSING, SURPLUS, AMOUNT_DIFFERS = KINDS = ("matched", "missing", "surplus", "amount_differs")
OUT, IN = DIRECTIONS = ("out", "in")


@dataclass(frozen=True, order=True)
class Movement:
    """Money that left (`out`) or came (`in`), in fen; no reference comes twice in one list and direction."""

    direction: str
    bank_ref: str
    fen: int


@dataclass(frozen=True, order=True)
class Finding:
    """What one reference comes to: `ours_fen` is None where only the bank knows it, `theirs_fen` where only we do."""

    direction: str
    bank_ref: str
    kind: str
    ours_fen: int | None
    theirs_fen: int | None


def match(ours: Iterable[Movement], theirs: Iterable[Movement]) -> list[Finding]:
    """One finding for each direction and reference, in their order."""
    known = {(each.direction, each.bank_ref): each.fen for each in ours}
    booked = {(each.direction, each.bank_ref): each.fen for each in theirs}
    return [
        Finding(*key, _kind(known.get(key), booked.get(key)), known.get(key), booked.get(key))
        for key in sorted(known.keys() | booked.keys())
    ]


def _kind(ours: int | None, theirs: int | None) -> str:
    if ours is None:
        return SURPLUS
    if theirs is None:
        return MISSING
    return MATCHED if ours == theirs else AMOUNT_DIFFERS
