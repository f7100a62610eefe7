"""A bank has its working days; when they are over the hand-over has lapsed, whoever looks and whatever ran."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from backbone.actor import Role
from backbone.errors import Forbidden, NotFound, StateConflict
from finance_net.credit.errors import ConsentMissing, WrongBankAnswer
from finance_net.credit.handovers.service import (
    answer_credit,
    ask_credit,
    hand_over_credit,
    list_handovers,
    withdraw_credit,
)
from tests.factories.credit import a_credit_handover, a_manager
from tests.factories.directory import an_enterprise
from tests.factories.identity import an_actor, of
from tests.factories.invitations import an_exchange
from tests.factories.ledger import AT

PAGE: dict[str, Any] = {"sort": "-created_at", "limit": 20}
BEFORE_HOLIDAY = datetime(2026, 4, 3, 2, 0, tzinfo=UTC)
"""A Friday; the Monday after it, 6 April, is off for 清明."""


def states(session: Session, actor: Any, now: datetime, **asked: Any) -> list[str]:
    return [each["state"] for each in list_handovers(session, actor, PAGE | asked, now=now).items]


def test_it_lapses_by_the_working_calendar_when_it_is_read(session: Session):
    manager, enterprise = a_manager(session), an_enterprise(session)
    row = a_credit_handover(session, enterprise, manager=manager, days=1, now=BEFORE_HOLIDAY)
    # One working day after Friday 3 April: not Monday, which is a holiday, but Tuesday.
    assert row.due_at.date() == date(2026, 4, 7)
    before, after = row.due_at - timedelta(seconds=1), row.due_at
    assert states(session, manager, before) == ["asked"]
    assert states(session, manager, after) == ["lapsed"]
    assert states(session, manager, after, state="lapsed") == ["lapsed"]
    assert states(session, manager, after, state="asked") == []
    # Nothing was written to make it so.
    assert session.scalar(text("SELECT state FROM credit_handovers")) == "asked"
    said: dict[str, Any] = {
        "is_taken": True,
        "banker": "李行长",
        "said_on": date(2026, 4, 7),
        "words": "可办理",
    }
    with pytest.raises(StateConflict) as refusal:
        answer_credit(session, manager, row.id, now=after, **said)
    assert refusal.value.data["state"] == "lapsed"
    assert refusal.value.sentence().zh == "当前状态为“逾期未答复”，不能登记银行答复"
    again = hand_over_credit(session, manager, row.id, bank="另一银行", answer_days=3, now=after)
    assert (again["state"], again["bank"]) == ("asked", "另一银行")


def test_the_banks_answer_says_who_said_it_and_when(session: Session):
    manager, enterprise = a_manager(session), an_enterprise(session)
    row = a_credit_handover(session, enterprise, manager=manager)
    said: dict[str, Any] = {"is_taken": True, "banker": "李行长", "said_on": AT.date(), "words": "可办理"}
    for day in (AT.date() - timedelta(days=1), AT.date() + timedelta(days=1)):
        with pytest.raises(WrongBankAnswer):
            answer_credit(session, manager, row.id, now=AT, **said | {"said_on": day})
    answered = answer_credit(session, manager, row.id, now=AT, **said)
    assert (answered["state"], answered["banker"], answered["recorded_by"]) == (
        "taken",
        "李行长",
        manager.account_id,
    )
    with pytest.raises(StateConflict):
        answer_credit(session, manager, row.id, now=AT, **said)
    member = an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
    (own,) = list_handovers(session, member, PAGE, now=AT).items
    assert (own["state"], own["banker"]) == ("taken", None)
    # The name is a person's: it stands sealed, and in no column of ours.
    assert session.scalar(text("SELECT to_jsonb(h)::text FROM credit_handovers h")).find("李行长") == -1


def test_nothing_goes_to_a_bank_without_the_enterprise(session: Session):
    manager, enterprise, exchange = a_manager(session), an_enterprise(session), an_exchange(session)
    member = an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
    said = {"product_key": "knowledge-value-loan", "need_id": None, "wish": "流动资金", "consents": True}

    def ask(actor: Any, **values: Any) -> Any:
        return ask_credit(session, actor, enterprise.id, said | values, now=AT)

    with pytest.raises(ConsentMissing):
        ask(member, consents=False)
    with pytest.raises(Forbidden):
        ask(manager)
    with pytest.raises(NotFound):
        ask(exchange.poster)
    with pytest.raises(NotFound):
        ask(member, need_id=exchange.need.id)
    asked = ask(member)
    with pytest.raises(Forbidden):
        hand_over_credit(session, member, asked["id"], bank="测试银行", answer_days=5, now=AT)
    with pytest.raises(Forbidden):
        withdraw_credit(session, manager, asked["id"], now=AT)
    assert withdraw_credit(session, member, asked["id"], now=AT)["state"] == "withdrawn"
    with pytest.raises(StateConflict):
        hand_over_credit(session, manager, asked["id"], bank="测试银行", answer_days=5, now=AT)


def test_each_enterprise_sees_its_own(session: Session):
    manager, enterprise, exchange = a_manager(session), an_enterprise(session), an_exchange(session)
    a_credit_handover(session, enterprise, days=None)
    mine = a_credit_handover(session, exchange.enterprise)
    (only,) = list_handovers(session, exchange.poster, PAGE, now=AT).items
    assert only["id"] == mine.id
    assert states(session, manager, AT, enterprise_id=enterprise.id) == ["consented"]
    assert states(session, an_actor(session), AT) == []
