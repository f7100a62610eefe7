"""What HTTP may say of brokers and mandates."""

from typing import Any

from marshmallow import ValidationError, validate, validates_schema

from backbone.directory.experts.models import LANGUAGES
from backbone.directory.fields import AreaCode, IndustryCode, RegionCode
from backbone.errors import Bilingual
from backbone.fields import Choice, Day, Flag, Identifier, Instant, Number, Schema, Several, Text, Whole
from backbone.pages import PageQuery, sort_field
from ground_net.brokers import mandates, service
from ground_net.brokers.models import MOST_CAPACITY

ONE_ORGANISATION = Bilingual(
    "enterprise_id 与 institute_id 须且只须给出一个", "Give either enterprise_id or institute_id"
)
DAYS = Bilingual("结束日早于开始日", "It ends before it begins")
NO_ZONE = Bilingual("至少写明一个服务区域", "Name at least one zone")
at_least_one = validate.Length(min=1, error=NO_ZONE)


class BrokerAmendment(Schema):
    """What a broker knows and how much fits."""

    industries = Several(IndustryCode(), 20, distinct=True)
    tech_fields = Several(Text(60), 30, distinct=True)
    languages = Several(Choice(LANGUAGES), len(LANGUAGES), distinct=True)
    zones = Several(RegionCode(), 20, distinct=True, validate=at_least_one)
    capacity = Whole(0, MOST_CAPACITY, metadata={"description": "可同时承接的需求数 / open needs at once"})


class BrokerEntry(BrokerAmendment):
    """A new profile; of the own account unless said otherwise."""

    account_id = Identifier()
    zones = Several(RegionCode(), 20, distinct=True, required=True, validate=at_least_one)
    capacity = Whole(0, MOST_CAPACITY, required=True)


class BrokerView(Schema):
    """A broker; the load is shown to the broker and to those in office for a zone that they serve."""

    id = Identifier(attribute="row.id")
    account_id = Identifier(attribute="row.account_id")
    name = Text()
    industries = Several(Text(), attribute="row.industries")
    tech_fields = Several(Text(), attribute="row.tech_fields")
    languages = Several(Text(), attribute="row.languages")
    zones = Several(Text(), attribute="row.zones")
    capacity = Whole(attribute="row.capacity")
    in_hand = Whole(
        data_key="load",
        attribute="load",
        metadata={
            "description": "在办的需求数；null 为无权知晓 / open needs that the broker answers for; null: not yours to know"
        },
    )
    created_at = Instant(attribute="row.created_at")
    updated_at = Instant(attribute="row.updated_at")


class BrokerQuery(PageQuery):
    """Filters of the brokers."""

    sort = sort_field(tuple(service.SORTS), "created_at")
    industry = Several(IndustryCode(), 20)
    language = Several(Choice(LANGUAGES), len(LANGUAGES))
    region = Several(AreaCode(), 20)
    tech_field = Text(60)


class BrokerRecord(Schema):
    """What came of the needs that a broker answers for, counted now."""

    broker_id = Identifier(attribute="broker.id")
    capacity = Whole(attribute="broker.capacity")
    owned = Whole(attribute="needs.owned")
    open = Whole(attribute="needs.open")
    matched = Whole(
        attribute="needs.matched", metadata={"description": "已找到承接方的需求数 / somebody was found for"}
    )
    contracted = Whole(attribute="needs.contracted")
    hours_to_match = Number(
        attribute="needs.hours_to_match",
        metadata={
            "description": "自确认至找到承接方的自然小时，中位数 / median, from the confirmation until somebody was found; hours on the wall"
        },
    )


class MandateEntry(Schema):
    """An enterprise or institute lets a broker act for it; nothing is exclusive unless it says so."""

    enterprise_id = Identifier()
    institute_id = Identifier()
    from_on = Day(required=True)
    until_on = Day(required=True)
    scope_of_work = Text(1000, required=True)
    is_exclusive = Flag(load_default=False)

    @validates_schema(skip_on_field_errors=True)
    def one_organisation_and_days_in_order(self, values: dict[str, Any], **_: object) -> None:
        """Refuse none and both, and an end before the beginning."""
        if ("enterprise_id" in values) == ("institute_id" in values):
            raise ValidationError({"enterprise_id": [ONE_ORGANISATION]})
        if values["until_on"] < values["from_on"]:
            raise ValidationError({"until_on": [DAYS]})


class MandateView(Schema):
    """A mandate, for its two sides and those in office for the organisation."""

    id = Identifier(attribute="row.id")
    broker_id = Identifier(attribute="row.broker_id")
    enterprise_id = Identifier(attribute="row.enterprise_id")
    institute_id = Identifier(attribute="row.institute_id")
    organisation = Text()
    state = Choice(mandates.STATES)
    from_on = Day(attribute="row.from_on")
    until_on = Day(attribute="row.until_on")
    scope_of_work = Text(attribute="row.scope_of_work")
    is_exclusive = Flag(attribute="row.is_exclusive")
    confirmed_at = Instant(attribute="row.confirmed_at")
    ended_at = Instant(attribute="row.ended_at")
    created_at = Instant(attribute="row.created_at")


class MandateQuery(PageQuery):
    """Filters of the mandates."""

    sort = sort_field(tuple(mandates.SORTS), "-created_at")
    broker_id = Identifier()
    enterprise_id = Identifier()
    institute_id = Identifier()
