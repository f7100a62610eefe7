"""`sanwang lead read`, as a collector calls it."""

import json

from typer.testing import CliRunner

from sanwang.cli import app

NOTE = "做光模块的，良率现在92%，要做到98%以上。预算30万左右，年底前要出样机。[bold]"


def run(*words):
    return CliRunner().invoke(app, ["lead", "read", *map(str, words)])


def test_the_note_is_shown_with_what_was_read_in_it(tmp_path):
    file = tmp_path / "visit.txt"
    file.write_text(NOTE, "utf-8")
    result = run(file, "--visited-on", "2026-05-12")
    assert result.exit_code == 0
    for said in (NOTE, "光电子信息", "≥98 %", "2026-12-31"):
        assert said in result.output


def test_the_same_comes_as_json(tmp_path):
    file = tmp_path / "visit.txt"
    file.write_bytes(b"\xef\xbb\xbf" + NOTE.encode())
    found = json.loads(run(file, "--visited-on", "2026-05-12", "--json").output)
    assert found["fields"]["wanted_on"] == "2026-12-31"
    assert found["fields"]["budget_min_fen"] == found["fields"]["budget_max_fen"] == 30_000_000
    assert found["fields"].keys() == found["read_from"].keys()


def test_what_cannot_be_read_is_a_sentence(tmp_path):
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe\x00")
    for name in ("bad.txt", "absent.txt"):
        result = run(tmp_path / name)
        assert result.exit_code == 2
        assert name in result.output
