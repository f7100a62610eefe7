import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sanwang.cli import app

PLATFORM = Path(__file__).parents[2] / "platform"
ACHIEVEMENTS = [
    {
        "id": "a1",
        "title": "紫铜低飞溅激光焊接工艺",
        "description": "蓝光与红外复合，铜排焊缝熔深波动小于百分之五",
    },
    {"id": "a2", "title": "动力电池热失控早期预警", "description": "氢气与膨胀力联合判别，提前八分钟报警"},
    {"id": "a3", "title": "分布式光纤振动传感误报抑制", "description": "未提供"},
    {"id": "a4", "title": "长效微球连续乳化", "abstract": "膜乳化控制首日释放", "year": 2024},
]
NEEDS = [
    {"id": "n1", "title": "铜排激光焊接飞溅太大", "description": "熔深忽深忽浅"},
    {"id": "n2", "title": "光纖振動告警誤報多"},
]


def written(path: Path, records: list[dict]) -> Path:
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), "utf-8")
    return path


@pytest.fixture
def needs(tmp_path):
    return written(tmp_path / "needs.jsonl", NEEDS)


@pytest.fixture
def achievements(tmp_path):
    return written(tmp_path / "achievements.jsonl", ACHIEVEMENTS)


def run(*arguments):
    return CliRunner().invoke(app, ["match", *map(str, arguments)])


def process(*arguments, **options):
    command = [sys.executable, "-m", "sanwang.cli", "match", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(PLATFORM)}
    return subprocess.run(command, env=environment, capture_output=True, check=False, **options)


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_the_csv_follows_the_contract(needs, achievements):
    result = run("--needs", needs, "--achievements", achievements, "--top", 3)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "need_id,achievement_id,rank,score"
    found = rows(result.stdout)
    assert [row["need_id"] for row in found] == ["n1"] * 3 + ["n2"] * 3
    assert [row["rank"] for row in found] == ["1", "2", "3"] * 2
    assert found[0]["achievement_id"] == "a1"
    assert found[3]["achievement_id"] == "a3"
    scores = [float(row["score"]) for row in found]
    assert scores[:3] == sorted(scores[:3], reverse=True)
    assert scores[3:] == sorted(scores[3:], reverse=True)


def test_ten_rows_are_the_default_and_a_small_catalogue_comes_whole(needs, achievements, tmp_path):
    many = written(
        tmp_path / "many.jsonl",
        [{"id": f"m{number:02d}", "title": f"第{number}种工艺"} for number in range(14)],
    )
    assert len(rows(run("--needs", needs, "--achievements", many).stdout)) == 2 * 10
    assert len(rows(run("--needs", needs, "--achievements", achievements).stdout)) == 2 * 4
    assert len(rows(run("--needs", needs, "--achievements", many, "--top", 10**9).stdout)) == 2 * 14


def test_equal_scores_stand_in_order_of_id_and_zeros_are_included(tmp_path, achievements):
    silent = written(tmp_path / "silent.jsonl", [{"id": "n", "title": "……", "description": "暂无"}])
    found = rows(run("--needs", silent, "--achievements", achievements).stdout)
    assert [(row["achievement_id"], row["score"]) for row in found] == [
        (f"a{n}", "0.000000") for n in (1, 2, 3, 4)
    ]


def test_the_answer_goes_to_the_file_and_nothing_to_standard_output(needs, achievements, tmp_path):
    out = tmp_path / "r.csv"
    result = run("--needs", needs, "--achievements", achievements, "--out", out)
    assert (result.exit_code, result.stdout) == (0, "")
    assert out.read_text("utf-8") == run("--needs", needs, "--achievements", achievements).stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["achievements.jsonl", "needs.jsonl", "r.csv"]


def test_a_renamed_field_is_searched(tmp_path, achievements):
    asked = written(tmp_path / "asked.jsonl", [{"id": "n", "title": "首日释放"}])
    plain = rows(run("--needs", asked, "--achievements", achievements).stdout)
    mapped = rows(
        run("--needs", asked, "--achievements", achievements, "--map", "description=abstract").stdout
    )
    score = {row["achievement_id"]: float(row["score"]) for row in plain}
    assert mapped[0]["achievement_id"] == "a4"
    assert float(mapped[0]["score"]) > score["a4"] + 0.1


@pytest.mark.parametrize("rename", ["description", "description=", "keywords=title", "=abstract"])
def test_a_nonsensical_rename_is_refused(needs, achievements, rename):
    result = run("--needs", needs, "--achievements", achievements, "--map", rename)
    assert result.exit_code == 2
    assert "FIELD=KEY" in result.stderr


