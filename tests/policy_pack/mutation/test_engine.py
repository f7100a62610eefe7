"""Whether the cases and the engine's tests see slips in the engine: `try_engine` in two processes."""

import json
import os
import subprocess
import sys

import pytest

from tests.policy_pack.mutation.try_engine import ENGINE, ROOT, SAME, chosen, files_about, modules

LEAST_SCORE = 0.85
PROCESSES = 2


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_85_of_100_slips_in_the_engine_are_seen():
    path = os.pathsep.join((str(ROOT / "platform"), str(ROOT)))
    tries = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.policy_pack.mutation.try_engine", str(share), str(PROCESSES)],
            cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for share in range(PROCESSES)
    ]  # fmt: skip
    said = [each.communicate() for each in tries]
    assert [each.returncode for each in tries] == [0, 0], said
    results = [json.loads(line) for out, _ in said for line in out.splitlines()]
    assert len(results) == sum(1 for share in range(PROCESSES) for _ in chosen(share, PROCESSES))
    missed = [each for each in results if not each["seen"]]
    score = 1 - len(missed) / len(results)
    print(f"\nengine: {len(results) - len(missed)} of {len(results)} slips seen, {score:.3f}; not seen:")
    print("\n".join(f"  {each['module']}:{each['line']} {each['what']}" for each in missed))
    assert score >= LEAST_SCORE


def test_each_module_that_decides_is_tried_and_has_tests():
    assert set(modules()) >= {"truth", "deciding", "amounts", "reading", "conditions", "packs", "yaml_text"}
    assert [module for module in modules() if not files_about(module)] == []


def test_the_shares_together_are_all_that_was_drawn_and_always_the_same():
    whole = list(chosen(0, 1))
    assert sorted(map(str, whole)) == sorted(str(each) for share in range(3) for each in chosen(share, 3))
    assert whole == list(chosen(0, 1))
    assert all((ENGINE / f"{module}.py").exists() for module, _ in whole)


def test_each_line_that_is_left_out_is_still_there():
    lines = {line.strip() for path in ENGINE.glob("*.py") for line in path.read_text("utf-8").splitlines()}
    assert SAME.keys() <= lines
