"""What HTTP may say of the ledger. Amounts are whole fen."""

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
from backbone.pages import PageQuery, sort_field
from finance_net.ledger.levels import LEVELS, WORDS
from finance_net.ledger.models import KINDS_OF_FUND
from finance_net.ledger.steps import HOLDS, Kind


class FundEntry(Schema):
    """A fund to be opened; its limit is given by changeLimit, and takes two people."""

    key = Text(60, required=True)
    title = Text(200, required=True)
    kind = Choice(KINDS_OF_FUND, required=True)


class EnvelopeEntry(Schema):
    """An envelope to be opened within another; its limit is given by changeLimit, and takes two people."""

    level = Choice(LEVELS[1:], required=True)
    key = Text(60, required=True)
    title = Text(200, required=True)
    is_partitioned = Flag(load_default=False)


class ReservationEntry(Schema):
    """How much is set aside, and until when; `id` makes a repetition harmless."""

    id = Identifier(allow_none=True, load_default=None)
    amount_fen = Fen(1, required=True)
    expires_at = Instant(allow_none=True, load_default=None)
    reason = Text(1000, required=True)
    effective_on = Day(allow_none=True, load_default=None)


class TrancheEntry(Schema):
    """How much of a commitment is paid next."""

    id = Identifier(allow_none=True, load_default=None)
    amount_fen = Fen(1, required=True)
    reason = Text(1000, required=True)
    effective_on = Day(allow_none=True, load_default=None)


class VoidEntry(Schema):
    """Why it is let go of."""

    id = Identifier(allow_none=True, load_default=None)
    reason = Text(1000, required=True)
    effective_on = Day(allow_none=True, load_default=None)


class BalancesView(Schema):
    """What lies in each bucket; limit = available + reserved + committed + approved + paid - recovered."""

    limit_fen = Fen(attribute="limit")
    available_fen = Fen(attribute="available")
    reserved_fen = Fen(attribute="reserved")
    committed_fen = Fen(attribute="committed")
    approved_fen = Fen(attribute="approved")
    paid_fen = Fen(attribute="paid")
    recovered_fen = Fen(attribute="recovered")


class StandingView(Schema):
    """An envelope with its balances; what has expired counts as released."""

    id = Identifier(attribute="envelope.id")
    fund_id = Identifier(attribute="envelope.fund_id")
    parent_id = Identifier(attribute="envelope.parent_id")
    level = Choice(WORDS, attribute="envelope.level")
    key = Text(attribute="envelope.key")
    title = Text(attribute="envelope.title")
    is_partitioned = Flag(attribute="envelope.is_partitioned")
    version = Whole(attribute="envelope.version")
    balances = Record(BalancesView)


class EnvelopeView(StandingView):
    """An envelope, and all below it, those above first."""

    parts = Several(Record(StandingView), 100_000)


class FundView(Schema):
    """A fund."""

    id = Identifier()
    key = Text()
    title = Text()
    kind = Choice(KINDS_OF_FUND)
    currency = Text()
    opened_at = Instant()


class FundStandingView(Schema):
    """A fund with the envelope that is the whole of it; `version` counts what has happened to the fund."""

    id = Identifier(attribute="fund.id")
    key = Text(attribute="fund.key")
    title = Text(attribute="fund.title")
    kind = Choice(KINDS_OF_FUND, attribute="fund.kind")
    currency = Text(attribute="fund.currency")
    opened_at = Instant(attribute="fund.opened_at")
    envelope_id = Identifier(attribute="whole.envelope.id")
    version = Whole(attribute="whole.envelope.version")
    balances = Record(BalancesView, attribute="whole.balances")


class TransferView(Schema):
    """A transfer; `rest_fen` is what a hold had beyond the amount, and gave back."""

    id = Identifier()
    number = Whole()
    fund_id = Identifier()
    envelope_id = Identifier()
    kind = Choice(Kind)
    amount_fen = Fen()
    rest_fen = Fen()
    hold_id = Identifier()
    bucket = Choice(HOLDS)
    reverses_id = Identifier()
    expires_at = Instant()
    reason = Text(1000)
    actor_id = Identifier()
    approver_id = Identifier()
    effective_on = Day()
    recorded_at = Instant()


class LegView(Schema):
    """By how much a transfer changed the buckets of one envelope."""

    envelope_id = Identifier()
    ordinal = Whole()
    limit_fen = Whole(-LARGEST)
    available_fen = Whole(-LARGEST)
    reserved_fen = Whole(-LARGEST)
    committed_fen = Whole(-LARGEST)
    approved_fen = Whole(-LARGEST)
    paid_fen = Whole(-LARGEST)
    recovered_fen = Whole(-LARGEST)


class TransferWithLegs(Schema):
    """A transfer and what it did to each envelope."""

    transfer = Record(TransferView)
    legs = Several(Record(LegView), 20)


class HoldView(Schema):
    """What is left of a reservation, a commitment, a tranche or a payment."""

    id = Identifier()
    fund_id = Identifier()
    envelope_id = Identifier()
    bucket = Choice(HOLDS)
    amount_fen = Fen()
    open_fen = Fen()
    home_id = Identifier()
    expires_at = Instant()
    opened_at = Instant()


class FundQuery(PageQuery):
    """Order of the funds."""

    sort = sort_field(["key"], "key")


class HoldQuery(PageQuery):
    """Filters of what is held."""

    sort = sort_field(["opened_at"], "-opened_at")
    bucket = Choice(HOLDS)
    with_closed = Flag(spelled=True, load_default=False)


class TransferQuery(PageQuery):
    """Filters of the transfers."""

    sort = sort_field(["recorded_at"], "-recorded_at")
    fund_id = Identifier()
    envelope_id = Identifier()
    hold_id = Identifier()
    kind = Choice(Kind)


class FundReplayQuery(Schema):
    """By what was recorded until when, of what counts until which day."""

    at = Instant()
    effective_on = Day()


class FundReplayView(Schema):
    """A fund as it stood."""

    fund = Record(FundView)
    at = Instant()
    effective_on = Day()
    envelopes = Several(Record(StandingView), 100_000, attribute="standings")


class LedgerFinding(Schema):
    """A row that is not as it was written, or does not follow from the transfers."""

    what = Text()
    row_id = Identifier()
    position = Whole()


class LedgerProof(Schema):
    """What the proof looked at and found; nothing found means intact."""

    is_intact = Flag()
    transfers = Whole()
    envelopes = Whole()
    sealed = Whole(attribute="chain.sealed")
    unsealed = Whole(attribute="chain.waiting")
    findings = Several(Record(LedgerFinding), 100)
