"""What HTTP may say of chains."""

from typing import Any

from marshmallow import ValidationError, validate, validates_schema

from backbone.directory.fields import IndustryCode
from backbone.errors import Bilingual
from backbone.fields import Day, Flag, Identifier, Instant, Record, Schema, Several, Text
from backbone.pages import PageQuery, sort_field

SORTS = ("name", "created_at")
NO_INDUSTRY = Bilingual("至少写明一个产业", "Name at least one industry")
ONE_OF_BOTH = Bilingual(
    "institute_id 与 organisation 须且只须给出一个",
    "Give either institute_id or organisation, not both or none",
)
OFFICE = {"description": "职务，如副省长，不写人名 / the office, as 副省长; no person's name"}
SOURCE = {"description": "公开出处 / the public text that says so"}
at_least_one = validate.Length(min=1, error=NO_INDUSTRY)


class ChainAmendment(Schema):
    """What is said of a chain."""

    name = Text(60)
    industries = Several(IndustryCode(), 10, distinct=True, validate=at_least_one)
    summary = Text(1000, allow_none=True)
    source = Text(300, metadata=SOURCE)
    as_of_on = Day()


class ChainEntry(ChainAmendment):
    """A new chain."""

    name = Text(60, required=True)
    industries = Several(IndustryCode(), 10, distinct=True, required=True, validate=at_least_one)
    source = Text(300, required=True, metadata=SOURCE)
    as_of_on = Day(required=True)


class _Appointment(Schema):
    since_on = Day(required=True)
    source = Text(300, required=True, metadata=SOURCE)


class LeadAppointment(_Appointment):
    """链长: an office, never a person's name."""

    title = Text(60, required=True, metadata=OFFICE)
    organisation = Text(100, required=True)


class MasterAppointment(_Appointment):
    """链主: an enterprise of the directory; its name is shown to everybody."""

    enterprise_id = Identifier(required=True)


class InnovatorAdmission(_Appointment):
    """链创: an institute of the directory, or another organisation by name."""

    institute_id = Identifier()
    organisation = Text(100)

    @validates_schema(skip_on_field_errors=True)
    def one_of_both(self, values: dict[str, Any], **_: object) -> None:
        """Refuse none and both."""
        if ("institute_id" in values) == ("organisation" in values):
            raise ValidationError({"institute_id": [ONE_OF_BOTH]})


class PlayerName(Schema):
    """An organisation of the directory."""

    id = Identifier()
    name = Text()


class LeadView(Schema):
    """An office that leads."""

    id = Identifier()
    title = Text(metadata=OFFICE)
    organisation = Text()
    since_on = Day()
    source = Text()


class MasterView(Schema):
    """An enterprise that steers."""

    id = Identifier()
    enterprise = Record(PlayerName)
    since_on = Day()
    source = Text()


class InnovatorView(Schema):
    """An institute or another organisation that joins forces."""

    id = Identifier()
    institute = Record(PlayerName)
    organisation = Text()
    since_on = Day()
    source = Text()


class ChainView(Schema):
    """A chain with the parts that are played in it now."""

    id = Identifier()
    name = Text()
    industries = Several(Text())
    summary = Text()
    source = Text()
    as_of_on = Day()
    leads = Several(Record(LeadView), metadata={"description": "链长 / the offices that lead"})
    masters = Several(Record(MasterView), metadata={"description": "链主 / the enterprises that steer"})
    innovators = Several(
        Record(InnovatorView), metadata={"description": "链创 / the institutes and others that join forces"}
    )
    closed_at = Instant()
    created_at = Instant()
    updated_at = Instant()


class ChainQuery(PageQuery):
    """Filters of the list of chains."""

    sort = sort_field(SORTS, "name")
    industry = Several(IndustryCode(), 20)
    closed = Flag(
        spelled=True, metadata={"description": "只列已关闭的 / the closed ones instead of the open ones"}
    )
    q = Text(100)
