"""What a search answers with: hits at their place, with the rows that were read anew for them and the reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from backbone.directory.service import Named
from backbone.errors import Bilingual
from sky_net.achievements.models import Achievement
from sky_net.matching.documents import Hit
from sky_net.matching.port import Searchable
from sky_net.matching.reasons import Reasons
from sky_net.needs.reading import Reading


@dataclass(frozen=True)
class Ranked:
    """A hit at its place, counted from 1."""

    rank: int
    hit: Hit
    reasons: Reasons

    @property
    def score(self) -> float:
        """See `Hit`."""
        return self.hit.score

    @property
    def probability(self) -> float:
        """See `Hit`."""
        return self.hit.probability

    @property
    def signals(self) -> dict[str, float]:
        """See `Hit`."""
        return self.hit.signals

    @property
    def sentence_zh(self) -> str:
        """The reasons in Chinese."""
        return self.reasons.sentence.zh

    @property
    def sentence_en(self) -> str:
        """The reasons in English."""
        return str(self.reasons.sentence)

    @property
    def matched_terms(self) -> list[dict[str, object]]:
        """The terms that both texts use, weightiest first: term, weight, field of the found text, and element."""
        return [
            {"term": each.term, "weight": each.weight, "field": each.field, "element": each.element}
            for each in self.reasons.terms
        ]

    @property
    def explained(self) -> float:
        """See `Reasons`."""
        return self.reasons.explained

    @property
    def verdicts(self) -> list[dict[str, object]]:
        """The need's indicators against what the offer states: name, verdict, both numbers as texts, weight."""
        return [
            {
                "name": each.name, "verdict": each.verdict, "required": each.required, "stated": each.stated,
                "weight": each.weight,
            }
            for each in self.reasons.indicators
        ]  # fmt: skip

    @property
    def gaps(self) -> list[dict[str, object]]:
        """What is missing: kind and a sentence in both languages."""
        return [
            {"kind": each.kind, "sentence_zh": each.sentence.zh, "sentence_en": str(each.sentence)}
            for each in self.reasons.gaps
        ]


@dataclass(frozen=True)
class Match(Ranked):
    """One achievement for a need."""

    achievement: Achievement
    institute: Named


@dataclass(frozen=True)
class InstituteMatch:
    """An institute with the achievements that its score was pooled from, best first, and why it stands here."""

    institute: Named
    score: float
    achievements: Sequence[str]
    reason: Bilingual


@dataclass(frozen=True)
class Matches:
    """The answer for a need; `advice` is given when nothing is suitable."""

    need_id: UUID
    achievements: Sequence[Match]
    institutes: Sequence[InstituteMatch]
    nothing_suitable: bool
    advice: Bilingual | None
    searched: Searchable


@dataclass(frozen=True)
class Submitted(Reading):
    """A need that was just submitted, with the matches that its poster asked for along."""

    matches: Matches | None = None


@dataclass(frozen=True)
class FittingNeed(Ranked):
    """One need for an achievement, in the view of whoever asked."""

    need: Reading


@dataclass(frozen=True)
class FittingNeeds:
    """The answer for an achievement."""

    achievement_id: UUID
    needs: Sequence[FittingNeed]
    nothing_suitable: bool
    searched: Searchable
