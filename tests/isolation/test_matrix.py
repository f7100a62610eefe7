"""Every operation of the API document as every caller: each gets what the table says, and no more."""

from typing import Any

import pytest
from sqlalchemy import text

from tests.isolation.cases import Case
from tests.isolation.people import EVERYONE, NOBODY, STRANGERS
from tests.isolation.stage import Stage, operations_of, rightful_of, shown
from tests.isolation.table import CASES
from tests.some_or_all import some_or_all

ADVICE = (
    "{missing}: no isolation case. Add a row to tests/isolation (sky_cases.py, backbone_cases.py or a module named in "
    "table.py): a call that succeeds, who may, who knows of the thing but may not (403), and whether everybody else "
    "gets 404 (existence may not show) or 403. CONTRIBUTING.md, “Isolation”, says how."
)


def test_every_operation_has_a_row(document: dict[str, Any]):
    missing = sorted(operations_of(document).keys() - {case.operation for case in CASES})
    assert not missing, ADVICE.format(missing=", ".join(missing))


def test_no_row_is_of_an_operation_that_is_gone(document: dict[str, Any]):
    assert not {case.operation for case in CASES} - operations_of(document).keys()


def test_no_two_rows_are_the_same():
    assert len({str(case) for case in CASES}) == len(CASES)


def promised(stage: Stage, case: Case, caller: str) -> int:
    """The status that the table promises this caller."""
    success = stage.operations[case.operation].success
    if case.public:
        return success
    if caller in STRANGERS:
        return 401
    if caller == "read-only token":
        return 403 if stage.operations[case.operation].writes and not case.for_readers else success
    if caller == "narrowed token":
        return success if case.by_account else case.status_for(NOBODY, success)
    return case.status_for(caller, success)


def wrong_with(stage: Stage, case: Case, caller: str) -> str | None:
    """What the answer to this caller has that it may not have, in a sentence."""
    status, answer = promised(stage, case, caller), stage.send(case, caller)
    left = []
    if touched := stage.touched():
        left = stage.fingerprint(touched) if answer.status_code >= 400 else []
        stage.take_back()
    if answer.status_code != status:
        return f"{answer.status_code} instead of {status}: {answer.get_data(as_text=True)[:300]}"
    if left and left != (stood := stage.fingerprint(touched)):
        return f"refused, and yet wrote {set(left) ^ set(stood)}"
    hidden = {secret for secret, people in case.hides.items() if caller in people}
    if leaked := shown(answer) & (hidden if status < 400 else {*shown(answer)}):
        return f"shows {leaked}"
    if status >= 400 and (told := {"ETag", "Location", "Link", "Last-Modified"} & set(answer.headers.keys())):
        return f"refused, and yet says {told}"
    return None


@some_or_all
@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_caller_gets_what_the_table_says(case: Case, stage: Stage, some: Any):
    people = [] if case.public else some(sorted(EVERYONE), str(case))
    callers = {*STRANGERS, "read-only token", "narrowed token", rightful_of(case), *people}
    wrong = {caller: said for caller in sorted(callers) if (said := wrong_with(stage, case, caller))}
    assert not wrong, "\n".join(f"{caller}: {said}" for caller, said in wrong.items())


@pytest.mark.parametrize("case", [case for case in CASES if case.hides], ids=str)
def test_what_is_hidden_from_some_is_shown_to_others(case: Case, stage: Stage):
    """Else the absence of a secret would prove nothing."""
    for secret, people in case.hides.items():
        readers = sorted(case.may - people)
        assert readers, "hidden from everybody: say so in the row's own test"
        answers = []
        for person in readers:
            with stage.taken_back():
                answers.append(secret in shown(stage.send(case, person)))
        assert any(answers), f"nobody is shown {secret}"


def test_a_write_behind_a_refusal_would_be_seen(stage: Stage):
    """Else the matrix would prove nothing of what refused calls leave behind."""
    stood = stage.fingerprint(["needs"])
    for urgency in ("critical", "urgent"):
        stage.connection.execute(text("update needs set urgency = :urgency"), {"urgency": urgency})
        assert stage.touched() == ["needs"]
        assert stage.fingerprint(["needs"]) != stood
        stage.take_back()
        assert stage.touched() == []
        assert stage.fingerprint(["needs"]) == stood
