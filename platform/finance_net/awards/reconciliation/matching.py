"""Two lists of movements beside each other, by the bank's reference. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from backbone.errors import Bilingual

MATCHED, MISSING, SURPLUS, AMOUNT_DIFFERS = KINDS = ("matched", "missing", "surplus", "amount_differs")
KIND_WORDS: Mapping[str, Bilingual] = MappingProxyType({
    MATCHED: Bilingual("相符", "matched"),
    MISSING: Bilingual("银行没有", "not with the bank"),
    SURPLUS: Bilingual("我方没有", "not with us"),
    AMOUNT_DIFFERS: Bilingual("金额不符", "another amount"),
})  # fmt: skip
OUT, IN = DIRECTIONS = ("out", "in")
DIRECTION_WORDS: Mapping[str, Bilingual] = MappingProxyType({
    OUT: Bilingual("支出", "money that left"),
    IN: Bilingual("收入", "money that came"),
})  # fmt: skip


@dataclass(frozen=True, order=True)
class Movement:
    """Money that left (`out`) or came (`in`), in fen; no reference comes twice in one list and direction.

    The day is the bank's, and no part of what is compared.
    """

    direction: str
    bank_ref: str
    fen: int
    on: date | None = field(default=None, compare=False)


@dataclass(frozen=True, order=True)
class Finding:
    """What one reference comes to: `ours_fen` is None where only the bank knows it, `theirs_fen` and the bank's day where only we do."""

    direction: str
    bank_ref: str
    kind: str
    ours_fen: int | None
    theirs_fen: int | None
    booked_on: date | None = field(default=None, compare=False)


def match(ours: Iterable[Movement], theirs: Iterable[Movement]) -> list[Finding]:
    """One finding for each direction and reference, in their order."""
    known = {(each.direction, each.bank_ref): each.fen for each in ours}
    booked = {(each.direction, each.bank_ref): each for each in theirs}
    findings = []
    for key in sorted(known.keys() | booked.keys()):
        theirs_of = booked.get(key)
        fen, on = (theirs_of.fen, theirs_of.on) if theirs_of else (None, None)
        findings.append(Finding(*key, _kind(known.get(key), fen), known.get(key), fen, on))
    return findings


def _kind(ours: int | None, theirs: int | None) -> str:
    if ours is None:
        return SURPLUS
    if theirs is None:
        return MISSING
    return MATCHED if ours == theirs else AMOUNT_DIFFERS
