"""`sanwang sla due`: its contract, every odd input, and the deadlines against counting minute by minute."""

import json
import os
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import chinese_calendar
import pytest
from typer.testing import CliRunner

from sanwang.cli import app

PLATFORM = Path(__file__).parents[2] / "platform"
STAGES = {"confirm": 1, "communicate": 5, "propose": 15}
GOLDEN = ["--opened", "2026-02-13T16:50", "--pause", "2026-02-14T10:00/2026-02-24T10:30"]
MINUTE = timedelta(minutes=1)


def run(*arguments):
    return CliRunner().invoke(app, ["sla", "due", *arguments])


def answered(*arguments):
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    assert not result.stderr
    return json.loads(result.stdout)


def deadlines(*arguments):
    return [answer["due_at"] for answer in answered(*arguments).values()]


def at(*texts):
    return [f"{text}:00+08:00" for text in texts]


def refused(*arguments):
    """The code of a refusal, which is the same with --json and without, and leaves standard output empty."""
    plain, as_json = run(*arguments), run(*arguments, "--json")
    assert (plain.exit_code, as_json.exit_code) == (2, 2), (plain.output, as_json.output)
    assert not plain.stdout + as_json.stdout
    error = json.loads(as_json.stderr)["error"]
    assert set(error) == {"code", "zh", "en"}
    zh, en, code = plain.stderr.splitlines()
    assert (zh, en, code) == (error["zh"], error["en"], f"[{error['code']}]")
    return error


def process(*arguments, **environment):
    command = [sys.executable, "-m", "sanwang.cli", "sla", "due", *arguments]
    inherited = {**os.environ, "PYTHONPATH": str(PLATFORM)}
    return subprocess.run(command, env=inherited | environment, capture_output=True, check=False)


# -- the contract ------------------------------------------------------------------------------------------


def test_the_answer_has_exactly_the_keys_of_the_contract():
    answer = answered(*GOLDEN)
    assert list(answer) == list(STAGES)
    for stage in answer.values():
        assert list(stage) == ["due_at", "provisional", "proof"]
        assert stage["proof"][-1]["on"] == stage["due_at"]
        assert all({"code", "zh", "en"} <= set(line) for line in stage["proof"])
    assert answer["confirm"]["due_at"] == "2026-02-25T09:30:00+08:00"
    assert answer["confirm"]["provisional"] is False


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (GOLDEN, at("2026-02-25T09:30", "2026-03-02T09:30", "2026-03-16T09:30")),
        (["--opened", "2026-02-14T09:05"], at("2026-02-24T17:30", "2026-02-28T17:30", "2026-03-13T17:30")),
        (["--opened", "2026-12-24T10:00"], at("2026-12-25T17:30", "2026-12-31T17:30", "2027-01-14T17:30")),
    ],
)
def test_the_golden_cases(arguments, expected):
    assert deadlines(*arguments) == expected


def test_only_what_lies_past_the_published_year_is_provisional():
    answer = answered("--opened", "2026-12-24T10:00")
    assert [stage["provisional"] for stage in answer.values()] == [False, False, True]


