"""The seam to the extractor, which reads fields out of free words: a note, a call's minutes.

`proposed_fields(text, visited_on)` is pure. Whoever writes the extractor hands it to `proposer`; until then nothing is
proposed. What it proposes is shown to the collector beside the words it was read from, and becomes an answer only by
`answerInterview`: nobody's need says what nobody confirmed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True)
class ProposedFields:
    """Fields of a need by name, as `answerInterview` takes them (JSON values), and the words that each was read from."""

    fields: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    read_from: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


Propose = Callable[[str, date], ProposedFields]
NOTHING = ProposedFields()
_proposers: list[Propose] = []


def proposer(propose: Propose) -> Propose:
    """Register the extractor; the last one registered is asked."""
    _proposers[:] = [propose]
    return propose


def proposed_fields(text: str, visited_on: date) -> ProposedFields:
    """What the extractor reads in the words of a visit on this day (for “年底前”, “下个月”); nothing where there is none."""
    return _proposers[0](text, visited_on) if _proposers and text.strip() else NOTHING
