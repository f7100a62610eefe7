import csv
import io
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from backbone import db
from backbone.clock import SystemClock, local_date
from demo import catalogue
from sanwang.cli import app
from sky_net.assignments.models import AssignmentRun
from tests.factories.assignments import a_laser_institute, a_laser_need
from tests.factories.matching import installed

PLATFORM = Path(__file__).parents[2] / "platform"
WELDING = "紫铜激光焊接飞溅"


def written(path: Path, records: list[dict]) -> Path:
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), "utf-8")
    return path


@pytest.fixture
def needs(tmp_path):
    return written(tmp_path / "needs.jsonl", [{"id": f"n{each}", "title": WELDING} for each in range(3)])


@pytest.fixture
def achievements(tmp_path):
    rows = [
        {"id": "a1", "title": f"{WELDING}抑制", "institute": "大学[一]"},
        {"id": "a2", "title": "激光焊接", "institute": "研究院"},
        {"id": "a3", "title": "水稻育种", "institute": 7},
    ]
    return written(tmp_path / "achievements.jsonl", rows)


def run(*arguments):
    return CliRunner().invoke(app, ["assign", *map(str, arguments)])


def rows(path: Path):
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


def test_the_csv_and_the_table_say_who_is_offered_what(needs, achievements, tmp_path):
    out = tmp_path / "out.csv"
    result = run("--needs", needs, "--achievements", achievements, "--top", 1, "--quota", 2, "--out", out)
    assert result.exit_code == 0
    assert out.read_text("utf-8").splitlines()[0] == "need_id,institute_id,rank,score,achievement_id"
    found = rows(out)
    assert Counter(row["institute_id"] for row in found) == {"大学[一]": 2, "研究院": 1}
    assert {(row["rank"], row["achievement_id"]) for row in found} == {("1", "a1"), ("1", "a2")}
    for said in ("nDCG", "大学[一]", "超出配额"):
        assert said in result.stdout


def test_the_demo_catalogue_meets_both_aims(tmp_path):
    asked = written(
        tmp_path / "n.jsonl",
        [
            {"id": each.key, "title": each.raw["title"], "text": each.raw["problem"]}
            for each in catalogue.needs()
        ],
    )
    offered = written(
        tmp_path / "a.jsonl",
        [
            {"id": each.key, "title": each.raw["title"], "text": each.raw["summary"], "of": each.owner}
            for each in catalogue.achievements()
        ],
    )
    result = run(
        "--needs", asked, "--achievements", offered, "--institutes", "of", "--map", "description=text",
        "--quota", 6, "--json",
    )  # fmt: skip
    said = json.loads(result.stdout)
    assert (said["quotas_broken"], said["needs"], said["institutes"]) == (0, 42, 30)
    assert said["ndcg_kept"] >= 0.97
    assert said["gini_ratio"] <= 0.6
    load = Counter(offer["institute"] for offer in said["offers"])
    assert max(load.values()) <= 6
    assert said["offered"] == len(said["offers"]) == 3 * 42
    assert {*said["offers"][0]} == {"need", "institute", "rank", "score", "achievements"}


def test_who_is_offered_to_nobody_is_named_with_the_reason(tmp_path, achievements):
    asked = written(
        tmp_path / "n.jsonl", [{"id": "welding", "title": WELDING}, {"id": "silent", "title": "……"}]
    )
    arguments = ("--needs", asked, "--achievements", achievements)
    assert json.loads(run(*arguments, "--json").stdout)["unserved"] == [
        {"need": "silent", "reason": "nothing_suitable"}
    ]
    table = run(*arguments).stdout
    assert "silent" in table
    assert "没有合适的院所" in table


def test_more_than_there_is_may_be_asked_for(needs, achievements):
    result = run(
        "--needs", needs, "--achievements", achievements, "--top", 10**30, "--quota", 10**30, "--json"
    )
    assert json.loads(result.stdout)["offered"] == 6


def test_the_order_of_the_lines_changes_nothing(needs, achievements, tmp_path):
    first, second = tmp_path / "1.csv", tmp_path / "2.csv"
    turned = tmp_path / "turned.jsonl"
    turned.write_text("\n".join(reversed(achievements.read_text("utf-8").splitlines())), "utf-8")
    for offered, out in ((achievements, first), (turned, second)):
        assert run("--needs", needs, "--achievements", offered, "--quota", 2, "--out", out).exit_code == 0
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    ("option", "value"), [("--quota", 0), ("--quota", -1), ("--top", 0), ("--quota", "x")]
)
def test_a_quota_or_a_number_of_places_below_one_is_refused(needs, achievements, tmp_path, option, value):
    out = tmp_path / "out.csv"
    result = run("--needs", needs, "--achievements", achievements, option, value, "--out", out)
    assert (result.exit_code, out.exists()) == (2, False)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"id": "a", "title": "t"}', ("缺少 institute", "institute is missing")),
        ('{"id": "a", "title": "t", "institute": " "}', ("institute 为空", "institute is empty")),
        (
            '{"id": "a", "title": "t", "institute": ["x"]}',
            ("institute 不是文字", "institute is not a string"),
        ),
        ("{", ("不是合法 JSON", "it is not JSON")),
    ],
)
def test_a_bad_achievement_is_named_with_its_line(needs, tmp_path, line, said):
    bad, out = tmp_path / "bad.jsonl", tmp_path / "out.csv"
    bad.write_text(f"\n{line}\n", "utf-8")
    result = run("--needs", needs, "--achievements", bad, "--out", out)
    assert (result.exit_code, result.stdout, out.exists()) == (2, "", False)
    assert "第 2 行" in result.stderr
    for words in said:
        assert words in result.stderr


