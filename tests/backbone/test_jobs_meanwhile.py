"""What a worker does over and over beside its jobs, seen on a process of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORKER = """
import sys
from backbone import jobs
from backbone.jobs import run_worker

jobs.PAUSE_S = 0.01
rounds = iter(range(10**9))

def look():
    number = next(rounds)
    if number == 1:
        raise ValueError("this round fails")
    if number in (0, 2, 3):
        print("round", number, flush=True)

run_worker(sys.argv[1], listen=False, polling_s=1, meanwhile=[look])
print("ended", flush=True)
"""


@pytest.fixture
def worker(committed_database):
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, committed_database.url], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "platform")},
    )  # fmt: skip
    yield process
    process.kill()
    process.communicate()


def test_it_is_done_again_and_again_also_after_it_failed_and_ends_with_the_worker(worker):
    assert [worker.stdout.readline() for _ in range(3)] == ["round 0\n", "round 2\n", "round 3\n"]
    worker.send_signal(signal.SIGTERM)
    assert worker.stdout.readline() == "ended\n"
    assert worker.wait() == 0
