"""What HTTP may say of deals."""

from typing import Any

from backbone.fields import (
    LARGEST,
    Choice,
    Day,
    Fen,
    Flag,
    Identifier,
    Instant,
    Record,
    Schema,
    Several,
    Text,
    Whole,
)
from backbone.money import BASIS_POINTS
from backbone.pages import PageQuery, sort_field
from finance_net.equity.committees.schemas import CommitteeConditionView, CommitteeMeetingView
from finance_net.equity.models import CALL_STATES, ENTRY_KINDS, ENTRY_WORDS, OUTCOMES
from finance_net.equity.states import STATES

VALUE = "估值：所持份额公允价值；减值：减少额；退出：退出部分的成本 / a valuation's fair value, what a write-down takes off, the cost of what an exit sells"


class DealEntryBody(Schema):
    """What became of an investment on a day, and who says so."""

    kind = Choice(ENTRY_KINDS, required=True)
    as_of_on = Day(required=True)
    value_fen = Fen(required=True, metadata={"description": VALUE})
    proceeds_fen = Fen(allow_none=True, load_default=None)
    source = Text(500, required=True)


class DealSource(Schema):
    """With whom, out of what, and how much is asked."""

    fund_id = Identifier(required=True)
    enterprise_id = Identifier(required=True)
    need_id = Identifier(allow_none=True, load_default=None)
    achievement_id = Identifier(allow_none=True, load_default=None)
    title = Text(200, required=True)
    summary = Text(4000, required=True)
    asked_fen = Fen(1, required=True)


class DiligenceItemEntry(Schema):
    """One thing to look into."""

    topic = Text(50, required=True)
    title = Text(300, required=True)


class DiligenceEntry(Schema):
    """A list of one's own; the platform's by default."""

    items = Several(Record(DiligenceItemEntry), 100, allow_none=True, load_default=None)


class DiligenceSettlement(Schema):
    """What was found, or why it is left out."""

    outcome = Choice(OUTCOMES, required=True)
    words = Text(2000, required=True)


class DealAgreement(Schema):
    """What was agreed, and from which envelope it is paid."""

    envelope_id = Identifier(required=True)
    amount_fen = Fen(1, required=True)
    stake_basis_points = Whole(0, BASIS_POINTS, allow_none=True, load_default=None)
    signed_on = Day(required=True)
    reference = Text(200, required=True)


class CapitalCallEntry(Schema):
    """How much of it is called, until when and for what."""

    amount_fen = Fen(1, required=True)
    due_on = Day(required=True)
    purpose = Text(1000, required=True)


class DealEntryDecision(Schema):
    """Whether it is booked."""

    is_approved = Flag(required=True)
    note = Text(1000, allow_none=True, load_default=None)


class DealRefusal(Schema):
    """Why nothing is invested."""

    reason = Text(1000, required=True)


class DiligenceItemView(Schema):
    """One thing that is looked into."""

    id = Identifier()
    deal_id = Identifier()
    ordinal = Whole()
    topic = Text()
    title = Text()
    outcome = Choice(OUTCOMES, allow_none=True)
    words = Text(allow_none=True)
    settled_by = Identifier(allow_none=True)
    settled_at = Instant(allow_none=True)


class CapitalCallView(Schema):
    """A capital call; `order_id` is what its second person approves."""

    id = Identifier()
    deal_id = Identifier()
    ordinal = Whole()
    amount_fen = Fen()
    paid_fen = Fen()
    from_subscribers_fen = Fen()
    due_on = Day()
    purpose = Text()
    state = Choice(CALL_STATES)
    tranche_id = Identifier()
    order_id = Identifier()
    payment_id = Identifier(allow_none=True)
    called_by = Identifier()


class Difference(Whole):
    """Money that may be negative: a loss."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(-LARGEST, **kwargs)


class DealResultView(Schema):
    """What booking it came to: of a write-down what is left alone."""

    released_fen = Fen(allow_none=True)
    gain_fen = Difference(allow_none=True)
    result_fen = Difference(allow_none=True)
    cost_left_fen = Fen(allow_none=True)
    carrying_fen = Fen()


class DealEntryView(Schema):
    """A valuation, a write-down or an exit."""

    id = Identifier()
    deal_id = Identifier()
    kind = Choice(ENTRY_KINDS)
    state = Choice(ENTRY_WORDS)
    as_of_on = Day()
    value_fen = Fen()
    proceeds_fen = Fen(allow_none=True)
    recovered_fen = Fen()
    result = Record(DealResultView, allow_none=True)
    source = Text()
    note = Text(allow_none=True)
    entered_by = Identifier()
    decided_by = Identifier(allow_none=True)
    decided_at = Instant(allow_none=True)


class DealView(Schema):
    """A deal with its sums."""

    id = Identifier()
    number = Text()
    fund_id = Identifier()
    enterprise_id = Identifier()
    enterprise_name = Text(attribute="enterprise.name")
    need_id = Identifier(allow_none=True)
    achievement_id = Identifier(allow_none=True)
    title = Text()
    summary = Text()
    asked_fen = Fen()
    state = Choice(STATES)
    open_items = Whole()
    open_conditions = Whole()
    meeting_id = Identifier(allow_none=True)
    approved_fen = Fen(allow_none=True)
    order_id = Identifier(allow_none=True)
    reservation_id = Identifier(allow_none=True)
    commitment_id = Identifier(allow_none=True)
    terms_fen = Fen(allow_none=True)
    stake_basis_points = Whole(allow_none=True)
    signed_on = Day(allow_none=True)
    reference = Text(allow_none=True)
    agreed_fen = Fen()
    called_fen = Fen()
    paid_fen = Fen()
    sold_fen = Fen()
    written_down_fen = Fen()
    proceeds_fen = Fen()
    recovered_fen = Fen()
    decline_reason = Text(allow_none=True)
    sourced_by = Identifier()
    created_at = Instant()
    version = Whole()


class DealPositionView(Schema):
    """What is held: its cost, what it is carried at, and what was realised; a loss is negative."""

    cost_fen = Fen()
    carrying_fen = Fen()
    realised_fen = Difference()


class WholeDealView(Schema):
    """A deal with everything that hangs on it."""

    deal = Record(DealView)
    position = Record(DealPositionView)
    diligence = Several(Record(DiligenceItemView), 100)
    meetings = Several(Record(CommitteeMeetingView), 1000)
    conditions = Several(Record(CommitteeConditionView), 1000)
    calls = Several(Record(CapitalCallView), 1000)
    entries = Several(Record(DealEntryView), 1000)


class DealQuery(PageQuery):
    """Filters of the deals."""

    sort = sort_field(["created_at"], "-created_at")
    fund_id = Identifier()
    enterprise_id = Identifier()
    state = Choice(STATES)