def test_the_console_script_prints_one_line_of_json_and_loads_neither_a_model_nor_a_database():
    answer = process(*GOLDEN, "--json")
    assert (answer.returncode, answer.stderr) == (0, b"")
    assert json.loads(answer.stdout)["propose"]["due_at"] == "2026-03-16T09:30:00+08:00"
    assert answer.stdout.count(b"\n") == 1
    heavy = ("numpy", "sqlalchemy", "flask", "tokenizers", "faiss", "psycopg", "procrastinate")
    program = (
        "import sys; from typer.testing import CliRunner; from sanwang.cli import app;"
        f"CliRunner().invoke(app, ['sla', 'due', *{GOLDEN!r}, '--json']); print([n for n in {heavy!r} if n in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(PLATFORM)}
    loaded = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
    assert loaded.stdout.decode().strip() == "[]"


@pytest.mark.parametrize(
    "environment",
    [
        {"TZ": "America/New_York"},
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        {"TZ": "Europe/Berlin", "LC_ALL": "POSIX", "PYTHONIOENCODING": "latin-1"},
    ],
)
@pytest.mark.parametrize(
    "opened",
    [
        "2026-03-08T02:30",
        pytest.param("2026-11-01T01:30", marks=pytest.mark.slow),
        pytest.param("2026-03-29T02:30", marks=pytest.mark.slow),
    ],
)
def test_neither_the_zone_of_the_host_nor_its_language_changes_a_byte(environment, opened):
    here = process("--opened", opened, "--json", TZ="Asia/Shanghai")
    there = process("--opened", opened, "--json", **environment)
    assert (there.returncode, there.stdout) == (0, here.stdout)


def test_without_json_a_person_reads_a_table_and_the_cards():
    result = run(*GOLDEN)
    assert result.exit_code == 0
    assert "2026-02-25（周三）09:30" in result.stdout
    assert "确定 / final" in result.stdout
    assert "春节放假 9 天，不计" in result.stdout
    assert "《中华人民共和国民法典》第二百零三条" in result.stdout
    assert "暂定 / provisional" in run("--opened", "2026-12-24T10:00").stdout


def test_help_shows_an_example_in_both_languages():
    result = CliRunner().invoke(app, ["sla", "due", "--help"])
    assert result.exit_code == 0
    assert "sanwang sla due --opened 2026-02-13T16:50" in result.stdout
    assert "exit code 2" in result.stdout


# -- ways of writing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "opened",
    [
        "2026-02-13", "2026-02-13T00:00", "2026-02-13T09:00", "2026-02-13 16:50", "2026-02-13T16:50:59", "2026-02-13T17:30",
        "2026-02-13T23:59:59.999999", "2026-02-12T24:00", "2026-02-13T08:50Z", "2026-02-13T08:50+00:00", "2026-02-13T03:50-05:00",
        "2026-02-12T16:00Z", " 2026-02-13T16:50 ", "2026-02-13T16:50+0800", "2026-02-13T13:59:59-02:00",
    ],
)  # fmt: skip
def test_any_instant_of_the_start_day_gives_the_same_deadlines(opened):
    assert deadlines("--opened", opened) == at("2026-02-14T17:30", "2026-02-27T17:30", "2026-03-12T17:30")


def test_the_offset_decides_on_which_day_something_was_opened():
    assert deadlines("--opened", "2026-02-13T16:50Z")[0] == "2026-02-24T17:30:00+08:00"
    assert deadlines("--opened", "2026-02-13T24:00") == deadlines("--opened", "2026-02-14T00:00")


@pytest.mark.parametrize(
    "pause",
    [
        "2026-02-14T10:00/2026-02-24T10:30",
        "2026-02-14 10:00/2026-02-24 10:30",
        "2026-02-14T10:00:00 / 2026-02-24T10:30:00",
        "2026-02-14T02:00Z/2026-02-24T10:30",
        "2026-02-14T10:00/2026-02-24T02:30+00:00",
        "2026-02-13T21:00-05:00/2026-02-24T08:15+05:45",
    ],
)
def test_each_side_of_a_pause_has_its_own_offset_or_shanghais(pause):
    assert deadlines("--opened", "2026-02-13T16:50", "--pause", pause) == deadlines(*GOLDEN)


@pytest.mark.parametrize(
    "pauses",
    [
        ["2026-02-14T10:00/2026-02-24T10:30"] * 3,
        ["2026-02-16T10:00/2026-02-24T10:30", "2026-02-14T10:00/2026-02-17T00:00"],
        ["2026-02-14T12:00/2026-02-24T10:30", "2026-02-14T10:00/2026-02-14T12:00"],
        ["2026-02-14T10:00/2026-02-14T17:30", "2026-02-24T09:00/2026-02-24T10:30"],
        ["2026-02-14T10:00/2026-02-24T10:30", "2026-02-15/2026-02-24", "2026-02-13T18:00/2026-02-14T09:00"],
        ["2026-02-14T10:00/2026-02-24T10:30", "2026-02-20T10:00/2026-02-20T10:00"],
        ["2026-02-14T10:00/2026-02-24T10:30", "2026-01-05T09:00/2026-01-09T17:30"],
        ["2026-02-14T10:00/2026-02-24T10:30", "2026-05-11T09:00/2026-05-15T17:30"],
    ],
    ids=[
        "repeated",
        "overlapping",
        "touching",
        "apart over a holiday",
        "inside",
        "no length",
        "before",
        "after",
    ],
)
def test_only_the_union_of_the_pauses_within_working_time_counts(pauses):
    options = [option for pause in pauses for option in ("--pause", pause)]
    assert deadlines("--opened", "2026-02-13T16:50", *options) == deadlines(*GOLDEN)


def test_a_pause_over_the_opening_counts_from_where_counting_begins():
    over = deadlines("--opened", "2026-03-02T11:00", "--pause", "2026-02-24T09:00/2026-03-03T10:00")
    assert over[0] == "2026-03-04T10:00:00+08:00"


