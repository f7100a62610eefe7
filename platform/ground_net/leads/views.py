"""What leaves of a lead. In lists nobody is named; of one lead, whoever does not work on it sees people masked."""

from typing import Any

from backbone.directory.fields import MaskedEmail, MaskedName, MaskedPhone
from backbone.fields import Choice, Flag, Identifier, Instant, Record, Schema, Several, Text, Whole
from backbone.worded import Worded
from ground_net.leads import states, vocabulary
from ground_net.leads.models import MERGED, PROMOTED
from ground_net.leads.schemas import LeadAnswers, LeadConsent
from sky_net.needs.schemas import NeedContact
from sky_net.needs.states import STATES as NEED_STATES
from sky_net.needs.views import NeedEntry, NeedOfferedBudget
from sky_net.sla.schemas import ClockView


class LeadStateField(Choice):
    """A state of a lead's life; the API document carries the whole table."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(states.STATES, metadata={"description": states.described()}, **kwargs)


class LeadAnswersView(LeadAnswers):
    """The answers as they were given; the budget as one thing, as a need shows it."""

    budget = Record(NeedOfferedBudget)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """The answers are kept as JSON values: days are spelled already, the budget in three parts."""
        if attr == "budget":
            return _budget_of(obj)
        return obj.get(attr, default)


def _budget_of(answers: Any) -> dict[str, Any] | None:
    if answers.get("budget_kind") is None:
        return None
    return {part: answers.get(f"budget_{part}") for part in ("kind", "min_fen", "max_fen")}


class InterviewQuestion(Schema):
    """What to ask next, with an example of a good answer and why it is asked."""

    field = Text()
    label = Worded()
    ask = Worded()
    example = Worded()
    why = Worded()
    compulsory = Flag(metadata={"description": "转为需求前必答 / needed before it becomes a need"})
    about = Text(
        metadata={"description": "追问的原话或指标名 / the phrase or the indicator that it goes back to"}
    )
    parts = Several(Text())


class InterviewView(Schema):
    """How complete the need is, out of 100; what still keeps it from promotion; what to ask next."""

    score = Whole(0, 100)
    lacking = Several(Text())
    questions = Several(Record(InterviewQuestion))


class ReadFrom(Schema):
    """A field that the words propose, and the words it was read from."""

    field = Text()
    value = Text(metadata={"description": "值，写作 JSON / the value, written as JSON"})
    read_from = Text()


class _Read(Schema):
    """Reads the lead's own fields through the reading, which adds the clock and the interview."""

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        own = attr.partition(".")[0]
        if own in ("clock", "owner_name", "interview", "proposals", "actions"):
            return super().get_attribute(obj, attr, default)
        return super().get_attribute(obj.lead, attr, default)


class LeadRow(_Read):
    """A lead in a list: nobody of the enterprise is named."""

    id = Identifier()
    number = Text()
    node_key = Text()
    zone_code = Text()
    channel = Choice(vocabulary.CHANNELS)
    happened_at = Instant()
    recorded_at = Instant(attribute="created_at")
    recorded_by = Identifier()
    event_id = Identifier()
    event_title = Text(attribute="event.title")
    import_id = Identifier()
    enterprise_id = Identifier()
    enterprise_name = Text()
    credit_code = Text()
    state = LeadStateField()
    owner_id = Identifier()
    owner_name = Text(
        metadata={"description": "认领人，平台或节点的人员 / who claimed it, of the platform or the node"}
    )
    claimed_at = Instant()
    settled_at = Instant()
    settled_by = Identifier()
    need_id = Identifier()
    need_number = Text(attribute="need.number")
    need_state = Choice(NEED_STATES, attribute="need.state")
    reason_code = Choice(vocabulary.CLOSE_REASONS)
    duplicate_of_need_id = Identifier()
    duplicate_of_lead_id = Identifier()
    clock = Record(ClockView)


class LeadFull(LeadRow):
    """One lead with its words, answers, people and the next questions, for whoever works on it."""

    words = Text()
    answers = Record(LeadAnswersView)
    contact = Record(NeedContact)
    decision_owner = Text()
    consent = Record(LeadConsent)
    closing_words = Text()
    merged = Several(Text(), attribute="merged_numbers")
    actions = Several(Text())
    interview = Record(InterviewView)
    proposed = Several(Record(ReadFrom), attribute="proposals")


class LeadContactMasked(Schema):
    """A contact that one recognises and cannot call."""

    name = MaskedName()
    phone = MaskedPhone()
    email = MaskedEmail()


class LeadConsentMasked(Schema):
    """A consent without the name of who gave it."""

    by = MaskedName(metadata={"description": "同意人，脱敏 / who consented, masked"})
    how = Choice(vocabulary.CONSENT_WAYS)
    at = Instant()
    covers = Several(Choice(vocabulary.CONSENT_COVERS))


class LeadMasked(LeadFull):
    """The same, its people masked: for auditors, and for those of the zone while somebody else works on it."""

    contact = Record(LeadContactMasked)
    decision_owner = MaskedName()
    consent = Record(LeadConsentMasked)


class NearNeedView(Schema):
    """A need that says nearly the same."""

    similarity_percent = Whole(0, 100)
    same_enterprise = Flag()
    need = Record(NeedEntry)


class NearLeadView(Schema):
    """A lead that says nearly the same."""

    id = Identifier(attribute="lead.id")
    number = Text(attribute="lead.number")
    node_key = Text(attribute="lead.node_key")
    enterprise_name = Text(attribute="lead.enterprise_name")
    state = LeadStateField(attribute="lead.state")
    similarity_percent = Whole(0, 100)
    same_enterprise = Flag()


class LeadDuplicatesView(Schema):
    """The most similar first; what the caller may not read unmasked is left out."""

    needs = Several(Record(NearNeedView))
    leads = Several(Record(NearLeadView))


class OriginView(Schema):
    """A lead that a need came from, as it was when the need was made."""

    kind = Choice((PROMOTED, MERGED), attribute="row.kind")
    lead_id = Identifier(attribute="row.lead_id")
    number = Text()
    node_key = Text(attribute="row.node_key")
    channel = Choice(vocabulary.CHANNELS, attribute="row.channel")
    event_id = Identifier(attribute="row.event_id")
    event_title = Text()
    happened_at = Instant(attribute="row.happened_at")
    recorded_at = Instant(attribute="row.recorded_at")
    recorded_by = Text(metadata={"description": "登记人 / who recorded it"})
    promoted_at = Instant(attribute="row.promoted_at")
    promoted_by = Text(metadata={"description": "转为需求的人 / who made it a need"})
    consent_how = Choice(vocabulary.CONSENT_WAYS, attribute="row.consent_how")
    consented_at = Instant(attribute="row.consented_at")
    consent_covers = Several(Choice(vocabulary.CONSENT_COVERS), attribute="row.consent_covers")


class ProvenanceView(Schema):
    """Where a need came from; empty for one that was posted online."""

    items = Several(Record(OriginView))
