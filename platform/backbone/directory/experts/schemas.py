"""What HTTP may say of experts: one schema per view, so that a telephone cannot leak by being forgotten."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, validates_schema

from backbone.directory.experts.models import AVAILABILITY, GIVERS, LANGUAGES, REVOKERS, WORK_KINDS
from backbone.directory.experts.permissions import FULL, OPEN, REVIEW
from backbone.directory.fields import AreaCode, IndustryCode, RegionCode
from backbone.errors import Bilingual
from backbone.fields import Choice, Day, Flag, Identifier, Instant, Record, Schema, Several, Text, Whole
from backbone.pages import PageQuery, sort_field
from backbone.people.normal import masked_name

LOW_OVER_HIGH = Bilingual("下限 {least} 大于上限 {most}", "The lower {least} is over the upper {most}")
TEN_BEST = 10
TITLE = {"description": "职称 / academic or professional title"}


class MaskedName(Text):
    """The first sign of a name; the whole one stands where the expert is shown alone."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str:
        return masked_name(value) if value else ""


class TrlRange(Schema):
    """The technology readiness levels at which somebody works."""

    least = Whole(1, 9, required=True)
    most = Whole(1, 9, required=True)

    @validates_schema(skip_on_field_errors=True)
    def in_order(self, values: dict[str, Any], **_: object) -> None:
        """Refuse a range that ends before it begins."""
        if values["least"] > values["most"]:
            raise ValidationError({"least": [LOW_OVER_HIGH.format(**values)]})


class Work(Schema):
    """A paper, patent, project, standard or program."""

    kind = Choice(WORK_KINDS, required=True)
    title = Text(200, required=True)
    year = Whole(1950, 2200)
    reference = Text(100)


class Deal(Schema):
    """What was done with industry before; no partner's name without the partner's leave."""

    title = Text(200, required=True)
    year = Whole(1950, 2200)


class ExpertAmendment(Schema):
    """The fields of an expert that the institute or the expert changes."""

    name = Text(40)
    phone = Text(30, allow_none=True)
    email = Text(120, allow_none=True)
    account_id = Identifier(
        allow_none=True, metadata={"description": "专家本人的账号 / the expert's own account"}
    )
    title = Text(60, allow_none=True, metadata=TITLE)
    industries = Several(IndustryCode(), 10, distinct=True)
    tech_fields = Several(Text(60), 20, distinct=True)
    keywords = Several(Text(40), 20, distinct=True)
    techniques = Several(Text(100), 30, distinct=True)
    works = Several(Record(Work), TEN_BEST, metadata={"description": "最具代表性的十项 / the ten best"})
    deals = Several(Record(Deal), TEN_BEST)
    trl = Record(TrlRange, allow_none=True)
    region_code = RegionCode()
    availability = Choice(AVAILABILITY)
    languages = Several(Choice(LANGUAGES), len(LANGUAGES), distinct=True)
    conflicts = Several(
        Text(100),
        50,
        distinct=True,
        metadata={"description": "须回避的机构 / organisations not to be judged"},
    )


class ExpertEntry(ExpertAmendment):
    """A new expert."""

    institute_id = Identifier(required=True)
    name = Text(40, required=True)
    industries = Several(IndustryCode(), 10, distinct=True, required=True)


class ConsentEntry(Schema):
    """When the expert consented to be listed, and where that is written down; the expert's own word needs no paper."""

    given_on = Day(required=True)
    evidence = Text(200, allow_none=True)


class InstituteOfExpert(Schema):
    """The institute, whose transfer office is asked for the expert."""

    id = Identifier()
    name = Text()


class ExpertInList(Schema):
    """An expert in a list: no telephone, no address, of the name the first sign."""

    id = Identifier()
    name: Text = MaskedName()
    institute = Record(InstituteOfExpert)
    title = Text(metadata=TITLE)
    industries = Several(Text())
    tech_fields = Several(Text())
    keywords = Several(Text())
    trl = Record(TrlRange)
    region_code = Text()
    availability = Choice(AVAILABILITY)
    languages = Several(Text())
    is_consenting = Flag()


class ExpertOpen(ExpertInList):
    """An expert who consents, as everybody with an account sees them; one asks the institute's transfer office."""

    name = Text()
    techniques = Several(Text())
    works = Several(Record(Work))
    deals = Several(Record(Deal))
    created_at = Instant()
    updated_at = Instant()


class ExpertForReview(ExpertOpen):
    """An expert as the operators of the zone see them, who choose reviewers."""

    conflicts = Several(Text())


class ConsentView(Schema):
    """A consent, standing or revoked."""

    id = Identifier()
    given_on = Day()
    given_by = Choice(GIVERS)
    evidence = Text()
    recorded_at = Instant()
    revoked_at = Instant()
    revoked_by = Choice(REVOKERS)


class ExpertFull(ExpertForReview):
    """An expert as the own institute and the expert see them."""

    phone = Text()
    email = Text()
    account_id = Identifier()
    consents = Several(Record(ConsentView))


SCHEMA_OF_VIEW: Mapping[str, type[Schema]] = {FULL: ExpertFull, REVIEW: ExpertForReview, OPEN: ExpertOpen}


class ExpertQuery(PageQuery):
    """Filters of the list of experts; those given must all hold, of a repeated one any value."""

    sort = sort_field(("institute", "created_at"), "institute")
    industry = Several(IndustryCode(), 20)
    region = Several(AreaCode(), 20)
    institute_id = Identifier()
    availability = Several(Choice(AVAILABILITY), len(AVAILABILITY), distinct=True)
    trl = Whole(1, 9, spelled=True, metadata={"description": "擅长这一成熟度的 / works at this level"})
    language = Several(Choice(LANGUAGES), len(LANGUAGES), distinct=True)
    q = Text(
        100,
        metadata={
            "description": "领域、关键词、技术或职称的一部分，或完整姓名 / part of a field, keyword, technique or title, or the whole name"
        },
    )
