"""What HTTP may say of organisations."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from backbone.directory.fields import (
    AreaCode,
    CreditCode,
    IndustryCode,
    MaskedEmail,
    MaskedName,
    MaskedPhone,
    RegionCode,
)
from backbone.directory.models import INSTITUTE_TYPES
from backbone.directory.regions import KINDS
from backbone.errors import Bilingual
from backbone.fields import (
    Choice,
    Day,
    DayText,
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

SORTS = ("name", "created_at")
ENDS_EARLY = Bilingual("早于授予日期 {granted}", "Lies before it was granted, {granted}")
LABEL_TWICE = Bilingual(
    "同一称号、同一授予日期出现两次", "The same label, granted on the same day, stands twice"
)


class Contact(Schema):
    """Whom to ask; personal data."""

    name = Text(40)
    phone = Text(30, allow_none=True)
    email = Text(120, allow_none=True)


class MaskedContact(Schema):
    """Whom to ask, as lists and those who need not ring show it: 张**, 138****1234, z***@example.org."""

    name = MaskedName(40)
    phone = MaskedPhone(30)
    email = MaskedEmail(120)


class Label(Schema):
    """A title the enterprise holds, such as 高新技术企业: since when, until when, and which notice says so."""

    name = Text(40, required=True)
    granted_on = DayText(allow_none=True)
    valid_until_on = DayText(allow_none=True)
    source = Text(200, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def in_order(self, label: dict[str, Any], **_: object) -> None:
        """Refuse a label that ends before it begins."""
        granted, until = label.get("granted_on"), label.get("valid_until_on")
        if granted and until and until < granted:
            raise ValidationError({"valid_until_on": [ENDS_EARLY.format(granted=granted)]})


class PilotLine(Schema):
    """A pilot line others can book."""

    name = Text(100, required=True)
    price = Text(100)
    booking = Text(200)


class Instrument(PilotLine):
    """An instrument others can book."""

    model = Text(100, metadata={"description": "型号 / model"})


class EnterpriseAmendment(Schema):
    """The fields of an enterprise that can be changed."""

    name = Text(100)
    region_code = RegionCode()
    park = Text(60, allow_none=True)
    registered_on = Day(allow_none=True)
    industry = IndustryCode(allow_none=True)
    chain_id = Identifier(allow_none=True)
    chain_segment = Text(60, allow_none=True)
    staff_total = Whole(0, 10_000_000, allow_none=True)
    staff_science = Whole(0, 10_000_000, allow_none=True)
    labels = Several(Record(Label), 50)
    contact = Record(Contact)

    @validates_schema(skip_on_field_errors=True)
    def told_apart(self, sent: dict[str, Any], **_: object) -> None:
        """Refuse a label given twice."""
        labels = [(label["name"], label.get("granted_on")) for label in sent.get("labels", ())]
        if len(set(labels)) < len(labels):
            raise ValidationError({"labels": [LABEL_TWICE]})


class EnterpriseEntry(EnterpriseAmendment):
    """A new enterprise."""

    name = Text(100, required=True)
    credit_code = CreditCode(required=True)
    region_code = RegionCode(required=True)


class EnterpriseView(Schema):
    """An enterprise as its members and operators see it."""

    id = Identifier()
    name = Text()
    credit_code = Text()
    region_code = Text()
    park = Text()
    registered_on = Day()
    industry = Text()
    chain_id = Identifier()
    chain_segment = Text()
    staff_total = Whole()
    staff_science = Whole()
    labels = Several(Record(Label))
    contact = Record(Contact)
    created_at = Instant()
    updated_at = Instant()


class EnterpriseMasked(EnterpriseView):
    """An enterprise with its contact masked: in lists, and for auditors."""

    contact = Record(MaskedContact)


class InstituteAmendment(Schema):
    """The fields of an institute that can be changed."""

    name = Text(100)
    credit_code = CreditCode(allow_none=True)
    type = Choice(INSTITUTE_TYPES)
    level = Text(40, allow_none=True)
    region_code = RegionCode()
    labs = Several(Text(100), 100)
    pilot_lines = Several(Record(PilotLine), 100)
    instruments = Several(Record(Instrument), 300)
    industries = Several(IndustryCode(), 20, distinct=True)
    has_seller_account = Flag()
    income_share_percent = Whole(0, 100, allow_none=True)
    use_right_years = Whole(0, 100, allow_none=True)
    approval_path = Text(300, allow_none=True)
    approval_days = Whole(0, 365, allow_none=True)
    contact = Record(Contact)


class InstituteEntry(InstituteAmendment):
    """A new institute."""

    name = Text(100, required=True)
    type = Choice(INSTITUTE_TYPES, required=True)
    region_code = RegionCode(required=True)


class InstituteView(Schema):
    """An institute, visible to everyone with an account."""

    id = Identifier()
    name = Text()
    credit_code = Text()
    type = Text()
    level = Text()
    region_code = Text()
    labs = Several(Text())
    pilot_lines = Several(Record(PilotLine))
    instruments = Several(Record(Instrument))
    industries = Several(Text())
    has_seller_account = Flag()
    income_share_percent = Whole(
        metadata={"description": "收入中归完成人的比例，百分数 / of the income, to the inventors"}
    )
    use_right_years = Whole(
        metadata={"description": "权利转让后完成人的使用年限 / of the inventors, after a transfer of rights"}
    )
    approval_path = Text()
    approval_days = Whole()
    contact = Record(Contact)
    created_at = Instant()
    updated_at = Instant()


class InstituteMasked(InstituteView):
    """An institute with its contact masked: in lists, and for whoever has nothing to ask it."""

    contact = Record(MaskedContact)


class OrganisationQuery(PageQuery):
    """Filters of the lists of organisations."""

    sort = sort_field(SORTS, "name")
    region = Several(AreaCode(), 20)
    industry = Several(IndustryCode(), 20)
    chain_id = Several(Identifier(), 20)
    q = Text(100)


class RegionView(Schema):
    """A region; `source` and `as_of` say where it is from, a `catch_all` is no one place."""

    code = Text()
    zh = Text(attribute="label.zh")
    en = Text(attribute="label")
    within = Text()
    kind = Choice(KINDS)
    is_catch_all = Flag()
    source = Text()
    as_of = Day()


class RegionsView(Schema):
    """All regions."""

    items = Several(Record(RegionView))


class GroupMemberView(Schema):
    """A region of a group; not certain where public texts disagree or are silent."""

    region = RegionCode()
    is_certain = Flag()
    source = Text()
    as_of = Day()


class RegionGroupView(Schema):
    """Regions that are looked at together; its code stands for all of them wherever a filter takes an area."""

    code = Text()
    zh = Text(attribute="label.zh")
    en = Text(attribute="label")
    members = Several(Record(GroupMemberView))
    source = Text()
    as_of = Day()


class RegionGroupsView(Schema):
    """All region groups."""

    items = Several(Record(RegionGroupView))


class AreaCountView(Schema):
    """The organisations of a region with all inside it, or of a group; groups overlap and add up to nothing."""

    code = Text(attribute="area.code")
    is_group = Flag(attribute="area.is_group")
    within = Text(attribute="area.within")
    enterprises = Whole()
    institutes = Whole()


class OrganisationCounts(Schema):
    """How many organisations there are by area; the areas without `within` that are no groups add up to all."""

    items = Several(Record(AreaCountView))


class IndustryView(Schema):
    """A leaf of the industry tree with its group."""

    code = Text()
    zh = Text()
    en = Text()
    group = Text()
    group_zh = Text()
    group_en = Text()


class IndustriesView(Schema):
    """All industries."""

    items = Several(Record(IndustryView))
