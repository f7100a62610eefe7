"""What HTTP may say of calendars."""

from backbone.directory.fields import RegionCode
from backbone.directory.regions import HUBEI
from backbone.fields import Choice, Day, Flag, Identifier, Instant, Record, Schema, Several, Text, Whole
from backbone.pages import PageQuery, sort_field
from sky_net.sla.calendar import Origin
from sky_net.sla.parties import EVERY_STAGE
from sky_net.sla.schemas import ShownWord


class CalendarQuery(Schema):
    """A zone, and the period to show."""

    zone_code = RegionCode(load_default=HUBEI)
    from_on = Day(required=True)
    to_on = Day(required=True)


class CalendarDayView(Schema):
    """One date and its ground in law."""

    on = Day()
    is_workday = Flag()
    hours = Several(Text(), 12)
    origin = Choice([origin.value for origin in Origin])
    name = Text()
    source = Text()
    provisional = Flag()


class CalendarView(Schema):
    """The days of a period, and the calendar's name and horizon."""

    name = Text(2000)
    horizon = Day()
    days = Several(Record(CalendarDayView), 400)


class VersionQuery(PageQuery):
    """The order of the versions."""

    sort = sort_field(["recorded_at"], "-recorded_at")


class VersionView(Schema):
    """One version: what it is laid over is all that came before it."""

    id = Identifier()
    key = Text(metadata={"description": "cn 为全部；否则为区域代码 / cn for all, else a region's code"})
    number = Whole()
    name = Text()
    horizon = Day()
    source = Text()
    sha256 = Text()
    recorded_at = Instant()


class NoticeEntry(Schema):
    """A notice or an order, as text in YAML or JSON (docs/calendars.md)."""

    notice = Text(200_000, required=True)
    zone_code = RegionCode(allow_none=True)


class MoveView(Schema):
    """A clock whose deadline or verdict the calendar moved."""

    subject_id = Identifier()
    subject_number = Text()
    stage = Choice(EVERY_STAGE)
    due_before = Instant()
    due_after = Instant()
    state_before = ShownWord()
    state_after = ShownWord()
    provisional_before = Flag()
    provisional_after = Flag()
    kept_breached = Flag()


class LoadedView(Schema):
    """The version, null when the text had been loaded before, and up to a thousand of the clocks it moved."""

    version = Record(
        VersionView,
        allow_none=True,
        metadata={
            "description": "载入的版本，此前已载入为 null / the version loaded, null where it had been before"
        },
    )
    moved = Whole()
    moves = Several(Record(MoveView), 1000)