def test_a_field_is_renamed_once(needs, achievements):
    twice = ("--map", "title=a", "--map", "title=b")
    assert run("--needs", needs, "--achievements", achievements, *twice).exit_code == 2


@pytest.mark.parametrize("top", ["0", "-3", "x", "1.5"])
def test_fewer_than_one_row_or_no_number_is_exit_code_2(needs, achievements, tmp_path, top):
    result = run("--needs", needs, "--achievements", achievements, "--top", top, "--out", tmp_path / "r.csv")
    assert (result.exit_code, result.stdout) == (2, "")
    assert not (tmp_path / "r.csv").exists()


@pytest.mark.parametrize("option", ["--needs", "--achievements"])
@pytest.mark.parametrize(
    "line",
    ["{", "[]", '{"id": "", "title": "t"}', '{"id": "a1", "title": 3}', '{"id": "a1", "title": "\\ud800"}'],
)
def test_a_bad_line_is_named_in_both_languages_and_nothing_is_written(
    needs, achievements, tmp_path, option, line
):
    files = {"--needs": needs, "--achievements": achievements}
    files[option].write_text(files[option].read_text("utf-8") + line + "\n", "utf-8")
    number = len(files[option].read_text("utf-8").splitlines())
    out = tmp_path / "r.csv"
    out.write_text("before")
    result = run(*(part for pair in files.items() for part in pair), "--out", out)
    assert (result.exit_code, result.stdout, out.read_text()) == (2, "", "before")
    assert f"{files[option]} 第 {number} 行" in result.stderr
    assert f"{files[option]} line {number}:" in result.stderr


def test_a_duplicate_id_is_a_bad_line_but_needs_and_achievements_may_share_one(tmp_path, achievements):
    shared = written(tmp_path / "shared.jsonl", [{"id": "a1", "title": "激光焊接"}])
    assert run("--needs", shared, "--achievements", achievements).exit_code == 0
    twice = written(tmp_path / "twice.jsonl", [{"id": "a1", "title": "激光"}, {"id": "a1", "title": "焊接"}])
    result = run("--needs", twice, "--achievements", achievements)
    assert result.exit_code == 2
    assert "line 2" in result.stderr


def test_a_missing_file_a_folder_and_an_unwritable_answer_are_exit_code_2(needs, achievements, tmp_path):
    for wrong in (
        ("--needs", tmp_path / "none", "--achievements", achievements),
        ("--needs", needs, "--achievements", tmp_path),
        ("--needs", needs, "--achievements", achievements, "--out", tmp_path / "none" / "r.csv"),
        ("--needs", needs, "--achievements", achievements, "--out", tmp_path),
        ("--needs", needs, "--achievements", achievements, "--encoder", tmp_path / "none"),
        ("--needs", needs),
    ):
        result = run(*wrong)
        assert (result.exit_code, result.stdout) == (2, ""), wrong
        assert result.stderr


def test_an_input_is_never_overwritten(needs, achievements):
    before = achievements.read_bytes()
    refused = run("--needs", needs, "--achievements", achievements, "--out", achievements)
    assert refused.exit_code == 2
    assert "is one of the inputs" in refused.output
    assert achievements.read_bytes() == before


def test_a_name_too_long_to_be_written_to_is_a_sentence(needs, achievements, tmp_path):
    refused = run("--needs", needs, "--achievements", achievements, "--out", tmp_path / ("x" * 300))
    assert (refused.exit_code, "cannot write" in refused.output) == (2, True)


