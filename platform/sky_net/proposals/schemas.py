"""What HTTP may say of proposals."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from backbone.errors import Bilingual
from backbone.fields import Choice, Fen, Flag, Identifier, Instant, Record, Schema, Several, Text, Whole
from backbone.pages import PageQuery, sort_field
from sky_net.invitations.reasons import DECLINE_REASONS
from sky_net.proposals.completeness import VERDICTS
from sky_net.proposals.models import NOT_SELECTED, PRICE_KINDS
from sky_net.proposals.states import LIFE

UPSIDE_DOWN = Bilingual("最低价不能高于最高价", "The lowest price lies above the highest")
NOT_FIXED = Bilingual("固定价的上下限须相等", "A fixed price has one amount: both ends are equal")
TWICE = Bilingual("同一指标回答了两次", "One indicator is answered twice")


class ProposalPrice(Schema):
    """What it costs, in fen; a release needs both ends, also for a negotiable price."""

    kind = Choice(PRICE_KINDS, required=True)
    min_fen = Fen(allow_none=True)
    max_fen = Fen(allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def stand_in_order(self, values: dict[str, Any], **_: object) -> None:
        """Neither upside down, nor two amounts for a fixed price."""
        least, most = values.get("min_fen"), values.get("max_fen")
        if least is None or most is None:
            return
        if least > most:
            raise ValidationError({"min_fen": [UPSIDE_DOWN]})
        if values["kind"] == "fixed" and least != most:
            raise ValidationError({"max_fen": [NOT_FIXED]})


class ProposalProof(Schema):
    """A paper, patent, test report or reference customer that supports the offer."""

    title = Text(200, required=True)
    reference = Text(300, allow_none=True)


class IndicatorAnswer(Schema):
    """Whether the offer meets one of the need's indicators, and how that is known."""

    indicator = Text(100, required=True)
    verdict = Choice(VERDICTS, required=True)
    how = Text(500, required=True)


class ProposalAmendment(Schema):
    """The fields of a draft that can be changed; null clears."""

    title = Text(80)
    solution_options = Several(Text(300), 5)
    hypothesis = Text(825, allow_none=True)
    rationale = Text(2000, allow_none=True)
    trl = Whole(1, 9, allow_none=True)
    validation = Text(2000, allow_none=True)
    plan = Text(1025, allow_none=True)
    proofs = Several(Record(ProposalProof), 10)
    duration_days = Whole(1, 3650, allow_none=True)
    price = Record(ProposalPrice, allow_none=True)
    ip_terms = Text(1000, allow_none=True)
    answers = Several(Record(IndicatorAnswer), 50)
    no_confidential_content = Flag()

    @validates_schema(skip_on_field_errors=True)
    def answer_once(self, values: dict[str, Any], **_: object) -> None:
        """Two verdicts on one indicator would be none."""
        named = [answer["indicator"] for answer in values.get("answers", ())]
        if len(set(named)) < len(named):
            raise ValidationError({"answers": [TWICE]})


class ProposalEntry(ProposalAmendment):
    """A new draft; `institute_id` only where the actor speaks for several institutes that accepted."""

    title = Text(80, required=True)
    institute_id = Identifier()


class ProposalOutline(Schema):
    """That a draft exists: all that operators and auditors know of it."""

    id = Identifier()
    need_id = Identifier()
    need_number = Text(attribute="need.number")
    institute_id = Identifier()
    institute_name = Text(attribute="institute.name")
    state = Choice(LIFE.words)
    created_at = Instant()
    updated_at = Instant()


class ProposalView(ProposalOutline):
    """A proposal as its institute sees it, and from its release on the enterprise and the operators too."""

    title = Text(80)
    solution_options = Several(Text(300), 5)
    hypothesis = Text(825)
    rationale = Text(2000)
    trl = Whole(1, 9)
    validation = Text(2000)
    plan = Text(1025)
    proofs = Several(Record(ProposalProof), 10)
    duration_days = Whole()
    price = Record(ProposalPrice)
    ip_terms = Text(1000)
    answers = Several(Record(IndicatorAnswer))
    no_confidential_content = Flag()
    released_at = Instant()
    decided_at = Instant()
    reason_code = Choice((*DECLINE_REASONS, NOT_SELECTED))
    decision_message = Text(1000)
    withdrawn_at = Instant()


class ProposalQuery(PageQuery):
    """Filters of a need's proposals."""

    sort = sort_field(["created_at"], "-created_at")
    state = Several(Choice(LIFE.words), len(LIFE.words))


class ComparedProposal(Schema):
    """One column of a comparison; the counts are over the must indicators."""

    id = Identifier()
    institute_id = Identifier()
    institute_name = Text()
    title = Text(80)
    state = Choice(LIFE.words)
    trl = Whole(1, 9)
    duration_days = Whole()
    price = Record(ProposalPrice)
    ip_terms = Text(1000)
    released_at = Instant()
    musts_met = Whole()
    musts_partly = Whole()
    musts_not_met = Whole()


class ComparedAnswer(Schema):
    """One cell: null verdict where a proposal says nothing of an indicator that is only wanted."""

    proposal_id = Identifier()
    verdict = Choice(VERDICTS)
    how = Text(500)


class ComparedIndicator(Schema):
    """One row: an indicator of the need and what each proposal says of it, in the order of the columns."""

    name = Text()
    now = Text()
    target = Text()
    unit = Text()
    weight = Text()
    answers = Several(Record(ComparedAnswer))


class ProposalComparison(Schema):
    """Released proposals side by side."""

    need_id = Identifier()
    proposals = Several(Record(ComparedProposal))
    indicators = Several(Record(ComparedIndicator))


class AnsweredSoFar(Schema):
    """How many are in a state."""

    state = Text()
    count = Whole()


class ResponseRecordView(Schema):
    """How an institute has answered so far."""

    institute_id = Identifier()
    achievements_offered = Whole()
    invitations = Several(Record(AnsweredSoFar))
    proposals = Several(Record(AnsweredSoFar), metadata={"description": "已公开的方案 / released ones"})
    median_answer_minutes = Whole(
        metadata={"description": "自邀请至答复经过的分钟，中位数 / elapsed, from invitation to answer"}
    )
