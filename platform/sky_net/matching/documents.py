"""What is ranked and asked for, in the few words that ranking needs. Pure data; `ranking` re-exports all of it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Document:
    """One thing that can be found: an achievement, a capability or, searched the other way round, a need.

    `facets` are `name:value` strings such as `industry:opto`, `region:420100`, `trl:6`, `mode:licence`;
    `owner` is the institute whose score this document feeds.
    """

    id: str
    title: str
    body: str = ""
    facets: frozenset[str] = frozenset()
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: a need's title and its description (problem, scene, indicators as one text)."""

    title: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Filters:
    """Facets that a hit must carry: at least one out of every set in `required`. No set: everything passes."""

    required: tuple[frozenset[str], ...] = ()

    def admits(self, facets: frozenset[str]) -> bool:
        """Whether a document with these facets passes."""
        return all(choices & facets for choices in self.required)


@dataclass(frozen=True, slots=True)
class Hit:
    """A ranked document. `score` is 0 or more, about 1 for a text that answers in the query's own words.

    `signals` are the parts that add up to the score (up to rounding), by name.
    """

    document_id: str
    score: float
    signals: dict[str, float] = field(default_factory=dict)
    owner: str = ""
    standing: float | None = None
    """Where a learned ranker chose the order: the score that the blend gave at this hit's place."""

    @property
    def worth(self) -> float:
        """What it counts for beside other hits of the same list; never rises from one to the next."""
        return self.score if self.standing is None else self.standing

    @property
    def is_near(self) -> bool:
        """Whether its meaning has anything in common with the query's."""
        return self.signals.get("dense", 0.0) > 0
