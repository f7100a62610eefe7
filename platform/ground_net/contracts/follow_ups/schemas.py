"""What HTTP may say of follow-ups."""

from backbone.fields import Choice, Day, Fen, Flag, Identifier, Instant, Record, Schema, Several, Text
from backbone.pages import PageQuery, sort_field
from ground_net.contracts.states import STATES

NEXT = "下次跟进日，缺省按工作日规则 / the next one; by the rule of working days by default"


class FollowUpEntry(Schema):
    """What was found, and when somebody looks next."""

    note = Text(2000, required=True)
    next_on = Day(allow_none=True, metadata={"description": NEXT})


class FollowUpView(Schema):
    """A follow-up on record."""

    id = Identifier()
    contract_id = Identifier()
    note = Text()
    next_on = Day()
    made_by = Identifier()
    made_at = Instant()


class OverdueView(Schema):
    """One thing whose day has passed."""

    what = Choice(("installment", "milestone", "registration", "follow_up"))
    due_on = Day()
    open_fen = Fen()
    title = Text()


class FollowedView(Schema):
    """A contract that is not closed, by the day of its next follow-up, with all that is overdue."""

    contract_id = Identifier(attribute="contract.id")
    number = Text(attribute="contract.number")
    title = Text(attribute="contract.title")
    state = Choice(STATES, attribute="contract.state")
    follow_up_on = Day(attribute="contract.follow_up_on")
    amount_fen = Fen(attribute="contract.amount_fen")
    received_fen = Fen(attribute="contract.received_fen")
    overdue = Several(Record(OverdueView), 1000)


class FollowUpQuery(PageQuery):
    """Filters of the contracts that are followed up."""

    sort = sort_field(["follow_up_on"], "follow_up_on")
    overdue = Flag(spelled=True)
