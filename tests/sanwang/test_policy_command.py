"""`sanwang policy`: its contract, every odd input, and what a person reads."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sanwang.cli import app
from tests.policy_pack.policy_text import policy_text

PLATFORM = Path(__file__).parents[2] / "platform"
SELLER = {
    "contract_side": "seller", "contract_type": "开发", "contract_registered": True, "buyer_region": "湖北省/武汉市",
    "cash_received": 600,
}  # fmt: skip
DAY = ["--as-of", "2026-03-15"]


@pytest.fixture
def facts(tmp_path):
    """A file of facts, from a mapping or as it stands."""

    def written(stated):
        path = tmp_path / "F.json"
        path.write_text(
            stated if isinstance(stated, str) else json.dumps(stated, ensure_ascii=False), "utf-8"
        )
        return str(path)

    return written


def run(*arguments):
    return CliRunner().invoke(app, ["policy", *arguments])


def answered(*arguments):
    result = run("check", "--json", *arguments)
    assert result.exit_code == 0, result.stderr
    assert not result.stderr
    return json.loads(result.stdout)


def refused(*arguments):
    """The refusal, which is the same with --json and without, and leaves standard output empty."""
    plain, as_json = run("check", *arguments), run("check", "--json", *arguments)
    assert (plain.exit_code, as_json.exit_code) == (2, 2), plain.output + as_json.output
    assert not plain.stdout + as_json.stdout
    error = json.loads(as_json.stderr)["error"]
    assert set(error) == {"code", "zh", "en"}
    assert plain.stderr == f"{error['zh']}\n{error['en']}\n[{error['code']}]\n"
    return error


def console(*arguments, **environment):
    command = [sys.executable, "-m", "sanwang.cli", "policy", *arguments]
    return subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": str(PLATFORM), **environment},
        capture_output=True,
        check=False,
    )


# -- the contract ------------------------------------------------------------------------------------------


def test_the_answer_has_exactly_the_keys_of_the_contract_in_the_order_of_the_policies(facts):
    answers = answered("--facts", facts(SELLER), *DAY)
    assert [each["policy_id"] for each in answers] == [f"P{number}" for number in range(1, 43)]
    for each in answers:
        assert list(each) == [
            "policy_id", "name", "outcome", "status", "verified", "missing", "clauses", "amount", "reference",
        ]  # fmt: skip
        assert each["outcome"] in ("eligible", "ineligible", "missing_facts", "needs_review", "not_in_force")
        assert each["clauses"]
        for clause in each["clauses"]:
            assert list(clause) == ["id", "text", "result", "facts"]
            assert clause["id"].startswith(each["policy_id"] + ".")
            assert clause["result"] in ("true", "false", "unknown")
        assert each["amount"] is None or list(each["amount"]) == ["low_fen", "high_fen", "formula"]
        assert bool(each["missing"]) == (each["outcome"] == "missing_facts")


def test_a_policy_alone_is_answered_to_the_fen_with_its_chinese_words(facts):
    (answer,) = answered("--facts", facts(SELLER), "--policy", "P3", *DAY)
    assert (answer["name"], answer["outcome"], answer["status"], answer["verified"]) == (
        "技术交易补助(输出方)", "eligible", "live", True,
    )  # fmt: skip
    assert answer["amount"] == {
        "low_fen": 12_000_000,
        "high_fen": 12_000_000,
        "formula": "实收技术交易额 × 2%，每个申请人最高 100 万元",
    }
    assert answer["clauses"][3] == {
        "id": "P3.4", "text": "买方在武汉市", "result": "true", "facts": ["buyer_region"],
    }  # fmt: skip
    assert answer["reference"] == "kjc.wust.edu.cn/info/1371/21462.htm (A)"


def test_what_is_left_out_is_unknown_and_null_is_absent(facts):
    (unknown,) = answered("--facts", facts({**SELLER, "contract_registered": None}), "--policy", "P3", *DAY)
    assert unknown["outcome"] == "ineligible"
    assert unknown["amount"] is None
    less = {key: value for key, value in SELLER.items() if key != "contract_registered"}
    (missing,) = answered("--facts", facts(less), "--policy", "P3", *DAY)
    assert (missing["outcome"], missing["missing"]) == ("missing_facts", [["contract_registered"]])
    assert missing["clauses"][2]["result"] == "unknown"


def test_the_day_of_application_decides_what_is_in_force(facts):
    path = facts(SELLER)
    on = {
        day: answered("--facts", path, "--policy", "P3", "--as-of", day)[0]["outcome"]
        for day in ("2026-03-12", "2026-03-13")
    }
    assert on == {"2026-03-12": "not_in_force", "2026-03-13": "eligible"}


def test_without_a_day_it_is_today_in_wuhan(facts):
    (answer,) = answered("--facts", facts(SELLER), "--policy", "P3")
    assert answer["outcome"] == "eligible"


def test_an_unverified_policy_shows_its_amount_and_says_what_it_is(facts):
    (answer,) = answered("--facts", facts({"first_product_kind": "首轮流片", "tapeout_cost": 400, "process_nm": 28}), "--policy", "P21", *DAY)  # fmt: skip
    assert (answer["verified"], answer["status"]) == (False, "draft")
    assert (answer["amount"]["low_fen"], answer["amount"]["high_fen"]) == (200_000_000, 200_000_000)


def test_policies_come_in_their_order_however_they_are_asked_for(facts):
    answers = answered("--facts", facts({}), "--policy", "P23", "--policy", "P3", *DAY)
    assert [each["policy_id"] for each in answers] == ["P3", "P23"]


def test_the_console_script_prints_one_line_of_json_in_any_language_of_the_host(facts):
    path = facts(SELLER)
    here, there = (
        console("check", "--facts", path, "--json", *DAY, LC_ALL="C", PYTHONIOENCODING=encoding)
        for encoding in ("utf-8", "latin-1")
    )
    assert (here.returncode, here.stderr) == (0, b"")
    assert here.stdout.count(b"\n") == 1
    assert here.stdout == there.stdout
    assert len(json.loads(here.stdout)) == 42


def test_no_model_and_no_database_is_loaded(facts):
    heavy = (
        "numpy",
        "sqlalchemy",
        "flask",
        "tokenizers",
        "faiss",
        "psycopg",
        "procrastinate",
        "torch",
        "ortools",
    )
    program = (
        "import sys; from typer.testing import CliRunner; from sanwang.cli import app;"
        f"CliRunner().invoke(app, ['policy', 'check', '--facts', {facts(SELLER)!r}, '--json']);"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(PLATFORM)},
        capture_output=True,
        check=True,
    )
    assert loaded.stdout.decode().strip() == "[]"


# -- bad input ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "zh", "en"),
    [
        ({"revenu": 1}, "revenu：没有这个键；是否为 revenue", "did you mean revenue"),
        ({"revenue": "8000"}, "须为数字（万元），而非文字“8000”", "must be a number in 万元"),
        ('{"revenue": NaN}', "不是有限的数", "is no finite number"),
        ({"revenue": 1e308}, "超出范围", "is outside of"),
        ({"revenue": -5}, "不能为负数", "cannot be negative"),
        ({"rd_domestic_share": 12}, "12 % 应写 0.12", "write 0.12 for 12 %"),
        ({"labels": "高新技术企业"}, "须为列表", "must be a list"),
        ({"founded_on": "2021-02-30"}, "不是日期", "is no date"),
        ("[]", "不是 JSON 对象", "is no JSON object"),
        ("{", "不是合法的 JSON", "is not valid JSON"),
        ('{"revenue": 1, "revenue": 2}', "写了两次", "is given twice"),
    ],
)
def test_facts_that_are_none_are_refused(facts, stated, zh, en):
    error = refused("--facts", facts(stated), *DAY)
    assert error["code"] == "facts_invalid"
    assert zh in error["zh"]
    assert en in error["en"]


def test_every_problem_has_its_line(facts):
    error = refused("--facts", facts({"revenue": "1", "labels": 3, "staff_total": 1.5}))
    keys = ("revenue", "labels", "staff_total")
    assert [line.split("：")[0] for line in error["zh"].splitlines()] == [f"F.json {key}" for key in keys]
    assert len(error["en"].splitlines()) == 3


def test_a_missing_file_is_refused(tmp_path):
    assert "无法读取" in refused("--facts", str(tmp_path / "none.json"))["zh"]


@pytest.mark.parametrize("day", ["2026-02-30", "20260301", "今天", "2026-3-1", "2026-W10-1", ""])
def test_a_day_that_is_none_is_refused(facts, day):
    error = refused("--facts", facts({}), "--as-of", day)
    assert error["code"] == "day_invalid"
    assert "2026-03-01" in error["en"]


def test_an_unknown_policy_is_refused_with_those_that_are_near(facts):
    error = refused("--facts", facts({}), "--policy", "P233")
    assert error["code"] == "policy_unknown"
    assert "did you mean P33, P23" in error["en"]


def test_no_facts_at_all_is_a_usage_error():
    result = run("check")
    assert (result.exit_code, result.stdout) == (2, "")


# -- what a person reads -----------------------------------------------------------------------------------


def test_without_json_a_person_reads_a_table(facts):
    result = console("check", "--facts", facts(SELLER), *DAY, COLUMNS="200")
    said = result.stdout.decode()
    assert (result.returncode, result.stderr) == (0, b"")
    assert "补助 12 万元" in said
    assert "符合条件" in said
    assert "待核实 unverified" in said
    assert "见通知，上限 3,000 万元" in said


@pytest.mark.parametrize("flag", ["--explain", "-v"])
def test_the_reasons_come_clause_by_clause(facts, flag):
    said = run(
        "check", "--facts", facts({**SELLER, "buyer_region": "上海市"}), "--policy", "P3", flag, *DAY
    ).stdout
    assert "✗ P3.4 买方在武汉市" in said
    assert "The buyer is in Wuhan" in said
    assert "买方所在地：上海市" in said


def test_the_list_names_every_policy(facts):
    listed = json.loads(run("list", "--json").stdout)
    assert len(listed) == 42
    assert listed[2] == {
        "policy_id": "P3", "name": "技术交易补助(输出方)", "category": "T", "status": "live", "grade": "A", "verified": True,
        "complete": True, "valid_from": "2026-03-13", "valid_to": None, "reference": "kjc.wust.edu.cn/info/1371/21462.htm (A)",
    }  # fmt: skip
    said = console("list", COLUMNS="200").stdout.decode()
    assert "成果转化与技术交易" in said
    assert "2026-03-13 – …" in said


def test_the_keys_of_facts_are_listed():
    listed = {each["key"]: each for each in json.loads(run("facts", "--json").stdout)}
    assert listed["revenue"]["unit"] == "万元"
    assert "瞪羚" in listed["labels"]["values"]
    assert "total_assets" in console("facts", COLUMNS="200").stdout.decode()


def test_files_of_policies_are_validated(tmp_path):
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(policy_text(), "utf-8")
    bad.write_text(policy_text(id="P2", category="X", level="''"), "utf-8")
    assert "1 file(s) without a problem" in run("validate", str(good)).stdout
    result = run("validate", str(good), str(bad))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "bad.yaml:3: category must be one of R, T, F, Q, M, not X" in result.stderr
    assert "bad.yaml:4：level 须为非空文字" in result.stderr


def test_help_shows_an_example_in_both_languages():
    result = run("check", "--help")
    assert "sanwang policy check --facts F.json" in result.stdout
    assert "exit code 2" in result.stdout
