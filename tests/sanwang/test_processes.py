import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from backbone import jobs
from backbone.settings import Settings
from sanwang import app as assembly
from sanwang import processes
from sanwang.processes import SUPERVISED, application, gunicorn_settings

PLATFORM = Path(__file__).resolve().parents[2] / "platform"


def test_a_refusal_to_start_is_one_sentence_and_the_status_that_gunicorn_gives_up_at(
    capsys: pytest.CaptureFixture[str],
):
    with pytest.raises(SystemExit) as ending:
        application(
            Settings(
                database_url=None,
                digest_key="a key for tests alone",
                personal_data_key="a key for sealing in tests",
            )
        )
    assert ending.value.code == 3
    assert "DATABASE_URL is not set" in capsys.readouterr().err


def test_the_application_is_built_with_the_given_settings(monkeypatch: pytest.MonkeyPatch):
    built = []
    monkeypatch.setattr(assembly, "create_app", lambda settings: built.append(settings) or Flask("test"))
    assert isinstance(application(Settings(http_port=1)), Flask)
    assert built == [Settings(http_port=1)]


def test_a_worker_that_starts_looks_whether_the_clocks_know_its_calendar(
    session: Session, run_jobs: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
):
    started = []
    monkeypatch.setattr(processes, "application", lambda settings: None)
    monkeypatch.setattr(jobs, "run_worker", lambda url, **options: started.append(url))
    for _ in range(2):
        processes.work(Settings(database_url="postgresql://test"))
    assert started == ["postgresql://test"] * 2
    assert run_jobs() == ["sla.refresh"]


def test_the_web_process_takes_the_supervisors_socket_and_never_preloads():
    settings = gunicorn_settings(7, Settings(web_workers=3))
    assert settings["bind"] == "fd://7"
    assert settings["workers"] == 3
    assert "preload_app" not in settings


def test_a_supervised_process_ends_when_its_standard_input_does():
    child = subprocess.Popen(
        [
            sys.executable, "-c",
            "from sanwang.processes import stop_if_supervised as watch; watch(); print('up', flush=True);"
            "import time; time.sleep(600)",
        ],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(PLATFORM), SUPERVISED: "1"},
    )  # fmt: skip
    assert child.stdin
    assert child.stdout
    assert child.stdout.readline() == "up\n"
    child.stdin.close()
    assert child.wait(60) == -15
    child.stdout.close()
