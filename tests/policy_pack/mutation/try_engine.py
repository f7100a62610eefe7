"""Tries slips in the engine's modules: whether the cases, or the tests of the module, see each.

    python -m tests.policy_pack.mutation.try_engine [SHARE OF [MOST]]

prints one JSON object a slip. Share 0 of 2 tries every other slip, of at most MOST drawn per module; always the same.
Each slip is tried in a fork of a process that has loaded everything but the engine; what takes too long is seen.
"""

import ast
import contextlib
import importlib.machinery
import json
import os
import random
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import hypothesis
import pytest

import tests.conftest  # noqa: F401 - loaded once here and not again in every fork
from tests.policy_pack.case_files import CASES
from tests.policy_pack.mutation.source_mutants import Slip, mutated, slips

ROOT = Path(__file__).parents[3]
ENGINE = ROOT / "platform/policy_pack/engine"
TESTS = ROOT / "tests/policy_pack/engine"
PACKAGE = "policy_pack.engine"
WORDS = frozenset({"__init__", "amount_words", "explaining", "fact_problems", "problems"})
"""Modules that say things; the sentences are tested, and a slip in one is no wrong decision."""
VALUES = frozenset({"advice", "definition", "evaluation", "policy"})
"""Modules that only name what there is: all that can slip are defaults, which the files state anyway."""
EVERY = frozenset[str]()
SAME: Mapping[str, frozenset[str]] = {
    # What is forgotten is judged anew.
    "if len(self._remembered) >= REMEMBERED:": EVERY,
    "if len(kept) >= REMEMBERED:": EVERY,
    # How long examples are looked for before the proof; which unknown goes first; smaller numbers in the same line.
    "TRIES, TURNS = 24, 3": EVERY,
    "(ups if slope > 0 else downs)[key] += 1": EVERY,
    "if divisor > 1:": EVERY,
    # Both ways find the same set.
    "by_looking = len(part.worth) <= MOST_LOOKED_AT": frozenset({"Lt instead of LtE", "Gt instead of LtE"}),
    # Elements are told apart by being in or by not being in; there are no sets of more than all.
    "sorts = {tuple(element in values for values in asked): element for element in elements}": EVERY,
    "sizes = range(len(sorts) + 1)": frozenset({"2 instead of 1"}),
    # Any larger number will do.
    "return 1 + bounded + sum(int((each.most or 0) * FEN_PER_WAN) for each in self._of(Bond.JOINT_CAP))": frozenset(
        {"2 instead of 1"}
    ),
}
"""Slips that cost time or change a name, and no answer: by line, every one of it or those named."""
MOST = 5
EXAMPLES = 30
SECONDS = 60
TURNS = 2
"""How often a file of tests may fail without a slip before nothing that it says counts: a solver of many threads may stray."""
SEEN, NOT_SEEN = 1, 0


def chosen(share: int, of: int, most: int = MOST) -> Iterator[tuple[str, Slip]]:
    """The slips of this share, drawn by the name of the module, so that another module changes nothing."""
    for module in modules():
        source = (ENGINE / f"{module}.py").read_text("utf-8")
        every = [slip for slip in slips(source) if not changes_nothing(source, slip)]
        drawn = random.Random(module).sample(every, min(most, len(every)))
        yield from ((module, slip) for slip in drawn[share::of])


def changes_nothing(source: str, slip: Slip) -> bool:
    """Whether the slip is one of `SAME`."""
    named = SAME.get(source.splitlines()[slip.line - 1].strip())
    return named is not None and (named is EVERY or slip.what in named)


def modules() -> list[str]:
    """The modules that decide something."""
    return sorted(path.stem for path in ENGINE.glob("*.py") if path.stem not in WORDS | VALUES)


def in_fork(work: Callable[[], bool], seconds: int = SECONDS) -> bool:
    """Whether `work` says True, fails, or takes too long, in a process of its own that says nothing."""
    child = os.fork()
    if child:
        return _code_of(child, seconds) != NOT_SEEN
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    code = SEEN
    with contextlib.suppress(BaseException):
        code = SEEN if work() else NOT_SEEN
    os._exit(code)


