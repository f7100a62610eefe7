"""The ladder of technology enterprises: its rungs by the labels that are held, and the policies that lead to each. Pure.

科技型中小企业 → 高新技术企业 → 新物种（瞪羚、潜在独角兽、独角兽）→ 科技领军企业 (P38). For the last one no conditions were published.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from backbone.errors import Bilingual
from policy_pack.engine.facts import Facts
from policy_pack.engine.policy import Policy
from policy_pack.engine.tree import Has, leaves


@dataclass(frozen=True)
class Rung:
    """One tier: the labels that stand for it, and the policy that grants one of them (None: none was published)."""

    key: str
    name: Bilingual
    labels: frozenset[str]
    reached_by: str | None


RUNGS = (
    Rung("technology_sme", Bilingual("科技型中小企业", "technology SME"), frozenset({"科技型中小企业"}), "P24"),
    Rung("high_tech", Bilingual("高新技术企业", "high-tech enterprise"), frozenset({"高新技术企业"}), "P23"),
    Rung(
        "new_species", Bilingual("科创“新物种”企业", "new species"), frozenset({"瞪羚", "潜在独角兽", "独角兽"}), "P32",
    ),
    Rung("leading", Bilingual("科技领军企业", "leading technology enterprise"), frozenset({"科技领军"}), None),
)  # fmt: skip


def present_rung(facts: Facts) -> int | None:
    """The place of the highest rung whose label is held, None below the first."""
    held = facts.of("labels")
    if not isinstance(held, frozenset):
        return None
    return max((place for place, rung in enumerate(RUNGS) if rung.labels & held), default=None)


def next_rung(present: int | None) -> Rung | None:
    """The rung above, None at the top."""
    place = 0 if present is None else present + 1
    return RUNGS[place] if place < len(RUNGS) else None


def services_of(rung: Rung, policies: Iterable[Policy]) -> list[str]:
    """The policies that name a label of the rung in their conditions: what is published of its services."""
    return [
        policy.id
        for policy in policies
        if policy.id != rung.reached_by and any(_names(policy, label) for label in rung.labels)
    ]


def _names(policy: Policy, label: str) -> bool:
    return any(
        isinstance(leaf, Has) and leaf.key == "labels" and label in leaf.values
        for clause in policy.clauses
        if clause.when is not None
        for leaf in leaves(clause.when)
    )
