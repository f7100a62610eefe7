"""The optimiser never touches equity: a contract of the imports says so, and what it forbids is what selects."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_the_imports_of_equity_and_credit_are_held_off_the_optimiser():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    held = [
        each for each in contracts
        if each["type"] == "forbidden" and {"finance_net.rounds", "ortools"} <= set(each["forbidden_modules"])
    ]  # fmt: skip
    assert [set(each["source_modules"]) for each in held] == [{"finance_net.equity", "finance_net.credit"}]


def test_no_module_of_equity_names_what_selects():
    files = list((ROOT / "platform/finance_net/equity").rglob("*.py"))
    assert len(files) > 10
    assert not [path for path in files if "finance_net.rounds" in path.read_text("utf-8")]
