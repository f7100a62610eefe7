"""Effects: asked for by months after the first payment, reported once, overdue when nobody does."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from backbone.errors import Forbidden, Invalid, NotFound
from finance_net.awards.effects.service import list_effects, report_effect
from finance_net.awards.errors import ReportedAlready
from finance_net.cases.models import CaseStep
from tests.factories.awards import an_award_desk
from tests.factories.directory import an_enterprise
from tests.factories.grants import member_of
from tests.factories.ledger import WAN

ASKED = {"limit": 20, "sort": "due_on", "address": "/"}
SAID = {
    "revenue_fen": 500 * WAN,
    "contracts_fen": None,
    "jobs": 3,
    "as_of_on": date(2026, 4, 4),
    "source": "年报",
}


def test_an_effect_is_due_by_months_overdue_after_and_reported_once(session):
    desk = an_award_desk(session)
    desk.planned(30 * WAN, 10 * WAN, months=(6, 12))
    desk.paid()
    half, year = sorted(desk.effects, key=lambda each: each.months)
    assert (half.due_on, year.due_on) == (date(2026, 10, 4), date(2027, 4, 4))
    late = desk.now + timedelta(days=250)
    overdue = list_effects(session, desk.first, ASKED | {"is_overdue": True}, now=late).items
    assert [(each["effect"].id, each["is_overdue"]) for each in overdue] == [(half.id, True)]
    report_effect(session, desk.member, half.id, SAID, now=desk.now)
    assert list_effects(session, desk.first, ASKED | {"is_overdue": True}, now=late).items == []
    assert len(list_effects(session, desk.member, ASKED | {"is_overdue": False}, now=late).items) == 2
    with pytest.raises(ReportedAlready):
        report_effect(session, desk.member, half.id, SAID, now=desk.now)
    step = session.scalars(select(CaseStep).where(CaseStep.kind == "effect")).one()
    assert (step.subject_id, step.amount_fen) == (half.id, None)


def test_a_report_says_something_of_a_day_that_has_been_by_somebody_of_the_enterprise(session):
    desk = an_award_desk(session)
    desk.paid()
    (effect,) = desk.effects
    for wrong, field in (
        ({"revenue_fen": None, "jobs": None}, "revenue_fen"),
        ({"as_of_on": date(2030, 1, 1)}, "as_of_on"),
        ({"as_of_on": date(2026, 4, 3)}, "as_of_on"),
    ):
        with pytest.raises(Invalid) as refusal:
            report_effect(session, desk.member, effect.id, SAID | wrong, now=desk.now)
        assert refusal.value.data["errors"][0]["field"] == field
    with pytest.raises(Forbidden):
        report_effect(session, desk.first, effect.id, SAID, now=desk.now)
    stranger = member_of(session, an_enterprise(session))
    with pytest.raises(NotFound):
        report_effect(session, stranger, effect.id, SAID, now=desk.now)
    assert list_effects(session, stranger, ASKED, now=desk.now).items == []
