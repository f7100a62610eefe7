"""What HTTP may say of scores, routes, hand-overs and portfolios."""

from backbone.directory.experts.models import LANGUAGES
from backbone.fields import (
    Choice,
    Day,
    Flag,
    Identifier,
    Instant,
    Number,
    Record,
    Schema,
    Several,
    Text,
    Whole,
)
from backbone.pages import PageQuery, sort_field
from backbone.worded import Worded
from ground_net.routing import complexity, portfolios, reading, suggesting
from ground_net.routing.choosing import REFUSALS
from ground_net.routing.states import DECLINE_REASONS, GIVE_REASONS, STATES
from sky_net.needs.views import StateField
from sky_net.needs.vocabulary import COMPLEXITY


class ComplexityReason(Schema):
    """What was found, the points it adds, of how many at most."""

    name = Choice(complexity.WHY)
    found = Whole(
        metadata={
            "description": "实际数值；预算以分计，匹配度以百分点计 / how much of it; the budget in fen, the match in percentage points"
        }
    )
    points = Whole(0, 100)
    of = Whole(0, 100)
    why = Worded()


class ComplexityView(Schema):
    """The score is the sum of its reasons; thresholds and weights are defaults of this platform."""

    score = Whole(0, 100)
    complexity = Choice(complexity.CLASSES)
    reasons = Several(Record(ComplexityReason))


class RouteQuery(Schema):
    """What the broker should speak besides."""

    language = Several(Choice(LANGUAGES), len(LANGUAGES), distinct=True)


class InvitableInstitute(Schema):
    """An institute of the last match list that was not asked yet, as inviteInstitute takes it."""

    institute_id = Identifier()
    name = Text()
    achievement_id = Identifier()
    probability = Number(
        metadata={"description": "经纪人会推荐的概率，0 至 1 / that a broker would propose it, 0 to 1"}
    )


class FitReasonView(Schema):
    """One thing that speaks for a broker."""

    name = Text()
    points = Whole(0, 100)
    why = Worded()


class FittingBroker(Schema):
    """A broker who has room and is there, as handNeed takes it."""

    account_id = Identifier(attribute="fit.account_id")
    name = Text()
    score = Whole(0, 100, attribute="fit.score")
    goes_first = Flag(
        attribute="fit.goes_first",
        metadata={"description": "因企业的委托而优先 / by the enterprise's mandate"},
    )
    reasons = Several(Record(FitReasonView), attribute="fit.reasons")


class RefusedBroker(Schema):
    """A broker of the zone who cannot take it, and why."""

    account_id = Identifier()
    name = Text()
    reason = Choice(REFUSALS)
    why = Worded()


class RouteView(Schema):
    """Which way the need should go; nothing is done by asking."""

    complexity = Record(ComplexityView)
    goes_to = Choice(suggesting.WAYS)
    institutes = Several(Record(InvitableInstitute))
    brokers = Several(Record(FittingBroker))
    refused = Several(Record(RefusedBroker))


class HandoverEntry(Schema):
    """To whom, and why."""

    to_id = Identifier(
        required=True,
        metadata={"description": "需求所在地区的运营人员或经纪人 / an operator or broker of the need's zone"},
    )
    reason_code = Choice(GIVE_REASONS, required=True)


class HandoverRefusal(Schema):
    """Why not."""

    reason_code = Choice(DECLINE_REASONS, required=True)


class HandoverView(Schema):
    """A hand-over; `owner_id` answers for the need now: until it is accepted, the giver."""

    id = Identifier(attribute="row.id")
    need_id = Identifier(attribute="row.need_id")
    need_number = Text()
    from_id = Identifier(attribute="row.from_id")
    to_id = Identifier(attribute="row.to_id")
    given_by = Identifier(attribute="row.given_by")
    owner_id = Identifier()
    reason_code = Choice(GIVE_REASONS, attribute="row.reason_code")
    due_at = Instant(attribute="row.due_at")
    state = Choice(STATES)
    refusal_code = Choice(DECLINE_REASONS, attribute="row.refusal_code")
    settled_at = Instant(attribute="row.settled_at")
    created_at = Instant(attribute="row.created_at")


class HandoverQuery(PageQuery):
    """Filters of the hand-overs; those given must all hold, of a repeated one any value."""

    sort = sort_field(tuple(reading.SORTS), "due_at")
    state = Several(Choice(STATES), len(STATES), distinct=True)
    need_id = Identifier()
    from_id = Identifier()
    to_id = Identifier()
    owner_id = Identifier(metadata={"description": "目前负责该需求的账号 / who answers for the need now"})
    due_before = Instant()


class NeedInHandView(Schema):
    """An open need of a broker: the least that every reader of it may know."""

    id = Identifier(attribute="need.id")
    number = Text(attribute="need.number")
    state = StateField(attribute="need.state")
    complexity = Choice(COMPLEXITY, attribute="need.complexity")
    due_at = Instant(metadata={"description": "最近一项承诺的期限 / when the next of its promises is due"})
    is_overdue = Flag()
    offered_to = Identifier(metadata={"description": "正在移交给的账号 / to whom it is being handed over"})


class LeaveView(Schema):
    """Today's leave, or the next."""

    from_on = Day()
    to_on = Day()
    deputy_id = Identifier()


class PortfolioView(Schema):
    """What a broker has in hand."""

    broker_id = Identifier(attribute="broker.id")
    account_id = Identifier(attribute="broker.account_id")
    capacity = Whole(attribute="broker.capacity")
    in_hand = Whole(
        data_key="load",
        attribute="load",
        metadata={
            "description": "全部未了结需求，含您不可知晓的 / all open needs, also those that you may not know of"
        },
    )
    overdue = Whole(metadata={"description": "所列需求中逾期的数量 / of the needs shown"})
    open_leads = Whole()
    credited_contracts = Whole()
    leave = Record(LeaveView)
    needs = Several(Record(NeedInHandView))


class PortfolioHandover(Schema):
    """To the deputy of the leave, or each need to whom suggestRoute names first."""

    to = Choice(
        portfolios.WAYS,
        load_default=portfolios.DEPUTY,
        metadata={
            "description": "移交给代理人，或系统建议的人 / to the deputy, or to whom suggestRoute names first"
        },
    )


class HandoversView(Schema):
    """One for each need that was not on offer already."""

    items = Several(Record(HandoverView))


class SentInvitation(Schema):
    """An institute that was asked."""

    id = Identifier()
    institute_id = Identifier()


class SentView(Schema):
    """Where a need was sent: invitations to institutes, or a hand-over to a broker."""

    complexity = Record(ComplexityView)
    goes_to = Choice(suggesting.WAYS)
    invitations = Several(Record(SentInvitation))
    handover = Record(HandoverView, allow_none=True)
