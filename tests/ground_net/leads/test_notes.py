"""The texts that the extractor is measured on: enough of them, all different, and the held-out ones as they were fixed."""

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from backbone.directory.industries import INDUSTRIES

NOTES = Path(__file__).parent / "notes"


@pytest.fixture(scope="module")
def notes() -> dict[str, list[dict[str, Any]]]:
    return {
        name: yaml.load((NOTES / f"{name}.yaml").read_bytes(), yaml.CSafeLoader)
        for name in ("dev", "held_out")
    }


def test_at_least_150_notes_are_held_out_and_no_note_is_written_twice(notes):
    assert len(notes["held_out"]) >= 150
    written = notes["dev"] + notes["held_out"]
    assert len({note["id"] for note in written}) == len({note["text"] for note in written}) == len(written)


def test_every_industry_of_the_platform_is_there_in_both_files_and_none_besides(notes):
    for part in notes.values():
        assert {note["truth"]["industry"] for note in part} == {*INDUSTRIES, None}


def test_an_indicator_stands_in_its_text(notes):
    for note in notes["dev"] + notes["held_out"]:
        for indicator in note["truth"]["indicators"]:
            assert indicator["name"] in note["text"], note["id"]
            assert (indicator["unit_written"] or "") in note["text"], note["id"]
            assert ("low" in indicator) == (indicator["relation"] == "range"), note["id"]


def test_the_held_out_notes_are_those_that_were_fixed():
    fixed = re.search(r"sha256 of held_out\.yaml: ([0-9a-f]{64})", (NOTES / "README.md").read_text("utf-8"))
    assert fixed
    assert hashlib.sha256((NOTES / "held_out.yaml").read_bytes()).hexdigest() == fixed[1]