def test_pauses_have_no_maximum_here():
    long = deadlines("--opened", "2026-03-02T11:00", "--pause", "2026-03-03T09:00/2026-07-01T09:00")
    assert long[0] == "2026-07-01T17:30:00+08:00"


def test_seconds_of_a_pause_are_kept():
    paused = deadlines("--opened", "2026-03-02T11:00", "--pause", "2026-03-03T10:00:00/2026-03-03T10:00:07.5")
    assert paused[0] == "2026-03-04T09:00:07.500000+08:00"


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        ("2024-02-28T10:00", "2024-02-29T17:30"),
        ("2024-02-29T10:00", "2024-03-01T17:30"),
        ("2026-02-15T10:00", "2026-02-24T17:30"),
        ("2026-10-01T08:00", "2026-10-08T17:30"),
        ("2004-01-01", "2004-01-02T17:30"),
        ("2026-12-31T17:30", "2027-01-01T17:30"),
        ("2027-12-30", "2027-12-31T17:30"),
    ],
)
def test_leap_days_holidays_and_both_ends_of_the_calendar(opened, due):
    result = run("--opened", opened, "--json")
    if opened.startswith("2027"):
        assert refused("--opened", opened)["code"] == "calendar_not_published"
    else:
        assert json.loads(result.stdout)["confirm"]["due_at"] == f"{due}:00+08:00"


# -- refusals ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "opened",
    [
        "1900-01-01T10:00", "2003-12-31T23:59", "2200-01-01T10:00", "9999-12-31T23:59", "0001-01-01", "0001-01-01T00:00+23:59",
        "9999-12-31T23:59-23:59", "2028-01-02T00:01", "2027-12-20T10:00",
    ],
)  # fmt: skip
def test_years_without_a_published_calendar_are_refused_by_name(opened):
    assert refused("--opened", opened)["code"] == "calendar_not_published"


@pytest.mark.parametrize("pause", ["1900-01-01/2026-02-14", "2026-02-14/2200-01-01", "2003-05-01/2003-05-02"])
def test_a_pause_in_a_year_without_a_calendar_is_refused(pause):
    assert refused("--opened", "2026-02-13T16:50", "--pause", pause)["code"] == "calendar_not_published"


def test_a_pause_that_ends_before_it_starts_is_named():
    right, wrong = "2026-02-14T10:00/2026-02-24T10:30", "2026-03-02T10:00/2026-03-02T09:59"
    error = refused("--opened", "2026-02-13T16:50", "--pause", right, "--pause", wrong)
    assert error["code"] == "pause_ends_before_it_starts"
    assert error["zh"].startswith("--pause #2")
    assert error["en"].startswith("--pause #2")
    assert "2026-03-02T09:59" in error["en"]


@pytest.mark.parametrize(
    "opened", ["", "soon", "2026-02-30", "2026-02-13T25:00", "2026-02-13T16:50+99:00", "13.02.2026"]
)
def test_an_opening_that_is_no_instant_is_named(opened):
    error = refused("--opened", opened)
    assert error["code"] == "instant_unreadable"
    assert error["en"].startswith("--opened: ")


@pytest.mark.parametrize(
    ("pause", "code"),
    [("", "pause_unreadable"), ("2026-02-14T10:00", "pause_unreadable"), ("a/b/c", "pause_unreadable"), ("2026-02-14T10:00/", "instant_unreadable"),
     ("/2026-02-14T10:00", "instant_unreadable"), ("2026-02-14T10:00/x", "instant_unreadable")],
)  # fmt: skip
def test_a_pause_that_is_no_pair_of_instants_is_named(pause, code):
    error = refused("--opened", "2026-02-13T16:50", "--pause", pause)
    assert error["code"] == code
    assert error["zh"].startswith("--pause #1：")


def test_an_opening_is_compulsory():
    assert run("--json").exit_code == 2


# -- other calendars ---------------------------------------------------------------------------------------


def test_a_notice_finalises_what_was_provisional(tmp_path):
    notice = tmp_path / "2027.yaml"
    notice.write_text(
        "year: 2027\nsource: 演示通知\nversion: demo-2027\nrows:\n - {date: 2027-01-01, to: 2027-01-03, kind: holiday, name: 元旦}\n",
        encoding="utf-8",
    )
    answer = answered("--opened", "2026-12-24T10:00", "--calendar", str(notice))["propose"]
    assert (answer["due_at"], answer["provisional"]) == ("2027-01-15T17:30:00+08:00", False)
    assert "demo-2027" in answer["proof"][-3]["zh"]
    assert "演示通知" in answer["proof"][-3]["source"]