@pytest.mark.parametrize("empty", ["needs", "achievements"])
def test_an_empty_file_is_refused(needs, achievements, tmp_path, empty):
    nothing = tmp_path / "nothing.jsonl"
    nothing.write_text("\n\n", "utf-8")
    files = {"needs": needs, "achievements": achievements} | {empty: nothing}
    result = run("--needs", files["needs"], "--achievements", files["achievements"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "nothing.jsonl" in result.stderr


def test_a_missing_file_a_folder_and_a_place_that_cannot_be_written_are_refused(
    needs, achievements, tmp_path
):
    for unreadable in (tmp_path / "missing.jsonl", tmp_path):
        result = run("--needs", needs, "--achievements", unreadable)
        assert (result.exit_code, result.stdout) == (2, "")
        assert str(unreadable) in result.stderr
    result = run("--needs", needs, "--achievements", achievements, "--out", tmp_path / "no" / "out.csv")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "不能写入" in result.stderr


@pytest.mark.parametrize(
    "given", [["--needs", "n"], ["--achievements", "a"], ["--map", "title=t"], ["--encoder", "."]]
)
def test_half_of_what_files_need_is_refused(given):
    result = run(*given)
    assert result.exit_code == 2
    assert "--achievements" in result.stderr


def test_an_input_is_never_written_over(needs, achievements):
    before = achievements.read_bytes()
    result = run("--needs", needs, "--achievements", achievements, "--out", achievements)
    assert (result.exit_code, achievements.read_bytes()) == (2, before)


LOADED = """
import sys
from sanwang.cli import app
app(sys.argv[1:], standalone_mode=False)
print(sorted({"torch", "sklearn", "pandas", "scipy", "flask", "sqlalchemy", "psycopg", "highspy"} & set(sys.modules)),
      file=sys.stderr)
"""


@pytest.mark.parametrize("options", [["--json"], []])
def test_a_full_disk_is_a_sentence(needs, achievements, options):
    command = [
        sys.executable,
        "-m",
        "sanwang.cli",
        "assign",
        "--needs",
        str(needs),
        "--achievements",
        str(achievements),
    ]
    with open("/dev/full", "wb") as full:
        ended = subprocess.run(
            [*command, *options], env={**os.environ, "PYTHONPATH": str(PLATFORM)}, stdout=full, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
    assert (ended.returncode, "cannot write to standard output" in ended.stderr) == (2, True), ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_name_too_long_to_be_written_to_is_a_sentence(needs, achievements, tmp_path):
    refused = run("--needs", needs, "--achievements", achievements, "--out", tmp_path / ("x" * 300))
    assert (refused.exit_code, "cannot write" in refused.output) == (2, True)


def test_files_are_assigned_without_the_web_the_database_or_pandas(needs, achievements):
    arguments = ["assign", "--needs", str(needs), "--achievements", str(achievements), "--json"]
    environment = {**os.environ, "PYTHONPATH": str(PLATFORM)}
    result = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(json.loads(result.stdout)["offers"]) == 6
    assert result.stderr.strip() == "[]"


EVERYTHING = """
import sys
import sanwang.app, sanwang.cli, sanwang.features, sanwang.models, sanwang.processes, sanwang.web_worker
print(sorted({"ortools", "scipy.optimize", "pandas", "google.protobuf", "torch"} & set(sys.modules)))
"""


def test_neither_the_application_nor_the_worker_loads_the_solver_before_it_solves():
    environment = {**os.environ, "PYTHONPATH": str(PLATFORM)}
    result = subprocess.run(
        [sys.executable, "-c", EVERYTHING], env=environment, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


def test_the_open_needs_of_the_platform_are_assigned_and_nothing_is_written(
    committed_database, monkeypatch, tmp_path
):
    today = local_date(SystemClock().now())
    with committed_database.transaction() as session:
        need, institute = a_laser_need(session), a_laser_institute(session, last_confirmed_on=today)
    monkeypatch.setenv("DATABASE_URL", committed_database.url)
    monkeypatch.setattr(db, "_bound", list(db._bound))  # the command binds its own
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    with installed(None):
        said = json.loads(run("--json").stdout)
        table = run().stdout
    assert [(offer["need"], offer["institute"]) for offer in said["offers"]] == [
        (str(need.id), str(institute.id))
    ]
    assert institute.name in table
    with committed_database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(AssignmentRun)) == 0


def test_a_platform_that_is_not_there_is_a_sentence(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(db, "_bound", list(db._bound))  # the command binds its own
    monkeypatch.delenv("DATABASE_URL", raising=False)
    result = run()
    assert result.exit_code == 2
    assert "DATABASE_URL" in result.stderr
    with installed(None):
        monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
        result = run()
    assert result.exit_code == 2
    assert "数据库连接失败" in result.stderr
