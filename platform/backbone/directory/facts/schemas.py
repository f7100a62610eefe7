"""What HTTP may say of facts."""

from backbone.directory.facts.kinds import FACT_KINDS, UNITS
from backbone.directory.facts.models import RETRACTIONS, SAYERS
from backbone.fields import Choice, Day, Flag, Identifier, Instant, Record, Schema, Several, Text, Whole
from backbone.pages import PageQuery, sort_field


class FactEntry(Schema):
    """A figure, whole, in the unit of its kind (see listFactKinds), as of a day, with where it was read."""

    kind = Choice(FACT_KINDS, required=True)
    value = Whole(required=True)
    as_of_on = Day(
        required=True, metadata={"description": "全年数据填该年最后一天 / of a year: its last day"}
    )
    source = Text(
        300,
        required=True,
        metadata={"description": "出处，如 2024 年度审计报告 / the source, as 2024 年度审计报告"},
    )


class FactRetraction(Schema):
    """Why it no longer stands."""

    reason_code = Choice(RETRACTIONS, required=True)


class FactView(Schema):
    """A figure on record."""

    id = Identifier()
    enterprise_id = Identifier()
    kind = Choice(FACT_KINDS)
    value = Whole()
    unit = Choice(UNITS)
    as_of_on = Day()
    source = Text()
    said_by = Choice(SAYERS)
    retracted_at = Instant()
    retraction = Choice(RETRACTIONS)
    created_at = Instant()


class FactQuery(PageQuery):
    """Filters of the list of facts."""

    sort = sort_field(["as_of_on"], "-as_of_on")
    kind = Several(Choice(FACT_KINDS), len(FACT_KINDS), distinct=True)
    retracted = Flag(spelled=True, metadata={"description": "也列已撤销的 / the retracted ones too"})


class FactKindView(Schema):
    """A kind of fact: its unit, the most it can be, and whether it is a figure of a whole year."""

    code = Text()
    zh = Text()
    en = Text()
    unit = Choice(UNITS)
    unit_zh = Text()
    unit_en = Text()
    most = Whole()
    of_a_year = Flag()


class FactKindsView(Schema):
    """All kinds of facts."""

    items = Several(Record(FactKindView))
