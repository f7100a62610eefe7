"""`sanwang match --feedback`, as whoever has brokers' grades calls it."""

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sanwang.cli import app

PAIRS = [
    line.split("\t")[1:]
    for line in (Path(__file__).parents[1] / "sky_net/matching/crossing.tsv").read_text("utf-8").splitlines()
    if line.startswith("lay")
][:60]


def written(path, records):
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), "utf-8")
    return path


@pytest.fixture
def files(tmp_path):
    """Sixty needs; for each an achievement that repeats its words and is of no use, and one that answers in its own."""
    needs = [{"id": f"n{n}", "title": need} for n, (need, _) in enumerate(PAIRS)]
    offered = [{"id": f"echo{n}", "title": f"{need}怎么办"} for n, (need, _) in enumerate(PAIRS)]
    offered += [{"id": f"answer{n}", "title": answer} for n, (_, answer) in enumerate(PAIRS)]
    return written(tmp_path / "needs.jsonl", needs), written(tmp_path / "achievements.jsonl", offered)


def grades(of):
    return [{"need_id": f"n{n}", "achievement_id": f"{kind}{n}", "grade": grade}
            for n in of for kind, grade in (("echo", 0), ("answer", 3))]  # fmt: skip


def run(files, *more):
    needs, achievements = map(str, files)
    return CliRunner().invoke(
        app, ["match", "--needs", needs, "--achievements", achievements, *map(str, more)]
    )


def better(text):
    """How many of the needs have their answer before the echo, among those that show both."""
    ranks = {
        (row["need_id"], row["achievement_id"]): int(row["rank"]) for row in csv.DictReader(io.StringIO(text))
    }
    return sum(ranks[f"n{n}", f"answer{n}"] < ranks[f"n{n}", f"echo{n}"] for n in range(len(PAIRS)))


def test_what_grades_teach_is_used_on_needs_without_any(files, tmp_path):
    told = written(tmp_path / "grades.jsonl", grades(range(40)))
    plain, learned = run(files, "--top", 120), run(files, "--top", 120, "--feedback", told)
    assert (plain.exit_code, learned.exit_code) == (0, 0)
    assert "采用学得的排序" in learned.stderr
    assert "the learned ranking is used" in learned.stderr
    assert better(plain.stdout) < 10
    assert better(learned.stdout) > 40
    assert [line.count(",") for line in learned.stdout.splitlines()] == [3] * (60 * 120 + 1)


def test_with_too_few_grades_the_default_ranking_is_given_to_the_letter(files, tmp_path):
    told = written(tmp_path / "grades.jsonl", grades(range(5)))
    answer = run(files, "--feedback", told)
    assert (answer.exit_code, answer.stdout) == (0, run(files).stdout)
    assert "too few grades" in answer.stderr


@pytest.mark.parametrize(
    ("record", "says"),
    [
        ({"need_id": "n1", "achievement_id": "echo1", "grade": 5}, "grade 5"),
        ({"need_id": "nobody", "achievement_id": "echo1", "grade": 1}, "nobody"),
    ],
)
def test_a_wrong_line_ends_with_2_and_nothing_is_written(files, tmp_path, record, says):
    told, out = written(tmp_path / "grades.jsonl", [record]), tmp_path / "out.csv"
    answer = run(files, "--feedback", told, "--out", out)
    assert (answer.exit_code, out.exists()) == (2, False)
    assert says in answer.stderr
    assert "line 1" in answer.stderr


def test_a_file_that_is_not_there_and_one_that_would_be_overwritten_are_refused(files, tmp_path):
    told = written(tmp_path / "grades.jsonl", grades(range(5)))
    assert run(files, "--feedback", tmp_path / "none.jsonl").exit_code == 2
    assert run(files, "--feedback", told, "--out", told).exit_code == 2
