"""Committees over HTTP."""

from typing import Any
from uuid import UUID

from backbone.errors import Bilingual
from backbone.http import Answer, Call, Routes
from finance_net.equity.committees import minutes, schemas, service, setting

routes = Routes(
    "equity_committees", __name__, url_prefix="/api", description="投资决策委员会 / investment committees"
)
OF_FUND = "/funds/<uuid:fund_id>/committee"
MEETING = "/equity-meetings/<uuid:meeting_id>"


@routes.operation(
    "POST", OF_FUND, "setCommittee", Bilingual("登记投委会", "Set a fund's investment committee"), body=schemas.CommitteeEntry,
    answer=schemas.CommitteeView, status=201,
)  # fmt: skip
def set_committee(call: Call, fund_id: UUID) -> Answer:
    return Answer(setting.set_committee(call.session, call.actor, fund_id, call.body, now=call.now))


@routes.operation(
    "POST", f"{OF_FUND}/confirmation", "confirmCommittee", Bilingual("确认投委会（第二人）", "Confirm a fund's investment committee as its second manager"),
    body=schemas.CommitteeConfirming, answer=schemas.CommitteeView,
)  # fmt: skip
def confirm_committee(call: Call, fund_id: UUID) -> Any:
    return setting.confirm_committee(call.session, call.actor, fund_id, **call.body, now=call.now)


@routes.operation(
    "GET", OF_FUND, "showCommittee", Bilingual("查看投委会", "Show a fund's investment committee"), answer=schemas.CommitteesView
)  # fmt: skip
def show_committee(call: Call, fund_id: UUID) -> Any:
    return setting.show_committee(call.session, call.actor, fund_id)


@routes.operation(
    "POST", "/equity-deals/<uuid:deal_id>/meetings", "conveneCommittee", Bilingual("提请投委会审议", "Put a deal before the committee"),
    body=schemas.CommitteeMeetingEntry, answer=schemas.CommitteeDecisionView, status=201,
)  # fmt: skip
def convene_committee(call: Call, deal_id: UUID) -> Answer:
    return Answer(service.convene_committee(call.session, call.actor, deal_id, **call.body, now=call.now))


@routes.operation(
    "POST", f"{MEETING}/votes", "castVote", Bilingual("投委会表决或回避", "Cast one's vote, or recuse oneself"),
    body=schemas.CommitteeVoteEntry, answer=schemas.CommitteeVoteView, status=201,
)  # fmt: skip
def cast_vote(call: Call, meeting_id: UUID) -> Answer:
    return Answer(service.cast_vote(call.session, call.actor, meeting_id, **call.body, now=call.now))


@routes.operation(
    "POST", f"{MEETING}/closing", "closeMeeting", Bilingual("结束会议并形成决议", "Close a meeting with its decision and minutes"),
    body=schemas.MeetingClosing, answer=schemas.CommitteeDecisionView,
)  # fmt: skip
def close_meeting(call: Call, meeting_id: UUID) -> Any:
    return service.close_meeting(call.session, call.actor, meeting_id, **call.body, now=call.now)


@routes.operation(
    "GET",
    f"{MEETING}/minutes",
    "showMinutes",
    Bilingual("查看会议纪要", "Show a meeting's minutes"),
    answer=schemas.CommitteeMinutesView,
)
def show_minutes(call: Call, meeting_id: UUID) -> Any:
    return minutes.minutes_view(call.session, call.actor, meeting_id)


@routes.operation(
    "POST", "/equity-conditions/<uuid:deal_condition_id>/fulfilment", "fulfilCondition",
    Bilingual("登记条件满足", "Record how a condition is fulfilled"), body=schemas.ConditionEvidence, answer=schemas.CommitteeConditionView,
)  # fmt: skip
def fulfil_condition(call: Call, deal_condition_id: UUID) -> Any:
    return service.fulfil_condition(call.session, call.actor, deal_condition_id, **call.body, now=call.now)
