"""Every notice says in both languages what happened and where to go on, by operations that there are, and somebody writes it."""

import re
from pathlib import Path

import pytest

from backbone.notices.texts import KINDS, WORDINGS
from tests.architecture.test_refusals import CHINESE, OPERATIONS, named_in

PLATFORM = Path(__file__).parents[2] / "platform"
WRITERS = "".join(
    path.read_text("utf-8")
    for path in sorted(PLATFORM.rglob("*.py"))
    if not path.name.endswith("texts.py") and "__pycache__" not in path.parts
)


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_said_in_both_languages_and_names_what_there_is(kind: str) -> None:
    wording = WORDINGS[kind]
    for sentence in (wording.subject, wording.text):
        is_said = re.search("[A-Za-z]", re.sub(r"{\w+}", "", str(sentence)))  # else the payload has the words
        assert CHINESE.search(sentence.zh) or not is_said, sentence
        assert not CHINESE.search(str(sentence)), sentence
        assert named_in(sentence.zh) == named_in(str(sentence)) <= OPERATIONS, sentence


@pytest.mark.parametrize("kind", KINDS)
def test_somebody_writes_it(kind: str) -> None:
    """As it is, or with the state in which something is now at its end."""
    beginning = kind.rpartition("_")[0]
    assert re.search(rf'"{kind}"|f"{beginning}_{{', WRITERS), "nobody is ever told that"
