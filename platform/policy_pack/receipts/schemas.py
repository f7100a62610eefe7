"""What HTTP may say of receipts."""

from backbone.fields import (
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
from policy_pack.engine.evaluation import OUTCOME_WORDS, Truth
from policy_pack.policies.schemas import Words

MOST_POLICIES = 500


class CheckEntry(Schema):
    """The day of application, today by default; the policies by their keys, all by default; and beside which matter, by
    default the enterprise's only one.
    """

    matter_id = Identifier(
        allow_none=True,
        load_default=None,
        metadata={
            "description": "合同的见 showContract 的 policy_matters / of a contract: showContract names it"
        },
    )
    as_of_on = Day(allow_none=True, load_default=None)
    policy_ids = Several(Text(40), MOST_POLICIES, distinct=True, allow_none=True, load_default=None)


class JudgedView(Schema):
    """A clause under the facts."""

    id = Text()
    text = Record(Words)
    result = Choice([str(each) for each in Truth])
    facts = Several(Text(), 200)
    waits_for = Several(Text(), 200)


class MoneyView(Schema):
    """An award, from low to high (null: nothing bounds it), and how it was reached."""

    low_fen = Fen()
    high_fen = Fen(allow_none=True)
    formula = Record(Words)
    steps = Several(Record(Words), 200)


class ReceiptView(Schema):
    """An answer that was given; an amount that nobody verified is withheld from enterprises, and so is the statement."""

    id = Identifier()
    enterprise_id = Identifier()
    policy_id = Identifier()
    version_id = Identifier()
    version_number = Whole()
    key = Text()
    name = Record(Words)
    as_of_on = Day()
    counts_from_on = Day()
    counts_to_on = Day()
    outcome = Choice(OUTCOME_WORDS)
    verified = Flag()
    label = Record(Words, allow_none=True)
    reference = Text(2000)
    clauses = Several(Record(JudgedView), 500)
    missing = Several(Several(Text(), 200), 1000)
    disputed = Several(Text(), 200)
    amount = Record(MoneyView, allow_none=True)
    withheld = Flag()
    engine = Text()
    text_sha256 = Text(64)
    facts_digest = Text(80)
    sha256 = Text(64)
    made_at = Instant()
    statement = Text(200_000)


class CheckView(Schema):
    """One receipt for each policy, in the order of their numbers, and the matter beside which they were evaluated."""

    as_of_on = Day()
    matter_id = Identifier(allow_none=True)
    items = Several(Record(ReceiptView), MOST_POLICIES)


class ReceiptQuery(PageQuery):
    """Filters of an enterprise's receipts."""

    sort = sort_field(["made_at"], "-made_at")
    outcome = Several(Choice(OUTCOME_WORDS), len(OUTCOME_WORDS), distinct=True)
    policy_id = Identifier()


class ReplayView(Schema):
    """Whether the evaluation, made again of the stored text and facts, gives the very bytes of the receipt."""

    receipt_id = Identifier(attribute="receipt.id")
    same = Flag()
    sha256_kept = Text(64, attribute="receipt.sha256")
    sha256_now = Text(64, attribute="sha256")
    engine_kept = Text(attribute="receipt.engine")
    engine_now = Text()
