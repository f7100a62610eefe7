"""Why a hit is a hit: the terms that both texts use, the need's indicators, what is known beyond, what is missing, a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

from backbone.errors import Bilingual
from sky_net.matching.corpus import Corpus
from sky_net.matching.documents import Document, Query
from sky_net.matching.evidence import MOST_TERMS, Evidence, MatchedTerm, Sought
from sky_net.matching.gaps import Gap, gaps_of
from sky_net.matching.indicators import IndicatorVerdict
from sky_net.matching.saying import Facts, sentence_of

__all__ = [
    "MOST_TERMS", "Evidence", "Explainer", "Facts", "Gap", "IndicatorVerdict", "MatchedTerm", "Reasons", "explain",
    "explain_institute",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reasons:
    """The terms, weightiest first; the need's indicators in its order; what the offer lacks; the whole as one sentence.

    `explained` is the share of the score's lexical part that the terms account for, 0 to 1.
    """

    terms: tuple[MatchedTerm, ...]
    sentence: Bilingual
    indicators: tuple[IndicatorVerdict, ...] = ()
    gaps: tuple[Gap, ...] = ()
    explained: float = 0.0


class Explainer:
    """Explains the hits of one query: make it once for a list."""

    def __init__(self, query: Query, corpus: Corpus) -> None:
        self._sought = Sought(query, corpus)

    def explain(self, document: Document, facts: Facts | None = None, *, is_near: bool = True) -> Reasons:
        """The reasons for this document; `is_near` says whether the meanings have anything in common.

        That is all that is left without a shared term.
        """
        facts = facts or Facts()
        evidence = self._sought.evidence(document)
        return Reasons(
            evidence.terms,
            sentence_of(evidence.terms, facts, is_near=is_near),
            facts.indicators,
            gaps_of(facts),
            evidence.explained,
        )


def explain(
    query: Query, document: Document, corpus: Corpus, facts: Facts | None = None, *, is_near: bool = True
) -> Reasons:
    """The reasons for one document; see `Explainer`."""
    return Explainer(query, corpus).explain(document, facts, is_near=is_near)


def explain_institute(ranks: Sequence[int], best: str | None) -> Bilingual:
    """Why an institute stands where it does: the places of its achievements that count, and the best one's title."""
    places = "、".join(map(str, ranks)), ", ".join(map(str, ranks))
    zh = f"其 {len(ranks)} 项成果排在第 {places[0]} 位" + (f"，最相近的是《{best}》。" if best else "。")
    en = f"{len(ranks)} of its achievements at place {places[1]}" + (
        f"; the nearest is “{best}”." if best else "."
    )
    return Bilingual(zh, en)
