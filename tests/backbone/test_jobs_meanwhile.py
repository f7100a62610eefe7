"""What a worker does without being asked: periodic tasks, and what it does meanwhile, seen on a process of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORKER = """
import signal
import sys
from backbone import jobs
from backbone.jobs import run_worker

jobs.PAUSE_S = 0.01
rounds = iter(range(10**9))

def look():
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        return  # the worker is not up yet: a SIGTERM would not ask it to end but end it
    number = next(rounds)
    if number == 1:
        raise ValueError("this round fails")
    if number in (0, 2, 3):
        print("round", number, flush=True)

run_worker(sys.argv[1], listen=False, polling_s=1, meanwhile=[look])
print("ended", flush=True)
"""
PERIODIC = """
import sys
from backbone import jobs
from backbone.jobs import run_worker

@jobs.jobs.periodic(cron="* * * * * *")
@jobs.jobs.task(name="test.tick", queueing_lock="test.tick")
def tick(timestamp):
    print("tick", flush=True)

run_worker(sys.argv[1], listen=False, polling_s=0.1)
"""


@pytest.fixture
def worker(committed_database):
    started = []

    def start(program):
        process = subprocess.Popen(
            [sys.executable, "-c", program, committed_database.url], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, env={**os.environ, "PYTHONPATH": str(ROOT / "platform")},
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_a_periodic_task_is_queued_and_run_when_its_time_comes(worker):
    process = worker(PERIODIC)
    assert [process.stdout.readline() for _ in range(2)] == ["tick\n"] * 2


def test_it_is_done_again_and_again_also_after_it_failed_and_ends_with_the_worker(worker):
    process = worker(WORKER)
    assert [process.stdout.readline() for _ in range(3)] == ["round 0\n", "round 2\n", "round 3\n"]
    process.send_signal(signal.SIGTERM)
    assert process.stdout.readline() == "ended\n"
    assert process.wait() == 0
