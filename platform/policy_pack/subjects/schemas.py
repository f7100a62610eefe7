"""What HTTP may say of facts that policies ask for."""

from typing import Any

from backbone.fields import Choice, Day, Flag, Identifier, Instant, Record, Schema, Several, Text
from backbone.files.fields import FileName
from backbone.pages import PageQuery, sort_field
from backbone.worded import Worded
from policy_pack.engine.definition import Change, Kind
from policy_pack.engine.dictionary import DICTIONARY
from policy_pack.subjects.fields import AnyFact, FactMap
from policy_pack.subjects.kept_elsewhere import PLACES
from policy_pack.subjects.models import MATTERS, RETRACTIONS, SAYERS
from policy_pack.subjects.reading import STATES

OF_A_MATTER = "合同、产品、项目的事实须写明 / of a contract, product or project: which"


class MatterEntry(Schema):
    """One contract, product or project, by its own number."""

    kind = Choice(MATTERS, required=True)
    reference = Text(100, required=True, metadata={"description": "合同登记号、项目编号等 / its own number"})
    title = Text(200, required=True)


class MatterView(MatterEntry):
    """A matter on record."""

    id = Identifier()
    enterprise_id = Identifier()
    created_at = Instant()


class MatterQuery(PageQuery):
    """Filters of an enterprise's matters."""

    sort = sort_field(["created_at"], "created_at")
    kind = Several(Choice(MATTERS), len(MATTERS), distinct=True)


class PolicyFactsEntry(Schema):
    """Facts of one source, as of one day."""

    facts = FactMap(least=1, required=True)
    matter_id = Identifier(allow_none=True, load_default=None, metadata={"description": OF_A_MATTER})
    as_of_on = Day(required=True)
    valid_until_on = Day(
        allow_none=True,
        load_default=None,
        metadata={"description": "证书的有效期止 / certificates: their last day"},
    )
    source = Text(
        300,
        required=True,
        metadata={"description": "出处，如 2025 年度审计报告 / the source, as 2025 年度审计报告"},
    )


class PolicyFactView(Schema):
    """One statement on record."""

    id = Identifier()
    enterprise_id = Identifier()
    matter_id = Identifier()
    key = Text()
    value = AnyFact()
    as_of_on = Day()
    valid_until_on = Day()
    source = Text()
    said_by = Choice(SAYERS)
    evidence_id = Identifier()
    disputed_at = Instant()
    dispute = Text()
    retracted_at = Instant()
    retraction = Choice(RETRACTIONS)
    created_at = Instant()


class PolicyFactsView(Schema):
    """The statements of one recording."""

    items = Several(Record(PolicyFactView))


class PolicyFactQuery(PageQuery):
    """Filters of the statements."""

    sort = sort_field(["as_of_on"], "-as_of_on")
    key = Several(Choice(DICTIONARY), len(DICTIONARY), distinct=True)
    matter_id = Identifier()
    disputed = Flag(spelled=True)
    retracted = Flag(spelled=True, metadata={"description": "也列已撤销的 / the retracted ones too"})


class PolicyFactRetraction(Schema):
    """Why it no longer stands."""

    reason_code = Choice(("mistaken", "superseded", "unproven"), required=True)


class DisputeOfFact(Schema):
    """What is wrong with it."""

    reason = Text(1000, required=True)


class SettlementOfFact(Schema):
    """Whether it stands; what says otherwise is overruled then."""

    stands = Flag(required=True)


class EvidenceEntry(Schema):
    """What the query says of the file in the body."""

    name = FileName(required=True)


class KnownFactsQuery(Schema):
    """As of which day (today), and beside which matter."""

    as_of_on = Day(allow_none=True, load_default=None)
    matter_id = Identifier(allow_none=True, load_default=None)


class KnownFactView(Schema):
    """A fact as policies read it; one that is not listed is unknown."""

    key = Choice(DICTIONARY)
    label = Worded()
    unit = Text()
    state = Choice(STATES)
    value = AnyFact()
    read = Text(2000)


class KnownFactsView(Schema):
    """Everything known on the day."""

    as_of_on = Day()
    items = Several(Record(KnownFactView))


class PolicyFactKindView(Schema):
    """A key of the dictionary: what it is, in which unit, how it is asked for, what proves it."""

    key = Text()
    label = Worded()
    question = Worded()
    kind = Choice([str(kind) for kind in Kind])
    unit = Text()
    per = Choice(("enterprise", *MATTERS))
    values = Several(Text())
    change = Choice([str(change) for change in Change])
    evidence = Worded()
    kept_by_directory = Text(
        metadata={"description": "对应的 recordFact 类型，没有为 null / kind of recordFact, or null"}
    )


class PolicyFactKindsView(Schema):
    """All keys, in the order of the dictionary."""

    items = Several(Record(PolicyFactKindView), 500)


def kinds() -> list[dict[str, Any]]:
    """The dictionary as HTTP says it."""
    return [
        {
            "key": each.key, "label": each.label, "question": each.question, "kind": str(each.kind), "unit": each.unit,
            "per": each.per, "values": list(each.values), "change": str(each.change), "evidence": each.evidence,
            "kept_by_directory": PLACES[each.key].kind if each.key in PLACES else None,
        }
        for each in DICTIONARY.values()
    ]  # fmt: skip
