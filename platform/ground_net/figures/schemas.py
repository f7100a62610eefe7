"""What HTTP may say of the ground network's figures."""

from typing import Any

from backbone.directory.fields import AreaCode, RegionCode
from backbone.fields import (
    Choice,
    Day,
    Fen,
    Field,
    Flag,
    Identifier,
    Instant,
    Number,
    Record,
    Schema,
    Several,
    Text,
    Whole,
)
from backbone.pages import PageQuery, sort_field
from ground_net.figures.targets import SORTS
from ground_net.figures.words import ASKED_OF, BY, COUNT, FEN, FIGURES, FUNNEL, HOURS, SHARE, Figure
from sky_net.monitoring.dimensions import ALONE, WHOLE
from sky_net.monitoring.schemas import Wording

YEARS = (2000, 2100)
PER_CENT = {"description": "比率以百分数计 / in per cent where the figure is a share"}


class GroundNetQuery(Schema):
    """The leads heard in a period: this year's where nothing is said."""

    by = Choice(BY, load_default="node")
    from_on = Day()
    to_on = Day(metadata={"description": "截止日（含）/ the last day, included"})
    within = Several(AreaCode(), 50, distinct=True)


class GroundNetExportQuery(GroundNetQuery):
    """The same, as a file."""

    format = Choice(("csv", "xlsx"), load_default="csv")


_OF_UNIT: dict[str, type[Field[Any]]] = {COUNT: Whole, FEN: Fen, SHARE: Number, HOURS: Number}


def _said(figure: Figure) -> dict[str, Any]:
    return {"description": f"{figure.name.zh}：{figure.definition.zh} / {figure.name}: {figure.definition}"}


GroundNetFigures = Schema.from_dict(
    {key: _OF_UNIT[figure.unit](metadata=_said(figure)) for key, figure in FIGURES.items()},
    name="GroundNetFigures",
)


class FunnelCountView(Schema):
    """How many leads reached or passed a step."""

    step = Choice(FUNNEL)
    label = Record(Wording)
    count = Whole()


class GroundNetTally(Schema):
    """The figures, and the funnel from the lead to the registered contract."""

    figures = Record(GroundNetFigures)
    funnel = Several(Record(FunnelCountView))


class MeasuredView(Schema):
    """A target, what stands against it, and whether it is met; null where there is nothing to compare."""

    figure = Choice(ASKED_OF, attribute="target.figure")
    target = Whole(attribute="target.value", metadata=PER_CENT)
    value = Number(metadata=PER_CENT)
    met = Flag()
    source = Text(attribute="target.source")
    as_of_on = Day(attribute="target.as_of_on")


class GroundNetLine(Schema):
    """One row."""

    key = Text(attribute="head.key")
    label = Record(Wording, attribute="head.label")
    within = Text(attribute="head.within")
    scope = Choice((WHOLE, ALONE), attribute="head.scope")
    tally = Record(GroundNetTally)
    targets = Several(Record(MeasuredView))


class FigureDefinition(Schema):
    """What a figure means."""

    key = Text()
    name = Record(Wording)
    definition = Record(Wording)
    unit = Choice((COUNT, FEN, SHARE, HOURS))


class GroundNetReport(Schema):
    """The report."""

    by = Choice(BY)
    from_on = Day(attribute="period.first")
    to_on = Day(attribute="period.last")
    as_of = Instant()
    definition = Record(Wording)
    total = Record(GroundNetTally)
    rows = Several(Record(GroundNetLine))
    definitions = Several(Record(FigureDefinition))


class FigureTargetEntry(Schema):
    """What a region or a node is to reach in a year."""

    region_code = RegionCode()
    node_key = Text(40)
    figure = Choice(ASKED_OF, required=True)
    year = Whole(*YEARS, required=True)
    value = Whole(required=True, metadata=PER_CENT)
    source = Text(300, required=True)
    as_of_on = Day(metadata={"description": "出处的日期 / the day of the source, if known"})


class FigureTargetView(Schema):
    """A target as it was set; of several for the same, the latest stands."""

    id = Identifier()
    region_code = Text()
    node_key = Text()
    figure = Choice(ASKED_OF)
    year = Whole()
    value = Whole(metadata=PER_CENT)
    source = Text()
    as_of_on = Day()
    recorded_at = Instant()


class FigureTargetQuery(PageQuery):
    """Filters of the targets."""

    sort = sort_field(tuple(SORTS), "-year")
    year = Whole(*YEARS, spelled=True)
    within = Several(AreaCode(), 50, distinct=True)
