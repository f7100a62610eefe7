"""What HTTP may say of statements and what they came to."""

from backbone.fields import Choice, Day, Fen, Flag, Identifier, Instant, Schema, Text, Whole
from backbone.pages import PageQuery, sort_field
from finance_net.awards.reconciliation.matching import DIRECTION_WORDS, KIND_WORDS
from finance_net.awards.reconciliation.service import SORTS


class StatementEntry(Schema):
    """Which days the file in the body speaks of."""

    since_on = Day(required=True)
    until_on = Day(required=True)


class StatementView(Schema):
    """A statement that was taken."""

    id = Identifier()
    fund_id = Identifier()
    since_on = Day()
    until_on = Day()
    sha256 = Text(64)
    lines = Whole()
    matched = Whole()
    differences = Whole()
    imported_by = Identifier()
    imported_at = Instant()
    withdrawn_by = Identifier()
    withdrawn_at = Instant()
    withdrawing_reason = Text(1000)


class WithdrawalEntry(Schema):
    """Why a statement is taken back."""

    reason = Text(1000, required=True)


class ItemQuery(PageQuery):
    """Which items; `is_open` are the differences that nobody has resolved. Those of a withdrawn statement come with its id alone."""

    sort = sort_field(list(SORTS), "-found_at")
    fund_id = Identifier()
    statement_id = Identifier()
    kind = Choice(KIND_WORDS)
    is_open = Flag(spelled=True)


class ItemView(Schema):
    """One reference: missing at the bank, surplus there, of another amount, or matched."""

    id = Identifier()
    statement_id = Identifier()
    direction = Choice(DIRECTION_WORDS)
    bank_ref = Text(64)
    kind = Choice(KIND_WORDS)
    ours_fen = Fen()
    theirs_fen = Fen()
    booked_on = Day()
    found_by = Identifier()
    found_at = Instant()
    resolved_by = Identifier()
    resolved_at = Instant()
    reason = Text(1000)
    payment_id = Identifier()
    clawback_id = Identifier()


class ResolutionEntry(Schema):
    """What a difference comes from; where only the bank knows it, perhaps a payment that was settled after all or came back,
    or money of a clawback: one of the two at most.
    """

    reason = Text(1000, required=True)
    payment_id = Identifier(allow_none=True, load_default=None)
    clawback_id = Identifier(allow_none=True, load_default=None)
