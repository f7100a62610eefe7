"""Every setting is documented and used, and what the documents tell people to set is a setting."""

import ast
import re
from dataclasses import fields
from pathlib import Path

import pytest

from backbone.settings import Settings, describe_settings

ROOT = Path(__file__).resolve().parents[2]
NAMES = {entry.name.upper() for entry in fields(Settings)}
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
# Read by other programs than the platform: make, the tests, a command's own option.
NOT_SETTINGS = {"TEST_DATABASE_URL", "SANWANG_PASSWORD", "PYTHON", "CRASH_SEED"}


def test_every_setting_says_what_it_is_for():
    assert all(len(entry.metadata["doc"]) > 10 for entry in fields(Settings))


def test_describe_settings_lists_every_environment_variable_once():
    names = [name for name, _, _ in describe_settings()]
    assert names == [entry.name.upper() for entry in fields(Settings)]
    assert len(set(names)) == len(names)


def test_every_setting_is_read_somewhere():
    read = {
        node.attr
        for folder in ("platform", "demo")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
    }
    assert {entry.name for entry in fields(Settings)} <= read


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_a_page_tells_people_to_set_is_a_setting(page: Path):
    told = re.findall(r"(?:export |[`\s（(])([A-Z][A-Z_]{3,})=", page.read_text("utf-8"))
    assert set(told) - NOT_SETTINGS <= NAMES
