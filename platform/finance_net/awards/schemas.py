"""What HTTP may say of awards and their tranches."""

from backbone.fields import Choice, Day, Fen, Flag, Identifier, Instant, Record, Schema, Several, Text, Whole
from backbone.files.fields import FileName
from backbone.files.kinds import MEDIA_TYPES
from backbone.pages import PageQuery, sort_field
from finance_net.awards.life import TRANCHE
from finance_net.awards.models import CONDITIONS
from finance_net.awards.reading import SORTS

MOST_TRANCHES, MOST_CONDITIONS, MOST_MONTHS = 24, 10, 120


class Condition(Schema):
    """What a tranche waits for; `ref` is the id of a contract's milestone or of a contract where the kind speaks of one."""

    kind = Choice(CONDITIONS, required=True)
    title = Text(200, required=True)
    ref = Text(100, allow_none=True, load_default=None)


class PlannedTranche(Schema):
    """One tranche of a plan."""

    amount_fen = Fen(1, required=True)
    due_on = Day(allow_none=True, load_default=None)
    conditions = Several(Record(Condition), MOST_CONDITIONS, load_default=list)


class PlanEntry(Schema):
    """All tranches in their order, and the months after the first payment at which the effect is asked for: as before where none are given."""

    tranches = Several(Record(PlannedTranche), MOST_TRANCHES, required=True)
    effect_months = Several(Whole(1, MOST_MONTHS), 10, distinct=True, allow_none=True, load_default=None)


class ClosingEntry(Schema):
    """Why nothing more is paid."""

    reason = Text(1000, required=True)


class TrancheDecision(Schema):
    """Approved, or returned with what is missing."""

    is_approved = Flag(required=True)
    note = Text(1000, allow_none=True, load_default=None)


class TrancheEvidence(Schema):
    """Which condition the file in the body proves, counted from 1, and the file's name."""

    condition = Whole(1, MOST_CONDITIONS, spelled=True, required=True)
    name = FileName(required=True)


class DocumentView(Schema):
    """A file that proves a condition; its content is at /award-documents/{id}."""

    id = Identifier()
    tranche_id = Identifier()
    condition = Whole(1)
    name = FileName(attribute="file.name")
    media_type = Choice(MEDIA_TYPES, attribute="file.media_type")
    size = Whole(1, attribute="file.size")
    sha256 = Text(64, attribute="file.sha256")
    attached_at = Instant()


class TranchePartView(Schema):
    """What of a tranche is whose."""

    id = Identifier()
    enterprise_id = Identifier()
    amount_fen = Fen(1)
    hold_id = Identifier()


class TrancheView(Schema):
    """A tranche."""

    id = Identifier()
    award_id = Identifier()
    ordinal = Whole(1)
    amount_fen = Fen(1)
    due_on = Day()
    conditions = Several(Record(Condition), MOST_CONDITIONS)
    state = Choice(TRANCHE.words)
    claimed_at = Instant()
    decided_at = Instant()
    note = Text(1000)
    parts = Several(Record(TranchePartView), 2)
    documents = Several(Record(DocumentView), 20)
    version = Whole()


class BeneficiaryView(Schema):
    """What of an award is whose."""

    enterprise_id = Identifier()
    share_fen = Fen(1)


class AwardEntry(Schema):
    """An award in a list."""

    id = Identifier()
    number = Text()
    application_id = Identifier()
    round_id = Identifier()
    selection_id = Identifier()
    announcement_id = Identifier()
    fund_id = Identifier()
    policy_version_id = Identifier()
    receipt_id = Identifier()
    hold_id = Identifier()
    amount_fen = Fen(1)
    beneficiaries = Several(Record(BeneficiaryView), 2)
    decided_at = Instant()
    closed_at = Instant()
    version = Whole()


class AwardView(AwardEntry):
    """An award with its tranches."""

    tranches = Several(Record(TrancheView), MOST_TRANCHES)
    effect_months = Several(Whole(1, MOST_MONTHS), 10)
    closing_reason = Text(1000)


class AwardQuery(PageQuery):
    """Which awards, in which order."""

    sort = sort_field(list(SORTS), "-decided_at")
    fund_id = Identifier()
    round_id = Identifier()
    enterprise_id = Identifier()
    number = Text(40)
