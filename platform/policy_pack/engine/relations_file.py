"""What stands between policies, read from relations.yaml and held against the policies that there are."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations

from policy_pack.engine.policy import Bond, Relation
from policy_pack.engine.problems import Fault, Faults, nearest
from policy_pack.engine.written import Fields
from policy_pack.engine.yaml_text import Written, compose

_FIELDS = ("id", "bond", "between", "most", "text", "reference")
_ORDERED = frozenset({Bond.REQUIRES, Bond.PRIORITY_OVER})
"""These say which comes first, so that a circle of them says nothing."""


def read_relations(text: str, faults: Faults, policies: Collection[str]) -> tuple[Relation, ...]:
    """The relations of the file's text; problems are kept in `faults`."""
    fields = faults.attempt(lambda: Fields(compose(text, faults), "relations"))
    if fields is None:
        return ()
    written = faults.attempt(_records, fields) or ()
    read: list[tuple[Relation, Written]] = []
    for record in written:
        relation = faults.attempt(_relation, record, policies, [each.id for each, _ in read])
        if relation is not None:
            read.append((relation, record))
    for bond in sorted(_ORDERED):
        faults.attempt(_refuse_circle, bond, [(each, at) for each, at in read if each.bond is bond])
    faults.attempt(_refuse_contradiction, read)
    faults.attempt(_refuse_overlap, read)
    return tuple(relation for relation, _ in read)


def _records(fields: Fields) -> tuple[Written, ...]:
    fields.expect(("relations",))
    return fields.items("relations")


def _relation(record: Written, policies: Collection[str], taken: Sequence[str]) -> Relation:
    fields = Fields(record, "relation")
    fields.expect(_FIELDS)
    name, bond, between = fields.text("id"), fields.word("bond", Bond), fields.texts("between")
    if name in taken:
        raise fields.fault("id", f"{name} 用了两次", f"{name} is used twice")
    for policy in between:
        if policy not in policies:
            hint = nearest(policy, list(policies))
            raise fields.fault(
                "between", f"没有政策 {policy}{hint.zh}", f"names {policy}, which is no policy{hint}"
            )
    _refuse_number(fields, bond, len(between))
    return Relation(
        name, bond, between, fields.bilingual("text"), fields.text("reference"), _most(fields, bond)
    )


def _refuse_number(fields: Fields, bond: Bond, count: int) -> None:
    """Two for an order, one for once per project, two or more for the others."""
    if bond in _ORDERED and count != 2:
        raise fields.fault("between", f"{bond} 须有两项政策", f"of {bond} must name two policies")
    if bond is not Bond.ONCE_PER_PROJECT and count < 2:
        raise fields.fault("between", f"{bond} 至少须有两项政策", f"of {bond} must name two policies or more")


def _most(fields: Fields, bond: Bond) -> Decimal | None:
    if (bond is Bond.JOINT_CAP) != ("most" in fields):
        raise fields.fault("most", "用于且只用于 joint_cap", "goes with joint_cap, and with it alone")
    if "most" not in fields:
        return None
    most = fields.number("most")
    if most <= 0:
        raise fields.fault("most", "须大于 0", "must be above 0")
    return most


def _refuse_circle(bond: Bond, relations: Sequence[tuple[Relation, Written]]) -> None:
    """Fault at the relation that closes a circle."""
    after: dict[str, list[str]] = {}
    for relation, written in relations:
        first, second = relation.between
        if path := next(_paths(second, first, after, ()), None):
            circle = " → ".join((first, *path))
            raise Fault(written.line, f"{bond} 成环：{circle}", f"{bond} runs in a circle: {circle}")
        after.setdefault(first, []).append(second)


def _paths(
    at: str, goal: str, after: Mapping[str, list[str]], been: tuple[str, ...]
) -> Iterator[tuple[str, ...]]:
    """Ways along the relations; those read before are free of circles, so that each way ends."""
    if at == goal:
        yield (*been, at)
        return
    for following in after.get(at, ()):
        yield from _paths(following, goal, after, (*been, at))


def _refuse_contradiction(relations: Sequence[tuple[Relation, Written]]) -> None:
    """Nothing can require what excludes it."""
    exclusive = [set(each.between) for each, _ in relations if each.bond is Bond.EXCLUSIVE]
    for relation, written in relations:
        if relation.bond is Bond.REQUIRES and any(set(relation.between) <= group for group in exclusive):
            first, second = relation.between
            raise Fault(
                written.line,
                f"{first} 以 {second} 为前提，又与它互斥",
                f"{first} requires {second} and is exclusive with it",
            )


def _refuse_overlap(relations: Sequence[tuple[Relation, Written]]) -> None:
    """Joint caps lie in one another or apart: how one award is shared between two caps would be nobody's rule."""
    caps = [(frozenset(each.between), each.id, at) for each, at in relations if each.bond is Bond.JOINT_CAP]
    for (one, first, _), (other, second, written) in combinations(caps, 2):
        if one & other and not (one <= other or other <= one):
            raise Fault(
                written.line,
                f"合计上限 {first} 与 {second} 部分重叠，须互不相交或一个包含另一个",
                f"the joint caps {first} and {second} overlap in part: let them lie apart, or one in the other",
            )
