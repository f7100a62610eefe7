"""The cases of the policy pack as their files have them.

They were written from the source texts, before the packs and apart from them, by the clauses' order in the text.
A file: `policy`, `source`, `base` (the facts of the case that meets every clause, money in 万元), `as_of` (the day of
application), `cases`. A case changes the base by `with` (null: known to be absent) and `without` (unknown), and states
what has to come out; what it does not state is not checked:

    outcome    eligible, ineligible, missing_facts, needs_review or not_in_force
    fails      positions of the clauses that are false, from 1
    missing    minimal sets of facts such that every answer to one of them decides the outcome
    amount     low_fen and high_fen, one of them or both; a high end of null is open; null is no amount
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import yaml

FOLDER = Path(__file__).with_name("cases")
OUTCOMES = frozenset({"eligible", "ineligible", "missing_facts", "needs_review", "not_in_force"})
UNSTATED: Mapping[str, Any] = {}


class CaseLoader(yaml.SafeLoader):
    """Reads what JSON would say: days stay text, decimals keep their digits, and no key may be written twice."""

    yaml_implicit_resolvers: ClassVar = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key) for key, _ in node.value]
        if len(keys) != len(set(keys)):
            raise ValueError(f"a key is written twice: {node.start_mark}")
        return super().construct_mapping(node, deep)


CaseLoader.add_constructor(
    "tag:yaml.org,2002:float", lambda loader, node: Decimal(loader.construct_scalar(node))
)


@dataclass(frozen=True)
class Case:
    """One application on one day and what has to come out. `facts` has no key for what is unknown."""

    policy: str
    name: str
    as_of: date
    facts: Mapping[str, Any]
    outcome: str
    fails: tuple[int, ...] | None = None
    missing: frozenset[frozenset[str]] = frozenset()
    amount: Mapping[str, int | None] | None = field(default_factory=lambda: UNSTATED)

    @property
    def award(self) -> int | None:
        """The award in fen where the case states one sum."""
        ends = set((self.amount or {}).values())
        return ends.pop() if len(self.amount or {}) == 2 and len(ends) == 1 else None

    def __str__(self) -> str:
        return f"{self.policy}: {self.name}"


def read_cases(text: str) -> list[Case]:
    """The cases of one file; a word that no case knows, and a fact that the base does not have, are refused."""
    file = yaml.load(text, CaseLoader)  # noqa: S506 - a SafeLoader
    cases = [_case(file, dict(raw)) for raw in file.pop("cases")]
    assert set(file) == {"policy", "source", "base", "as_of"}, f"{file['policy']}: {sorted(file)}"
    names = [case.name for case in cases]
    assert len(names) == len(set(names)), f"{file['policy']}: two cases have one name"
    return cases


def _case(file: Mapping[str, Any], raw: dict[str, Any]) -> Case:
    base, changed, unknown = file["base"], raw.pop("with", {}), raw.pop("without", [])
    where = f"{file['policy']}: {raw['name']}"
    assert set(changed) | set(unknown) <= set(base), f"{where}: a fact that the base does not have"
    assert not set(changed) & set(unknown), f"{where}: a fact both changed and unknown"
    assert raw["outcome"] in OUTCOMES, f"{where}: {raw['outcome']}"
    fails, missing = raw.pop("fails", None), raw.pop("missing", [])
    return Case(
        policy=file["policy"],
        as_of=date.fromisoformat(raw.pop("as_of", file["as_of"])),
        facts={key: value for key, value in (base | changed).items() if key not in unknown},
        fails=None if fails is None else tuple(fails),
        missing=frozenset(map(frozenset, missing)),
        **raw,
    )


CASES = [case for path in sorted(FOLDER.glob("*.yaml")) for case in read_cases(path.read_text("utf-8"))]
