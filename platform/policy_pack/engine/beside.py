"""What may still be asked of a policy beside what was asked before, by one applicant. Pure.

Declared rules:
* An item is one contract, product or project; what an enterprise asks for without naming one is one item a year.
* Of one item a policy pays no more, in all that is asked for it, than it pays for the item today.
* A cap per applicant holds over all items ever, one per year over the items of the year.
* Policies that exclude each other, of which the higher is taken, of which one goes before the other, or that are paid
  once per project, are not asked for twice of one item, whichever comes first.
* A joint cap holds over all its policies of one item.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from backbone.money import FEN_PER_WAN
from policy_pack.engine.amounts import most_of_applicant
from policy_pack.engine.policy import Bond, Per, Policy, Relation

APART = frozenset({Bond.EXCLUSIVE, Bond.TAKE_HIGHER, Bond.PRIORITY_OVER, Bond.ONCE_PER_PROJECT})


@dataclass(frozen=True)
class Claim:
    """An amount in fen that is asked for, or was granted, under a policy; `number` is what people call it."""

    number: str
    policy_id: str
    matter_id: UUID | None
    year: int
    fen: int

    def is_of_item(self, other: "Claim") -> bool:
        """Whether both are of one item."""
        if self.matter_id is None:
            return other.matter_id is None and self.year == other.year
        return self.matter_id == other.matter_id


@dataclass(frozen=True)
class Bound:
    """Together with these claims no more than `most_fen`."""

    most_fen: int
    before: tuple[Claim, ...]

    @property
    def before_fen(self) -> int:
        """What they come to."""
        return sum(each.fen for each in self.before)


def kept_apart(
    asked: Claim, before: Iterable[Claim], relations: Iterable[Relation]
) -> tuple[Relation, Claim] | None:
    """The first relation that keeps it apart from a claim of before, with that claim."""
    of_item = [each for each in before if each.is_of_item(asked)]
    for relation in relations:
        if relation.bond in APART and asked.policy_id in relation.between:
            for each in of_item:
                if each.policy_id in relation.between and _are_apart(relation, asked, each):
                    return relation, each
    return None


def exceeded(
    asked: Claim, before: Iterable[Claim], policy: Policy, most_fen: int | None, relations: Iterable[Relation]
) -> Bound | None:
    """The first bound that it would exceed beside what was asked before; `most_fen` (None: unbounded) is what the policy pays for its item."""
    bounds = _bounds(asked, tuple(before), policy, most_fen, relations)
    return next(
        (each for each in bounds if each.before and each.before_fen + asked.fen > each.most_fen), None
    )


def _are_apart(relation: Relation, asked: Claim, other: Claim) -> bool:
    """Two claims of one policy are kept apart by what is paid once per project alone."""
    return relation.bond is Bond.ONCE_PER_PROJECT or asked.policy_id != other.policy_id


def _bounds(
    asked: Claim,
    before: tuple[Claim, ...],
    policy: Policy,
    most_fen: int | None,
    relations: Iterable[Relation],
) -> Iterator[Bound]:
    of_item = [each for each in before if each.is_of_item(asked)]
    if most_fen is not None:
        yield Bound(most_fen, tuple(each for each in of_item if each.policy_id == asked.policy_id))
    in_all = most_of_applicant(policy)
    if in_all is not None and policy.amount is not None:
        is_yearly = policy.amount.cap_per is Per.YEAR
        counted = (each for each in before if each.policy_id == asked.policy_id)
        yield Bound(in_all, tuple(each for each in counted if not is_yearly or each.year == asked.year))
    for relation in relations:
        if relation.most is not None and asked.policy_id in relation.between:
            most = int(relation.most * FEN_PER_WAN)
            yield Bound(most, tuple(each for each in of_item if each.policy_id in relation.between))
