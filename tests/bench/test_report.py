import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from bench import __main__ as runner
from bench.report import KEPT, kept, measures, said, show, write

ROW = {"name": "match", "ours": 12.3456, "anchor": 24.7, "anchor_version": "x 1.0", "ratio": 2.0, "goal": "< 50", "met": True}  # fmt: skip


def test_a_row_always_has_the_same_keys_and_names_the_machine():
    row = kept(ROW)
    assert tuple(row) == KEPT
    assert "cores" in row["settings"]
    assert kept(ROW | {"settings": "10k rows"})["settings"] == "10k rows"


def test_the_file_is_a_list_of_rows_and_is_replaced_as_a_whole(tmp_path: Path):
    path = tmp_path / "var" / "bench.json"
    write([kept(ROW)], path)
    write([kept(ROW | {"name": "再来"})], path)
    assert [row["name"] for row in json.loads(path.read_text("utf-8"))] == ["再来"]
    assert [entry.name for entry in path.parent.iterdir()] == ["bench.json"]


def test_the_table_shows_units_goals_and_missed_ones():
    out = io.StringIO()
    missed = ROW | {"name": "slow", "met": False, "unit": "ms"}
    show([kept(ROW), kept(missed), kept(ROW | {"met": None, "goal": None})], Console(file=out, width=200))
    printed = out.getvalue()
    assert "12.3 ms" in printed
    assert "否 / no" in printed
    assert "是 / yes" in printed


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "—"), (12345.6, "12,346"), (0.012345, "0.0123"), (70000, "70,000"), ("< 5", "< 5")],
)
def test_numbers_keep_the_digits_that_matter(value: object, shown: str):
    assert said(value) == shown


def test_the_measurements_of_all_modules_are_found_by_name():
    listed = list(measures())
    assert "clock" in {module for module, _ in listed}
    assert all(callable(measure) for _, measure in listed)


def test_what_takes_many_minutes_is_made_only_where_its_whole_name_is_given(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    made: list[str] = []

    def quick() -> dict[str, object]:
        made.append("quick")
        return ROW

    def quick_of_millions() -> dict[str, object]:
        made.append("quick_of_millions")
        return ROW

    listed = {"ROWS": [("a", quick)], "ON_DEMAND": [("a", quick_of_millions)]}
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setattr(runner, "measures", lambda which="ROWS": iter(listed[which]))
    for words in ([], ["quick"], ["a"], ["quick_of_millions"]):
        assert runner.main(words) == 0
    assert made == ["quick", "quick", "quick", "quick_of_millions"]


def test_a_missing_peer_is_named_and_the_other_rows_are_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    def absent() -> dict[str, object]:
        raise ModuleNotFoundError("no", name="hnswlib")

    def present() -> dict[str, object]:
        return ROW

    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setattr(
        runner,
        "measures",
        lambda listed="ROWS": iter([("a", absent), ("b", present)] if listed == "ROWS" else []),
    )
    assert runner.main([]) == 1
    assert "hnswlib" in capsys.readouterr().out
    assert [row["name"] for row in json.loads((tmp_path / "bench.json").read_text())] == ["match"]
    assert runner.main(["present"]) == 0
