"""The pack: a folder with one file per policy and one of relations, loaded as a whole or not at all."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from types import MappingProxyType

from policy_pack.engine.definition import Definition
from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.engine.policy import Pack, Policy, Relation, Validity
from policy_pack.engine.problems import Faults, PackRefused, Problem
from policy_pack.engine.relations_file import read_relations
from policy_pack.engine.written_policy import read_one
from policy_pack.engine.yaml_text import text_of

__all__ = [
    "PackRefused",
    "Problem",
    "check_files",
    "load_packs",
    "read_policy",
    "shipped_pack",
    "versions_at_once",
]

SHIPPED = Path(__file__).parents[1] / "packs"
RELATIONS = "relations.yaml"
_DIGITS = re.compile(r"(\d+)")


def read_policy(text: str, file: str, dictionary: Mapping[str, Definition] = DICTIONARY) -> Policy:
    """The policy of a file's text; PackRefused with every problem of it. `file` is what the problems call it."""
    faults = Faults(file)
    policy = read_one(text, faults, dictionary)
    if policy is None:
        raise PackRefused(_in_order(faults.found))
    return policy


def load_packs(folder: Path | None = None, as_of: date | None = None) -> Pack:
    """The policies of a folder (the shipped one) by id, in the order of their numbers; PackRefused with every problem.

    Of a policy in several versions that follow each other the one in force on `as_of` counts, else the last.
    """
    folder = folder or SHIPPED
    read, problems = _policies(_beside(folder / RELATIONS))
    relations: tuple[Relation, ...] = ()
    # Where a policy could not be read, a relation that names it is not at fault.
    if (folder / RELATIONS).exists() and not problems:
        relations, problems = _relations(folder / RELATIONS, {policy.id for _, policy in read})
    if not read and not problems:
        problems.append(_empty(folder))
    if problems:
        raise PackRefused(problems)
    in_order = sorted((policy for _, policy in read), key=lambda policy: natural(policy.id))
    chosen: dict[str, Policy] = {}
    for policy in in_order:
        chosen[policy.id] = _in_force(chosen.get(policy.id), policy, as_of)
    return Pack(MappingProxyType(chosen), relations)


@lru_cache(maxsize=1)
def shipped_pack() -> Pack:
    """The pack that comes with the platform, read once in a process."""
    return load_packs()


def check_files(paths: Iterable[Path]) -> list[Problem]:
    """Every problem of these files, each on its own and all of them together.

    A relations.yaml may name the policies among them and those that lie beside it.
    """
    listed = list(paths)
    read, problems = _policies([path for path in listed if path.name != RELATIONS])
    for path in listed:
        if path.name == RELATIONS:
            known = {policy.id for _, policy in (*read, *_policies(_beside(path))[0])}
            problems += _relations(path, known)[1]
    return problems


def versions_at_once(versions: Sequence[tuple[str, Policy]]) -> Iterator[Problem]:
    """Two versions of a policy that are in force on one day, by the names of their files."""
    for (file, policy), (other_file, other) in combinations(versions, 2):
        if policy.id != other.id:
            continue
        first, last = _overlap(policy.validity, other.validity)
        if first is None or last is None or first <= last:
            span = f"{first or '…'} – {last or '…'}"
            faults = Faults(other_file)
            faults.note(
                1,
                f"{policy.id} 在 {span} 有两个版本同时有效：{file} 与 {other_file}",
                f"{policy.id} is in force in two versions at once, {span}: {file} and {other_file}",
            )
            yield from faults.found


def natural(name: str) -> tuple[tuple[int, int | str], ...]:
    """An order in which P3 stands before P10."""
    parts = (part for part in _DIGITS.split(name) if part)
    return tuple((0, int(part)) if part.isdecimal() else (1, part) for part in parts)


def _policies(paths: Sequence[Path]) -> tuple[list[tuple[str, Policy]], list[Problem]]:
    """What could be read, with the names of the files, and every problem."""
    read, problems = [], []
    for path in paths:
        faults = Faults(path.name)
        text = faults.attempt(text_of, path)
        policy = None if text is None else read_one(text, faults, DICTIONARY)
        if policy is not None:
            read.append((path.name, policy))
        problems += _in_order(faults.found)
    return read, problems + list(versions_at_once(read))


def _beside(relations: Path) -> list[Path]:
    """The policy files of the folder in which relations stand."""
    return sorted(path for path in relations.parent.glob("*.yaml") if path.name != RELATIONS)


def _relations(path: Path, policies: Collection[str]) -> tuple[tuple[Relation, ...], list[Problem]]:
    """What stands between these policies, and every problem of the file."""
    faults = Faults(path.name)
    text = faults.attempt(text_of, path)
    relations = () if text is None else read_relations(text, faults, policies)
    return relations, _in_order(faults.found)


def _overlap(one: Validity, other: Validity) -> tuple[date | None, date | None]:
    firsts = [day for day in (one.first, other.first) if day is not None]
    lasts = [day for day in (one.last, other.last) if day is not None]
    return max(firsts, default=None), min(lasts, default=None)


def _in_force(earlier: Policy | None, policy: Policy, as_of: date | None) -> Policy:
    """Which of two versions counts; they never overlap."""
    if earlier is None:
        return policy
    before, after = sorted((earlier, policy), key=lambda each: each.validity.first or date.min)
    begins = after.validity.first
    return before if as_of is not None and begins is not None and as_of < begins else after


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: problem.line)


def _empty(folder: Path) -> Problem:
    faults = Faults(folder.name)
    faults.note(1, "文件夹中没有政策文件（*.yaml）", "has no policy files (*.yaml)")
    return faults.found[0]
