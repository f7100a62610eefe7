"""What HTTP may say of centres."""

from backbone.directory.fields import AreaCode, RegionCode
from backbone.fields import Choice, Day, Flag, Identifier, Instant, Record, Schema, Several, Text, Whole
from backbone.pages import PageQuery, sort_field
from backbone.worded import Worded
from ground_net.centres.models import KINDS, STAGES
from ground_net.centres.reading import SORTS

HOME = {
    "description": "所属城市，生产所在（如生产在咸宁） / the city whose centre it is: where things are made"
}
HOST = {
    "description": "所在城市，研发所在（如研发在武汉） / the city where it stands: where things are found"
}
SOURCE = {"description": "公开出处 / the public text that says so"}


class CentreAmendment(Schema):
    """What is said of a centre."""

    name = Text(100)
    kind = Choice(KINDS)
    home_region = RegionCode(metadata=HOME)
    host_region = RegionCode(metadata=HOST)
    operator = Text(100, allow_none=True)
    address = Text(200, allow_none=True)
    summary = Text(1000, allow_none=True)
    opened_on = Day(allow_none=True)


class CentreEntry(CentreAmendment):
    """A new centre."""

    name = Text(100, required=True)
    kind = Choice(KINDS, required=True)
    home_region = RegionCode(required=True, metadata=HOME)
    host_region = RegionCode(required=True, metadata=HOST)


class CentreView(Schema):
    """A centre, visible to everybody with an account."""

    id = Identifier()
    name = Text()
    kind = Choice(KINDS)
    home_region = Text(metadata=HOME)
    host_region = Text(metadata=HOST)
    operator = Text()
    address = Text()
    summary = Text()
    opened_on = Day()
    closed_at = Instant()
    created_at = Instant()
    updated_at = Instant()


class CentreInstituteEntry(Schema):
    """Which institute of the directory to link."""

    institute_id = Identifier(required=True)


class CentreInstituteView(Schema):
    """An institute that a centre links."""

    id = Identifier(attribute="row.id")
    centre_id = Identifier(attribute="row.centre_id")
    institute_id = Identifier(attribute="row.institute_id")
    name = Text()
    linked_at = Instant(attribute="row.linked_at")
    ended_at = Instant(attribute="row.ended_at")


class CentreProjectAmendment(Schema):
    """What is said of a project."""

    title = Text(200)
    stage = Choice(STAGES)
    institute_id = Identifier(allow_none=True)
    need_ids = Several(Identifier(), 20, distinct=True)


class CentreProjectEntry(CentreProjectAmendment):
    """A new project."""

    title = Text(200, required=True)
    stage = Choice(STAGES, load_default="linked")


class CentreProjectView(Schema):
    """A project; of its needs those of which the reader may know."""

    id = Identifier(attribute="row.id")
    centre_id = Identifier(attribute="row.centre_id")
    title = Text(attribute="row.title")
    stage = Choice(STAGES, attribute="row.stage")
    institute_id = Identifier(attribute="row.institute_id")
    institute = Text()
    need_ids = Several(Identifier())


class CentreFigureEntry(Schema):
    """A figure that a text gives of the centre, as of a day."""

    label = Text(100, required=True)
    value = Whole(required=True)
    unit = Text(20, required=True)
    source = Text(300, required=True, metadata=SOURCE)
    as_of_on = Day(required=True)


class CentreFigureView(CentreFigureEntry):
    """A figure as it was said: no count of ours."""

    id = Identifier()
    centre_id = Identifier()
    recorded_at = Instant()


class CentreWhole(Schema):
    """A centre with what it links now, and the figures that are said of it with their day and source."""

    centre = Record(CentreView, attribute="row")
    institutes = Several(Record(CentreInstituteView))
    projects = Several(Record(CentreProjectView))
    figures = Several(Record(CentreFigureView))


class CentreQuery(PageQuery):
    """Filters of the centres."""

    sort = sort_field(tuple(SORTS), "name")
    kind = Choice(KINDS)
    home = Several(AreaCode(), 20, metadata=HOME)
    host = Several(AreaCode(), 20, metadata=HOST)
    institute_id = Identifier()
    closed = Flag(spelled=True, load_default=False)
    q = Text(100)


class PublishedFigureView(Schema):
    """A figure of a public text, as of a day that is gone."""

    key = Text()
    name = Worded()
    value = Whole()
    unit = Worded()
    source = Text()
    as_of_on = Day()


class PublishedFiguresView(Schema):
    """What public texts say of the centres together; never a live count."""

    items = Several(Record(PublishedFigureView))
