"""What HTTP may say of answers."""

from backbone.fields import Identifier, Instant, Schema, Text, Whole


class BankAnswerView(Schema):
    """What a file of the bank's said, and how many of its lines told something new."""

    id = Identifier()
    sha256 = Text(64)
    lines = Whole()
    settled = Whole()
    refused = Whole()
    doubtful = Whole()
    returned = Whole()
    changed = Whole()
    imported_by = Identifier()
    imported_at = Instant()
