"""What HTTP may say of supplements."""

from backbone.fields import Choice, DayText, Fen, Identifier, Instant, Record, Schema, Several, Text, Whole
from ground_net.contracts.schemas import ContractAmendment
from ground_net.contracts.supplements.states import STATES
from ground_net.contracts.vocabulary import SIDE_NAMES


class SupplementTerms(ContractAmendment):
    """The terms that a supplement changed, and no others."""

    valid_from = DayText()
    valid_to = DayText()
    equipment_fen = Fen()


class SupplementView(Schema):
    """A supplement on record; one that was struck says what the party disputed, and on which ground it was struck."""

    id = Identifier()
    contract_id = Identifier()
    position = Whole()
    state = Choice(STATES)
    terms_before = Record(SupplementTerms, attribute="said_before")
    terms_after = Record(SupplementTerms, attribute="said_after")
    recorded_by = Identifier()
    recorded_side = Choice(SIDE_NAMES)
    recorded_at = Instant(attribute="created_at")
    struck_at = Instant()
    struck_by = Identifier()
    dispute = Text()
    ground = Text()


class SupplementsView(Schema):
    """The supplements of a contract, in the order of their record."""

    items = Several(Record(SupplementView), 1000)


class StrikingOfSupplement(Schema):
    """Why it was never agreed."""

    ground = Text(1000, required=True)
