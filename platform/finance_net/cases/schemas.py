"""What HTTP may say of cases."""

from backbone.fields import Choice, Day, Fen, Flag, Identifier, Instant, Record, Schema, Several, Text, Whole
from backbone.pages import PageQuery, sort_field
from backbone.worded import Worded
from finance_net.cases.kinds import StepKind
from finance_net.cases.reading import SORTS

MOST_STEPS = 10_000


class CaseQuery(PageQuery):
    """Which cases, in which order."""

    number = Text(40)
    category = Text(20)
    year = Whole(2000, 2100, spelled=True)
    sort = sort_field(list(SORTS), "-opened_at")


class CaseEntry(Schema):
    """A case in a list."""

    id = Identifier()
    number = Text()
    title = Text()
    category = Text()
    year = Whole()
    fund_id = Identifier()
    enterprise_ids = Several(Identifier(), 10)
    steps = Whole()
    opened_at = Instant()


class CaseStepView(Schema):
    """One step. `content` is the JSON whose SHA-256 is `sha256`; `position` is its place in the chain, null until it is sealed;
    `is_whole` says that the row still has the content that was hashed.
    """

    ordinal = Whole()
    kind = Choice(tuple(StepKind))
    title = Worded()
    happened_on = Day()
    amount_fen = Fen(allow_none=True)
    subject_kind = Text()
    subject_id = Identifier()
    content = Text(1_000_000)
    sha256 = Text()
    position = Whole(allow_none=True)
    is_whole = Flag()


class CaseView(Schema):
    """A case from its first step to its last."""

    case = Record(CaseEntry)
    steps = Several(Record(CaseStepView), MOST_STEPS)


class SummaryQuery(Schema):
    """As of which day."""

    as_of_on = Day()


class SummaryPart(Schema):
    """One category of one year."""

    year = Whole()
    category = Text()
    projects = Whole()
    awarded_fen = Fen()
    paid_fen = Fen()
    recovered_fen = Fen()
    cancelled_fen = Fen()


class SummaryView(Schema):
    """How many projects were awarded how much up to a day, what of it was paid, less what came back, what was recovered, and what was
    cancelled unpaid when awards were closed.
    """

    as_of_on = Day()
    projects = Whole()
    awarded_fen = Fen()
    paid_fen = Fen()
    recovered_fen = Fen()
    cancelled_fen = Fen()
    parts = Several(Record(SummaryPart), 10_000)
