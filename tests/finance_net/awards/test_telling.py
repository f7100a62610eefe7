"""Those concerned are told of an award's money: each once, in both languages, with yuan and words instead of fen and codes."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from backbone.actor import Role, Scope, ScopeKind
from backbone.db import Database
from backbone.notices import texts
from backbone.notices.models import Notice
from finance_net.awards.claiming import decide_tranche
from finance_net.awards.clawbacks.models import REASON_WORDS
from finance_net.awards.effects.service import report_effect
from finance_net.awards.jobs import remind_of_awards
from finance_net.awards.models import Tranche
from finance_net.awards.reminding import remind
from finance_net.awards.service import close_award
from tests.factories.awards import an_award_desk
from tests.factories.identity import an_account
from tests.factories.ledger import WAN
from tests.made_once import made_once

REPORT = {"revenue_fen": None, "contracts_fen": None, "jobs": 3, "source": "年报"}


@made_once
def desk(session):
    return an_award_desk(session)


@pytest.fixture
def inbox(session):
    """What was written since the last look: (kind, who, subject and text in Chinese, the same in English)."""
    seen = set()

    def look(desk):
        names = {desk.first.account_id: "first", desk.second.account_id: "second"}
        names |= {each.account_id: f"member{at}" for at, each in enumerate(desk.members, 1)}
        found = []
        for row in session.scalars(
            select(Notice).where(Notice.subject_id == desk.award.id).order_by(Notice.id)
        ):
            if row.id not in seen and row.recipient_id in names:  # an enterprise has other members too
                said = texts.worded(row.kind, row.subject_number, row.payload)
                found.append((
                    row.kind, names[row.recipient_id], f"{said.subject.zh} {said.text.zh}", f"{said.subject} {said.text}",
                ))  # fmt: skip
                seen.add(row.id)
        return found

    return look


def whom(told):
    return [(kind, who) for kind, who, _, _ in told]


def test_a_claim_is_answered_to_every_beneficiary_each_time_anew(session, inbox):
    desk = an_award_desk(session, is_first_use=True)
    desk.planned(30 * WAN + 5, 10 * WAN - 5)
    for _ in range(2):
        tranche = desk.claimed()
        decide_tranche(session, desk.first, tranche.id, is_approved=False, note="抬头不符", now=desk.now)
    desk.approved()
    told = inbox(desk)
    both = ["member1", "member2"]
    assert sorted(whom(told)) == sorted([
        *(("claim_made", each) for each in ("first", "second") * 3), *(("claim_returned", each) for each in both * 2), *(("claim_approved", each) for each in both),
    ])  # fmt: skip
    _, _, zh, en = next(each for each in told if each[0] == "claim_returned")
    assert f"{desk.award.number} 第 1 期 300,000.05 元" in zh
    assert f"{desk.award.number}, tranche 1 of 300,000.05 yuan" in en
    assert "抬头不符" not in zh + en


def test_what_the_bank_says_is_told_to_who_is_paid_and_to_managers_where_they_have_to_act(
    desk, session, inbox
):
    of_a_zone = an_account(session, (Role.FUND_MANAGER, Scope(ScopeKind.ZONE, "420100")))
    desk.approved()
    desk.exported()
    inbox(desk)
    desk.answered(desk.line("unknown"), by=desk.first)
    assert of_a_zone.id not in set(session.scalars(select(Notice.recipient_id)))
    told = inbox(desk)
    assert sorted(whom(told)) == [("payment_unknown", "member1"), ("payment_unknown", "second")]
    assert "400,000.00 元" in told[0][2]
    desk.answered(desk.line("unknown", bank_ref="YH7"))
    assert inbox(desk) == []
    desk.answered(desk.line("refused"), by=desk.second)
    assert sorted(whom(inbox(desk))) == [("payment_refused", "first"), ("payment_refused", "member1")]
    desk.exported()
    assert sorted(whom(inbox(desk))) == [("account_entered", "first"), ("account_entered", "second")]
    line = desk.line("settled")
    desk.answered(line)
    ((kind, who, zh, en),) = inbox(desk)
    assert (kind, who) == ("payment_settled", "member1")
    assert desk.payments[-1].reference in zh
    assert f"settled on {desk.day}" in en
    desk.answered(line)
    assert inbox(desk) == []


def test_what_came_back_or_was_settled_after_all_is_told_to_who_is_paid_and_to_the_managers(
    desk, session, inbox
):
    desk.approved()
    desk.exported()
    desk.answered(desk.line("refused"))
    inbox(desk)
    desk.answered(desk.line("settled"))
    assert sorted(whom(inbox(desk))) == [("payment_settled", "member1"), ("payment_settled", "second")]
    line = desk.line("returned")
    desk.answered(line, by=desk.second)
    told = inbox(desk)
    assert sorted(whom(told)) == [("payment_returned", "first"), ("payment_returned", "member1")]
    assert f"退汇日期 {desk.day}" in told[0][2]
    assert "enters an account anew (enterBankAccount)" in told[0][3]
    desk.answered(line, desk.line("settled"))
    assert inbox(desk) == []
    desk.with_accounts()
    told = inbox(desk)
    assert sorted(whom(told)) == [("account_entered", "first"), ("account_entered", "second")]
    assert "400,000.00 yuan that failed can be paid again" in told[0][3]
    desk.exported()
    inbox(desk)
    desk.with_accounts()
    assert inbox(desk) == []


def test_of_a_first_use_each_learns_of_the_own_payment_alone(session, inbox):
    desk = an_award_desk(session, is_first_use=True)
    desk.approved()
    desk.exported()
    inbox(desk)
    maker, user = sorted(desk.payments, key=lambda each: -each.amount_fen)
    desk.answered(desk.line("settled", maker), desk.line("unknown", user))
    told = inbox(desk)
    assert sorted(whom(told)) == [
        ("payment_settled", "member1"), ("payment_unknown", "member2"), ("payment_unknown", "second"),
    ]  # fmt: skip
    desk.clawback(user, WAN) if user.state == "settled" else desk.clawback(maker, WAN)
    ((kind, who, zh, en),) = inbox(desk)
    assert (kind, who) == ("clawback_asked", "member1")
    assert f"应退回 10,000.00 元，期限 {desk.day}" in zh
    assert REASON_WORDS["objective_missed"].zh in zh
    assert "because: the objective was missed" in en


def test_a_declined_clawback_is_nobodys_news(desk, inbox):
    payment = desk.paid()
    inbox(desk)
    desk.clawback(payment, WAN, is_approved=False)
    assert inbox(desk) == []


def test_a_tranche_whose_day_has_come_is_told_to_whoever_has_to_act_once(desk, session, inbox):
    desk.planned(30 * WAN, 10 * WAN)
    session.execute(update(Tranche).where(Tranche.award_id == desk.award.id).values(due_on=date(2026, 4, 20)))
    assert remind(session, now=desk.now) == 0
    due = desk.now.replace(day=20)
    assert remind(session, now=due) > 0
    told = inbox(desk)
    assert whom(told) == [("tranche_due", "member1")] * 2
    assert "拨付日 2026-04-20，目前“未申请”" in told[0][2]
    assert remind(session, now=due + timedelta(days=1)) == 0
    desk.claimed()
    inbox(desk)
    assert remind(session, now=due) > 0
    assert sorted(whom(inbox(desk))) == [("tranche_due", "first"), ("tranche_due", "second")]
    close_award(session, desk.first, desk.award.id, reason="中止", now=due)
    assert remind(session, now=due) == 0


def test_an_effect_is_asked_for_a_month_before_and_once_more_when_it_is_late(desk, session, inbox):
    desk.planned(40 * WAN, months=(6, 12))
    desk.paid()  # on 2026-04-04
    inbox(desk)
    at = desk.now.replace
    assert remind(session, now=at(month=9, day=3)) == 0
    assert remind(session, now=at(month=9, day=4)) > 0
    ((kind, who, zh, _),) = inbox(desk)
    assert (kind, who) == ("effect_due", "member1")
    assert "期限 2026-10-04" in zh
    assert remind(session, now=at(month=10, day=4)) == 0
    assert remind(session, now=at(month=10, day=5)) > 0
    assert sorted(whom(inbox(desk))) == [("effect_late", each) for each in ("first", "member1", "second")]
    half = min(desk.effects, key=lambda each: each.months)
    report_effect(
        session, desk.member, half.id, REPORT | {"as_of_on": date(2026, 10, 5)}, now=at(month=10, day=6)
    )
    assert remind(session, now=at(month=11, day=1)) == 0


def test_every_morning_tells_what_was_missed_and_the_second_run_nothing(committed_database: Database):
    with committed_database.transaction() as session:
        desk = an_award_desk(session)
        session.execute(
            update(Tranche).where(Tranche.award_id == desk.award.id).values(due_on=date(2026, 4, 20))
        )
    written = []
    for _ in range(2):
        remind_of_awards(timestamp=0)
        with committed_database.transaction() as session:
            written.append(
                set(session.scalars(select(Notice.recipient_id).where(Notice.kind == "tranche_due")))
            )
    assert written[0] == written[1]
    assert desk.member.account_id in written[0]
