from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest
from rich.console import Console

from backbone.chain.checking import Finding, Wrong
from backbone.chain.heads import Head, HeadFile
from backbone.chain.verification import Verdict
from sanwang.audit_report import FAULTS, SAID, is_intact, show, where

HEAD = Head("audit", 10, "00" * 32, 10, "2026-03-10T01:30:00+00:00", "k")


def a_verdict(sealed=10, newest=HEAD, findings=()):
    return Verdict("audit", sealed, 3, 1, newest, list(findings))


def shown(verdicts, files=()):
    screen = StringIO()
    show(verdicts, files, Console(file=screen, width=200))
    return screen.getvalue()


def test_everything_that_can_be_wrong_has_words_in_both_languages():
    assert set(SAID) == set(Wrong)
    for sentence in [*SAID.values(), *FAULTS.values()]:
        chinese, english = sentence.split(" / ")
        assert chinese and english.isascii()  # noqa: PT018 (one sentence, two halves)


@pytest.mark.parametrize(
    ("verdict", "files", "intact"),
    [
        (a_verdict(), [HeadFile(Path("a.json"), HEAD)], True),
        (a_verdict(sealed=0, newest=None), [], True),
        (a_verdict(newest=None), [], False),
        (a_verdict(findings=[Finding(Wrong.DELETED, 3)]), [], False),
        (a_verdict(), [HeadFile(Path("a.json"), fault="damaged")], False),
    ],
)
def test_intact_is_what_has_no_finding_and_a_head(verdict, files, intact):
    assert is_intact([verdict], files) is intact
    assert ("链完好" in shown([verdict], files)) is intact


def test_places_read_as_a_number_or_a_stretch():
    assert where(Finding(Wrong.CHANGED, 1234)) == "1,234"
    assert where(Finding(Wrong.REWRITTEN, 5, until=1000)) == "5–1,000"
    assert where(Finding(Wrong.DELETED, 5, until=5)) == "5"
    assert where(Finding(Wrong.CHANGED, row_id=UUID(int=1))) == "未封 / unsealed"
    assert where(Finding(Wrong.INSERTED, row_id=UUID(int=1))) == "—"
