"""What HTTP may say of selections."""

from backbone.fields import Choice, Fen, Flag, Identifier, Instant, Record, Schema, Several, Text, Whole
from backbone.pages import PageQuery, sort_field
from finance_net.grants.schemas import SCORE
from finance_net.grants.selections.models import STATUSES
from finance_net.grants.selections.reading import SORTS

MOST = 10_000


class Funded(Schema):
    """One application and its amount."""

    number = Text()
    amount_fen = Fen()


class SelectionView(Schema):
    """A certificate. `model` is the canonical JSON that was solved, whose SHA-256 is `model_sha256`."""

    id = Identifier()
    round_id = Identifier()
    status = Choice(STATUSES)
    score = Whole(metadata={"description": SCORE})
    selected = Several(Record(Funded), MOST)
    conflict = Several(Text(), MOST)
    model = Text(
        10_000_000,
        metadata={"description": "所求解的模型，规范化 JSON / the model that was solved, as canonical JSON"},
    )
    model_sha256 = Text()
    fund_version = Whole()
    solver = Text()
    is_verified = Flag()
    computed_by = Identifier()
    computed_at = Instant()
    approved_by = Identifier(allow_none=True)
    approved_at = Instant(allow_none=True)


class SelectionQuery(PageQuery):
    """Which selections, in which order."""

    round_id = Identifier()
    sort = sort_field(list(SORTS), "-computed_at")
