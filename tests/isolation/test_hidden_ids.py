"""The id of a hidden thing and one that nothing has cannot be told apart: not by the answer, not by the work it takes."""

import re
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from tests.isolation.cases import Case
from tests.isolation.people import EVERYONE
from tests.isolation.stage import Stage
from tests.isolation.table import CASES
from tests.some_or_all import some_or_all

NOTHING = UUID("01890000-0000-7000-8000-000000000000")
HIDING = [case for case in CASES if any(case.is_hidden_from(person) for person in EVERYONE)]


def whole(answer: TestResponse, own_id: object) -> tuple[int, str, bytes]:
    """Everything that leaves, but for the id that was asked for."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers if name != "Date")
    return answer.status_code, headers, answer.get_data().replace(str(own_id).encode(), b"ID")


def told_apart(stage: Stage, case: Case, person: str) -> str | None:
    """How this person could tell the two ids apart, None when not at all."""
    path = case.sent(stage.world).path
    # The first id is the thing that is hidden; what follows stands within it.
    name, hidden = next((name, value) for name, value in path.items() if name.endswith("_id"))
    seen = []
    for wanted in (hidden, NOTHING):
        with stage.taken_back(), stage.statements() as ran:
            answer = stage.send(case, person, {**path, name: wanted})
        seen.append((whole(answer, wanted), [re.sub(r"\s+", " ", each) for each in ran]))
    (answer, work), (other_answer, other_work) = seen
    if answer != other_answer:
        return f"answers differ: {answer} {other_answer}"
    if work != other_work:
        return (
            f"the hidden one takes {len(work)} statements, the missing one {len(other_work)}:\n"
            + "\n".join(each[:200] for each in {*work} ^ {*other_work})
        )
    return None


@some_or_all
@pytest.mark.parametrize("case", HIDING, ids=str)
def test_a_hidden_id_answers_and_works_like_a_missing_one(case: Case, stage: Stage, some: Any):
    hidden_from = sorted(person for person in EVERYONE if case.is_hidden_from(person))
    apart = {
        person: how for person in some(hidden_from, str(case)) if (how := told_apart(stage, case, person))
    }
    assert not apart, "\n".join(f"{person}: {how}" for person, how in apart.items())


def test_the_comparison_sees_work(stage: Stage):
    """Else equal lists of statements would prove nothing."""
    case = next(case for case in HIDING if case.operation == "showNeed")
    with stage.taken_back(), stage.statements() as ran:
        stage.send(case, "poster")
    assert sum("FROM needs" in statement for statement in ran) == 1
