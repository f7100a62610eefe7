"""What the bank has said of a payment, and what another word of it changes. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from finance_net.awards.life import PAYMENT, RETURNED, SETTLED

Movement = tuple[str | None, date | None]
"""The bank's reference of money that moved, and its day."""


@dataclass(frozen=True)
class Word:
    """One word of the bank's: an action in the life of the payment `reference`, and the movement that it speaks of."""

    reference: str
    action: str
    amount_fen: int
    bank_ref: str | None = None
    on: date | None = None

    @property
    def is_return(self) -> bool:
        """Whether it speaks of money that came back, not of how it went out."""
        return PAYMENT.after(self.action) == RETURNED

    @property
    def movement(self) -> Movement:
        """What moved."""
        return self.bank_ref, self.on


@dataclass(frozen=True)
class Record:
    """Where a payment stands, how its money went `out` and how it came `back`; one that came back keeps both."""

    state: str = PAYMENT.first
    out: Movement = (None, None)
    back: Movement = (None, None)

    def says(self, word: Word) -> bool:
        """Whether all of it is on record; a payment that came back was settled all the same."""
        if word.is_return:
            return (self.state, self.back) == (RETURNED, word.movement)
        stands = SETTLED if self.state == RETURNED else self.state
        return (stands, self.out) == (PAYMENT.after(word.action), word.movement)

    def allows(self, word: Word) -> bool:
        """Whether it may be said of a payment that stands so."""
        return self.state in PAYMENT.before(word.action)

    def after(self, word: Word) -> "Record":
        """What is on record then; raises StateConflict where that cannot be."""
        state = PAYMENT.after(word.action, self.state)
        if word.is_return:
            return Record(state, self.out, word.movement)
        return Record(state, word.movement, self.back)


def in_order(words: Iterable[Word]) -> list[Word]:
    """By payment, and of each how it went out before how it came back: a bank's day may tell of both, in whatever order."""
    return sorted(words, key=lambda word: (word.reference, word.is_return))


def sorted_out(words: Iterable[Word], records: dict[str, Record]) -> tuple[list[Word], list[Word]]:
    """(what is new, what contradicts) of words in order, each held against the `records` with the words before it, which they keep."""
    news, against = [], []
    for word in words:
        record = records[word.reference]
        if record.says(word):
            continue
        if record.allows(word):
            records[word.reference] = record.after(word)
            news.append(word)
        else:
            against.append(word)
    return news, against
