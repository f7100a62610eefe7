"""Those concerned learn what became of a hand-over, and which bank is late, without looking every day."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Role
from backbone.db import Database
from backbone.notices import texts
from backbone.notices.models import Notice
from finance_net.credit.handovers.jobs import remind_of_banks
from finance_net.credit.handovers.reminding import remind
from finance_net.credit.handovers.service import answer_credit, hand_over_credit, withdraw_credit
from tests.factories.credit import a_credit_handover, a_manager
from tests.factories.directory import an_enterprise
from tests.factories.identity import an_actor, of
from tests.factories.ledger import AT


@pytest.fixture
def inbox(session: Session) -> Any:
    """What the manager and the member were told of it since the last look: (kind, who, its words in Chinese)."""
    seen: set[Any] = set()

    def look(row: Any, manager: Any, member: Any) -> list[tuple[str, str, str]]:
        names = {manager.account_id: "manager", member.account_id: "member"}
        found = []
        for notice in session.scalars(select(Notice).where(Notice.subject_id == row.id).order_by(Notice.id)):
            if notice.id not in seen and notice.recipient_id in names:
                said = texts.worded(notice.kind, notice.subject_number, notice.payload)
                assert "—" not in f"{said.subject.zh}{said.text.zh}{said.subject}{said.text}"
                found.append((notice.kind, names[notice.recipient_id], said.subject.zh))
                seen.add(notice.id)
        return sorted(found)

    return look


def test_each_step_is_told_to_who_waits_for_it(session: Session, inbox: Any):
    manager, enterprise = a_manager(session), an_enterprise(session)
    member = an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
    row = a_credit_handover(session, enterprise, manager=manager)

    def told() -> list[tuple[str, str, str]]:
        return inbox(row, manager, member)

    assert told() == [
        ("credit_asked", "manager", f"请办理银行对接：{row.number} 知识价值信用贷款"),
        ("credit_handed", "member", f"已交银行：{row.number} 知识价值信用贷款"),
    ]
    said: dict[str, Any] = {"is_taken": False, "banker": "李行长", "said_on": AT.date(), "words": "抵押不足"}
    answer_credit(session, manager, row.id, now=AT, **said)
    assert told() == [("credit_answered", "member", f"{row.number} 知识价值信用贷款：银行不受理")]
    other = a_credit_handover(session, enterprise, manager=manager)
    inbox(other, manager, member)
    withdraw_credit(session, member, other.id, now=AT)
    assert inbox(other, manager, member) == [
        ("credit_withdrawn", "manager", f"企业撤回同意：{other.number} 知识价值信用贷款")
    ]


def test_a_bank_that_is_late_is_told_of_once_for_each_time_that_one_was_asked(session: Session, inbox: Any):
    manager, enterprise = a_manager(session), an_enterprise(session)
    member = an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
    row = a_credit_handover(session, enterprise, manager=manager)

    def kinds() -> list[tuple[str, str]]:
        return [(kind, who) for kind, who, _ in inbox(row, manager, member)]

    kinds()
    due = row.due_at
    assert remind(session, now=due - timedelta(days=2)) == 0
    assert remind(session, now=due - timedelta(hours=9)) > 0
    assert kinds() == [("credit_due", "manager")]
    assert remind(session, now=due) > 0
    assert kinds() == [("credit_lapsed", "manager"), ("credit_lapsed", "member")]
    assert remind(session, now=due + timedelta(days=1)) == 0
    later = due + timedelta(days=1)
    hand_over_credit(session, manager, row.id, bank="另一银行", answer_days=1, now=later)
    kinds()
    assert remind(session, now=row.due_at + timedelta(days=1)) > 0
    assert ("credit_lapsed", "member") in kinds()


def test_the_mornings_job_tells_it_once(committed_database: Database):
    with committed_database.transaction() as session:
        row = a_credit_handover(session, an_enterprise(session))
        told = select(Notice.recipient_id).where(Notice.subject_id == row.id, Notice.kind == "credit_lapsed")
    written = []
    for _ in range(2):
        remind_of_banks(timestamp=0)
        with committed_database.transaction() as session:
            written.append(sorted(session.scalars(told)))
    assert written[0] == written[1] != []
