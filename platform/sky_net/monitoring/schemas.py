"""What HTTP may say of monitoring. Shares lie between 0 and 1; minutes are working time, hours plain calendar time."""

from typing import Any

from backbone.directory.fields import AreaCode, IndustryCode
from backbone.fields import (
    Choice,
    Day,
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
from sky_net.monitoring import dimensions, funnel
from sky_net.monitoring.periods import BUCKETS
from sky_net.monitoring.states import COLUMNS
from sky_net.sla.parties import ENTERPRISE, EVERY_STAGE, INSTITUTE, PLATFORM
from sky_net.sla.policy import STAGES
from sky_net.sla.schemas import ClockView

FORMATS = ("json", "csv", "xlsx")


def _said(zh: str, en: str) -> dict[str, Any]:
    return {"description": f"{zh} / {en}"}


class _Exported(Schema):
    """Every report is also a table; without `format` the Accept header decides."""

    format = Choice(
        FORMATS, metadata=_said("输出格式，未给时按 Accept", "format of the answer; by Accept if not given")
    )


class _Filtered(_Exported):
    zone = Several(AreaCode(), 50, distinct=True)
    industry = Several(IndustryCode(), 20, distinct=True)


class _OfPeriod(_Filtered):
    from_on = Day(metadata=_said("起始日，默认本月第一天", "first day; the month's first if not given"))
    to_on = Day(metadata=_said("截止日（含）", "last day, included"))
    as_of = Instant(metadata=_said("截至时点，默认现在", "as known at this instant; now if not given"))


class _OfClocks(_OfPeriod):
    party = Choice((PLATFORM, INSTITUTE, ENTERPRISE), load_default=PLATFORM)
    stage = Several(Choice(EVERY_STAGE), len(EVERY_STAGE), distinct=True)


class ComplianceQuery(_OfClocks):
    """The clocks due in the period; `by` up to three dimensions at once."""

    by = Several(Choice(dimensions.BY), 3, distinct=True, load_default=["stage"])


class TrendQuery(_OfClocks):
    """Months or weeks of the period."""

    by = Choice(BUCKETS, load_default="month")


class OverrunQuery(_OfPeriod):
    """The promises due in the period that were overrun."""

    stage = Several(Choice(STAGES), len(STAGES), distinct=True)
    by = Choice(("kind", "organisation"), load_default="kind")


class FunnelQuery(_OfPeriod):
    """The needs first submitted in the period."""

    by = Several(Choice(funnel.BY), 2, distinct=True, load_default=[])


class AtRiskQuery(PageQuery, _Filtered):
    """Open clocks at risk or overdue."""

    sort = sort_field(["due_at"], "due_at")
    stage = Several(Choice(STAGES), len(STAGES), distinct=True)
    owner_id = Identifier()


class ForecastQuery(_Filtered):
    """Open clocks that fall due within the next ten working days."""

    stage = Several(Choice(STAGES), len(STAGES), distinct=True)


class Wording(Schema):
    """A name in both languages."""

    zh = Text()
    en = Text()

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """A `Bilingual` is its own English."""
        return obj.zh if attr == "zh" else str(obj)


class PartView(Schema):
    """One coordinate of a row; `key` is null where nobody is named yet."""

    by = Choice(dimensions.DIMENSIONS)
    key = Text()
    label = Record(Wording)
    within = Text(metadata=_said("所属地区", "the region around it"))
    scope = Choice(
        (dimensions.WHOLE, dimensions.ALONE),
        metadata=_said("含下级 / 仅本级", "with all inside it, or a region without what lies inside it"),
    )


_COUNTS: dict[str, Field[Any]] = {
    state: Whole(metadata=_said(label.zh, str(label))) for state, label in COLUMNS.items()
}
StateCounts = Schema.from_dict(_COUNTS, name="StateCounts")


class TallyView(Schema):
    """What a group of clocks came to."""

    clocks = Whole(metadata=_said("时钟数", "all clocks: the states add up to it"))
    needs = Whole()
    compliance = Number(metadata=_said("按时率", "met / (met + breached + running past due)"))
    states = Record(StateCounts, attribute="shown_states")
    past_due = Whole(
        metadata=_said("进行中且已过期限", "running past due: an answer in time awaits agreement")
    )
    unanswered = Whole(metadata=_said("超时且未办结", "breached and not answered yet"))
    paused_share = Number(
        metadata=_said("暂停占全部允许时间的比例", "pauses as a share of all working time allowed")
    )
    returns = Whole(metadata=_said("退回次数", "returns for clarification, each need once"))
    median_hours = Number(
        metadata=_said("首次提交至办结的自然小时，中位数", "calendar hours from submission to answer")
    )
    p90_hours = Number()


class _LineView(Schema):
    group = Several(Record(PartView))


class ComplianceLine(_LineView):
    """One row."""

    tally = Record(TallyView)


class _ReportView(Schema):
    from_on = Day(attribute="period.first")
    to_on = Day(attribute="period.last")
    as_of = Instant()


class ComplianceView(_ReportView):
    """The whole, and its rows; regions' wholes and alones add up along the tree."""

    total = Record(TallyView)
    rows = Several(Record(ComplianceLine))


class PointView(Schema):
    """A month or week."""

    begins_on = Day()
    submitted = Whole()
    tally = Record(TallyView)


class TrendView(_ReportView):
    """The points in order."""

    size = Choice(BUCKETS)
    points = Several(Record(PointView))


class HeldView(Schema):
    """What a party held of the over-runs."""

    kind = Choice((PLATFORM, INSTITUTE, ENTERPRISE, "node"))
    organisation_id = Identifier()
    label = Record(Wording)
    minutes = Whole()
    clocks = Whole()
    share = Number()


class OverrunView(_ReportView):
    """The parts add up to all minutes."""

    clocks = Whole()
    minutes = Whole()
    rows = Several(Record(HeldView))


class StepView(Schema):
    """One step of the funnel."""

    state = Choice(funnel.STEPS)
    label = Record(Wording)
    needs = Whole()
    conversion = Number(metadata=_said("占上一步", "share of the step before"))
    overall = Number(metadata=_said("占全部", "share of all"))


class FunnelLineView(_LineView):
    """One row."""

    steps = Several(Record(StepView))


class FunnelView(_ReportView):
    """The whole, and its rows."""

    total = Several(Record(StepView))
    rows = Several(Record(FunnelLineView))


class ActionView(Schema):
    """What to do next."""

    code = Text()
    label = Record(Wording)


class AtRiskView(Schema):
    """A clock that wants something done."""

    need_id = Identifier()
    need_number = Text()
    zone_code = Text()
    industry = Text()
    need_state = Text()
    left_minutes = Whole(
        -(2**63), metadata=_said("剩余工作分钟，超时为负", "working minutes left, negative when overdue")
    )
    owner = Record(PartView)
    action = Record(ActionView)
    clock = Record(ClockView, attribute="reading")


class DayForecastView(Schema):
    """The open clocks that fall due on a day: how many will be breached. The interval holds nine times in ten."""

    on = Day()
    clocks = Whole()
    expected = Number()
    low = Whole()
    high = Whole()


class ClockForecastView(Schema):
    """One open clock, with the probability that it will be breached."""

    need_id = Identifier()
    need_number = Text()
    zone_code = Text()
    stage = Choice(STAGES)
    due_at = Instant()
    owner = Record(PartView)
    probability = Number()


class ForecastView(Schema):
    """The forecast with what it was made from; `model` is null where there is nothing to go by."""

    as_of = Instant()
    model = Choice(
        ("logistic", "base_rate"),
        metadata=_said("预测模型，无从预测为 null", "by which it is foretold, null by none"),
    )
    enough_history = Flag()
    history = Whole(metadata=_said("已有结果的时钟", "clocks with a known outcome"))
    needed = Whole()
    note = Record(Wording)
    fitted_from = Day()
    fitted_to = Day()
    days = Several(Record(DayForecastView))
    clocks = Several(Record(ClockForecastView))
