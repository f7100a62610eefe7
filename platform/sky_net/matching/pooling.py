"""An institute's score, pooled from its achievements: several fitting ones count, but never more than one that fits.

Where a learned ranker chose the order, a hit counts for what its place is worth (`Hit.worth`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sky_net.matching.documents import Hit

DISCOUNTS = (1.0, 0.3, 0.15)
"""What the best, second and third hit of an institute are worth; further ones say that it is large, not that it fits."""

MOST_LIFT = 1.25
"""The score is at most this multiple of the best hit: three half-fitting achievements do not beat a fitting one."""


@dataclass(frozen=True, slots=True)
class InstituteScore:
    """`document_ids` are the hits of the institute that count, best first."""

    institute_id: str
    score: float
    document_ids: tuple[str, ...]


def pool(hits: Sequence[Hit]) -> list[InstituteScore]:
    """The owners of the hits, best first, equal scores in order of id. Hits without an owner or a score do not count.

    Pool more hits than are shown (ten times as many), or an institute's second achievement is not among them.
    """
    of_owner: dict[str, list[Hit]] = {}
    for hit in sorted(hits, key=lambda each: (-each.worth, each.document_id)):
        if hit.owner and hit.worth > 0:
            of_owner.setdefault(hit.owner, []).append(hit)
    pooled = [_pooled(owner, owned[: len(DISCOUNTS)]) for owner, owned in of_owner.items()]
    return sorted(pooled, key=lambda each: (-each.score, each.institute_id))


def _pooled(owner: str, hits: Sequence[Hit]) -> InstituteScore:
    total = sum(discount * hit.worth for discount, hit in zip(DISCOUNTS, hits, strict=False))
    score = round(min(total, MOST_LIFT * hits[0].worth), 6)
    return InstituteScore(owner, score, tuple(hit.document_id for hit in hits))
