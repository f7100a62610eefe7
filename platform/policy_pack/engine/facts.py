"""What is known of a subject: each fact known, known to be absent, disputed, or (left out) unknown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum

Value = Decimal | bool | str | date | frozenset[str]
"""Numbers are Decimal in the unit of the fact's key (money 万元, shares 0 to 1)."""


class Gap(Enum):
    """Why a fact has no value: it is known that there is none, nobody knows, or two sources contradict each other."""

    ABSENT = "known_absent"
    UNKNOWN = "unknown"
    DISPUTED = "disputed"

    __hash__ = object.__hash__  # each is one object, and a name's hash is slow


@dataclass(frozen=True)
class Facts:
    """Facts by key. A key that is left out is unknown; a disputed one counts as unknown and is named as disputed."""

    stated: Mapping[str, Value | Gap] = field(default_factory=dict)

    def of(self, key: str) -> Value | Gap:
        """The value, or why there is none."""
        return self.stated.get(key, Gap.UNKNOWN)

    def is_open(self, key: str) -> bool:
        """Whether an answer could still come: unknown or disputed."""
        value = self.of(key)
        return value is Gap.UNKNOWN or value is Gap.DISPUTED

    def with_answers(self, answers: "Mapping[str, Value | Gap]") -> "Facts":
        """These facts and the answers, which count where both speak."""
        return Facts({**self.stated, **answers})

    def __iter__(self) -> Iterator[str]:
        return iter(self.stated)
