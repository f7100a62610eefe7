"""When continuous integration runs the slow tests too: `.ci/changed`, in repositories made for it."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOBODY = {
    "GIT_AUTHOR_NAME": "test", "GIT_AUTHOR_EMAIL": "t@example.test", "GIT_COMMITTER_NAME": "test",
    "GIT_COMMITTER_EMAIL": "t@example.test", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null",
}  # fmt: skip


class Repository:
    """A git repository with one commit on main."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "-q", "-b", "main")
        self.write("README.md")
        self.commit()

    def git(self, *arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=self.folder, check=True, env=self.environment())

    def environment(self) -> dict[str, str]:
        outside = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        return outside | NOBODY | {"GIT_CEILING_DIRECTORIES": str(self.folder.parent)}

    def write(self, path: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(path)

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-qm", "change")

    def touches(self, pattern: str = "^platform/") -> bool:
        command = [str(ROOT / ".ci" / "changed"), pattern]
        return subprocess.run(command, cwd=self.folder, env=self.environment(), check=False).returncode == 0


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "one")


def test_on_main_the_last_change_counts(repository: Repository):
    repository.write("platform/backbone/db.py")
    repository.commit()
    assert repository.touches()
    repository.write("docs/page.md")
    repository.commit()
    assert not repository.touches()


def test_on_a_branch_everything_since_main_counts(repository: Repository):
    repository.git("checkout", "-qb", "branch")
    repository.write("platform/backbone/db.py")
    repository.commit()
    repository.write("docs/page.md")
    repository.commit()
    assert repository.touches()
    assert not repository.touches("^migrations/")


def test_a_merge_on_main_brings_what_the_branch_has_changed(repository: Repository):
    repository.git("checkout", "-qb", "branch")
    for path in ("platform/backbone/db.py", "docs/page.md"):
        repository.write(path)
        repository.commit()
    repository.git("checkout", "-q", "main")
    repository.git("merge", "-q", "--no-ff", "-m", "merge", "branch")
    assert repository.touches()
    assert not repository.touches("^migrations/")


@pytest.mark.parametrize("path", ["platform/new.py", "platform/新.py"])
def test_what_is_not_committed_yet_counts_too(repository: Repository, path: str):
    repository.write("docs/page.md")
    repository.commit()
    repository.write(path)
    assert repository.touches()


def test_where_git_cannot_tell_the_answer_is_yes(repository: Repository, tmp_path: Path):
    assert repository.touches("^nothing/"), "the first commit has nothing before it"
    repository.write("docs/page.md")
    repository.commit()
    repository.git("clone", "-q", "--depth", "1", f"file://{repository.folder}", str(tmp_path / "shallow"))
    shallow = object.__new__(Repository)
    shallow.folder = tmp_path / "shallow"
    assert shallow.touches("^nothing/")
    shallow.folder = tmp_path / "no repository"
    shallow.folder.mkdir()
    assert shallow.touches("^nothing/")


def test_where_main_is_not_known_the_answer_is_yes(repository: Repository):
    repository.write("docs/page.md")
    repository.commit()
    repository.git("branch", "-qm", "main", "elsewhere")
    assert repository.touches("^nothing/")


def test_continuous_integration_ends_with_a_summary_of_tests():
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert lines[-1] == ".ci/with-postgres make test-postgres"
    assert "set -euo pipefail" in lines
    assert any("make test-slow" in line for line in lines)
