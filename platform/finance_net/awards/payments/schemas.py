"""What HTTP may say of accounts, payments and batches."""

from backbone.fields import Choice, Day, Fen, Flag, Identifier, Instant, Schema, Several, Text, Whole
from backbone.pages import PageQuery, sort_field
from finance_net.awards.life import BATCH, PAYMENT
from finance_net.awards.payments.fields import Digits, Masked
from finance_net.awards.payments.reading import BATCH_SORTS, SORTS

MOST_TRANCHES = 500


class BankAccountEntry(Schema):
    """Where an enterprise is paid."""

    holder = Text(100, required=True)
    number = Digits(8, 30, required=True, metadata={"description": "收款账号 / number of the account"})
    bank = Text(100, required=True)
    branch_code = Digits(12, 12, required=True)


class BankAccountView(Schema):
    """The present account of an enterprise: masked for everybody."""

    id = Identifier()
    enterprise_id = Identifier()
    number = Masked(
        attribute="tail", metadata={"description": "收款账号，脱敏 / number of the account, masked"}
    )
    entered_at = Instant()


class BatchEntry(Schema):
    """Which tranches are paid; of all of them whatever is approved and not yet on its way."""

    fund_id = Identifier(required=True)
    tranche_ids = Several(Identifier(), MOST_TRANCHES, distinct=True, required=True)


class BatchDecision(Schema):
    """Sent to the bank, which takes another manager than who ordered; or withdrawn."""

    is_approved = Flag(required=True)


class BatchView(Schema):
    """A batch; its file is at `/file` below it once it was exported."""

    id = Identifier()
    number = Text()
    fund_id = Identifier()
    state = Choice(BATCH.words)
    lines = Whole(1)
    sum_fen = Fen(1)
    instructed_by = Identifier()
    created_at = Instant()
    exported_by = Identifier()
    exported_at = Instant()
    sha256 = Text(64)
    version = Whole()


class BatchQuery(PageQuery):
    """Which batches, in which order."""

    sort = sort_field(list(BATCH_SORTS), "-created_at")
    fund_id = Identifier()
    state = Choice(BATCH.words)


class PaymentView(Schema):
    """A payment."""

    id = Identifier(attribute="payment.id")
    reference = Text(attribute="payment.reference")
    batch_id = Identifier(attribute="payment.batch_id")
    award_id = Identifier(attribute="payment.award_id")
    part_id = Identifier(attribute="payment.part_id")
    enterprise_id = Identifier(attribute="payment.enterprise_id")
    account = Text()
    amount_fen = Fen(1, attribute="payment.amount_fen")
    clawed_fen = Fen(attribute="payment.clawed_fen")
    state = Choice(PAYMENT.words, attribute="payment.state")
    bank_ref = Text(attribute="payment.bank_ref")
    settled_on = Day(attribute="payment.settled_on")
    transfer_id = Identifier(attribute="payment.transfer_id")
    created_at = Instant(attribute="payment.created_at")
    answered_at = Instant(attribute="payment.answered_at")
    return_ref = Text(attribute="payment.return_ref")
    returned_on = Day(attribute="payment.returned_on")
    return_transfer_id = Identifier(attribute="payment.return_transfer_id")
    returned_at = Instant(attribute="payment.returned_at")


class PaymentQuery(PageQuery):
    """Which payments, in which order; by their amount for whoever looks for what a statement shows."""

    sort = sort_field(list(SORTS), "-created_at")
    award_id = Identifier()
    batch_id = Identifier()
    enterprise_id = Identifier()
    reference = Text(40)
    amount_fen = Fen(1, spelled=True)
    state = Several(Choice(PAYMENT.words), len(PAYMENT.states))
