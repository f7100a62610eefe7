"""Nothing is invested without quorum; who is recused is not counted; minutes stand for good."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from backbone.actor import Role
from backbone.db import new_id
from backbone.errors import Forbidden, Invalid, NotFound, StateConflict
from finance_net.equity import errors
from finance_net.equity.committees.errors import (
    MeetingClosed,
    MustRecuse,
    NoCommittee,
    NoMember,
    QuorumMissing,
    QuorumReached,
    VotedAlready,
)
from finance_net.equity.committees.minutes import minutes_view
from finance_net.equity.committees.models import Minutes
from finance_net.equity.committees.service import (
    cast_vote,
    convene_committee,
    fulfil_condition,
)
from finance_net.equity.committees.setting import set_committee, show_committee
from finance_net.equity.reading import list_deals, read_deal
from finance_net.equity.service import decline_deal, settle_item
from tests.factories.equity import an_equity_desk
from tests.factories.identity import an_actor, of
from tests.factories.ledger import AT, a_treasury

PAGE: dict[str, Any] = {"sort": "-created_at", "limit": 20}


def test_without_a_quorum_of_those_not_recused_nothing_is_decided(session: Session):
    desk = an_equity_desk(session, quorum=2)
    deal = desk.deal("committee")
    desk.vote(deal, "for", "recused")
    with pytest.raises(QuorumMissing) as refusal:
        desk.close(deal)
    assert refusal.value.data == {"present": 1, "recused": 1, "quorum": 2}
    assert (deal.state, deal.meeting_id) == ("committee", None)
    with pytest.raises(errors.NotApproved):
        desk.asked_to_agree(deal)
    cast_vote(session, desk.members[2], desk.meetings[deal.id].id, choice="for", conflict=None, now=AT)
    meeting = desk.close(deal, approved_fen=80)
    assert (meeting.present, meeting.recusals, meeting.votes_for, meeting.state) == (2, 1, 2, "approved")
    assert (deal.state, deal.meeting_id, deal.approved_fen) == ("committee", meeting.id, 80)
    with pytest.raises(MeetingClosed):
        desk.close(deal)


def test_who_is_recused_counts_neither_for_the_quorum_nor_for_the_majority(session: Session):
    desk = an_equity_desk(session, quorum=1, majority=10_000)
    deal = desk.deal("committee")
    desk.vote(deal, "for", "recused", "recused")
    assert desk.close(deal).state == "approved"
    other = desk.deal("committee")
    desk.vote(other, "for", "abstain", "recused")
    assert (desk.close(other).state, other.state) == ("rejected", "declined")
    with pytest.raises(StateConflict):
        desk.asked_to_agree(other)


@pytest.mark.parametrize("change", [
    "state = 'approved', approved_fen = 100, minutes = 'x', closed_at = now(), closed_by = convened_by",
    "present = 1, votes_for = 1, state = 'approved', approved_fen = 100, minutes = 'x', closed_at = now(), closed_by = convened_by",
    "present = 2, votes_for = 1, votes_against = 1, state = 'approved', approved_fen = 100, minutes = 'x', closed_at = now(),"
    " closed_by = convened_by",
])  # fmt: skip
def test_the_database_takes_no_decision_without_quorum_or_majority(session: Session, change: str):
    desk = an_equity_desk(session, quorum=2)
    deal = desk.deal("committee")
    with pytest.raises(IntegrityError, match="ck_equity_meetings_decided"):
        session.execute(text(f"UPDATE equity_meetings SET {change} WHERE deal_id = '{deal.id}'"))


def test_a_vote_is_a_members_own_and_cast_once(session: Session):
    desk = an_equity_desk(session)
    deal = desk.deal("committee")
    meeting_id = desk.meetings[deal.id].id

    def vote(actor: Any, choice: str = "for", conflict: str | None = None) -> None:
        cast_vote(session, actor, meeting_id, choice=choice, conflict=conflict, now=AT)

    with pytest.raises(NoMember):
        vote(desk.treasury.first)
    with pytest.raises(NotFound):
        vote(an_actor(session))
    with pytest.raises(Invalid):
        vote(desk.members[0], "for", "shares")
    vote(desk.members[0])
    with pytest.raises(VotedAlready):
        vote(desk.members[0], "against")


def test_who_belongs_to_the_enterprise_can_only_recuse_themselves(session: Session):
    probe = an_equity_desk(session)
    insider = an_actor(session, (Role.ENTERPRISE_MEMBER, of(probe.enterprise)))
    desk = an_equity_desk(session, enterprise=probe.enterprise, others=(insider.account_id,))
    deal = desk.deal("committee")
    meeting_id = desk.meetings[deal.id].id
    narrowed = type(insider)(insider.account_id, insider.name)
    for who in (insider, narrowed):
        with pytest.raises(MustRecuse):
            cast_vote(session, who, meeting_id, choice="abstain", conflict=None, now=AT)
    cast_vote(session, insider, meeting_id, choice="recused", conflict="employed", now=AT)


def test_minutes_say_who_voted_what_and_cannot_be_changed(session: Session):
    desk = an_equity_desk(session)
    deal = desk.deal("approved", conditions=("完成专利权属变更",))
    meeting = desk.meetings[deal.id]
    shown = minutes_view(session, desk.members[0], meeting.id)
    said = json.loads(shown["content"])
    assert [each["choice"] for each in said["votes"]] == ["for", "for", "against"]
    assert said["votes"][0]["member"] == str(desk.members[0].account_id)
    assert (said["outcome"], said["approved_fen"], len(said["conditions"])) == ("approved", 100, 1)
    assert shown["sha256"] == hashlib.sha256(shown["content"].encode()).hexdigest()
    assert shown["is_intact"]
    for change in ("UPDATE equity_minutes SET sha256 = ''", "DELETE FROM equity_votes"):
        with pytest.raises(ProgrammingError), session.begin_nested():
            session.execute(text(change))
    with pytest.raises(IntegrityError, match="ck_equity_minutes_sha256"), session.begin_nested():
        session.execute(text(
            "INSERT INTO equity_minutes (id, meeting_id, content, sha256, recorded_at)"
            f" SELECT '{new_id()}', id, 'x', 'y', now() FROM equity_meetings LIMIT 1"
        ))  # fmt: skip
    meeting.minutes = "会议另有说法"
    session.flush()
    assert not minutes_view(session, desk.treasury.first, meeting.id)["is_intact"]
    with pytest.raises(NotFound):
        minutes_view(session, an_actor(session), meeting.id)


def test_diligence_comes_first_and_a_committee_has_to_be_there(session: Session):
    desk = an_equity_desk(session)
    deal = desk.deal("due_diligence")

    def convene() -> None:
        convene_committee(session, desk.treasury.first, deal.id, held_on=AT.date(), asked_fen=None, now=AT)

    with pytest.raises(errors.DiligenceOpen) as refusal:
        convene()
    assert refusal.value.data["open"] == 2
    item = desk.item(deal)
    settle_item(session, desk.treasury.first, item.id, outcome="waived", words="与上轮相同", now=AT)
    with pytest.raises(errors.ItemSettled):
        settle_item(session, desk.treasury.first, item.id, outcome="done", words="再说", now=AT)
    desk.convened(deal)
    with pytest.raises(errors.MeetingOpen):
        convene()
    with pytest.raises(StateConflict):
        settle_item(
            session, desk.treasury.first, _open_item(desk, deal), outcome="done", words="晚了", now=AT
        )


def _open_item(desk: Any, deal: Any) -> Any:
    """An item that somebody added behind the service's back."""
    item = desk.item(deal)
    item.outcome = item.words = item.settled_by = item.settled_at = None
    desk.session.flush()
    return item.id


