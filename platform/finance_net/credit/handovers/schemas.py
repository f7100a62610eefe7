"""What HTTP may say of hand-overs."""

from backbone.fields import Choice, Day, Flag, Identifier, Instant, Schema, Text, Whole
from backbone.pages import PageQuery, sort_field
from finance_net.credit.handovers.states import STATES
from finance_net.credit.published import products

MOST_DAYS = 250


class CreditAskEntry(Schema):
    """For which loan, out of which need, and that the enterprise consents to its case going to a bank."""

    product_key = Choice(products(), required=True)
    need_id = Identifier(allow_none=True, load_default=None)
    wish = Text(1000, required=True)
    consents = Flag(required=True)


class BankEntry(Schema):
    """Which bank is asked, and for how many working days."""

    bank = Text(100, required=True)
    answer_days = Whole(1, MOST_DAYS, required=True)


class BankAnswer(Schema):
    """What the bank said, who said it there, and when."""

    is_taken = Flag(required=True)
    banker = Text(50, required=True)
    said_on = Day(required=True)
    words = Text(1000, required=True)


class CreditHandoverView(Schema):
    """A hand-over as it stands now; who spoke for the bank is shown to fund managers and auditors alone."""

    id = Identifier()
    number = Text()
    enterprise_id = Identifier()
    need_id = Identifier(allow_none=True)
    product_key = Text()
    wish = Text()
    consented_by = Identifier()
    created_at = Instant()
    state = Choice(STATES)
    bank = Text(allow_none=True)
    asked_at = Instant(allow_none=True)
    asked_by = Identifier(allow_none=True)
    answer_days = Whole(allow_none=True)
    due_at = Instant(allow_none=True)
    said_on = Day(allow_none=True)
    words = Text(allow_none=True)
    banker = Text(allow_none=True)
    recorded_by = Identifier(allow_none=True)


class CreditHandoverQuery(PageQuery):
    """Filters of the hand-overs; "lapsed" is by the clock at this moment."""

    sort = sort_field(["created_at"], "-created_at")
    enterprise_id = Identifier()
    state = Choice(STATES)
