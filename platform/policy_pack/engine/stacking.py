"""What may be had together: the best total that is certain, and the best that is possible.

Only grants and tax relief add up; deductions, loans and equity are taken where they harm nothing and add nothing.

Declared rules:
* Certain counts who is eligible, at the least that is paid; of a published ceiling ("at most") nothing is certain.
* Possible counts whoever is or may become eligible, at the most that may be paid; nothing bounds it where one of those
  that are paid is not bounded.
* Priority: whoever qualifies for the first is not granted the second. While the first is undecided the second is not
  certain, and the two are not possible together.
So every completion of the open facts has a best total between the two.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from backbone.money import FEN_PER_WAN
from policy_pack.engine.bonds import JointCap, Table
from policy_pack.engine.choosing import choose
from policy_pack.engine.evaluation import Evaluation, Outcome
from policy_pack.engine.leaving_out import LeftOut, Scene
from policy_pack.engine.policy import Benefit, Bond, Pack, Relation

ADDED = frozenset({Benefit.GRANT, Benefit.TAX_RELIEF})
OPEN = frozenset({Outcome.MISSING_FACTS, Outcome.NEEDS_REVIEW})


@dataclass(frozen=True)
class Taken:
    """A policy of the best set: what it pays beside the others and what it would pay alone; None: nothing bounds it."""

    policy_id: str
    fen: int | None
    alone_fen: int | None
    is_added: bool


@dataclass(frozen=True)
class Total:
    """A best set, in the order of the pack, and who else might have been in it; `fen` None: nothing bounds it."""

    fen: int | None
    taken: tuple[Taken, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class Best:
    """Both totals."""

    certain: Total
    possible: Total


def best_total(pack: Pack, evaluations: Iterable[Evaluation], *, without: Collection[str] = ()) -> Best:
    """The best totals of one subject on one day; policies in `without` are not applied for, whatever they pay."""
    found = {each.policy_id: each for each in sorted(evaluations, key=lambda each: in_order(each.policy_id))}
    return Best(
        _Scene(pack, found, frozenset(without), certain=True).total(),
        _Scene(pack, found, frozenset(without), certain=False).total(),
    )


def in_order(policy_id: str) -> tuple[tuple[str, int], ...]:
    """P3 before P13: letters and numbers in turn."""
    return tuple((word, int(number or 0)) for word, number in re.findall(r"(\D+)(\d*)", policy_id))


@dataclass(frozen=True)
class _Scene:
    """Who may be taken and for how much, in the certain case or in the best one."""

    pack: Pack
    found: Mapping[str, Evaluation]
    without: frozenset[str]
    certain: bool

    def total(self) -> Total:
        able = [each for each in self.found if self._may_be_taken(each)]
        barred = self._barred()
        table = self._table([each for each in able if each not in barred])
        paid = choose(table)
        considered = [each for each in self.found if self.found[each].outcome in (Outcome.ELIGIBLE, *OPEN)]
        scene = Scene(able, self.without, barred, self.pack.relations, table, paid)
        left_out = scene.left_out(considered)
        out = {each.policy_id for each in left_out}
        taken = (self._taken(each, fen, table.worth[each]) for each, fen in paid.items() if each not in out)
        return Total(self._bounded(sum(paid.values())), tuple(taken), left_out)

    def _may_be_taken(self, policy: str) -> bool:
        outcomes = {Outcome.ELIGIBLE} if self.certain else {Outcome.ELIGIBLE, *OPEN}
        return policy not in self.without and self.found[policy].outcome in outcomes

    def _of(self, *bonds: Bond) -> list[Relation]:
        return [relation for relation in self.pack.relations if relation.bond in bonds]

    def _barred(self) -> dict[str, str]:
        """Policies that give way to another, with it."""
        bars = {Outcome.ELIGIBLE, *OPEN} if self.certain else {Outcome.ELIGIBLE}
        return {
            second: first
            for first, second in (relation.between for relation in self._of(Bond.PRIORITY_OVER))
            if first in self.found and self.found[first].outcome in bars
        }

    def _table(self, able: list[str]) -> Table:
        """The rules between those that may be taken; whoever needs one that may not be taken is none of them."""
        needs = [relation.between for relation in self._of(Bond.REQUIRES)]
        while any(first in able and second not in able for first, second in needs):
            able = [each for each in able if all(b in able for a, b in needs if a == each)]
        apart = self._of(Bond.EXCLUSIVE, Bond.ONCE_PER_PROJECT, Bond.PRIORITY_OVER)
        caps = (
            (_among(able, each), int((each.most or 0) * FEN_PER_WAN)) for each in self._of(Bond.JOINT_CAP)
        )
        return Table(
            {each: self._worth(each) for each in able},
            tuple(group for each in apart if len(group := _among(able, each)) > 1),
            tuple((first, second) for first, second in needs if first in able),
            tuple(group for each in self._of(Bond.TAKE_HIGHER) if len(group := _among(able, each)) > 1),
            tuple(JointCap(group, most) for group, most in caps if group),
        )

    def _worth(self, policy: str) -> int:
        amount, money = self.pack.policies[policy].amount, self.found[policy].amount
        if amount is None or money is None or amount.benefit not in ADDED:
            return 0
        if self.certain:
            return 0 if amount.at_most else money.low_fen
        return self._endless if money.high_fen is None else money.high_fen

    @cached_property
    def _endless(self) -> int:
        """More than everything that is bounded comes to."""
        money = (each.amount for each in self.found.values())
        bounded = sum(each.high_fen or 0 for each in money if each is not None)
        return 1 + bounded + sum(int((each.most or 0) * FEN_PER_WAN) for each in self._of(Bond.JOINT_CAP))

    def _bounded(self, fen: int) -> int | None:
        return None if fen >= self._endless else fen

    def _taken(self, policy: str, fen: int, alone: int) -> Taken:
        amount = self.pack.policies[policy].amount
        is_added = amount is not None and amount.benefit in ADDED
        return Taken(policy, self._bounded(fen), self._bounded(alone), is_added)


def _among(able: Collection[str], relation: Relation) -> tuple[str, ...]:
    return tuple(each for each in relation.between if each in able)
