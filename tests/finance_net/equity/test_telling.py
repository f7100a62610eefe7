"""Whose turn it is with a deal is told, each person once, in yuan and words; nobody else learns of it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Role
from backbone.db import Database
from backbone.notices import texts
from backbone.notices.models import Notice
from finance_net.equity.holding import decide_entry
from finance_net.equity.jobs import remind_of_calls
from finance_net.equity.reminding import remind
from finance_net.ledger.orders.service import approve_order
from tests.factories.equity import Desk, an_equity_desk
from tests.factories.identity import an_actor, of
from tests.factories.ledger import AT


@pytest.fixture
def inbox(session: Session) -> Any:
    """What was written to the people of the desk since the last look: (kind, who, its words in Chinese)."""
    seen: set[Any] = set()

    def look(desk: Desk) -> list[tuple[str, str, str]]:
        names = {desk.treasury.first.account_id: "first", desk.treasury.second.account_id: "second"}
        names |= {each.account_id: f"member{at}" for at, each in enumerate(desk.members, 1)}
        found = []
        for row in session.scalars(select(Notice).where(Notice.recipient_id.in_(names)).order_by(Notice.id)):
            if row.id not in seen:
                said = texts.worded(row.kind, row.subject_number, row.payload)
                assert "—" not in f"{said.subject.zh}{said.text.zh}{said.subject}{said.text}"
                found.append((row.kind, names[row.recipient_id], said.subject.zh))
                seen.add(row.id)
        return sorted(found)

    return look


def whom(told: Any) -> list[tuple[str, str]]:
    return [(kind, who) for kind, who, _ in told]


def test_whoever_has_to_act_next_is_told(session: Session, inbox: Any):
    desk = an_equity_desk(session, asked_fen=123_456, limit_fen=1_000_000, subscribed_fen=1_000_000)
    members = [("committee_joined", f"member{at}") for at in (1, 2, 3)]
    assert whom(inbox(desk)) == [*members, ("committee_set", "second")]
    insider = an_actor(session, (Role.ENTERPRISE_MEMBER, of(desk.enterprise)))
    deal = desk.deal("committee")
    told = inbox(desk)
    assert whom(told) == [("committee_convened", f"member{at}") for at in (1, 2, 3)]
    # Without the amount: members who have to be recused are told, too.
    assert told[0][2] == f"请表决：{deal.number} 第 1 次会议"
    desk.vote(deal, "for", "for", "recused")
    desk.close(deal)
    # Who was recused learns nothing more.
    told = inbox(desk)
    assert whom(told) == [("committee_closed", who) for who in ("member1", "member2", "second")]
    assert told[0][2] == f"投委会决议：{deal.number} 第 1 次会议通过"
    desk.asked_to_agree(deal)
    assert whom(inbox(desk)) == [("deal_order_waits", "second")]
    approve_order(session, desk.treasury.second, deal.order_id, now=AT)
    desk.invested(deal, 100_000)
    assert inbox(desk) == [("deal_order_waits", "second", f"请复核：{deal.number} 1,000.00 元")]
    entry = desk.entry(deal, "write_down", 5_000)
    assert inbox(desk) == [("deal_entry_waits", "second", f"请复核：{deal.number} 减值 50.00 元")]
    decide_entry(session, desk.treasury.second, entry.id, is_approved=True, note=None, now=AT)
    assert inbox(desk) == [("deal_entry_decided", "first", f"{deal.number} 减值 50.00 元：已入账")]
    assert session.scalars(select(Notice).where(Notice.recipient_id == insider.account_id)).all() == []


def test_a_call_that_falls_due_is_told_before_its_day_and_after_it(session: Session, inbox: Any):
    desk = an_equity_desk(session)
    call = desk.called(desk.deal("agreed"))
    call.due_on = AT.date() + timedelta(days=10)
    session.flush()
    inbox(desk)
    assert remind(session, now=AT + timedelta(days=6)) == 0
    assert remind(session, now=AT + timedelta(days=7)) > 0
    assert whom(inbox(desk)) == [("call_due", "first"), ("call_due", "second")]
    assert remind(session, now=AT + timedelta(days=10)) == 0
    assert remind(session, now=AT + timedelta(days=11)) > 0
    assert whom(inbox(desk)) == [("call_late", "first"), ("call_late", "second")]
    approve_order(session, desk.treasury.second, call.order_id, now=AT)
    assert remind(session, now=AT + timedelta(days=12)) == 0


def test_the_mornings_job_tells_it_once(committed_database: Database):
    with committed_database.transaction() as session:
        desk = an_equity_desk(session)
        call = desk.called(desk.deal("agreed"))
        told = select(Notice.recipient_id).where(
            Notice.kind == "call_late", Notice.dedupe_key.startswith(f"call_late:{call.id}")
        )
        second = desk.treasury.second.account_id
    written = []
    for _ in range(2):
        remind_of_calls(timestamp=0)
        with committed_database.transaction() as session:
            written.append(sorted(session.scalars(told)))
    assert written[0] == written[1]
    assert second in written[0]
