"""What HTTP may say of clawbacks."""

from backbone.fields import Choice, Day, Fen, Flag, Identifier, Instant, Record, Schema, Several, Text, Whole
from backbone.pages import PageQuery, sort_field
from finance_net.awards.clawbacks.models import REASON_WORDS
from finance_net.awards.clawbacks.service import SORTS
from finance_net.awards.life import CLAWBACK

MOST_RECOVERIES = 1_000


class ClawbackEntry(Schema):
    """How much of a payment is asked back, why, and until when."""

    reason = Choice(REASON_WORDS, required=True)
    words = Text(1000, required=True)
    amount_fen = Fen(1, required=True)
    due_on = Day(required=True)


class ClawbackDecision(Schema):
    """Approved or declined."""

    is_approved = Flag(required=True)
    note = Text(1000, allow_none=True, load_default=None)


class RecoveredEntry(Schema):
    """What came back, as the bank's slip says."""

    amount_fen = Fen(1, required=True)
    bank_ref = Text(64, required=True)
    received_on = Day(required=True)


class RecoveryWithdrawal(Schema):
    """Why it is taken back."""

    reason = Text(1000, required=True)


class RecoveryView(Schema):
    """What came back of a clawback; one that was recorded by mistake says when it was taken back, and why."""

    id = Identifier()
    amount_fen = Fen()
    bank_ref = Text()
    received_on = Day()
    recorded_by = Identifier()
    recorded_at = Instant()
    withdrawn_by = Identifier(allow_none=True)
    withdrawn_at = Instant(allow_none=True)
    withdrawing_reason = Text(allow_none=True)


class ClawbackView(Schema):
    """A clawback."""

    id = Identifier()
    number = Text()
    payment_id = Identifier()
    reason = Choice(REASON_WORDS)
    words = Text(1000)
    amount_fen = Fen(1)
    recovered_fen = Fen()
    due_on = Day()
    state = Choice(CLAWBACK.words)
    proposed_by = Identifier()
    created_at = Instant()
    decided_by = Identifier()
    decided_at = Instant()
    note = Text(1000)
    recoveries = Several(Record(RecoveryView), MOST_RECOVERIES)
    version = Whole()


class ClawbackQuery(PageQuery):
    """Which clawbacks, in which order."""

    sort = sort_field(list(SORTS), "-created_at")
    payment_id = Identifier()
    state = Several(Choice(CLAWBACK.words), len(CLAWBACK.states))
