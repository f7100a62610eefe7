"""What HTTP may say of batches."""

from backbone.directory.fields import RegionCode
from backbone.fields import Choice, Day, Fen, Flag, Identifier, Instant, Record, Schema, Several, Text, Whole
from backbone.pages import PageQuery, sort_field
from policy_pack.batches.models import PURPOSES, STATES
from policy_pack.engine.evaluation import OUTCOME_WORDS
from policy_pack.receipts.schemas import MOST_POLICIES

FORMATS = ("json", "csv", "xlsx")


class PolicyBatchEntry(Schema):
    """Which enterprises (all of the province without a region), as of which day (today), under which policies (all)."""

    region_code = RegionCode(allow_none=True, load_default=None)
    as_of_on = Day(allow_none=True, load_default=None)
    policy_ids = Several(Text(40), MOST_POLICIES, distinct=True, allow_none=True, load_default=None)


class OutcomeCount(Schema):
    """How many answers came out like this."""

    outcome = Choice(OUTCOME_WORDS)
    count = Whole()


class PolicyBatchView(Schema):
    """A batch and how far it is."""

    id = Identifier()
    purpose = Choice(PURPOSES)
    state = Choice(STATES)
    region_code = RegionCode()
    as_of_on = Day()
    policy_ids = Several(Text(40), attribute="keys")
    total = Whole()
    done = Whole()
    news = Whole(metadata={"description": "已推送的数量，仅用于推送批次 / told so far, of a batch for news"})
    created_at = Instant()
    ended_at = Instant()
    outcomes = Several(Record(OutcomeCount), len(OUTCOME_WORDS))


class BatchResultQuery(PageQuery):
    """Which answers, and in which format; a file holds all of them instead of a page."""

    sort = sort_field(["name"], "name")
    outcome = Several(Choice(OUTCOME_WORDS), len(OUTCOME_WORDS), distinct=True)
    policy = Several(Text(40), MOST_POLICIES, distinct=True)
    format = Choice(FORMATS, metadata={"description": "未给时按 Accept / else by Accept"})


class BatchAnswerView(Schema):
    """One answer of a batch."""

    key = Text()
    matter_id = Text()
    version = Whole()
    outcome = Choice(OUTCOME_WORDS)
    verified = Flag()
    missing = Several(Several(Text(), 200), 1000)
    low_fen = Fen()
    high_fen = Fen()


class BatchResultView(Schema):
    """An enterprise with what was answered of it."""

    enterprise_id = Identifier()
    name = Text()
    answers = Several(Record(BatchAnswerView), 5000)
