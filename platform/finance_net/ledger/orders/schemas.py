"""What HTTP may say of orders."""

from backbone.fields import Choice, Day, Fen, Identifier, Instant, Schema, Text, Whole
from backbone.pages import PageQuery, sort_field
from finance_net.ledger.orders.models import ACTIONS
from finance_net.ledger.orders.states import STATES


class _OrderEntry(Schema):
    """What every order says; `id` is that of the transfer to come, and makes a repetition harmless."""

    id = Identifier(allow_none=True, load_default=None)
    reason = Text(1000, required=True)
    effective_on = Day(allow_none=True, load_default=None)


class DrawEntry(_OrderEntry):
    """How much of a hold; all that is left of it by default."""

    amount_fen = Fen(1, allow_none=True, load_default=None)


class RecoveryEntry(_OrderEntry):
    """How much has come back of a payment."""

    amount_fen = Fen(1, required=True)


class LimitEntry(_OrderEntry):
    """The limit that an envelope shall have."""

    limit_fen = Fen(required=True)


class AdjustmentEntry(_OrderEntry):
    """How much of whose limit."""

    giver_id = Identifier(required=True)
    amount_fen = Fen(1, required=True)


class ReversalEntry(_OrderEntry):
    """Why a payment or a recovery is taken back."""


class DeclineEntry(Schema):
    """Why it is not approved."""

    note = Text(1000, required=True)


class OrderView(Schema):
    """An order, and who decided about it."""

    id = Identifier()
    fund_id = Identifier()
    action = Choice(ACTIONS)
    envelope_id = Identifier()
    giver_id = Identifier()
    hold_id = Identifier()
    reverses_id = Identifier()
    amount_fen = Fen()
    limit_fen = Fen()
    reason = Text(1000)
    effective_on = Day()
    state = Choice(STATES)
    proposed_by = Identifier()
    created_at = Instant()
    decided_by = Identifier()
    decided_at = Instant()
    note = Text(1000)
    version = Whole()


class OrderQuery(PageQuery):
    """Filters of the orders."""

    sort = sort_field(["created_at"], "-created_at")
    fund_id = Identifier()
    state = Choice(STATES)
    action = Choice(ACTIONS)