def _code_of(child: int, seconds: int) -> int:
    """How the process ended. Whoever runs tests has its own use for the alarm, so that it is stopped from here."""
    for _ in range(seconds * 10):
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.1)
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def forget_the_engine() -> None:
    """Have the next import read it again."""
    for name in [
        name for name in sys.modules if name.startswith(("policy_pack", "tests.policy_pack.engine"))
    ]:
        del sys.modules[name]
    sys.modules.pop("tests.policy_pack.test_cases", None)


def make(module: str, tree: ast.Module) -> None:
    """Have the next import of the module find this tree instead of its source."""
    original = importlib.machinery.SourceFileLoader.get_code

    def get_code(loader, fullname):
        if fullname == f"{PACKAGE}.{module}":
            return compile(tree, loader.path, "exec")
        return original(loader, fullname)

    importlib.machinery.SourceFileLoader.get_code = get_code


def failing_cases() -> list[str]:
    """The cases that come out otherwise than they state."""
    from policy_pack.engine.evaluate import evaluate
    from policy_pack.engine.packs import load_packs
    from policy_pack.engine.reading import read_facts
    from tests.policy_pack.test_cases import found, stated

    policies = load_packs().policies
    failing = []
    for case in CASES:
        said = stated(case)
        came_out = found(case, evaluate(policies[case.policy], read_facts(case.facts), case.as_of))
        if {part: came_out[part] for part in said} != said:
            failing.append(str(case))
    return failing


def files_about(module: str) -> list[str]:
    """The files of tests that import the module, or else those that import what imports it."""
    reads = {path: path.read_text("utf-8") for path in (*TESTS.glob("test_*.py"), *ENGINE.glob("*.py"))}
    wanted, asked = [module], {module}
    while wanted:
        naming = [path for path, text in reads.items() if any(_imports(text, each) for each in wanted)]
        files = [str(path) for path in naming if path.parent == TESTS]
        own = TESTS / f"test_{module}.py"
        if own.exists():
            return [str(own)]
        if files:
            return files
        wanted = [path.stem for path in naming if path.stem not in asked]
        asked.update(wanted)
    return []


def _imports(text: str, module: str) -> bool:
    return re.search(rf"{PACKAGE}\.{module}\b|from {PACKAGE} import .*\b{module}\b", text) is not None


def few_examples() -> None:
    """Have properties try fewer examples, whatever they ask for: a slip is tried many hundred times over."""
    original = hypothesis.settings.__init__

    def capped(self, parent=None, **wanted):
        wanted["max_examples"] = min(wanted.get("max_examples", EXAMPLES), EXAMPLES)
        original(self, parent, **wanted)

    hypothesis.settings.__init__ = capped
    hypothesis.settings.register_profile(
        "few", max_examples=EXAMPLES, deadline=None, database=None, derandomize=True
    )
    hypothesis.settings.load_profile("few")


def is_seen(module: str, slip: Slip, known_to_fail: list[str]) -> bool:
    """Whether a case, or else a test of the module, notices the slip."""
    forget_the_engine()
    make(module, mutated((ENGINE / f"{module}.py").read_text("utf-8"), slip))
    return failing_cases() != known_to_fail or not pass_tests(files_about(module))


def pass_tests(files: list[str]) -> bool:
    """Whether the tests of these files pass."""
    forget_the_engine()
    few_examples()
    quietly = (
        "-q",
        "-x",
        "-m",
        "not slow",
        "-W",
        "ignore:Module already imported",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
    )
    return pytest.main([*quietly, *files]) == pytest.ExitCode.OK


def main(share: int = 0, of: int = 1, most: int = MOST) -> None:
    """Try the slips of a share."""
    forget_the_engine()
    reading, writing = os.pipe()

    def tell() -> bool:
        os.write(writing, json.dumps(failing_cases()).encode())
        return True

    in_fork(tell)
    os.close(writing)
    with open(reading, encoding="utf-8") as told:
        known_to_fail = json.load(told)
    for file in sorted({file for module in modules() for file in files_about(module)})[share::of]:
        if all(in_fork(lambda file=file: not pass_tests([file])) for _ in range(TURNS)):
            sys.exit(f"{file} fails without any slip, so that it would see each")
    for module, slip in chosen(share, of, most):
        seen = in_fork(lambda module=module, slip=slip: is_seen(module, slip, known_to_fail))
        print(json.dumps({"module": module, "line": slip.line, "what": slip.what, "seen": seen}), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
