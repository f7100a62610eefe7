from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from backbone.clock import local_date
from finance_net.cases import reading
from finance_net.cases.errors import StepToldOtherwise
from finance_net.cases.kinds import TITLES, StepKind
from finance_net.cases.models import CaseStep, FundCase
from finance_net.cases.service import Subject, open_case, tell
from tests.factories.directory import an_enterprise
from tests.factories.fund_cases import STORY, a_case, a_step, a_told_case
from tests.factories.ledger import AT, a_treasury


@pytest.fixture
def treasury(session):
    return a_treasury(session)


@pytest.fixture
def case(session, treasury):
    return a_case(treasury, [an_enterprise(session).id])


def test_every_kind_of_step_has_its_words():
    assert set(TITLES) == set(StepKind)


def test_a_case_is_opened_once(session, treasury, case):
    again = open_case(
        session, case.id, number="x", title="y", category="z", year=2030, fund_id=treasury.fund.id,
        enterprise_ids=[uuid4()], now=AT,
    )  # fmt: skip
    assert (again is case, again.category) == (True, "R")


def test_steps_follow_each_other_and_one_told_twice_is_one(session, treasury, case):
    first = a_step(treasury, case, StepKind.RECEIPT, subject_id=case.id)
    second = a_step(treasury, case, StepKind.AWARD)
    again = a_step(treasury, case, StepKind.RECEIPT, subject_id=case.id, now=AT + timedelta(days=3))
    assert again is first
    assert ([first.ordinal, second.ordinal], case.steps) == ([1, 2], 2)


@pytest.mark.parametrize("other", [{"amount_fen": 700}, {"另": "说"}])
def test_what_was_told_is_not_told_otherwise(session, treasury, case, other):
    step = a_step(treasury, case, StepKind.PAYMENT, subject_id=case.id)
    with pytest.raises(StepToldOtherwise) as refused:
        a_step(treasury, case, StepKind.PAYMENT, subject_id=case.id, **other)
    assert (refused.value.data["number"], refused.value.data["known"]) == (case.number, step.sha256)
    assert case.steps == 1


def test_money_without_an_amount_is_refused_by_the_database(session, treasury, case):
    with pytest.raises(IntegrityError):
        a_step(treasury, case, StepKind.AWARD, amount_fen=None)


def test_nobody_rewrites_a_step(owner, committed_database):
    with committed_database.transaction() as session:
        treasury = a_treasury(session)
        a_told_case(treasury, [an_enterprise(session).id])
    with pytest.raises(DBAPIError), owner.transaction() as session:
        session.execute(text("UPDATE fund_case_steps SET amount_fen = 1"))


def test_steps_told_at_once_get_places_of_their_own(committed_database):
    with committed_database.transaction() as session:
        case_id = a_case(a_treasury(session), [an_enterprise(session).id]).id

    def one(number: int) -> None:
        with committed_database.transaction() as session:
            tell(session, case_id, StepKind.EFFECT, Subject("x", uuid4(), {"第": number}), now=AT)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(40)))
    with committed_database.transaction() as session:
        assert session.get_one(FundCase, case_id).steps == 40
        assert sorted(session.scalars(select(CaseStep.ordinal))) == list(range(1, 41))


def test_the_summary_adds_up_what_happened_up_to_a_day(session, treasury, case):
    earlier = reading.summary(session, None, now=AT)
    a_step(treasury, case, StepKind.AWARD, amount_fen=1_000)
    a_step(treasury, case, StepKind.PAYMENT, amount_fen=400)
    a_step(treasury, case, StepKind.PAYMENT, amount_fen=500, now=AT + timedelta(days=9))
    a_step(treasury, case, StepKind.CLAWBACK, amount_fen=100, now=AT + timedelta(days=9))
    a_step(treasury, case, StepKind.RETURN, amount_fen=400, now=AT + timedelta(days=9))
    other = a_case(treasury, [an_enterprise(session).id], category="F", year=2025)
    a_step(treasury, other, StepKind.AWARD, amount_fen=70)
    then = reading.summary(session, local_date(AT), now=AT + timedelta(days=30))
    now = reading.summary(session, None, now=AT + timedelta(days=30))
    assert (earlier["projects"], earlier["parts"]) == (0, [])
    assert (then["projects"], then["awarded_fen"], then["paid_fen"], then["recovered_fen"]) == (
        2,
        1_070,
        400,
        0,
    )
    assert (now["projects"], now["paid_fen"], now["recovered_fen"]) == (2, 500, 100)
    assert [(part["year"], part["category"], part["projects"]) for part in now["parts"]] == [
        (2025, "F", 1),
        (2026, "R", 1),
    ]
    assert now["as_of_on"] == local_date(AT + timedelta(days=30))


def test_a_view_tells_the_story_in_order_and_whether_each_row_is_whole(session, treasury):
    case = a_told_case(treasury, [an_enterprise(session).id])
    view = reading.case_view(session, case)
    assert [step["kind"] for step in view["steps"]] == list(STORY)
    assert {step["is_whole"] for step in view["steps"]} == {True}
    assert {step["position"] for step in view["steps"]} == {None}
