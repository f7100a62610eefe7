"""No package names the tables of one that stands beside or above it: it could not import their models, and nothing would tell
it of a column or a state that is renamed. What it must know it asks of a reader that the assembly puts in.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import sanwang.models  # noqa: F401  # every table
from backbone.db import Base

PLATFORM = Path(__file__).parents[2] / "platform"
LEVELS = {"backbone": 0, "policy_pack": 1, "sky_net": 2, "ground_net": 3, "finance_net": 3, "sanwang": 4}
OWNERS = {
    mapper.local_table.name: mapper.class_.__module__.split(".")[0]  # type: ignore[attr-defined]
    for mapper in Base.registry.mappers
    if mapper.class_.__module__.split(".")[0] in LEVELS
}
IN_SQL = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE|LOCK TABLE)\s+(?:ONLY\s+)?(\w+)", re.I)


def named(source: str) -> Iterator[str]:
    """The tables that a module names in SQL, or describes for itself."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from IN_SQL.findall(node.value)
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1].lower() == "table":
            yield from (str(each.value) for each in node.args[:1] if isinstance(each, ast.Constant))


def offences(package: str, source: str) -> set[str]:
    """The tables named there that are another package's, and none below."""
    return {
        table
        for table in named(source)
        if OWNERS.get(table, package) != package and LEVELS[OWNERS[table]] >= LEVELS[package]
    }


def test_every_table_has_an_owner():
    assert {"contracts", "grant_applications", "needs", "accounts"} <= OWNERS.keys()
    assert set(OWNERS.values()) == LEVELS.keys() - {"sanwang"}


def test_nobody_names_tables_that_stand_beside_or_above():
    found = {
        f"{path.relative_to(PLATFORM)}: {table}"
        for path in PLATFORM.rglob("*.py")
        for table in offences(path.relative_to(PLATFORM).parts[0], path.read_text("utf-8"))
    }
    assert found == set()


@pytest.mark.parametrize(
    ("package", "source", "tables"),
    [
        ("finance_net", 'table("contracts", column("id"))', {"contracts"}),
        ("finance_net", 'sa.table("contract_milestones")', {"contract_milestones"}),
        ("finance_net", 'text("SELECT 1 FROM contracts JOIN needs USING (id)")', {"contracts"}),
        ("sky_net", 'text(f"UPDATE ONLY leads SET {what}")', {"leads"}),
        ("ground_net", 'text("SELECT 1 FROM contracts JOIN accounts USING (id)")', set()),
        ("finance_net", 'Bilingual("合同", "a figure from the contracts")', set()),
    ],
)
def test_each_way_of_naming_one_is_found(package: str, source: str, tables: set[str]):
    assert offences(package, source) == tables
