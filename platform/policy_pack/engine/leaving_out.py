"""Why a policy that is, or may become, open to the subject is not in the best set."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from backbone.errors import Bilingual
from policy_pack.engine.bonds import Table
from policy_pack.engine.policy import Bond, Relation


class WhyOut(StrEnum):
    """The reasons, as far as one decides."""

    NOT_CERTAIN = "not_certain"
    NOT_APPLIED_FOR = "not_applied_for"
    GIVES_WAY = "gives_way"
    LACKS = "lacks"
    EXCLUDED = "excluded"
    LOWER = "lower"


_WORDS = {
    WhyOut.NOT_CERTAIN: Bilingual(
        "{policy} 能否享受尚未确定", "whether {policy} is granted is not known yet"
    ),
    WhyOut.NOT_APPLIED_FOR: Bilingual("{policy} 未申请", "{policy} is not applied for"),
    WhyOut.GIVES_WAY: Bilingual("{policy} 让位于 {beside}", "{policy} gives way to {beside}"),
    WhyOut.LACKS: Bilingual("{policy} 以 {beside} 为前提", "{policy} requires {beside}"),
    WhyOut.EXCLUDED: Bilingual("{policy} 与 {beside} 不能同时享受", "{policy} cannot be had beside {beside}"),
    WhyOut.LOWER: Bilingual(
        "{policy} 低于 {beside}，就高不重复", "{policy} is lower than {beside}, and the higher one counts"
    ),
}
_APART = frozenset({Bond.EXCLUSIVE, Bond.ONCE_PER_PROJECT, Bond.PRIORITY_OVER})


@dataclass(frozen=True)
class LeftOut:
    """A policy, the reason, the policies that it stands back for and the relation that says so."""

    policy_id: str
    why: WhyOut
    beside: tuple[str, ...]
    relation: str | None
    text: Bilingual


@dataclass(frozen=True)
class Scene:
    """What was decided: who might be taken but for the relations, who gives way to whom, and what is paid."""

    able: Collection[str]
    without: Collection[str]
    barred: Mapping[str, str]
    relations: Sequence[Relation]
    table: Table
    paid: Mapping[str, int]

    def left_out(self, considered: Iterable[str]) -> tuple[LeftOut, ...]:
        """One reason for each policy that is not taken, or taken for nothing because a higher one counts."""
        return tuple(found for policy in considered if (found := self._reason(policy)) is not None)

    def _reason(self, policy: str) -> LeftOut | None:
        if policy in self.paid:
            return self._outdone(policy)
        if policy in self.without:
            return _left_out(policy, WhyOut.NOT_APPLIED_FOR)
        if policy not in self.able:
            return _left_out(policy, WhyOut.NOT_CERTAIN)
        for bond, why in ((Bond.PRIORITY_OVER, WhyOut.GIVES_WAY), (Bond.REQUIRES, WhyOut.LACKS)):
            for relation in self._of(bond):
                first, second = relation.between
                gives_way = (
                    bond is Bond.PRIORITY_OVER and second == policy and self.barred.get(policy) == first
                )
                lacks = bond is Bond.REQUIRES and first == policy and second not in self.paid
                if gives_way or lacks:
                    return _left_out(policy, why, (first if gives_way else second,), relation.id)
        return self._excluded(policy)

    def _of(self, *bonds: Bond) -> list[Relation]:
        return [relation for relation in self.relations if relation.bond in bonds]

    def _outdone(self, policy: str) -> LeftOut | None:
        required = any(second == policy and first in self.paid for first, second in self.table.needs)
        if required or self.table.pays(policy, self.paid):
            return None
        for relation in self._of(Bond.TAKE_HIGHER):
            group = tuple(each for each in relation.between if each in self.paid)
            if policy in group and (highest := self.table.highest(group)) != policy:
                return _left_out(policy, WhyOut.LOWER, (highest,), relation.id)
        return None

    def _excluded(self, policy: str) -> LeftOut | None:
        """It would push another out, or leave less to the others than it brings."""
        for relation in (*self._of(*_APART), *self.relations):
            beside = tuple(each for each in relation.between if each in self.paid)
            if policy in relation.between and beside:
                return _left_out(policy, WhyOut.EXCLUDED, beside, relation.id)
        return None


def _left_out(policy: str, why: WhyOut, beside: tuple[str, ...] = (), relation: str | None = None) -> LeftOut:
    text = _WORDS[why].format(policy=policy, beside=", ".join(beside))
    return LeftOut(policy, why, beside, relation, text)
