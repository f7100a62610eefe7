"""What HTTP may say of service providers."""

from typing import Any

from marshmallow import ValidationError, validate, validates_schema

from backbone.directory.fields import AreaCode, IndustryCode, RegionCode
from backbone.directory.schemas import Contact, MaskedContact
from backbone.errors import Bilingual
from backbone.fields import Choice, DayText, Identifier, Instant, Record, Schema, Several, Text
from backbone.pages import PageQuery, sort_field
from ground_net.providers.models import KINDS, PRICE_KINDS
from ground_net.providers.service import SORTS

NO_KIND = Bilingual("至少写明一类服务", "Name at least one kind")
PRICE = Bilingual("公开价格须写明 price，面询时不写", "A published price says price, one on request does not")
DAYS = Bilingual("有效期止早于起", "It ends before it begins")
at_least_one = validate.Length(min=1, error=NO_KIND)


class ProviderService(Schema):
    """One service: what, per what, and how its price is told. The price is words: 300 元/小时, 按样品议价."""

    name = Text(100, required=True)
    unit = Text(40, allow_none=True)
    price_kind = Choice(PRICE_KINDS, required=True)
    price = Text(100, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def price_fits_its_kind(self, values: dict[str, Any], **_: object) -> None:
        """Refuse a published price without words, and words for one on request."""
        if (values["price_kind"] == "published") != (values.get("price") is not None):
            raise ValidationError({"price": [PRICE]})


class ProviderQualification(Schema):
    """What somebody in office has attested, and how long that holds."""

    name = Text(100, required=True)
    number = Text(60, allow_none=True, metadata={"description": "证书编号 / number of the certificate"})
    issued_by = Text(100, allow_none=True)
    valid_from_on = DayText(allow_none=True)
    valid_until_on = DayText(allow_none=True, metadata={"description": "null 为长期有效 / null: without end"})

    @validates_schema(skip_on_field_errors=True)
    def days_in_order(self, values: dict[str, Any], **_: object) -> None:
        """Refuse an end before the beginning."""
        first, last = values.get("valid_from_on"), values.get("valid_until_on")
        if first is not None and last is not None and last < first:
            raise ValidationError({"valid_until_on": [DAYS]})


class ProviderAmendment(Schema):
    """What is said of a provider."""

    name = Text(100)
    kinds = Several(Choice(KINDS), len(KINDS), distinct=True, validate=at_least_one)
    region_code = RegionCode()
    industries = Several(IndustryCode(), 20, distinct=True)
    services = Several(Record(ProviderService), 100)
    capacity = Text(500, allow_none=True)
    qualifications = Several(Record(ProviderQualification), 50)
    summary = Text(1000, allow_none=True)
    contact = Record(Contact)


class ProviderEntry(ProviderAmendment):
    """A new provider."""

    name = Text(100, required=True)
    kinds = Several(Choice(KINDS), len(KINDS), distinct=True, required=True, validate=at_least_one)
    region_code = RegionCode(required=True)


class ProviderView(Schema):
    """A provider, for those who would ask it."""

    id = Identifier()
    name = Text()
    kinds = Several(Choice(KINDS))
    region_code = Text()
    industries = Several(Text())
    services = Several(Record(ProviderService))
    capacity = Text()
    qualifications = Several(Record(ProviderQualification))
    summary = Text()
    contact = Record(Contact)
    closed_at = Instant()
    created_at = Instant()
    updated_at = Instant()


class ProviderMasked(ProviderView):
    """A provider with its contact masked: in lists, and for whoever has nothing to ask it."""

    contact = Record(MaskedContact)


class ProviderQuery(PageQuery):
    """Filters of the directory."""

    sort = sort_field(tuple(SORTS), "name")
    kind = Several(Choice(KINDS), len(KINDS))
    region = Several(AreaCode(), 20)
    industry = Several(IndustryCode(), 20)
    q = Text(
        100,
        metadata={
            "description": "在名称、服务、资质、能力与简介中查找 / in names, services, qualifications, capacity and summary"
        },
    )