def test_a_typhoon_day_moves_what_lies_over_it(tmp_path):
    order = tmp_path / "typhoon.json"
    order.write_text(
        json.dumps(
            {"source": "市通告", "rows": [{"date": "2026-09-10", "kind": "closed", "name": "台风停工"}]}
        ),
        "utf-8",
    )
    assert (
        deadlines("--opened", "2026-09-09T10:00", "--calendar", str(order))[0] == "2026-09-11T17:30:00+08:00"
    )
    assert deadlines("--opened", "2026-09-09T10:00")[0] == "2026-09-10T17:30:00+08:00"


def test_a_calendar_without_workdays_is_an_error_and_never_a_loop(tmp_path):
    idle = tmp_path / "idle.yaml"
    idle.write_text("source: x\nrows: [{date: 2026-01-01, to: 2028-01-01, kind: closed}]", encoding="utf-8")
    error = refused("--opened", "2026-03-02T10:00", "--calendar", str(idle))
    assert error["code"] == "calendar_without_workdays"


def test_the_published_calendar_has_two_names():
    version = answered("--opened", "2026-03-02T10:00", "--calendar", "published")["confirm"]["proof"][-3][
        "zh"
    ].split()[1]
    assert deadlines("--opened", "2026-03-02", "--calendar", version.split("，")[0]) == deadlines(
        "--opened", "2026-03-02"
    )


def test_an_unknown_calendar_is_refused(tmp_path):
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00")
    for wanted in ("nowhere", "", str(tmp_path), str(binary), "a\0b"):
        assert refused("--opened", "2026-03-02", "--calendar", wanted)["code"] == "calendar_unknown"


def test_a_wrong_notice_is_named_by_file_line_and_field(tmp_path):
    notice = tmp_path / "wrong.yaml"
    notice.write_text("source: x\nrows:\n - {date: 2026-02-30, kind: closed}\n", encoding="utf-8")
    error = refused("--opened", "2026-03-02", "--calendar", str(notice))
    assert error["code"] == "notice_invalid"
    assert error["en"].startswith(f"{notice}: Line 3, rows[0].date")
    notice.write_text("source: x\nyear: 2030\nrows: []\n", encoding="utf-8")
    assert refused("--opened", "2026-03-02", "--calendar", str(notice))["code"] == "calendar_invalid"


# -- against counting minute by minute ---------------------------------------------------------------------


def is_worked(on):
    """From chinesecalendar itself; past its last year Monday to Friday."""
    return chinese_calendar.is_workday(on) if on.year <= 2026 else on.weekday() < 5


def counted(opened, pauses):
    """The close of the minute at which each budget is used up: no sums, no bisection, one minute after the other."""
    found, minutes, when = {}, 0, datetime.combine(opened.date() + timedelta(days=1), datetime.min.time())
    while len(found) < len(STAGES):
        of_day = when.hour * 60 + when.minute
        open_now = 540 <= of_day < 720 or 810 <= of_day < 1050
        if not open_now:
            when += MINUTE * (60 if when.minute == 0 and not 480 <= of_day < 1080 else 1)
            continue
        if is_worked(when.date()) and not any(start <= when < end for start, end in pauses):
            minutes += 1
            for stage, days in STAGES.items():
                if minutes == days * 420:
                    found[stage] = when + MINUTE
        when += MINUTE
    return [f"{found[stage].isoformat()}+08:00" for stage in STAGES]


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=[] if seed < 8 else pytest.mark.slow) for seed in range(40)]
)
def test_the_command_says_what_counting_minute_by_minute_says(seed):
    random = Random(seed)
    day = date(2004, 1, 1) + timedelta(days=random.randrange(23 * 365))
    opened = datetime.combine(day, datetime.min.time()) + random.randrange(1440) * MINUTE
    pauses = []
    for _ in range(random.randrange(5)):
        start = opened + MINUTE * random.randint(-3000, 25_000)
        length = random.choice(
            (0, 1, 45, random.randrange(600), random.randrange(9000), random.randrange(30_000))
        )
        pauses.append((start, start + MINUTE * length))
    options = [
        option
        for start, end in pauses
        for option in (
            "--pause",
            f"{start.isoformat(timespec='minutes')}/{end.isoformat(timespec='minutes')}",
        )
    ]
    assert deadlines("--opened", opened.isoformat(timespec="minutes"), *options) == counted(opened, pauses)
