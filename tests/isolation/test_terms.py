"""The planted secret of a need that asks for terms, in everything its invited institute can call, step by step of accepting."""

import pytest

from tests.isolation.cases import Sent
from tests.isolation.people import INVITED
from tests.isolation.planted import GUARDED
from tests.isolation.stage import Stage, said
from tests.isolation.table import CASES
from tests.isolation.talks_cases import VERSION
from tests.isolation.test_lists import COUNTS, OF_THE_NEED, PATHS

NOW_ACCEPTED = pytest.param(("poster", "office"), True, id="both accepted")
ONE_SIDED = [
    pytest.param((), False, id="nobody accepted"),
    pytest.param(("poster",), False, id="the enterprise accepted"),
    pytest.param(("office",), False, id="the institute accepted"),
]


def paths(stage: Stage) -> list[str]:
    world = stage.world
    need, offer = world.needs["guarded"].id, world.offers["visible"].id
    things = [
        f"/invitations/{world.guarded.id}", f"/contacts/{world.guarded_contact.id}",
        f"/questions/{world.guarded_question.id}", f"/achievements/{offer}/fitting-needs?top=50",
        f"/needs?q={GUARDED}", f"/needs/{need}/messages?institute_id={world.institute.id}", f"/needs/{need}/history",
        f"/needs/{need}/clocks", f"/needs/{need}/matches", f"/needs/{need}/completeness", f"/needs/{need}/near-duplicates",
        f"/needs/{need}/proposal-comparison", f"/needs/{need}/readers",
        f"/institutes/{world.institute.id}/response-record",
    ]  # fmt: skip
    for name in ("guarded public", "guarded invited"):
        things += [f"/attachments/{world.files[name].id}", f"/attachments/{world.files[name].id}/content"]
    return [*PATHS, *COUNTS, *(f"/needs/{need}{path}" for path in OF_THE_NEED), *things]


def telling(stage: Stage, person: str) -> set[str]:
    """The paths by which this person is told a word of the guarded need."""
    headers = {"Authorization": f"Bearer {stage.world.token(person)}"}
    answers = {path: stage.client.get(f"/api{path}", headers=headers) for path in paths(stage)}
    return {path for path, answer in answers.items() if GUARDED in said(answer)}


def accepted(stage: Stage, sides: tuple[str, ...]) -> None:
    path = f"/api/needs/{stage.world.needs['guarded'].id}/terms/acceptances"
    for person in sides:
        headers = {"Authorization": f"Bearer {stage.world.token(person)}"}
        assert stage.client.post(path, json=VERSION, headers=headers).status_code == 200


@pytest.mark.parametrize(("sides", "opened"), [*ONE_SIDED, NOW_ACCEPTED])
def test_no_path_tells_the_institute_a_word_before_both_accepted(
    stage: Stage, sides: tuple[str, ...], opened: bool
):
    with stage.taken_back():
        accepted(stage, sides)
        for person in sorted(INVITED):
            told = telling(stage, person)
            if not opened:
                assert told == set()
            else:
                need = f"/needs/{stage.world.needs['guarded'].id}"
                assert {"/needs", need, f"{need}/contacts", f"{need}/questions", "/invitations"} <= told


@pytest.mark.parametrize(("sides", "opened"), ONE_SIDED)
def test_no_operation_tells_the_institute_a_word_before_both_accepted(
    stage: Stage, sides: tuple[str, ...], opened: bool
):
    """Every operation of the table, turned to the guarded need."""
    world = stage.world
    about = {
        "need_id": world.needs["guarded"].id, "invitation_id": world.guarded.id, "contact_id": world.guarded_contact.id,
        "question_id": world.guarded_question.id, "step_id": world.guarded_contact.steps[0].id,
        "attachment_id": world.files["guarded public"].id,
    }  # fmt: skip
    calls = [
        (case, case.sent(world)) for case in CASES
    ]  # what some of them read stands outside what is taken back
    with stage.taken_back():
        accepted(stage, sides)
        for case, sent in calls:
            if not set(sent.path) & set(about):
                continue
            turned = Sent({**sent.path, **{name: about[name] for name in sent.path if name in about}}, sent.body, sent.query,
                          sent.headers, sent.content)  # fmt: skip
            for person in sorted(INVITED):
                headers = {"Authorization": f"Bearer {world.token(person)}"}
                if case.operation == "acceptTerms" and sides == ("poster",):
                    continue  # would be the second word
                with stage.taken_back():
                    answer = stage.open(stage.operations[case.operation], turned, headers)
                    assert GUARDED not in said(answer), (str(case), person)
