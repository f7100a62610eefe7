"""What may be taken together and what it then pays: the relations between policies as rules over sets of them.

Declared rules:
* exclusive, once per project: at most one of them is taken.
* requires: the first is taken only with the second.
* take the higher: all may be taken, the one that is worth most pays (of equals the first of the pack).
* joint cap: together they pay at most so much; who comes first in the relation is paid in full first.
* priority is settled before (`stacking`): whoever qualifies for the first is not granted the second.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class JointCap:
    """Together at most `most` fen, paid in the order of `between`."""

    between: tuple[str, ...]
    most: int


@dataclass(frozen=True)
class Table:
    """Policies that may be taken, in the order of the pack, with what each is worth alone in fen, and the rules."""

    worth: Mapping[str, int]
    apart: tuple[tuple[str, ...], ...] = ()
    needs: tuple[tuple[str, str], ...] = ()
    higher: tuple[tuple[str, ...], ...] = ()
    caps: tuple[JointCap, ...] = ()

    def allows(self, taken: Collection[str]) -> bool:
        """Whether these may be taken together."""
        together = any(sum(each in taken for each in group) > 1 for group in self.apart)
        return not together and all(second in taken for first, second in self.needs if first in taken)

    def pays(self, policy: str, taken: Collection[str]) -> bool:
        """Whether it is worth most in every group of which only the highest pays."""
        groups = (group for group in self.higher if policy in group)
        return all(self.highest([each for each in group if each in taken]) == policy for group in groups)

    def highest(self, policies: Collection[str]) -> str:
        """What is worth most, of equals the first of the pack."""
        return max((each for each in self.worth if each in policies), key=self.worth.__getitem__)

    def payout(self, taken: Collection[str]) -> dict[str, int]:
        """What each that was taken is paid; the greatest total, since joint caps are nested or apart."""
        left = [cap.most for cap in self.caps]
        paid = dict.fromkeys((each for each in self.worth if each in taken), 0)
        for policy in self.turn:
            if policy not in taken or not self.pays(policy, taken):
                continue
            over = [at for at, cap in enumerate(self.caps) if policy in cap.between]
            paid[policy] = min([self.worth[policy], *(left[at] for at in over)])
            for at in over:
                left[at] -= paid[policy]
        return paid

    @property
    def turn(self) -> tuple[str, ...]:
        """Who is paid first: those under a joint cap in the order that it names, the narrowest first, then the others."""
        caps = sorted(self.caps, key=lambda cap: (len(cap.between), cap.between))
        capped = (each for cap in caps for each in cap.between)
        return tuple(dict.fromkeys((*capped, *self.worth)))

    def groups(self) -> Iterator[tuple[str, ...]]:
        """Every set of policies that a rule joins."""
        yield from self.apart
        yield from self.needs
        yield from self.higher
        yield from (cap.between for cap in self.caps)

    def parts(self) -> list["Table"]:
        """Tables that no rule joins to one another; together they are this one."""
        joined: list[set[str]] = [{policy} for policy in self.worth]
        for group in self.groups():
            met = [each for each in joined if not each.isdisjoint(group)]
            joined = [each for each in joined if each not in met] + [set[str]().union(*met)]
        return [self._only(part) for part in joined]

    def _only(self, part: Collection[str]) -> "Table":
        return Table(
            {policy: worth for policy, worth in self.worth.items() if policy in part},
            tuple(group for group in self.apart if group[0] in part),
            tuple(pair for pair in self.needs if pair[0] in part),
            tuple(group for group in self.higher if group[0] in part),
            tuple(cap for cap in self.caps if cap.between[0] in part),
        )
