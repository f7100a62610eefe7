"""A committee takes two managers: one alone would choose who decides about the money."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backbone.db import new_id
from backbone.errors import Forbidden, NotFound
from finance_net.equity.committees.errors import CommitteeConfirmed, CommitteeSuperseded, NoCommittee
from finance_net.equity.committees.setting import confirm_committee, set_committee, show_committee
from finance_net.equity.reading import read_deal
from finance_net.ledger.errors import SecondPersonNeeded
from tests.factories.equity import Desk, an_equity_desk
from tests.factories.identity import an_actor
from tests.factories.ledger import AT, a_treasury


def entered(desk: Desk, *members: Any) -> Any:
    return desk.waiting_committee(*(each.account_id for each in members))


def confirmed(desk: Desk, actor: Any, committee_id: Any) -> Any:
    return confirm_committee(desk.session, actor, desk.treasury.fund.id, committee_id=committee_id, now=AT)


def test_nobody_decides_until_a_second_manager_has_confirmed_it(session: Session):
    desk = an_equity_desk(session)
    deal, friend = desk.deal("due_diligence"), an_actor(session)
    alone = entered(desk, friend)
    with pytest.raises(NotFound):
        read_deal(session, friend, deal.id)
    assert desk.convened(deal).committee_id == desk.committee.id
    with pytest.raises(SecondPersonNeeded) as refusal:
        confirmed(desk, desk.treasury.first, alone.id)
    assert refusal.value.sentence().zh == "投委会名单须由提出人以外的基金经理批准"
    assert confirmed(desk, desk.treasury.second, alone.id).confirmed_by == desk.treasury.second.account_id
    assert read_deal(session, friend, deal.id) is deal
    with pytest.raises(NotFound):
        read_deal(session, desk.members[0], deal.id)
    shown = show_committee(session, desk.treasury.first, desk.treasury.fund.id)
    assert (shown["deciding"].id, shown["waiting"]) == (alone.id, None)


def test_only_the_last_one_entered_is_confirmed_and_once(session: Session):
    desk = an_equity_desk(session)
    first, second = entered(desk, *desk.members), entered(desk, desk.members[0])
    with pytest.raises(CommitteeSuperseded):
        confirmed(desk, desk.treasury.second, first.id)
    confirmed(desk, desk.treasury.second, second.id)
    with pytest.raises(CommitteeConfirmed):
        confirmed(desk, desk.treasury.second, second.id)
    with pytest.raises(Forbidden):
        confirmed(desk, desk.members[0], second.id)
    for unknown in (new_id(), an_equity_desk(session).committee.id):
        with pytest.raises(NotFound):
            confirmed(desk, desk.treasury.second, unknown)


def test_a_fund_whose_committee_waits_convenes_nobody(session: Session):
    desk = an_equity_desk(session)
    other = a_treasury(session, kind="equity")
    rules = {
        "members": [desk.members[0].account_id],
        "quorum": 1,
        "approval_basis_points": 5_001,
        "source": "章程",
    }
    waiting = set_committee(session, other.first, other.fund.id, rules, now=AT)
    deal = desk.deal("due_diligence", fund_id=other.fund.id)
    with pytest.raises(NoCommittee):
        desk.convened(deal)
    shown = show_committee(session, other.first, other.fund.id)
    assert (shown["deciding"], shown["waiting"].id) == (None, waiting.id)
    # Nor does the database take a meeting of one.
    meeting = desk.convened(desk.deal("due_diligence"))
    with pytest.raises(IntegrityError, match="fk_equity_meetings_confirmed"), session.begin_nested():
        session.execute(
            text(f"UPDATE equity_meetings SET committee_id = '{waiting.id}' WHERE id = '{meeting.id}'")
        )


def test_the_database_takes_no_confirmation_by_who_entered_it(session: Session):
    desk = an_equity_desk(session)
    committee = entered(desk, *desk.members)
    for who, match in (
        (committee.set_by, "two_people"),
        (desk.treasury.second.account_id, "committee_id_set_by"),
    ):
        # The second one names another than who entered it, to get past the first rule.
        row = f"'{new_id()}', '{committee.id}', '{who}', '{committee.set_by}', now()"
        with pytest.raises(IntegrityError, match=match), session.begin_nested():
            session.execute(text(
                "INSERT INTO equity_committee_confirmations (id, committee_id, set_by, confirmed_by, confirmed_at)"
                f" VALUES ({row})"
            ))  # fmt: skip
