"""What HTTP may say of explanations."""

from backbone.fields import Choice, Fen, Identifier, Instant, Record, Schema, Several, Text, Whole
from finance_net.grants.explanations.reading import ANSWERS
from finance_net.grants.schemas import SCORE

MOST = 10_000


class WhyNotQuery(Schema):
    """Of which application."""

    application_id = Identifier(required=True)


class Cut(Schema):
    """By how much less another would be paid."""

    number = Text()
    amount_fen = Fen()


class WhyNotView(Schema):
    """What funding it would cost: points lost, who would go, who would come with it, who would get less; or what rules it out.

    While `state` is queued or running the answer is still being worked out: `done` of `total` applications are explained; ask again.
    `model_sha256` is the hash of the selection that it explains.
    """

    state = Choice(ANSWERS)
    model_sha256 = Text()
    done = Whole()
    total = Whole()
    score_lost = Whole(allow_none=True, metadata={"description": SCORE})
    displaced = Several(Text(), MOST)
    joining = Several(Text(), MOST)
    cut = Several(Record(Cut), MOST)
    conflict = Several(Text(), MOST)
    explained_at = Instant(allow_none=True)