def test_a_full_disk_is_a_sentence(needs, achievements):
    command = [
        sys.executable,
        "-m",
        "sanwang.cli",
        "match",
        "--needs",
        str(needs),
        "--achievements",
        str(achievements),
    ]
    with open("/dev/full", "wb") as full:
        ended = subprocess.run(
            command,
            env={**os.environ, "PYTHONPATH": str(PLATFORM)},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert ended.returncode == 2
    assert "cannot write to standard output" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_encoder_of_the_env_file_is_used(needs, achievements, tmp_path):
    (tmp_path / ".env").write_text("ENCODER=/nowhere/model\n", "utf-8")
    refused = process("--needs", needs, "--achievements", achievements, cwd=tmp_path)
    assert refused.returncode == 2
    assert b"/nowhere/model" in refused.stderr


@pytest.mark.parametrize(
    ("title", "first"),
    [
        ("", None),
        ("焊", "a1"),
        ("🔋🔥⚡", None),
        ("鋰電池熱失控預警", "a2"),
        ("early warning of thermal runaway in traction batteries", "a2"),
        ("LiNi₀.₈Co₀.₁Mn₀.₁O₂ 电池 ΔT≥5 K", "a2"),
        ("光纤振动告警" * 20_000, "a3"),
        ("a\u200b\u202e电池\u0007热失控", "a2"),
    ],
    ids=[
        "empty",
        "one character",
        "emoji",
        "Traditional",
        "English",
        "formula",
        "120,000 characters",
        "invisible",
    ],
)
def test_any_text_gets_a_full_list_and_what_it_says_comes_first(tmp_path, achievements, title, first):
    needs = written(tmp_path / "one.jsonl", [{"id": "n", "title": title}])
    answer = run("--needs", needs, "--achievements", achievements)
    assert answer.exit_code == 0
    ranked = rows(answer.stdout)
    assert [row["rank"] for row in ranked] == ["1", "2", "3", "4"]
    if first is None:
        assert {row["score"] for row in ranked} == {"0.000000"}
    else:
        assert ranked[0]["achievement_id"] == first


def test_empty_files_give_a_header_alone(needs, tmp_path):
    empty = written(tmp_path / "empty.jsonl", [])
    for pair in (("--needs", empty, "--achievements", needs), ("--needs", needs, "--achievements", empty)):
        assert run(*pair).stdout == "need_id,achievement_id,rank,score\n"


def test_help_explains_the_command_with_an_example():
    overview = CliRunner().invoke(app, ["--help"]).stdout
    assert "sanwang match" in " ".join(overview.split())
    assert "为需求排序匹配成果" in overview
    own = CliRunner().invoke(app, ["match", "--help"]).stdout
    for expected in (
        "--needs",
        "--achievements",
        "--top",
        "--out",
        "--map",
        "例 Example",
        "成果",
        "JSON lines",
    ):
        assert expected in own


def test_a_real_process_in_a_plain_locale_writes_utf8_and_says_nothing_else(tmp_path, achievements):
    asked = written(tmp_path / "asked.jsonl", [{"id": "需求一", "title": "激光焊接"}])
    result = process("--needs", asked, "--achievements", achievements, "--top", 1)
    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout.decode("utf-8").splitlines()[1].startswith("需求一,a1,1,")


def test_a_reader_that_leaves_early_is_no_error_message(tmp_path, achievements):
    many = written(
        tmp_path / "many.jsonl", [{"id": f"n{number}", "title": "激光焊接"} for number in range(4000)]
    )
    reading, writing = os.pipe()
    command = [
        sys.executable,
        "-m",
        "sanwang.cli",
        "match",
        "--needs",
        str(many),
        "--achievements",
        str(achievements),
    ]
    environment = {**os.environ, "PYTHONPATH": str(PLATFORM)}
    with subprocess.Popen(command, env=environment, stdout=writing, stderr=subprocess.PIPE) as running:
        os.close(writing)
        os.close(reading)
        assert running.stderr.read() == b""
    assert running.returncode == 141


LIGHT = """
import sys
from sanwang.cli import app
app(sys.argv[1:], standalone_mode=False)
heavy = {"torch", "transformers", "sentence_transformers", "sklearn", "pandas", "flask", "sqlalchemy", "pymilvus",
         "ortools", "psycopg", "faiss", "tantivy"}
print(sorted(heavy & set(sys.modules)), file=sys.stderr)
"""


def test_matching_loads_neither_torch_nor_the_web_nor_the_database(needs, achievements):
    command = [
        sys.executable,
        "-c",
        LIGHT,
        "match",
        "--needs",
        str(needs),
        "--achievements",
        str(achievements),
    ]
    environment = {**os.environ, "PYTHONPATH": str(PLATFORM)}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert len(rows(result.stdout)) == 8
    assert result.stderr.strip() == "[]"


INSTANT = """
import sys
import sanwang.cli
print(sorted({"numpy", "opencc", "rjieba", "tokenizers", "flask", "sqlalchemy", "rich.progress"} & set(sys.modules)))
"""


def test_asking_for_help_loads_no_dictionary():
    environment = {**os.environ, "PYTHONPATH": str(PLATFORM)}
    result = subprocess.run(
        [sys.executable, "-c", INSTANT], env=environment, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


def test_the_result_is_the_same_in_every_process(needs, achievements):
    """No set order, hash seed or thread decides a rank or a digit."""
    answers = set()
    for seed in ("0", "1", "7"):
        command = [
            sys.executable,
            "-m",
            "sanwang.cli",
            "match",
            "--needs",
            str(needs),
            "--achievements",
            str(achievements),
        ]
        environment = {**os.environ, "PYTHONPATH": str(PLATFORM), "PYTHONHASHSEED": seed}
        answers.add(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)
    assert len(answers) == 1