def test_a_committee_is_of_known_accounts_and_no_smaller_than_its_quorum(session: Session):
    desk = an_equity_desk(session)
    fund_id, manager = desk.treasury.fund.id, desk.treasury.first

    def set_to(**values: Any) -> None:
        rules = {
            "members": [desk.members[0].account_id],
            "quorum": 1,
            "approval_basis_points": 5_001,
            "source": "章程",
        }
        set_committee(session, manager, fund_id, rules | values, now=AT)

    with pytest.raises(Invalid) as refusal:
        set_to(members=[desk.members[0].account_id, new_id()])
    assert refusal.value.data["errors"][0]["field"] == "members.1"
    with pytest.raises(Invalid):
        set_to(quorum=2)
    set_to()
    shown = show_committee(session, manager, fund_id)
    assert (shown["deciding"].id, shown["waiting"].members) == (
        desk.committee.id,
        [desk.members[0].account_id],
    )
    with pytest.raises(Forbidden):
        show_committee(session, desk.members[0], fund_id)
    with pytest.raises(NotFound):
        show_committee(session, manager, a_treasury(session, kind="equity").fund.id)
    with pytest.raises(errors.NoEquityFund):
        set_committee(session, manager, a_treasury(session).fund.id, {"members": [], "quorum": 1}, now=AT)


def test_without_a_committee_nothing_is_put_before_anybody(session: Session):
    desk = an_equity_desk(session)
    other = a_treasury(session, kind="equity")
    deal = desk.deal("due_diligence", fund_id=other.fund.id)
    with pytest.raises(NoCommittee):
        desk.convened(deal)


