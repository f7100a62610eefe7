"""What HTTP may say of duties and of calls about clocks."""

from backbone.directory.fields import AreaCode, RegionCode
from backbone.fields import Choice, Identifier, Instant, Record, Schema, Several, Text, Whole
from backbone.pages import PageQuery, sort_field
from sky_net.sla.parties import EVERY_STAGE
from sky_net.sla.policy import ESCALATION_LEVELS
from sky_net.sla.schedule import CallKind


class DutyEntry(Schema):
    """Whom to put on duty, where and at which level."""

    zone_code = RegionCode(required=True)
    level = Choice(ESCALATION_LEVELS, required=True)
    account_id = Identifier(required=True)


class DutyView(Schema):
    """One duty, with the name of who holds it."""

    id = Identifier()
    zone_code = RegionCode()
    level = Choice(ESCALATION_LEVELS)
    account_id = Identifier()
    name = Text()
    appointed_at = Instant()
    relieved_at = Instant()


class DutyQuery(PageQuery):
    """Filters of the roster; those relieved are left out."""

    sort = sort_field(["appointed_at"], "appointed_at")
    zone = Several(AreaCode(), 50, distinct=True)
    level = Several(Choice(ESCALATION_LEVELS), len(ESCALATION_LEVELS), distinct=True)


class CallView(Schema):
    """Somebody was called about a clock of the need."""

    id = Identifier()
    stage = Choice(EVERY_STAGE)
    kind = Choice([kind.value for kind in CallKind])
    level = Whole(metadata={"description": "提醒的次序或升级的级别 / which reminder, or which level"})
    cycle = Whole(metadata={"description": "重新开启的次数 / how often the clock was reopened before"})
    due_at = Instant()
    called_at = Instant()


class CallsView(Schema):
    """Every call about the clocks of a need, the oldest first."""

    items = Several(Record(CallView), 1000)
