"""The rules of the house that a reader could break without noticing."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLATFORM = ROOT / "platform"
MODULES = sorted(PLATFORM.rglob("*.py"))
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}
# The clock itself, and the age of files, which the machine's own clock dated.
CLOCKS = {"backbone/clock.py", "sky_net/matching/building.py"}


def where(path: Path) -> str:
    return path.relative_to(PLATFORM).as_posix()


def calls(path: Path) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]


def test_the_source_root_is_no_package():
    assert not (PLATFORM / "__init__.py").exists(), "it would shadow Python's own platform module"


def test_pythons_own_platform_module_is_found_with_the_source_root_first_on_the_path():
    program = "import platform, sys; print(platform.python_version())"
    run = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": f"{PLATFORM}:{ROOT}"}, capture_output=True, text=True, cwd=ROOT,
        check=True,
    )  # fmt: skip
    assert run.stdout.split(".")[0] == "3"


def test_no_package_markers_stand_under_tests():
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_no_tests_stand_inside_the_source_root():
    assert [where(path) for path in MODULES if path.name.startswith("test_")] == []


def test_every_folder_with_modules_is_a_package_that_says_what_it_is():
    for folder in {path.parent for path in MODULES} - {PLATFORM}:
        marker = folder / "__init__.py"
        assert marker.exists(), f"{where(folder)} has no __init__.py"
        assert ast.get_docstring(ast.parse(marker.read_text("utf-8"))), (
            f"{where(folder)} does not say what it is"
        )


def test_no_module_is_longer_than_300_lines():
    long = {
        where(path): count for path in MODULES if (count := len(path.read_text("utf-8").splitlines())) > 300
    }
    assert long == {}


def test_no_drawer_modules():
    assert [where(path) for path in MODULES if path.stem in DRAWERS] == []


def test_services_are_told_the_time():
    reading_clocks = [
        f"{where(path)}:{call.lineno}"
        for path in MODULES
        if where(path) not in CLOCKS
        for call in calls(path)
        if ast.unparse(call.func)
        in {"datetime.now", "datetime.utcnow", "date.today", "datetime.today", "time.time"}
    ]
    assert reading_clocks == []


READS_OTHERS = {"backbone/auditing", "ground_net/contracts/striking"}
"""A feature that shows or settles rows which a module below it keeps, and has none of its own."""


def test_feature_folders_are_cut_the_same_way():
    for routes in PLATFORM.rglob("routes.py"):
        present = {path.stem for path in routes.parent.glob("*.py")}
        own = set() if where(routes.parent) in READS_OTHERS else {"models"}
        assert {"schemas", "service"} | own <= present, f"{where(routes.parent)} lacks {present}"


def test_layers_are_kept():
    lint = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run(
        [lint], cwd=ROOT, env={"PYTHONPATH": str(PLATFORM), "PATH": ""}, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("path", MODULES, ids=where)
def test_no_module_reads_the_environment_but_the_settings(path: Path):
    if where(path) in {"backbone/settings.py"}:
        return
    reads = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "os.getenv"}
        and not isinstance(getattr(node, "ctx", None), ast.Store)
    ]  # fmt: skip
    allowed = {
        "backbone/embedded_process.py",
        "sky_net/matching/transformer.py",
        "sanwang/serve.py",
        "sanwang/processes.py",
    }
    assert not reads or where(path) in allowed, f"{where(path)} lines {reads}"