def test_a_condition_is_fulfilled_once_by_something_that_is_named(session: Session):
    desk = an_equity_desk(session)
    deal = desk.deal("approved", conditions=("完成专利权属变更", "补签竞业协议"))
    assert deal.open_conditions == 2
    condition = desk.condition(deal)
    with pytest.raises(Forbidden):
        fulfil_condition(session, desk.members[0], condition.id, evidence="登记簿", now=AT)
    fulfil_condition(session, desk.treasury.second, condition.id, evidence="登记簿", now=AT)
    assert deal.open_conditions == 1
    with pytest.raises(errors.ConditionFulfilled):
        fulfil_condition(session, desk.treasury.second, condition.id, evidence="再次", now=AT)


def test_a_meeting_that_cannot_have_a_quorum_is_adjourned_and_another_is_convened(session: Session):
    """It stayed open for good: the deal could only be given up."""
    desk = an_equity_desk(session, quorum=2)
    deal = desk.deal("committee")
    desk.vote(deal, "for", "recused", "recused")
    first = desk.close(deal, is_adjourned=True, minutes="两人回避")
    assert (first.state, first.present, first.recusals, deal.state) == ("adjourned", 1, 2, "committee")
    kept = session.scalars(select(Minutes).where(Minutes.meeting_id == first.id)).one()
    assert json.loads(kept.content)["outcome"] == "adjourned"
    with pytest.raises(errors.NotApproved):
        desk.asked_to_agree(deal)
    desk.convened(deal)
    desk.vote(deal, "against", "against")
    # Whoever dislikes the votes does not put them off.
    with pytest.raises(QuorumReached) as refusal:
        desk.close(deal, is_adjourned=True)
    assert refusal.value.data == {"present": 2, "quorum": 2}
    assert desk.close(deal).state == "rejected"


def test_a_deal_that_is_given_up_takes_its_open_meeting_along(session: Session):
    """Votes were taken and conditions put on record for what nobody would invest in."""
    desk = an_equity_desk(session)
    deal = desk.deal("committee")
    desk.vote(deal, "for")
    decline_deal(session, desk.treasury.first, deal.id, reason="对方撤回", now=AT)
    meeting = desk.meetings[deal.id]
    assert (meeting.state, meeting.votes_for, meeting.minutes) == ("cancelled", 1, "对方撤回")
    with pytest.raises(MeetingClosed):
        cast_vote(session, desk.members[1], meeting.id, choice="for", conflict=None, now=AT)
    with pytest.raises(MeetingClosed):
        desk.close(deal)
    conditional = desk.deal("approved", conditions=("完成变更",))
    decline_deal(session, desk.treasury.first, conditional.id, reason="对方撤回", now=AT)
    with pytest.raises(StateConflict):
        fulfil_condition(
            session, desk.treasury.first, desk.condition(conditional).id, evidence="登记簿", now=AT
        )


def test_a_meeting_is_held_between_the_opening_of_its_deal_and_today(session: Session):
    desk = an_equity_desk(session)
    deal = desk.deal("due_diligence")
    desk.settled(deal)
    for day in (AT.date() - timedelta(days=1), AT.date() + timedelta(days=1)):
        with pytest.raises(Invalid):
            convene_committee(session, desk.treasury.first, deal.id, held_on=day, asked_fen=None, now=AT)


def test_who_is_recused_or_belongs_to_the_enterprise_does_not_read_about_the_deal(session: Session):
    """They would know what the fund is ready to pay, and how each member voted."""
    probe = an_equity_desk(session)
    insider = an_actor(session, (Role.ENTERPRISE_MEMBER, of(probe.enterprise)))
    desk = an_equity_desk(session, enterprise=probe.enterprise, others=(insider.account_id,))
    deal = desk.deal("committee")
    narrowed = type(insider)(insider.account_id, insider.name)
    for who in (insider, narrowed):
        with pytest.raises(NotFound):
            read_deal(session, who, deal.id)
        assert list_deals(session, who, PAGE).items == []
    cast_vote(session, insider, desk.meetings[deal.id].id, choice="recused", conflict="employed", now=AT)
    assert read_deal(session, desk.members[0], deal.id) is deal
    desk.vote(deal, "recused", "for", "for")
    meeting = desk.close(deal)
    with pytest.raises(NotFound):
        read_deal(session, desk.members[0], deal.id)
    with pytest.raises(NotFound):
        minutes_view(session, desk.members[0], meeting.id)
    assert minutes_view(session, desk.members[1], meeting.id)["is_intact"]


def test_a_vote_that_stands_is_said_in_words(session: Session):
    desk = an_equity_desk(session)
    deal = desk.deal("committee")
    desk.vote(deal, "abstain")
    with pytest.raises(VotedAlready) as refusal:
        desk.vote(deal, "for")
    assert refusal.value.sentence().zh == "您已表决：弃权"
